title = { $count ->
    [one] { $count } connection idle for { $age } or more, without keepalive
   *[other] { $count } connections idle for { $age } or more, without keepalive
}
why = These connections send nothing, so neither side notices if the other is gone. A connection to a peer that lost power stays open forever.
proof = none of them has a timer; the longest received nothing for { $age }
limit = { $used } of { $most } file descriptors in use
fix = Enable keepalive in the program ({ $hint }).
sooner = For programs that enable keepalive without a time: probe earlier ({ $name } is { $current }).
sooner-risk = more packets; open connections keep their timer until it fires
myth = Changing tcp_keepalive_time alone does nothing: it applies only if the program enables keepalive.
