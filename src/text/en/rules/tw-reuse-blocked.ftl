title-off = tcp_tw_reuse is 0: connect() leaves { $count } ports in TIME_WAIT unused
title-loopback = tcp_tw_reuse is 2, loopback only: { $count } ports in TIME_WAIT stay unused
title-timestamps = tcp_timestamps is 0: connect() leaves { $count } ports in TIME_WAIT unused
why = With tcp_tw_reuse 1 and timestamps on both sides, connect() takes over a port that has been in TIME_WAIT for a second. Here it may not, while ports run out.
proof = { $count ->
    [one] { $count } TIME_WAIT towards { $peers } is old enough
   *[other] { $count } TIME_WAIT towards { $peers } are old enough
}
proof-many = { $count } TIME_WAIT are old enough, most towards { $peers }
myth-inbound = tcp_tw_reuse does nothing for connections that come in; their TIME_WAIT takes no port.
