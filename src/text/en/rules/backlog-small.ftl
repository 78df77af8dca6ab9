title = the program's backlog is too small: { $limit }, the system allows { $most }
why = The program requested a queue of { $limit } in listen(). The system allows { $most }, and the smaller queue overflows.
proof-full = { $queue } waiting, limit { $limit }: full
proof-drops = { $count ->
    [one] { $count } attempt dropped at a limit of { $limit }
   *[other] { $count } attempts dropped at a limit of { $limit }
}
