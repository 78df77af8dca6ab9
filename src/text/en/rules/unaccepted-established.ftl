title = { $count ->
    [one] { $count } client waits to be accepted, for { $age }
   *[other] { $count } clients wait to be accepted, the first for { $age }
}
why = The handshakes are finished, and the program does not call accept(), though its queue is not full.
proof = { $queue } of { $limit } places in the accept queue; these sockets have no owner yet (inode 0)
fix-own-limit = Look first whether the program is at a connection limit of its own (HAProxy maxconn, Tomcat maxConnections, nginx worker_connections).
fix = Else its accept loop stands still: long work in the thread that accepts, EMFILE, a pause of the runtime, a CPU limit.
myth = The client sees an open connection: only its requests get no answer. A port check therefore stays green.
