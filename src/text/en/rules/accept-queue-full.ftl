title = accept queue full: { $waiting } waiting, limit { $limit }
title-several = { $full } of { $listeners } accept queues full: { $waiting } waiting, limit { $limit }
title-one-client = accept queue full: { $waiting } waiting, sized for one client at a time
title-starting = { $count ->
    [one] { $count } client waits for a service that systemd is starting
   *[other] { $count } clients wait for a service that systemd is starting
}
why = The program does not accept connections fast enough. The kernel silently drops new ones; clients retry after 1, 2, 3 ... s.
why-one-client = The program requested the shortest possible queue: it serves one client at a time, and the next one must wait.
why-starting = systemd holds the port until the service takes over; then the queue empties.
proof = Recv-Q { $queue } (waiting) is above Send-Q { $limit } (limit; the queue holds one more)
proof-drops = { $count ->
    [one] { $count } attempt dropped in the last { $time }
   *[other] { $count } attempts dropped in the last { $time }
}
fix-one-client = If several clients should connect at once, request a longer backlog in listen().
fix-starting = Check again in a few seconds. If clients still wait, find out why the service does not start.
