title = { $count ->
    [one] { $count } descriptor points to a dead socket
   *[other] { $count } descriptors point to dead sockets
}
why = The peer reset these connections, or connect() failed. { $program } keeps the descriptors open; ss and netstat do not show them.
proof = TCP descriptors that match no socket in this network namespace, checked before and after the dump, including { $fds }
limit = { $used } of { $most } file descriptors in use
fix = Close the descriptor after every error, including ECONNRESET and EPIPE ({ $hint }).
find = Show them: lsof calls such sockets CLOSED, or cannot identify the protocol
myth = Keepalive does not help: it turns visible leaks (CLOSE_WAIT) into invisible ones.
