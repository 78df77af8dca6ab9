title = { $count ->
    [one] { $count } connection attempt dropped in { $time }
   *[other] { $count } connection attempts dropped in { $time }, { $rate } per second
}
title-past = { $count ->
    [one] at most { $count } attempt dropped since it was started, none in the last { $time }
   *[other] at most { $count } attempts dropped since it was started, none in the last { $time }
}
title-so-far = { $count ->
    [one] at most { $count } connection attempt dropped since it was started
   *[other] at most { $count } connection attempts dropped since it was started
}
why = The accept queue was full. The clients heard nothing and try again after 1, 2, 3 ... s; each try counts.
why-other = Not for lack of room in the accept queue: SYN cookies off, memory short, or no route back to the client.
why-past = It does not drop now; what was before has no time. It may have been a start or a burst long ago.
find = see which listener has a full queue (Recv-Q against Send-Q) and drops (d in skmem)
why-so-far = The count has no time: it may be of long ago. Only two looks tell whether it still rises (--for 5s).
proof = this listener's own counter and TcpExtListenDrops rose together
proof-shared = its counter and TcpExtListenDrops rose, and its queue was at least half full; others dropped too
fix-other = See which of these counters rises; it names the reason.
