title = { $count ->
    [one] { $count } connection waited up to { $part } of the time for a { $buffer } send buffer
   *[other] { $count } connections waited up to { $part } of the time for a { $buffer } send buffer
}
why = The send buffer is too small for this path: all of it is on its way, and nothing more may be written until it is acknowledged.
why-fixed = The send buffer stays below what the kernel would allow: probably it was set with SO_SNDBUF, which turns the kernel's tuning off. Look at { $program }.
proof = over { $busy } with data to send; a round trip takes { $rtt }
fix-fixed = Remove the fixed size (SO_SNDBUF; nginx: sndbuf= of listen; Java: setSendBufferSize), and let the kernel tune it.
raise = Raise the limit of the tuning (the third number; { $name } is { $current }).
raise-risk = kernel memory: every connection that has enough to send may use that much
myth-fixed = net.ipv4.tcp_wmem does not apply to a socket whose size the program has set.
