title = { $count ->
    [one] { $count } client waits to be accepted, for { $age }
   *[other] { $count } clients wait to be accepted, oldest { $age }
}
why = The program does not call accept(), though its queue is not full. The handshakes are finished; these clients see an open connection.
proof = accept queue: { $queue } waiting, limit { $limit }; these sockets have no owner yet (inode 0)
fix-own-limit = Check first whether the program is at its own connection limit (HAProxy maxconn, Tomcat maxConnections, nginx worker_connections).
fix = Otherwise its accept loop is blocked: long work in the thread that accepts, EMFILE, a runtime pause, a CPU limit.
myth = A port check does not catch this: the client sees an open connection, and only its requests get no answer.
