title = { $count ->
    [one] { $count } SYN dropped in { $time }: SYN cookies are off
   *[other] { $count } SYNs dropped in { $time }: SYN cookies are off
}
why = A queue of half-open handshakes was full. With SYN cookies the kernel would have answered; without them it drops SYNs, those of real clients too.
why-kernel = A queue of half-open handshakes was full, and this kernel has no SYN cookies: it drops SYNs, those of real clients too.
proof = TcpExtTCPReqQFullDrop rose by { $count }
proof-strangers = TcpExtListenDrops rose by { $count } though no accept queue overflowed: without cookies the kernel reserves the last quarter of tcp_max_syn_backlog for hosts it knows
fix = Set { $name } from { $current } to { $proposed }: the kernel uses cookies only while a queue is full.
fix-kernel = Request a longer backlog in listen(), filter SYNs upstream, or run a kernel with CONFIG_SYN_COOKIES.
