title = { $count ->
    [one] { $count } of { $usable } usable local ports is taken ({ $ratio })
   *[other] { $count } of { $usable } usable local ports are taken ({ $ratio })
}
why = Each connection to { $peer } takes a local port of its own. When none is left, connect() fails with "Cannot assign requested address".
why-churn = This host opens connections to { $peer } and closes them first. Each close keeps its port for 60 s. When none is left, connect() fails with "Cannot assign requested address".
proof = from { $source }: { $states }
proof-reusable = { $count ->
    [one] { $count } TIME_WAIT is not counted: connect() takes its port over
   *[other] { $count } TIME_WAIT are not counted: connect() takes their ports over
}
proof-peer-without = { $peer } does without timestamps, so tcp_tw_reuse gives no port back
limit = { $count ->
    [one] { $count } port left
   *[other] { $count } ports left
}
limit-full-in = { $count ->
    [one] { $count } port left: taken in about { $time } (EADDRNOTAVAIL)
   *[other] { $count } ports left: all taken in about { $time } (EADDRNOTAVAIL)
}
limit-reached = no port left: connect() fails now (EADDRNOTAVAIL)
myth-per-destination = The limit is not one for the whole host: every destination has all ports again.
