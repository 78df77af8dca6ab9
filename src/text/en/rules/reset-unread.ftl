title = { $count ->
    [one] { $count } connection closed with unread data in { $time }: its peer was reset
   *[other] { $count } connections closed with unread data in { $time }: their peers were reset
}
why = A program closed before it had read all that came. The kernel then sends a reset, and the peer may lose the answer: "connection reset by peer".
proof = { $count } of { $closes } closes
fix = Send the answer, shutdown(SHUT_WR), read to the end, then close (nginx: lingering_close). Read request bodies even when they are refused.
find = see connections with unread data now
myth = This is not a network fault: the reset comes from this host.
