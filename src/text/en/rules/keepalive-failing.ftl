title = { $count ->
    [one] { $count } connection whose keepalive probes get no answer
   *[other] { $count } connections whose keepalive probes get no answer
}
title-many = { $count ->
    [one] { $count } connection whose keepalive probes get no answer ({ $part } of all)
   *[other] { $count } connections to { $peers } peers get no answer to keepalive probes ({ $part })
}
why = The peer is gone, or a firewall, NAT or load balancer on the way has forgotten the idle connection.
proof = up to { $probes } probes in a row without an answer
limit = { $left ->
    [0] The kernel ends them about now, unless the program set TCP_KEEPCNT (tcp_keepalive_probes is { $most }): the program gets ETIMEDOUT.
    [one] At most { $left } more probe without an answer, unless the program set TCP_KEEPCNT (tcp_keepalive_probes is { $most }): the program gets ETIMEDOUT.
   *[other] At most { $left } more probes without an answer, unless the program set TCP_KEEPCNT (tcp_keepalive_probes is { $most }): the program gets ETIMEDOUT.
}
limit-own = The program has set its own number of probes (TCP_KEEPCNT), which the kernel does not show; after it, the program gets ETIMEDOUT.
fix = See whether { $peer } runs and can be reached.
fix-many = See what these peers have in common: a network, a firewall, a provider.
fix-sooner = If the peers are alive, probe more often than the way forgets, every 60 to 300 s ({ $hint }).
sooner = For programs that set no time of their own: probe earlier ({ $name } is { $current }).
sooner-risk = more packets; connections that are open already keep their timer until it fires
myth = More probes (tcp_keepalive_probes) do not save the connection; the news only comes later.
