title = { $count ->
    [one] { $count } connection without any answer, for up to { $age }
   *[other] { $count } connections without any answer, for up to { $age }
}
title-count = { $count ->
    [one] { $count } connection with nothing acknowledged
   *[other] { $count } connections with nothing acknowledged
}
title-unacknowledged = { $count ->
    [one] { $count } connection on which nothing is acknowledged, for up to { $age }
   *[other] { $count } connections on which nothing is acknowledged, for up to { $age }
}
title-many = { $count ->
    [one] { $count } connection without any answer ({ $part } of all), to { $peers ->
        [one] { $peers } peer
       *[other] { $peers } peers
    }
   *[other] { $count } connections without any answer ({ $part } of all), to { $peers ->
        [one] { $peers } peer
       *[other] { $peers } peers
    }
}
title-large = { $count ->
    [one] { $count } connection that loses every full-size packet, for up to { $age }
   *[other] { $count } connections that lose every full-size packet, for up to { $age }
}
title-large-many = { $count ->
    [one] { $count } connection that loses every full-size packet ({ $part } of all), to { $peers ->
        [one] { $peers } peer
       *[other] { $peers } peers
    }
   *[other] { $count } connections that lose every full-size packet ({ $part } of all), to { $peers ->
        [one] { $peers } peer
       *[other] { $peers } peers
    }
}
why-large = { $peer } acknowledges small packets and no full-size one: a link on the path has a smaller MTU, and the ICMP message that says so is dropped (path MTU black hole). Each retransmit has the same size and is lost again.
why-large-many = These peers acknowledge small packets and no full-size one: a link on the path has a smaller MTU, and the ICMP message that says so is dropped (path MTU black hole). Each retransmit has the same size and is lost again.
proof-large = full segments are of { $size }; those that were acknowledged had less than half of it on average
probe-sizes = Let the kernel find a size that passes ({ $name } is { $current }); hung connections continue at one of their next retransmits.
probe-risk = affects every program in this network namespace: after other outages, too, segments are smaller for a while
fix-large = Let ICMP pass the firewalls on the path (type 3 code 4, in IPv6 type 2), or set a smaller MSS on the router before the small link.
myth-large = Longer timeouts and more retries do not help: each retransmit has the same size.
title-here = { $count ->
    [one] { $count } client connected to a server that does not know it, for up to { $age }
   *[other] { $count } clients connected to a server that does not know them, for up to { $age }
}
why-here = The accept queue of { $peer } was full when the handshakes ended, so the kernel dropped the last packet: the client is connected, the server is not. The client's data is retransmitted at growing intervals until the queue has room.
fix-here = Check the listener's queue and limit: the program must accept faster, or request a longer backlog in listen().
title-kept = { $count ->
    [one] { $count } connection whose packets do not leave this host, for up to { $age }
   *[other] { $count } connections whose packets do not leave this host, for up to { $age }
}
why-kept = { $peer } has room for data, but every attempt to send fails on this host: a firewall rule (OUTPUT) drops the packets, or there is no route.
proof-kept = the peer's window has room: { $window }; nothing is on its way
fix-kept = Look for a rule of this host's firewall that drops outgoing packets.
fix-kept-route = Check that there is a route to { $peer }.
why = The peer acknowledges nothing: it is off, or packets are lost on the path there or back.
why-others = { $peer } answers other connections of this host, so it is not off: a NAT, a firewall or a load balancer on the path has forgotten these, or a rule drops their packets.
why-one-way = Packets of { $peer } arrive, but what this host sends on these connections is not acknowledged: it is lost on the way there.
proof = up to { $retrans } timeouts in a row; { $bytes } unacknowledged
proof-total = { $count } of { $total } connections to this peer
limit = The kernel gives up { $time } or more after the first timeout (tcp_retries2 is { $retries }); until then the program waits.
fix = Check the route to { $peer }, firewalls on the path, and whether the peer runs.
fix-others = Compare how long these connections were idle with the idle timeouts of the NAT, firewalls and load balancers on the path; send keepalive probes more often.
fix-one-way = Check the firewalls on the way to { $peer }: one of them drops what this host sends.
fix-sizes = If the peer answers small packets and not large ones, a link on the path has a smaller MTU and a firewall drops the ICMP that says so.
fix-many = Check this host's own link first: errors and drops of the interfaces.
fix-timeout = Let the program detect it sooner ({ $hint }).
sooner = Let the kernel give up sooner, after { $time } or more ({ $name } is { $current }).
sooner-risk = affects every program in this network namespace: connections no longer survive a longer outage
myth = Keepalive does not detect this: the kernel sends no probe while data is unacknowledged.
