title = { $count } of { $most } places for TIME_WAIT are taken
title-overflow = { $count ->
    [one] { $count } connection closed without TIME_WAIT within { $time }: its table is full
   *[other] { $count } connections closed without TIME_WAIT within { $time }: its table is full
}
why = After a close the kernel remembers the connection for 60 s. With the table full it forgets at once: a late packet may get into a new connection, and a peer that missed the last ACK gets a reset.
proof = { $count } of { $most } places taken; the kernel logs nothing when they run out
fix = Close fewer connections: keep them open and use them again (HTTP keep-alive, pools).
fix-raise = more places for TIME_WAIT, { $current } to { $proposed }
risk-raise = 256 bytes of kernel memory for each one in use
myth-lower = Lowering tcp_max_tw_buckets removes TIME_WAIT only by removing its protection.
myth-log = No line "bucket table overflow" in the log proves nothing: current kernels do not write it.
