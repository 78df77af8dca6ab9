title = { $bytes } unread on { $count } connections, age unknown
title-queue = { $count } connections wait to be accepted, queue limit unknown
title-datagrams = { $bytes } of datagrams unread, age unknown
title-window = { $count ->
    [one] { $bytes } wait on { $count } connection: the peer's window has been closed for { $age } or more
   *[other] { $bytes } wait on { $count } connections: the peer's window has been closed for { $age } or more
}
some-program = the program
why = The data arrived and { $program } has not read it. If it stays or grows, { $program } is stopped, stuck or too slow.
why-queue = The handshakes are complete and { $program } has not accepted the connections. If they stay, { $program } is stuck, out of descriptors or too slow.
why-datagrams = { $program } has not read the datagrams. Once its receive buffer ({ $buffer }) is full, the kernel drops new ones. If the queue stays long, { $program } is stopped, stuck or too slow.
why-datagrams-default = { $program } has not read the datagrams. Once its receive buffer is full ({ $buffer } unless the program or the host sets another size), the kernel drops new ones. If the queue stays long, { $program } is stopped, stuck or too slow.
why-window = The program behind { $peer } does not read, so its receive window is closed and the data stays in the send queue here. The kernel probes the window at growing intervals; the current one alone shows how long it has waited.
proof-datagrams = { $count ->
    [one] The socket has dropped { $count } datagram since it was opened
   *[other] The socket has dropped { $count } datagrams since it was opened
}
inspect = Check on the host whether the program reads at all
inspect-queue = Compare the accept queue (Recv-Q) with its limit (Send-Q) on the host
inspect-datagrams = Compare the queue (skmem: r) with the buffer (rb), and look for drops (d), on the host
why-window-silent = { $peer } closed its receive window, and its kernel no longer answers the probes that ask for it: the peer is off, or the path to it is cut.
inspect-window = See on the host whether the window opens (snd_wnd), and for how long the data has waited (rwnd_limited)
fix-window = Find out why the program behind { $peer } does not read: stopped, stuck or overloaded.
fix-window-silent = Check whether { $peer } runs, the route to it, and firewalls on the path.
fix = If the data stays unread, find out where the program waits: a lock, a slow backend, a full thread pool.
fix-queue = If the queue stays long, find out why the program does not accept: a blocked loop, no free worker, no free descriptor.
myth-window = A larger send buffer only lets more data wait.
myth = Larger receive buffers only let more data wait.
