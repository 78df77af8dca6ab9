title = { $count ->
    [one] { $count } connection held up by a receiver that does not read, { $bytes } waiting
   *[other] { $count } connections held up by a receiver that does not read, { $bytes } waiting
}
title-clients = { $count ->
    [one] { $count } client does not read ({ $part } of the service), { $bytes } waiting
   *[other] { $count } clients do not read ({ $part } of the service), { $bytes } waiting
}
why = The program at the other end does not read. Its buffers are full, so the kernel here must keep our data in Send-Q.
why-clients = Many clients at once do not read what they asked for: a slow network behind them, a stuck program, or an attack by slow reading.
proof = the window announced to us is { $window } at most
proof-answered = the probes are answered: the network works
proof-held = { $part } of the time in which there was data to send was spent waiting for the receiver
limit = No timer ends this while the peer answers the probes.
fix = Look at the program behind { $peer }: it has to read.
fix-here = Look at { $program } ({ $pid }): it is on this host, and does not read.
fix-timeout = Bound the wait in the program here ({ $hint }).
myth = No setting of this host opens the peer's window; a larger send buffer only lets more data wait.
