title = { $count ->
    [one] { $count } datagram lost since the start: the receive buffer was full
   *[other] { $count } datagrams lost since the start: the receive buffer was full
}
title-now = { $count ->
    [one] { $count } datagram lost within { $time }: the receive buffer was full
   *[other] { $count } datagrams lost within { $time }: the receive buffer was full
}
why = Datagrams come faster than { $program } reads them, or in bursts that do not fit. UDP does not send them again.
proof = { $queue } of { $buffer } in use right now; the socket's drops and the kernel's RcvbufErrors agree
fix = Read faster ({ $hint }).
fix-buffer = Ask for a larger buffer: SO_RCVBUF of { $size } bytes (it has { $buffer } now; the kernel doubles what is asked for).
raise = Let programs ask for that much ({ $name } is { $current }).
raise-default = For a program that cannot be changed: raise what every socket starts with ({ $name } is { $current }).
raise-risk = kernel memory of the whole host; a deeper queue makes what is read older
myth = Raising net.core.rmem_max alone changes nothing: it is a cap, and the program has to ask (SO_RCVBUF).
