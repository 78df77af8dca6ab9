title = { $count ->
    [one] { $count } connection unread for { $time } or more, { $bytes } waiting
   *[other] { $count } connections unread for { $time } or more, { $bytes } waiting
}
why = { $program } reads nothing. The receive buffers are full, so the kernel holds up the senders.
proof = receive window closed on { $closed } of { $count }; nothing read between the two samples
why-output = { $program } passes on what it receives, and its output is full: it waits in write() and cannot read. That is normal for a client whose output is paused.
proof-output = it waits in write() to { $target }
fix = Find what the program does instead of reading: a lock, a full internal queue, a slow call, CPU.
fix-output = Let the program at the other end of the pipe read on.
fix-reader = Let { $name } (pid { $pid }) read on: it should read this pipe and does not.
fix-terminal = Press Ctrl-Q in that terminal to resume its output.
find = Show where the threads of { $program } wait
myth-output = A larger receive buffer does not help: the output stays blocked.
myth = A larger receive buffer only delays this: the program still does not read.
