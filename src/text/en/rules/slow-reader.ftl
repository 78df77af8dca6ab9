title = { $count ->
    [one] { $count } connection not read for { $time } or more, { $bytes } waiting
   *[other] { $count } connections not read for { $time } or more, { $bytes } waiting
}
why = The receive buffers are full and the senders are held up, for { $program } has not read a byte.
proof = receive window closed on { $closed } of { $count }; nothing taken between the two looks
fix = Find what the program does instead of reading: a lock, a full queue of its own, a call to something slow, CPU.
find = see where the threads of { $program } stand
myth = A larger receive buffer only delays it: nobody takes the data out.
