title-off = tcp_tw_reuse is 0: connect() cannot reuse { $count } ports in TIME_WAIT
title-loopback = tcp_tw_reuse is 2 (loopback only): connect() cannot reuse { $count } ports in TIME_WAIT
title-timestamps = tcp_timestamps is 0: connect() cannot reuse { $count } ports in TIME_WAIT
why = With tcp_tw_reuse 1 and timestamps on both sides, connect() can reuse a port after one second in TIME_WAIT. Here it cannot, and ports run out.
proof = { $count ->
    [one] { $count } TIME_WAIT towards { $peers } is old enough
   *[other] { $count } TIME_WAIT towards { $peers } are old enough
}
proof-many = old enough: { $count } TIME_WAIT, most towards { $peers }
myth-inbound = tcp_tw_reuse does nothing for incoming connections; their TIME_WAIT uses no port.
