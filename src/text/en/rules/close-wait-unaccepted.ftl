title = { $count ->
    [one] { $count } client gave up while waiting to be accepted
   *[other] { $count } clients gave up while waiting to be accepted
}
some-program = The program
why = These clients finished the handshake and closed again. { $program } did not call accept() before their timeout.
proof = accept queue: { $queue } waiting, limit { $limit }; these sockets have no owner yet (inode 0)
fix = Accept faster: keep work out of the thread that accepts and handle EMFILE; check for the program's own connection limit, pauses and CPU limits.
fix-more = Run more workers. A longer queue ({ $hint }) only makes clients wait longer.
myth = This is not a leak: the program does not hold these sockets yet, so it cannot close them.
