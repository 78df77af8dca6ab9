title = { $queue ->
    [one] queue full: { $queue } client waiting, limit { $limit }
   *[other] queue full: { $queue } clients waiting, limit { $limit }
}
title-high = queue filling up: { $queue } waiting, limit { $limit }
title-waiting = { $count ->
    [one] { $count } client has waited to be accepted for { $age } or more
   *[other] { $count } clients have waited to be accepted for { $age } or more
}
title-starting = { $queue ->
    [one] { $queue } client waits for a service that systemd is starting (limit { $limit })
   *[other] { $queue } clients wait for a service that systemd is starting (limit { $limit })
}
title-datagrams = datagrams unread: { $count ->
    [one] { $count } process waits to write
   *[other] { $count } processes wait to write
}
why-datagrams = { $program } reads its datagrams too slowly or not at all. A program that writes to this socket, for example with syslog(), blocks until there is room.
proof-datagrams = { $list } waited in kernel function { $place } for half a second or more
limit-datagrams = When its queue or the sender's send buffer is full, send() blocks; a non-blocking one fails with EAGAIN.
restart = Restart the program that reads it
restart-risk = its unread datagrams are lost unless systemd holds the socket; writers that do not reconnect then fail
find = Show where its threads wait
fix-datagrams = Remove what keeps it from reading: a full disk, a blocked output, a remote log server that does not answer.
myth-datagrams = A larger net.unix.max_dgram_qlen only lets more datagrams wait, and only for sockets created later.
why = The program accepts more slowly than clients arrive: its accept loop is blocked, or it has too few workers.
why-waiting = The program accepted none of them between the two samples: its accept loop is blocked, or all its workers are busy.
why-starting = systemd listens for the service until it is up; the clients wait in the queue.
limit = With a full queue connect() blocks; a non-blocking one fails with EAGAIN, "Resource temporarily unavailable".
fix = Check the program's accept loop first: long work in the thread that accepts, EMFILE, too few workers.
fix-backlog = Then request a longer backlog in the program ({ $hint }; in a systemd socket unit: Backlog=).
raise = The system limit caps this queue: raise it, then restart the program ({ $name } is { $current }).
raise-risk = longer waits under overload; a queue only absorbs bursts
myth = net.core.somaxconn matters only where it is the cap, and only from the program's next listen() on.
