title = { $count ->
    [one] { $count } connection idle for { $age } or more, without keepalive
   *[other] { $count } connections idle for { $age } or more, without keepalive
}
why = Nothing is sent, so nothing is noticed: whether these peers still exist cannot be told. A peer that lost power stays here for ever.
proof = no timer runs on any of them; the longest was last heard of { $age } ago
limit = { $used } of { $most } file descriptors in use
fix = Turn keepalive on in the program ({ $hint }).
sooner = For programs that turn keepalive on and set no time: probe earlier ({ $name } is { $current }).
sooner-risk = more packets; connections that are open already keep their timer until it fires
myth = Changing tcp_keepalive_time alone does nothing here: it applies only where a program asked for keepalive.
