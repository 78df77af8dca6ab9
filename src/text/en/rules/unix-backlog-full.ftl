title = { $queue ->
    [one] The queue is full: { $queue } client waits, and the limit is { $limit }
   *[other] The queue is full: { $queue } clients wait, and the limit is { $limit }
}
title-high = The queue is filling up: { $queue } clients wait, and the limit is { $limit }
title-starting = { $queue ->
    [one] { $queue } client waits for a service that is being started (limit { $limit })
   *[other] { $queue } clients wait for a service that is being started (limit { $limit })
}
why = The program takes clients more slowly than they come: its accept loop stands still, or it has too few workers.
why-starting = systemd listens on its behalf until the service is up; the clients wait in the queue.
limit = In a full queue connect() waits; a non-blocking one fails with EAGAIN, "Resource temporarily unavailable".
fix = Look at the program's accept loop first: long work in the thread that accepts, EMFILE, too few workers.
fix-backlog = Then ask for a longer queue in the program ({ $hint }; a systemd socket unit: Backlog=).
raise = The system's cap is the limit here: raise it, then restart the program ({ $name } is { $current }).
raise-risk = longer waits under overload: a queue only absorbs bursts
myth = net.core.somaxconn counts only where it is the cap, and only from the program's next listen() on.
