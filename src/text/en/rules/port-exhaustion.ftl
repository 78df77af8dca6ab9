title = { $count ->
    [one] { $count } of { $usable } usable local ports is in use ({ $ratio })
   *[other] { $count } of { $usable } usable local ports are in use ({ $ratio })
}
why = Each connection to { $peer } needs its own local port. When no port is left, connect() fails with "Cannot assign requested address".
why-churn = This host opens connections to { $peer } and closes them first. Each close keeps a local port for 60 s. When no port is left, connect() fails with "Cannot assign requested address".
proof = from { $source }: { $states }
proof-reusable = { $count ->
    [one] { $count } TIME_WAIT is not counted: connect() can reuse its port
   *[other] { $count } TIME_WAIT are not counted: connect() can reuse their ports
}
proof-peer-without = { $peer } does not use timestamps, so tcp_tw_reuse frees no port
limit = { $count ->
    [one] { $count } port left
   *[other] { $count } ports left
}
limit-full-in = { $count ->
    [one] { $count } port left: none in about { $time } (EADDRNOTAVAIL)
   *[other] { $count } ports left: none in about { $time } (EADDRNOTAVAIL)
}
limit-reached = no port left: connect() fails now with EADDRNOTAVAIL, bind() before it with EADDRINUSE
myth-per-destination = The limit is per destination: connect() can use all ports again for another one. A port that bind() took is an exception: no other destination can use it, unless the program set IP_BIND_ADDRESS_NO_PORT.
