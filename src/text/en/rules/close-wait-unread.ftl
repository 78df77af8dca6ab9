title = { $count ->
    [one] { $count } connection closed by the peer with data still unread, for { $age }
   *[other] { $count } connections closed by the peer with data still unread, oldest { $age }
}
title-at-most = { $count ->
    [one] { $count } connection closed by the peer with data still unread, for at most { $age }
   *[other] { $count } connections closed by the peer with data still unread, oldest at most { $age }
}
title-pool = { $count ->
    [one] { $count } stale connection in a pool, closed by the server { $age } ago
   *[other] { $count } stale connections in a pool, oldest closed by the server { $age } ago
}
title-gone = { $count ->
    [one] { $count } stale connection to { $peer }, where nothing listens, closed { $age } ago
   *[other] { $count } stale connections to { $peer }, where nothing listens, oldest closed { $age } ago
}
some-program = the program
why = The peer closed, but { $program } has stopped reading: it is stuck, has forgotten the connection, or still handles a request whose client gave up.
why-pool = The server closed idle connections of a pool. { $program } notices when it next uses them.
why-gone = The server closed all of them and no longer listens on this host: it has exited. { $program } notices when it next uses a connection.
proof-end = { $count ->
    [one] Its end of stream is unread (Recv-Q 1)
   *[other] The end of stream is unread on all { $count } (Recv-Q 1)
}
proof-data = { $count ->
    [one] { $bytes } unread before its end of stream
   *[other] { $bytes } unread before the end of stream of these { $count }
}
limit = { $used } of { $most } file descriptors in use
fix = Find what the program waits for, and let it read (or close) every readable connection.
fix-pool = Set the client's idle timeout below the server's keep-alive timeout, or test connections before use.
fix-gone = Find out why the server at { $peer } does not run: its log, its unit, a full disk, the OOM killer (journalctl -k). Then start it again.
find = Show where the threads of { $program } wait
myth = No sysctl makes a program read, and neither does keepalive.
