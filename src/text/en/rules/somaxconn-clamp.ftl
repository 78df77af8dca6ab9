title = net.core.somaxconn ({ $most }) caps the accept queue
why = The queue overflows, and it is already as long as the system allows. Only in this case does raising somaxconn help.
proof-full = { $queue } waiting, limit { $most }: full
proof-drops = { $count ->
    [one] { $count } attempt dropped at a limit of { $most }
   *[other] { $count } attempts dropped at a limit of { $most }
}
