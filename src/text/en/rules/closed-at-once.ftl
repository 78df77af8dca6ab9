title = closes new connections at once: { $closed } of { $opened } in { $time }
why = The program accepts and closes without reading what the client sent; clients see "connection reset by peer" or an error line. A limit of its own is a likely cause.
proof = { $stay ->
    [one] { $stay } connection stays and no new one stays with it
   *[other] { $stay } connections stay and no new one stays with them
}; { $closed } of { $opened } that came in were closed with unread data
fix = Look at the program's log, then raise its own limit ({ $hint }) or close connections that are not used.
find = see who holds the connections that stay
fix-other = If the limit is not reached: it may refuse these clients (an allow list, Redis protected mode) or fail at each of them.
myth = Backlog and somaxconn have no effect: these connections were accepted.
