title = { $count ->
    [one] { $count } relayed connection waits for { $peer } to close
   *[other] { $count } relayed connections wait for { $peer } to close
}
why = { $program } is a relay: one side hung up, it passed that on, and the other side has not closed yet.
proof = { $hung_up } in CLOSE_WAIT with nothing unread, { $waiting } in FIN_WAIT2 held by the same process
fix = Look at { $peer }: the program there has not closed.
fix-here = Look at { $program } ({ $pid }): it is on this host, and has not closed.
fix-timeout = Give the relay a limit for half-closed connections (HAProxy: timeout tunnel and timeout client-fin; socat: -t).
myth = The relay itself leaks nothing; restarting it only hides the program that does.
