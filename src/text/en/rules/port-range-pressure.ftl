title = { $count } of { $usable } ports of the range are in use, all destinations together
why = Many connections to many places. connect() shares a port between destinations, so this is normal for a proxy; a program that binds a port before it connects would find none.
why-bound = Some programs bind a port before they use it. Such a port serves one connection only, and when none is left, bind() fails with "Address already in use"; connect() can share only ports that were not bound.
proof = { $connections } connections to { $destinations } destinations share { $used } ports
proof-unshared = { $connections } connections to { $destinations } destinations use { $used } ports: hardly one is shared, so they were bound before connect()
proof-bound = { $count ->
    [one] { $count } port is held by a socket that was bound and is not used
   *[other] { $count } ports are held by sockets that were bound and are not used
}
fix-no-port = Where the program sets a source address, set IP_BIND_ADDRESS_NO_PORT on the socket before bind(), or do not bind at all.
needs-no-port = Linux 4.2 or later
fix-sources = Use more source addresses: each has its own ports.
myth = 65,535 is not the most connections a host can have: ports count for each destination.
