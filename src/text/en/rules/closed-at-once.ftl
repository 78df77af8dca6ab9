title = new connections closed at once: { $closed } of { $opened } in { $time }
why = The program accepts and closes connections without reading the request; clients get "connection reset by peer" or an error line. It has probably reached its own limit.
proof = { $stay ->
    [one] { $stay } connection stays and no new one joins it
   *[other] { $stay } connections stay and no new one joins them
}; { $closed } of { $opened } new ones were closed with unread data
fix = Read the program's log, then raise its own limit ({ $hint }) or close unused connections.
find = Show the holders of the connections that stay
fix-other = If it is not at its limit, it may reject these clients (an allow list, Redis protected mode) or fail on each of them.
myth = Backlog and somaxconn have no effect: the program accepted these connections.
