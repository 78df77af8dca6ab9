title = { $count ->
    [one] { $count } listening port is in the range for outgoing connections
   *[other] { $count } listening ports are in the range for outgoing connections
}
title-port = port { $ports } is in the range for outgoing connections
some-program = the program
why = While { $program } restarts, its port is free. The kernel may give the port to an outgoing connection; then bind() fails with "Address already in use".
proof = { $count ->
    [one] { $ports } is within ip_local_port_range, { $low } to { $high }, and not reserved
   *[other] { $ports } are within ip_local_port_range, { $low } to { $high }, and not reserved
}
proof-random = normal if the program lets the kernel choose its port: it gets another one
fix = Let { $program } listen on a port below { $low }.
myth = SO_REUSEADDR does not help: an outgoing connection holds the port without it.
