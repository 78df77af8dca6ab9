title-stopped = stopped: { $waiting }
title-traced = stopped by a debugger: { $waiting }
title-frozen = frozen: { $waiting }
title-waits = stuck in the kernel: { $waiting }
title-busy = busy, does not accept: { $waiting }
title-busy-unread = busy, does not read: { $waiting }
title-throttled = held back by its CPU limit: { $waiting }
title-send = blocked in send() to one connection: { $waiting }
title-output = blocked on its own output: { $waiting }
waiting = { $count ->
    [one] { $count } connection waits for it
   *[other] { $count } connections wait for it
}
waiting-unix = { $count ->
    [one] { $count } UNIX connection waits for it
   *[other] { $count } UNIX connections wait for it
}
waiting-udp = { $count ->
    [one] { $count } UDP socket has unread datagrams
   *[other] { $count } UDP sockets have unread datagrams
}
waiting-unix-datagrams = { $count ->
    [one] { $count } UNIX socket has unread datagrams
   *[other] { $count } UNIX sockets have unread datagrams
}
waiting-sockets = { $count } sockets wait for it
why-stopped = A signal stopped { $program } (SIGSTOP, Ctrl-Z). It runs no code until it gets SIGCONT; clients connect but never get an answer.
why-stopped-client = A signal stopped { $program } (SIGSTOP, Ctrl-Z). It runs no code until it gets SIGCONT; what is sent to it stays unread.
why-traced = A debugger or tracer stopped { $program }. It runs no code until the tracer continues it.
why-frozen = The cgroup of { $program } is frozen, for example by docker pause or systemctl freeze. Signals do not resume it.
why-waits = { $program } is blocked inside the kernel, usually on a disk or a network file system, and usually cannot be interrupted. The same wait has lasted for half a second or more.
why-busy = A thread of { $program } uses a full CPU, and connections have waited for accept() for a second or more. It need not be the thread that accepts: a garbage collector stops all threads.
why-busy-unread = One thread of { $program } uses a full CPU, and what its clients sent has been unread for 5 s or more.
why-throttled = { $program } uses up the CPU limit of its cgroup in each period, and runs no code until the next one; clients wait a second or more.
why-output = A thread of { $program } has waited for half a second or more in one write(): a pipe is full, or a terminal takes no output.
why-send = A thread of { $program } has waited for half a second or more to send on one connection: its peer reads too slowly or not at all, and the send buffer is full.
proof = { $count ->
    [one] { $count } socket with { $bytes } unread
   *[other] { $count } sockets with { $bytes } unread
}
proof-both = { $count ->
    [one] { $count } socket with { $bytes } unread
   *[other] { $count } sockets with { $bytes } unread
}, { $queued } not accepted
proof-queued = { $queued ->
    [one] { $queued } connection not accepted
   *[other] { $queued } connections not accepted
}
proof-wchan = it waits in { $place }
proof-unix = UNIX socket { $path } has unread data: once its queue is full, programs that write to it block
proof-send = { $bytes } to { $peer } not sent or not acknowledged
proof-send-here = { $bytes } to { $peer } not sent or not acknowledged: { $program } ({ $pid }) on this host should read them and does not
proof-output = it waits in write() on descriptor { $fd }, { $target }
proof-reader = { $name } (pid { $pid }) should read this pipe and does not
proof-reader-stopped = { $name } (pid { $pid }) should read this pipe and is stopped (T)
proof-throttled = it ran { $percent } % of the time in which it wanted to run; the limit is that of { $group }
continue = Continue it
risk-continue = it may have been stopped on purpose: a backup, a debugger, a shell job
fix-stopped = Find out why it was stopped: a shell job (Ctrl-Z), a script that sends SIGSTOP, a supervisor.
detach = Quit or detach the debugger: process { $tracer }.
detach-unseen = Quit or detach the debugger; its process is not visible here.
thaw = Thaw it
fix-waits = Restore what it waits for: the disk, the NFS server, the device. The program then continues by itself.
fix-busy = Find the loop or the heavy work. If the thread that accepts does it, move it to another; if others do, find what that thread waits for.
lift = Lift the limit
risk-lift = takes CPU time from other services; systemd or the container runtime may set the limit again
fix-throttled = Raise the limit where it is set: CPUQuota= of the systemd unit, docker --cpus, resources.limits.cpu in Kubernetes.
continue-reader = Continue the program that should read its output
find-receiver = Show what { $program }, which should read, waits for
find-reader-waits = Show what the program that should read its output waits for
find-reader = Show which processes hold this pipe
resume-terminal = Press Ctrl-Q in that terminal, or leave the copy mode of screen (or of tmux before 3.2).
fix-send = Set a send timeout (SO_SNDTIMEO, or the write timeout of the library), or send without blocking: one slow reader must not stop all other clients.
fix-output = Write logs to a file or to journald, or without blocking. The program that starts this one must read its stdout and stderr, or redirect them to a file.
find = Show where its threads wait
restart = Restart it
risk-restart = drops all its open connections
myth-buffer = A larger receive buffer only fills later: the program runs no code.
myth-stopped = A longer backlog only lets more clients wait: the program runs no code.
myth-traced = A longer backlog only lets more clients wait: the program runs no code.
myth-frozen = kill -CONT does not thaw a cgroup.
myth-waits = kill -9 usually has no effect until the wait ends.
myth-output = A longer backlog only lets more clients wait for the same call.
myth-throttled = More threads or workers do not help: all of them share the limit.
myth-busy = A longer backlog only lets more clients wait: none is accepted sooner.
