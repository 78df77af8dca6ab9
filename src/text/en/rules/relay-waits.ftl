title = { $count ->
    [one] { $count } relayed connection waits for { $peer } to close
   *[other] { $count } relayed connections wait for { $peer } to close
}
why = { $program } is a relay. One side closed and the relay passed that on, but the other side has not closed yet.
proof = { $hung_up } in CLOSE_WAIT with nothing unread, { $waiting } in FIN_WAIT2 held by the same process
fix = Check { $peer }: its program has not called close().
fix-here = Check { $program } ({ $pid }): it is on this host and has not called close().
fix-timeout = Set a time limit for half-closed connections in the relay (HAProxy: timeout tunnel and timeout client-fin; socat: -t).
myth = The relay leaks nothing; restarting it only hides the program that leaks.
