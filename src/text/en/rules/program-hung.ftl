title-stopped = stopped: { $count ->
    [one] { $count } connection waits for it
   *[other] { $count } connections wait for it
}
title-traced = held by a debugger: { $count ->
    [one] { $count } connection waits for it
   *[other] { $count } connections wait for it
}
title-frozen = frozen: { $count ->
    [one] { $count } connection waits for it
   *[other] { $count } connections wait for it
}
title-waits = stuck in the kernel: { $count ->
    [one] { $count } connection waits for it
   *[other] { $count } connections wait for it
}
title-busy = computes and does not accept: { $count ->
    [one] { $count } connection waits for it
   *[other] { $count } connections wait for it
}
why-stopped = A signal stopped { $program } (SIGSTOP, Ctrl-Z). It runs no code until it gets SIGCONT; clients see a server that connects and never answers.
why-traced = A debugger or tracer has stopped { $program }. It runs no code until the tracer lets it go on.
why-frozen = The cgroup of { $program } is frozen, as by docker pause or systemctl freeze. No signal wakes it.
why-waits = { $program } waits inside the kernel, usually for a disk or a network file system, and cannot be interrupted. Two readings 0.1 s apart show the same wait.
why-busy = A thread of { $program } takes all of a CPU, and connections have waited for accept() for a second or more.
proof = { $count ->
    [one] { $count } socket with { $bytes } unread
   *[other] { $count } sockets with { $bytes } unread
}, { $queued } not accepted
proof-queued = { $queued ->
    [one] { $queued } connection not accepted
   *[other] { $queued } connections not accepted
}
proof-wchan = it waits in { $place }
continue = let it go on
risk-continue = whoever stopped it may have had a reason: a backup, a debugger, a job of a shell
fix-stopped = Find who stopped it: a job of a shell (Ctrl-Z), a script that sends SIGSTOP, a supervisor.
detach = End or detach the debugger: process { $tracer }.
detach-unseen = End or detach the debugger; its process is not visible from here.
thaw = thaw it
fix-waits = Bring back what it waits for: the disk, the NFS server, the device. The program goes on by itself then.
fix-busy = Find the loop or the heavy work, and take it out of the thread that accepts.
find = see where its threads are
restart = restart it
risk-restart = all its open connections are dropped
myth-stopped = A longer backlog only lets more clients wait: the program runs no code.
myth-traced = A longer backlog only lets more clients wait: the program runs no code.
myth-frozen = kill -CONT does not thaw a cgroup.
myth-waits = kill -9 has no effect before the wait is over.
myth-busy = A longer backlog only lets more clients wait for the same thread.
