title = the system's limit caps the queue: net.core.somaxconn is { $most }
why = The queue overflows, and it is as long as the system allows. Only here is that setting worth raising.
proof-full = { $queue } waiting, limit { $most }: full
proof-drops = { $count ->
    [one] { $count } attempt dropped at a limit of { $most }
   *[other] { $count } attempts dropped at a limit of { $most }
}
