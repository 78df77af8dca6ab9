title = { $count ->
    [one] { $count } descriptor of a socket that is gone
   *[other] { $count } descriptors of sockets that are gone
}
why = Their connections were reset by the peer, or never made. { $program } keeps the descriptors open; ss and netstat do not show them.
proof = TCP descriptors that no socket of this network namespace belongs to, before and after the dump, among them { $fds }
limit = { $used } of { $most } file descriptors in use
fix = Close the descriptor after every error, ECONNRESET and EPIPE too ({ $hint }).
find = see them: lsof calls such sockets CLOSED, or cannot identify the protocol
myth = Keepalive does not cure this: it turns visible leaks (CLOSE_WAIT) into invisible ones.
