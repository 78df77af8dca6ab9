title = { $count ->
    [one] { $count } connection hung up and not read, for { $age }
   *[other] { $count } connections hung up and not read, oldest { $age }
}
title-at-most = { $count ->
    [one] { $count } connection hung up and not read, for at most { $age }
   *[other] { $count } connections hung up and not read, oldest at most { $age }
}
title-pool = { $count ->
    [one] { $count } stale connection in a pool, hung up { $age } ago
   *[other] { $count } stale connections in a pool, the oldest hung up { $age } ago
}
title-gone = { $count ->
    [one] { $count } stale connection to { $peer }, where nothing listens, hung up { $age } ago
   *[other] { $count } stale connections to { $peer }, where nothing listens, the oldest hung up { $age } ago
}
some-program = the program
why = The peer hung up, but { $program } has stopped reading: stuck, forgotten, or still busy with a request whose client gave up.
why-pool = An idle pooled connection that the server closed. { $program } will notice when it next uses it.
why-gone = The server hung up on all of them, and its port on this host has no listener: it has ended. { $program } will notice when it next uses a connection.
proof-end = { $count ->
    [one] Its end of stream is unread (Recv-Q 1)
   *[other] The end of stream is unread on all { $count } (Recv-Q 1)
}
proof-data = { $count ->
    [one] { $bytes } unread before its end of stream
   *[other] { $bytes } unread before the end of stream of these { $count }
}
limit = { $used } of { $most } file descriptors in use
fix = Find what the program waits for, and let it read (or close) every connection that becomes readable.
fix-pool = Set the client's idle timeout below the server's keep-alive timeout, or let it test connections before use.
fix-gone = See why the server at { $peer } does not run: its log, its unit, a full disk, the OOM killer (journalctl -k). Then start it again.
find = see where the threads of { $program } wait
myth = No sysctl makes a program read, and keepalive does not either.
