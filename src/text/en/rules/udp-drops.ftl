title = { $count ->
    [one] { $count } datagram dropped since the socket opened: receive buffer full
   *[other] { $count } datagrams dropped since the socket opened: receive buffer full
}
title-now = { $count ->
    [one] { $count } datagram dropped within { $time }: receive buffer full
   *[other] { $count } datagrams dropped within { $time }: receive buffer full
}
title-memory = { $count ->
    [one] { $count } datagram dropped since the socket opened: no memory for it
   *[other] { $count } datagrams dropped since the socket opened: no memory for them
}
title-memory-now = { $count ->
    [one] { $count } datagram dropped within { $time }: no memory for it
   *[other] { $count } datagrams dropped within { $time }: no memory for them
}
why = { $program } reads datagrams more slowly than they arrive, or bursts do not fit the buffer. UDP does not retransmit.
why-memory = Unread data of { $program } hits a memory limit below its receive buffer: the limit of its cgroup, or net.ipv4.udp_mem for all UDP sockets. UDP does not retransmit.
proof = { $queue } of { $buffer } in use now; the socket's drops and the kernel's RcvbufErrors agree
proof-memory = { $queue } of { $buffer } in use now: the receive buffer has room, and RcvbufErrors does not explain the drops
fix = Read faster ({ $hint }).
fix-buffer = Request a larger buffer: SO_RCVBUF of { $size } bytes (now { $buffer }; the kernel doubles the requested size).
fix-memory = Raise the memory limit of its cgroup: MemoryMax= of the unit, --memory of the container, on cgroup v1 memory.kmem.tcp.limit_in_bytes.
find-memory = Show the limit and how often it was reached ("max")
raise-udp-mem = Raise the memory limit of UDP sockets ({ $name } is { $current } pages).
raise = Let programs request that much ({ $name } is { $current }).
raise-default = For a program that cannot be changed, raise the default of every socket ({ $name } is { $current }).
raise-risk = uses more kernel memory on the whole host; with a longer queue, programs read older data
myth = Raising net.core.rmem_max alone changes nothing: it is a cap, and the program must request more (SO_RCVBUF).
myth-memory = A larger SO_RCVBUF changes nothing: the buffer is not full.
