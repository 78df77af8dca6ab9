title = { $count ->
    [one] { $count } datagram lost since the start: the receive buffer was full
   *[other] { $count } datagrams lost since the start: the receive buffer was full
}
title-now = { $count ->
    [one] { $count } datagram lost within { $time }: the receive buffer was full
   *[other] { $count } datagrams lost within { $time }: the receive buffer was full
}
title-memory = { $count ->
    [one] { $count } datagram lost since the start: there was no memory for it
   *[other] { $count } datagrams lost since the start: there was no memory for them
}
title-memory-now = { $count ->
    [one] { $count } datagram lost within { $time }: there was no memory for it
   *[other] { $count } datagrams lost within { $time }: there was no memory for them
}
why = Datagrams come faster than { $program } reads them, or in bursts that do not fit. UDP does not send them again.
why-memory = The memory of what { $program } has not read counts against a limit below its receive buffer: that of its cgroup, or net.ipv4.udp_mem for all UDP sockets. UDP does not send them again.
proof = { $queue } of { $buffer } in use right now; the socket's drops and the kernel's RcvbufErrors agree
proof-memory = { $queue } of { $buffer } in use right now: the receive buffer has room, and RcvbufErrors does not account for the drops
fix = Read faster ({ $hint }).
fix-buffer = Ask for a larger buffer: SO_RCVBUF of { $size } bytes (it has { $buffer } now; the kernel doubles what is asked for).
fix-memory = Raise the memory limit of its cgroup: MemoryMax= of the unit, --memory of the container, on cgroup v1 memory.kmem.tcp.limit_in_bytes.
find-memory = see the limit, and how often it was reached ("max")
raise-udp-mem = Let UDP sockets have more memory ({ $name } is { $current } pages).
raise = Let programs ask for that much ({ $name } is { $current }).
raise-default = For a program that cannot be changed: raise what every socket starts with ({ $name } is { $current }).
raise-risk = kernel memory of the whole host; a deeper queue makes what is read older
myth = Raising net.core.rmem_max alone changes nothing: it is a cap, and the program has to ask (SO_RCVBUF).
myth-memory = A larger SO_RCVBUF changes nothing: the buffer is not full.
