title = { $count ->
    [one] { $count } half-closed connection held open by this side, for { $age }
   *[other] { $count } half-closed connections held open by this side, oldest { $age }
}
title-at-most = { $count ->
    [one] { $count } half-closed connection held open by this side, for at most { $age }
   *[other] { $count } half-closed connections held open by this side, oldest at most { $age }
}
some-program = the program
why = { $program } called shutdown() and waits for the peer to finish too. The kernel sets no time limit while a program holds the socket.
proof-here = the other end is { $program } ({ $pid }) on this host, in CLOSE_WAIT
fix = After shutdown(SHUT_WR), read with a timeout, then close().
myth = tcp_fin_timeout limits only FIN_WAIT2 sockets that no program holds.
