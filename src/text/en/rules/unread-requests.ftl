title = { $count ->
    [one] { $count } client's request unread, for { $age }
   *[other] requests of { $count } clients unread, oldest { $age }
}
why = { $program } accepted these clients but does not read their requests: all its workers are taken, or wait for something else, for example a database.
why-some = { $program } serves its other clients but does not read from these: it has lost track of them, or the threads that should serve them hang.
proof = { $count } connections with { $bytes } unread
proof-of = { $count } of { $total } connections at this listener with { $bytes } unread
proof-few = { $count ->
    [one] { $count } connection with { $bytes } unread; the program has never read from it
   *[other] { $count } connections with { $bytes } unread; the program has never read from them
}
proof-served = { $count ->
    [one] { $count } other client was read and answered in the last 10 s, and none waits
   *[other] { $count } other clients were read and answered in the last 10 s, and none waits
}
fix = Give every call the program makes (database, other services) a timeout, and enough workers for its clients.
fix-some = Find why the program no longer waits for input on these connections: an event not armed again (EPOLLET, EPOLLONESHOT), a lock, a call without a timeout.
find = Show what the threads of { $program } wait for
find-calls = Show the connections the program may be waiting on
myth = A longer backlog does not help: these clients are accepted already.
