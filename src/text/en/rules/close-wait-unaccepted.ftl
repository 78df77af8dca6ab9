title = { $count ->
    [one] { $count } client gave up while it waited to be accepted
   *[other] { $count } clients gave up while they waited to be accepted
}
some-program = The program
why = The handshake was finished and the client hung up again. { $program } has not called accept() for it: the wait was longer than the client's patience.
proof = { $queue } wait in the accept queue, { $limit } may; these sockets have no owner yet (inode 0)
fix = Accept faster: do no work in the thread that accepts, handle EMFILE, look for a connection limit of the program's own, pauses and CPU limits.
fix-more = More workers. A longer queue ({ $hint }) only makes clients wait longer.
myth = This is no leak of the program: it does not have these sockets yet, so it cannot close them.
