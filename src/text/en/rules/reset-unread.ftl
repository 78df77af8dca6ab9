title = { $count ->
    [one] { $count } connection closed with unread data in { $time }: the peer got a reset
   *[other] { $count } connections closed with unread data in { $time }: the peers got a reset
}
why = A program closed before it read all received data. The kernel then sends a reset, and the peer may lose the response: "connection reset by peer".
proof = { $count } of { $closes } closes
fix = Send the response, call shutdown(SHUT_WR), read to the end, then close (nginx: lingering_close). Read request bodies even if you reject them.
find = Find connections with unread data now
myth = The network is not at fault: the reset comes from this host.
