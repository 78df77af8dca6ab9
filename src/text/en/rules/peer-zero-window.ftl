title = { $count ->
    [one] { $count } connection blocked by a peer that does not read, { $bytes } waiting
   *[other] { $count } connections blocked by a peer that does not read, { $bytes } waiting
}
title-clients = { $count ->
    [one] { $count } client does not read ({ $part } of the service), { $bytes } waiting
   *[other] { $count } clients do not read ({ $part } of the service), { $bytes } waiting
}
why = The program at the other end does not read. Its receive buffer is full, so the kernel here keeps our data in Send-Q.
why-clients = Many clients at once do not read their responses: a slow network behind them, a stuck program, or a slow-read attack.
proof = the peer advertises a window of at most { $window }
proof-answered = the peer answers the probes: the network works
proof-behind = { $count ->
    [one] so { $program } in turn does not read { $count } connection of this host
   *[other] so { $program } in turn does not read { $count } connections of this host
}
proof-held = the sender waited for the receiver for { $part } of the time in which it had data to send
limit = No timer ends this while the peer answers the probes.
fix = Check the program behind { $peer }: it must read.
fix-here = Check { $program } ({ $pid }): it is on this host and does not read.
fix-timeout = Set a write timeout in the local program ({ $hint }).
myth = No setting on this host opens the peer's window; a larger send buffer only lets more data wait.
