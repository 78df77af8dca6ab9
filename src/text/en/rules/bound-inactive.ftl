title = { $count ->
    [one] { $count } socket is bound to a port, but neither listening nor connected
   *[other] { $count } sockets are bound to ports, but neither listening nor connected
}
some-program = the program
why = { $program } called bind(), then neither listen() nor connect(). Until it closes the socket, no other connection can use the port.
proof = { $ports ->
    [one] { $ports } of the { $range } local ports is held, the first is { $first }
   *[other] { $ports } of the { $range } local ports are held, the first is { $first }
}
fix = In { $program }, close sockets whose listen() or connect() failed or was never called.
find = Find the sockets that { $program } binds and never uses
myth = By default netstat and ss hide these sockets; an empty list does not prove that ports are free.
