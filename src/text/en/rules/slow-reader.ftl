title = { $count ->
    [one] { $count } connection unread for { $time } or more, { $bytes } waiting
   *[other] { $count } connections unread for { $time } or more, { $bytes } waiting
}
why = { $program } reads nothing. The receive buffers are full, so the kernel holds up the senders.
proof = receive window closed on { $closed } of { $count }; nothing read between the two samples
fix = Find what the program does instead of reading: a lock, a full internal queue, a slow call, CPU.
find = Show where the threads of { $program } wait
myth = A larger receive buffer only delays this: the program still does not read.
