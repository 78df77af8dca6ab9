title = TIME_WAIT table: { $count } of { $most } entries in use
title-overflow = { $count ->
    [one] { $count } connection closed without TIME_WAIT within { $time }: table full
   *[other] { $count } connections closed without TIME_WAIT within { $time }: table full
}
why = After a close the kernel remembers the connection for 60 s. With the table full it forgets the connection at once: a late packet may enter a new one, and a peer that missed the last ACK gets a reset.
proof = { $count } of { $most } entries in use; the kernel logs nothing when the table is full
fix = Close fewer connections: reuse them (HTTP keep-alive, pools).
fix-raise = Enlarge the TIME_WAIT table from { $current } to { $proposed }
risk-raise = 256 bytes of kernel memory per entry in use
myth-lower = Lowering tcp_max_tw_buckets reduces TIME_WAIT only by removing its protection.
myth-log = A log without "bucket table overflow" proves nothing: current kernels do not write that line.
