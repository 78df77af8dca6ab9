title = { $count ->
    [one] { $count } SYN dropped in { $time }: SYN cookies are off
   *[other] { $count } SYNs dropped in { $time }: SYN cookies are off
}
why = A queue of half-open handshakes was full. With cookies the kernel would have answered; without them it drops, real clients too.
why-kernel = A queue of half-open handshakes was full, and this kernel has no SYN cookies: it drops, real clients too.
proof = TcpExtTCPReqQFullDrop rose by { $count }
fix = Set { $name } from { $current } to { $proposed }: cookies are used only while a queue is full.
fix-kernel = Ask for a longer queue in listen(), filter SYNs upstream, or run a kernel with CONFIG_SYN_COOKIES.
