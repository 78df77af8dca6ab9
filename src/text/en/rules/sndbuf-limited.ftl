title = { $count ->
    [one] { $count } connection waited up to { $part } of the time for a { $buffer } send buffer
   *[other] { $count } connections waited up to { $part } of the time for a { $buffer } send buffer
}
why = The send buffer is too small for this path: all its data is in flight, and the program can write more only when the peer acknowledges some.
why-fixed = The send buffer is smaller than the kernel allows: { $program } probably set SO_SNDBUF, which turns autotuning off.
proof = over { $busy } with data to send; round trip { $rtt }
fix-fixed = Remove the fixed size (SO_SNDBUF; nginx: sndbuf= of listen; Java: setSendBufferSize), so that the kernel tunes it.
raise = Raise the autotuning limit (the third number; { $name } is { $current }).
raise-risk = kernel memory: every connection with enough data may use that much
myth-fixed = net.ipv4.tcp_wmem does not apply to a socket with a fixed size.
