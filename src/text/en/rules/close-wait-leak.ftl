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
why = The peer hung up. { $program } has taken everything that came and has not closed its side; only { $program } can.
proof = Recv-Q 0 on { $empty } of { $count }
proof-service = Recv-Q 0 on { $empty } of { $count }; all to { $peer }
proof-port = Recv-Q 0 on { $empty } of { $count }; all on local port { $port }
limit = { $used } of { $most } file descriptors in use
limit-full-in = { $used } of { $most } file descriptors: full in about { $time } (EMFILE)
fix = Close the socket on every path, errors too ({ $hint }).
fix-service = In the code that talks to { $peer }, close the socket on every path, errors too ({ $hint }).
fix-port = In the code that serves port { $port }, close the socket on every path, errors too ({ $hint }).
restart = a restart frees them
restart-risk = it drops { $program }'s { $count } open connections
restart-risk-none = { $program } has no other connections open
restart-risk-unknown = it drops { $program }'s open connections
find = see which sockets { $program } opens and never closes
myth = No sysctl closes a program's socket; keepalive does not either.
myth-keepalive = Keepalive only hides the leak: the socket leaves the table, the descriptor stays open.
