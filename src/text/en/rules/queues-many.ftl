title = { $bytes } unread on { $count } connections, age unknown
title-queue = { $count } connections wait to be accepted, queue limit unknown
title-datagrams = { $bytes } of datagrams unread, age unknown
some-program = the program
why = The data arrived and { $program } has not read it. If it stays or grows, { $program } is stopped, stuck or too slow.
why-queue = The handshakes are complete and { $program } has not accepted the connections. If they stay, { $program } is stuck, out of descriptors or too slow.
why-datagrams = { $program } has not read the datagrams. Once its receive buffer ({ $buffer }) is full, the kernel drops new ones. If the queue stays long, { $program } is stopped, stuck or too slow.
why-datagrams-default = { $program } has not read the datagrams. Once its receive buffer is full ({ $buffer } unless the program or the host sets another size), the kernel drops new ones. If the queue stays long, { $program } is stopped, stuck or too slow.
proof-datagrams = { $count ->
    [one] The socket has dropped { $count } datagram since it was opened
   *[other] The socket has dropped { $count } datagrams since it was opened
}
inspect = Check on the host whether the program reads at all
inspect-queue = Compare the accept queue (Recv-Q) with its limit (Send-Q) on the host
inspect-datagrams = Compare the queue (skmem: r) with the buffer (rb), and look for drops (d), on the host
fix = If the data stays unread, find out where the program waits: a lock, a slow backend, a full thread pool.
fix-queue = If the queue stays long, find out why the program does not accept: a blocked loop, no free worker, no free descriptor.
myth = Larger receive buffers only let more data wait.
