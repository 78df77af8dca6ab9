title = { $count ->
    [one] { $count } connection attempt without any answer for { $age }
   *[other] { $count } connection attempts without any answer, oldest { $age }
}
title-scattered = { $count } connection attempts to { $destinations } destinations without any answer
some-program = the program
why = { $peer } does not answer, not even with a refusal: a firewall or security group drops packets, the host is down, its accept queue is full, or a NAT on the path is full.
why-here = { $peer } listens on this host and its accept queue is full: the kernel silently drops each new attempt. No firewall is involved.
why-filtered = { $peer } is an address of this host, and nothing listens there: without a packet filter the kernel would refuse at once. A filter of this host drops the SYN or the refusal.
why-scattered = Many destinations do not answer, not even with a refusal. That is usual for a scanner or crawler; otherwise check this host's own outbound path.
proof = { $count } SYNs sent; neither a SYN+ACK nor a reset came back
limit = the kernel gives up after { $time } (ETIMEDOUT)
fix-timeout = Give { $program } a connect timeout of 3 to 10 s, and let it wait longer after each failure.
fix-path = Check the path to { $peer }: the service, firewalls and security groups, the route.
fix-queue = Find out why the program behind { $peer } does not accept.
find = Show which destinations do not answer
fix-retries = Let the kernel give up after { $time }
risk-retries = affects every program in this network namespace, also on slow networks
myth-refused = A port without a listener refuses at once; no answer at all means that packets are dropped.
myth-abort = tcp_abort_on_overflow does not help: a full queue still drops the SYN.
why-answer-lost = { $peer } listens on this host and its accept queue has room. The SYN arrived; the answer (SYN+ACK) is lost on its way back.
why-lost-here = { $peer } listens on this host and its accept queue has room. The SYN or its answer is lost within this host: a packet filter drops it, or it uses the wrong interface.
proof-room = accept queue: { $queue } waiting, limit { $limit }
fix-here = Check the packet filter of this host for rules that drop the SYN or its answer, and check for a wrong route or interface.
fix-service = Start the service at { $peer }, or correct the address in the program's configuration; the filter must let its port pass, too.
fix-filter = Show the packet filter rules
myth-queue = A longer accept queue does not help: it has room.
why-no-host = { $hop } is an address of this network, and no host answers { $protocol } for it: no SYN leaves this host.
why-no-gateway = The gateway { $hop } does not answer { $protocol }: no SYN leaves this host, and nothing behind the gateway is reachable.
limit-no-host = connect() fails after about 3 s (EHOSTUNREACH)
fix-no-host = Start the host { $hop }, or correct the address in the program's configuration.
fix-no-gateway = Start the gateway { $hop }, check the link to it, or correct the route on this host.
find-hop = Show its entry in the neighbor table
