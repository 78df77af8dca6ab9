title = { $count ->
    [one] { $count } half-closed connection kept open here, for { $age }
   *[other] { $count } half-closed connections kept open here, oldest { $age }
}
title-at-most = { $count ->
    [one] { $count } half-closed connection kept open here, for at most { $age }
   *[other] { $count } half-closed connections kept open here, oldest at most { $age }
}
some-program = the program
why = { $program } has finished sending (shutdown) and waits for the peer to finish too. The kernel sets no limit while a program holds the socket.
proof-here = the other end is { $program } ({ $pid }) on this host, in CLOSE_WAIT
fix = After shutdown(SHUT_WR), read with a timeout, then close().
myth = tcp_fin_timeout bounds only FIN_WAIT2 that no program holds any more.
