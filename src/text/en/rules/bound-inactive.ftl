title = { $count ->
    [one] { $count } socket is bound to a port, but neither listens nor connects
   *[other] { $count } sockets are bound to ports, but neither listen nor connect
}
some-program = the program
why = After bind(), { $program } called neither listen() nor connect(). Until the socket is closed, no connection to anywhere can use its port.
proof = { $ports ->
    [one] { $ports } of the { $range } ports for connections is held, { $first } first
   *[other] { $ports } of the { $range } ports for connections are held, { $first } first
}
fix = In { $program }, close sockets whose listen() or connect() failed or never came.
find = see which sockets { $program } binds and never uses
myth = netstat and ss do not show these sockets unless asked for; an empty list is no proof of free ports.
