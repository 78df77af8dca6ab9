title = { $count } orphaned connections on the whole host, { $limit } allowed ({ $part })
why = Over the limit the kernel resets connections that programs closed before their last data arrived. It counts suspicious ones two to four times, so half of the limit is near.
proof = { $count ->
    [one] { $count } connection was reset for lack of room during this look
   *[other] { $count } connections were reset for lack of room during this look
}
fix = Find where they lead (sockdoc group --by peer/24 fin-wait-1 last-ack) and bound them there: TCP_USER_TIMEOUT on the server's sockets.
raise = Raise the limit ({ $name } is { $current }).
raise-risk = kernel memory, up to about 64 KiB for each orphan
myth = Orphans are not TIME_WAIT: those need no limit of this kind.
