title = { $count ->
    [one] { $count } connection attempt dropped in { $time }
   *[other] { $count } connection attempts dropped in { $time }, { $rate } per second
}
title-past = { $count ->
    [one] at most { $count } attempt dropped since it started, none in the last { $time }
   *[other] at most { $count } attempts dropped since it started, none in the last { $time }
}
title-so-far = { $count ->
    [one] at most { $count } connection attempt dropped since it started
   *[other] at most { $count } connection attempts dropped since it started
}
why = The accept queue was full. The kernel answered nothing, so clients retry after 1, 2, 3 ... s; each retry counts as a drop.
why-other = The accept queue had room. Other causes: SYN cookies off, memory short, or no route back to the client.
why-past = It drops nothing now. The counter has no time stamp: the drops may date from a start or a burst long ago.
find = Find the listener with a full queue (Recv-Q against Send-Q) and drops (d in skmem)
why-so-far = The counter has no time stamp: the drops may be old. Two samples show whether it still rises (--for 5s).
proof = this listener's counter and TcpExtListenDrops rose together
proof-shared = its counter and TcpExtListenDrops rose, and its queue was at least half full; other listeners dropped too
fix-other = Check which of these counters rises; its name gives the reason.
