title = { $count ->
    [one] { $count } connection gets no answer to keepalive probes
   *[other] { $count } connections get no answer to keepalive probes
}
title-many = { $count ->
    [one] { $count } connection gets no answer to keepalive probes ({ $part } of all)
   *[other] { $count } connections to { $peers } peers get no answer to keepalive probes ({ $part })
}
why = The peer is gone, or a firewall, NAT or load balancer on the path has dropped the idle connection.
proof = up to { $probes } probes in a row without an answer
limit = { $left ->
    [0] The kernel ends them about now and the program gets ETIMEDOUT, unless it set TCP_KEEPCNT (tcp_keepalive_probes is { $most }).
    [one] The program gets ETIMEDOUT after at most { $left } more unanswered probe, unless it set TCP_KEEPCNT (tcp_keepalive_probes is { $most }).
   *[other] The program gets ETIMEDOUT after at most { $left } more unanswered probes, unless it set TCP_KEEPCNT (tcp_keepalive_probes is { $most }).
}
limit-own = The program set its own number of probes (TCP_KEEPCNT), which the kernel does not show; after the last probe it gets ETIMEDOUT.
fix = Check whether { $peer } runs and is reachable.
fix-many = Find what these peers have in common: a network, a firewall, a provider.
fix-sooner = If the peers are alive, probe more often than the idle timeout of the NAT or load balancer, every 60 to 300 s ({ $hint }).
sooner = For programs that set no time: probe earlier ({ $name } is { $current }).
sooner-risk = more packets; open connections keep their timer until it fires
myth = More probes (tcp_keepalive_probes) only delay the error.
