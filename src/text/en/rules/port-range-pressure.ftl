title = { $count } of { $usable } local ports in use across all destinations
why = Many connections share the range. connect() reuses a port for several destinations, so this is normal for a proxy; a program that calls bind() before connect() may find no free port.
why-bound = Some programs call bind() before connect(). A bound port serves one connection only; when none is left, bind() fails with "Address already in use". connect() can share only unbound ports.
proof = { $connections } connections to { $destinations } destinations share { $used } ports
proof-unshared = { $connections } connections to { $destinations } destinations use { $used } ports: almost none is shared, so the program bound them before connect()
proof-bound = { $count ->
    [one] { $count } port is held by a bound but unused socket
   *[other] { $count } ports are held by bound but unused sockets
}
fix-no-port = If the program sets a source address, set IP_BIND_ADDRESS_NO_PORT before bind(), or do not call bind().
needs-no-port = Linux 4.2 or later
fix-sources = Use more source addresses: each has its own ports.
myth = A host can have more than 65,535 connections: ports count per destination.
