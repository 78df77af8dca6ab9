title = { $count ->
    [one] { $count } closed connection whose peer has vanished
   *[other] { $count } closed connections whose peers have vanished
}
title-not-reading = { $count ->
    [one] { $count } closed connection whose peer has stopped reading
   *[other] { $count } closed connections whose peers have stopped reading
}
why = The program closed these connections. The kernel still retransmits the last data and the FIN, but no peer acknowledges them; it gives up each after about 105 s.
why-not-reading = The program closed these connections. The peers answer probes but keep a zero window, so each connection holds its data for minutes.
proof = FIN_WAIT1 without an owner, { $bytes } unacknowledged; { $peer_count } of them to { $peer }
limit = { $count } of the { $limit } orphans the host allows
fix = Set TCP_USER_TIMEOUT (30 to 60 s) on the server's sockets, so that the kernel gives up dead peers sooner.
fix-network = Check the path to { $peer }: host down, firewall, NAT that dropped its state.
fix-reader = Check the program at { $peer }: it is alive but does not read (a stuck client, or a slow-read attack).
myth = tcp_fin_timeout does not limit FIN_WAIT1, only FIN_WAIT2 without an owner.
