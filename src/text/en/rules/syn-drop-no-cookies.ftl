title = { $count ->
    [one] { $count } SYN dropped in { $time }: SYN cookies are off
   *[other] { $count } SYNs dropped in { $time }: SYN cookies are off
}
why = A queue of half-open handshakes was full. With cookies the kernel would have answered; without them it drops, real clients too.
why-kernel = A queue of half-open handshakes was full, and this kernel has no SYN cookies: it drops, real clients too.
proof = TcpExtTCPReqQFullDrop rose by { $count }
proof-strangers = TcpExtListenDrops rose by { $count } though no accept queue overflowed: without cookies the last quarter of tcp_max_syn_backlog is kept for hosts that the kernel knows
fix = Set { $name } from { $current } to { $proposed }: cookies are used only while a queue is full.
fix-kernel = Ask for a longer queue in listen(), filter SYNs upstream, or run a kernel with CONFIG_SYN_COOKIES.
