title = { $count ->
    [one] { $count } connection attempt without any answer for { $age }
   *[other] { $count } connection attempts without any answer, oldest { $age }
}
title-scattered = { $count } connection attempts to { $destinations } destinations without any answer
some-program = the program
why = Nothing comes back from { $peer }, not even a refusal: a firewall or security group drops in silence, the host is down, its accept queue is full, or a NAT on the way has no room left.
why-here = { $peer } listens on this very host, so no firewall is needed to explain it: its accept queue is full, and the kernel drops each new attempt in silence.
why-scattered = Nothing comes back from many places, not even a refusal. That is usual for a scanner or crawler; for anything else, look at this host's own way out.
proof = the SYN was sent { $count } times; neither a SYN-ACK nor a reset came back
limit = the kernel gives up after { $time } (ETIMEDOUT)
fix-timeout = Give { $program } a connect timeout of 3 to 10 s, and let it wait longer after each failure.
fix-path = Check the way to { $peer }: is the service up, do firewalls and security groups let it through, is the route right?
fix-queue = See why the program behind { $peer } does not accept.
find = see which destinations do not answer
fix-retries = let the kernel give up after { $time }
risk-retries = it holds for every program here, those on slow networks too
myth-refused = A port where nothing listens refuses at once; silence is something else.
myth-abort = tcp_abort_on_overflow does not help: with a full queue the SYN is dropped all the same.
why-answer-lost = { $peer } listens on this very host and its accept queue has room. The SYN arrived there; the answer (SYN-ACK) is lost on its way back.
why-lost-here = { $peer } listens on this very host and its accept queue has room. The SYN, or the answer to it, is lost within this host: a packet filter drops it, or it takes a wrong interface.
proof-room = accept queue: { $queue } waiting, limit { $limit }
fix-here = Look for rules of this host's packet filter that drop the SYN or its answer, and for a route or interface that leads them astray.
fix-filter = see the rules of the packet filter
myth-queue = A longer accept queue does not help: it has room.
