title = { $count ->
    [one] { $count } socket in CLOSE_WAIT, for { $age }
   *[other] { $count } sockets in CLOSE_WAIT, oldest { $age }
}
title-growing = { $count ->
    [one] { $count } socket in CLOSE_WAIT, about { $rate } more each minute, oldest { $age }
   *[other] { $count } sockets in CLOSE_WAIT, about { $rate } more each minute, oldest { $age }
}
title-at-most = { $count ->
    [one] { $count } socket in CLOSE_WAIT, for at most { $age }
   *[other] { $count } sockets in CLOSE_WAIT, oldest at most { $age }
}
title-growing-at-most = { $count ->
    [one] { $count } socket in CLOSE_WAIT, about { $rate } more each minute, oldest at most { $age }
   *[other] { $count } sockets in CLOSE_WAIT, about { $rate } more each minute, oldest at most { $age }
}
some-program = the program
why = The peer closed these connections. { $program } has read all data but never called close(), and only { $program } can.
proof = Recv-Q 0 on { $empty } of { $count }
proof-service = Recv-Q 0 on { $empty } of { $count }; all to { $peer }
proof-port = Recv-Q 0 on { $empty } of { $count }; all on local port { $port }
limit = { $used } of { $most } file descriptors in use
limit-reached = { $used } of { $most } file descriptors in use: none left (EMFILE)
limit-full-in = { $used } of { $most } file descriptors: full in about { $time } (EMFILE)
fix = Call close() on every path, including errors ({ $hint }).
fix-service = In the code that talks to { $peer }, call close() on every path, including errors ({ $hint }).
fix-port = In the code that serves port { $port }, call close() on every path, including errors ({ $hint }).
restart = Restart it to free them
restart-risk = drops { $program }'s { $count } open connections
restart-risk-none = none for other connections; { $program } has none open
restart-risk-unknown = drops { $program }'s open connections
find = Find the sockets that { $program } opens and never closes
myth = No sysctl closes a program's socket, and neither does keepalive.
myth-keepalive = Keepalive only hides the leak: the socket leaves the table, but the descriptor stays open.
