title = { $count ->
    [one] { $count } closed connection whose peer has vanished
   *[other] { $count } closed connections whose peers have vanished
}
title-not-reading = { $count ->
    [one] { $count } closed connection whose peer has stopped reading
   *[other] { $count } closed connections whose peers have stopped reading
}
why = The program closed, and the kernel still sends the last data and the FIN; no one acknowledges them. Each gives up after about 105 s.
why-not-reading = The program closed, and the peer keeps its window shut while it answers probes. Each holds its data for minutes.
proof = FIN_WAIT1 without an owner, { $bytes } unacknowledged; { $peer_count } of them to { $peer }
limit = { $count } of the { $limit } orphans the host allows
fix = Set TCP_USER_TIMEOUT (30 to 60 s) on the server's sockets, so that dead peers are given up sooner.
fix-network = Look at the way to { $peer }: host down, firewall, NAT that forgot the connection.
fix-reader = Look at the program at { $peer }: it is alive and does not read (a stuck client, or a slow-read attack).
myth = tcp_fin_timeout does not bound FIN_WAIT1, only FIN_WAIT2 without an owner.
