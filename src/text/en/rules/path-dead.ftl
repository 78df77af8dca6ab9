title = { $count ->
    [one] { $count } connection without any answer, for up to { $age }
   *[other] { $count } connections without any answer, for up to { $age }
}
title-count = { $count ->
    [one] { $count } connection on which nothing is acknowledged
   *[other] { $count } connections on which nothing is acknowledged
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
title-here = { $count ->
    [one] { $count } client is connected to nothing, for up to { $age }
   *[other] { $count } clients are connected to nothing, for up to { $age }
}
why-here = The accept queue of { $peer } was full when their handshakes ended, so the kernel dropped the last packet: the client is connected, the server is not. What the client sends is sent again at growing intervals until the queue has room.
fix-here = See the queue of the listener and its limit: the program must accept faster, or ask for a longer queue in listen().
why = Nothing we send is acknowledged: the peer is off, or the packets are lost on the way there or back.
proof = up to { $retrans } timeouts in a row; { $bytes } unacknowledged
proof-total = { $count } of { $total } connections to this peer
limit = The kernel gives up { $time } or more after the first timeout (tcp_retries2 is { $retries }); until then the program waits.
fix = Look at the route to { $peer }, at firewalls on the way, and whether the peer runs.
fix-many = Look at this host's own link first: errors and drops of the interfaces.
fix-timeout = Let the program learn it sooner ({ $hint }).
sooner = Let the kernel give up sooner, after { $time } or more ({ $name } is { $current }).
sooner-risk = for all programs of this network namespace: connections no longer survive an outage that is longer than that
myth = Keepalive does not notice this: no probe is sent while data wait for their acknowledgement.
