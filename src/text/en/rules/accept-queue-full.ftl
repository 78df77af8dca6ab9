title = accept queue full: { $waiting } waiting, limit { $limit }
title-several = { $full } of { $listeners } accept queues full: { $waiting } waiting, limit { $limit }
title-one-client = accept queue full: { $waiting } waiting, made for one client at a time
title-starting = { $count ->
    [one] { $count } client waits for a service that is being started
   *[other] { $count } clients wait for a service that is being started
}
why = Clients come faster than the program accepts them. New ones are dropped without a word and try again after 1, 2, 3 ... s.
why-one-client = The shortest queue there is: the program serves one client at a time, and the next must wait.
why-starting = systemd holds the port until the service behind it takes over; then the queue empties.
proof = Recv-Q { $queue } (waiting) above Send-Q { $limit } (the limit; one more fits)
proof-drops = { $count ->
    [one] { $count } attempt dropped in the last { $time }
   *[other] { $count } attempts dropped in the last { $time }
}
fix-one-client = If several clients are meant to connect, ask for a longer queue in listen().
fix-starting = Look again in a few seconds. If it stays, see why the service does not start.
