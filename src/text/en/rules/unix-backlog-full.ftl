title = { $queue ->
    [one] queue full: { $queue } client waiting, limit { $limit }
   *[other] queue full: { $queue } clients waiting, limit { $limit }
}
title-high = queue filling up: { $queue } waiting, limit { $limit }
title-starting = { $queue ->
    [one] { $queue } client waits for a service that systemd is starting (limit { $limit })
   *[other] { $queue } clients wait for a service that systemd is starting (limit { $limit })
}
why = The program accepts more slowly than clients arrive: its accept loop is blocked, or it has too few workers.
why-starting = systemd listens for the service until it is up; the clients wait in the queue.
limit = With a full queue connect() blocks; a non-blocking one fails with EAGAIN, "Resource temporarily unavailable".
fix = Check the program's accept loop first: long work in the thread that accepts, EMFILE, too few workers.
fix-backlog = Then request a longer backlog in the program ({ $hint }; in a systemd socket unit: Backlog=).
raise = The system limit caps this queue: raise it, then restart the program ({ $name } is { $current }).
raise-risk = longer waits under overload; a queue only absorbs bursts
myth = net.core.somaxconn matters only where it is the cap, and only from the program's next listen() on.
