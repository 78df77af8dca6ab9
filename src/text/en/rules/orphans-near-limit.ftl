title = { $count } orphaned connections on the whole host, limit { $limit } ({ $part })
why = Above the limit the kernel resets closed connections whose last data has not arrived. It counts suspicious ones two to four times, so half the limit is already close.
proof = { $count ->
    [one] { $count } connection was reset for lack of room between the two samples
   *[other] { $count } connections were reset for lack of room between the two samples
}
fix = Find their peers (sockdoc group --by peer/24 fin-wait-1 last-ack) and set TCP_USER_TIMEOUT on the server's sockets.
raise = Raise the limit ({ $name } is { $current }).
raise-risk = up to about 64 KiB of kernel memory per orphan
myth = Orphans are not TIME_WAIT sockets; those do not count towards this limit.
