title = { $count ->
    [one] { $count } listening port lies in the range of outgoing connections
   *[other] { $count } listening ports lie in the range of outgoing connections
}
title-port = port { $ports } lies in the range of outgoing connections
some-program = the program
why = While { $program } restarts, nobody holds its port. The kernel may give it to an outgoing connection, and then bind() fails with "Address already in use".
proof = { $count ->
    [one] { $ports } is within ip_local_port_range, { $low } to { $high }, and not reserved
   *[other] { $ports } are within ip_local_port_range, { $low } to { $high }, and not reserved
}
proof-random = where the program lets the system choose its port, this is normal: it gets another one
fix = Let { $program } listen on a port below { $low }.
myth = SO_REUSEADDR does not help here: an outgoing connection holds the port without it.
