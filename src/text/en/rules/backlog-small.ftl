title = the program's own backlog caps the queue: { $limit }, the system allows { $most }
why = The program got a queue of { $limit } when it called listen(), though the system allows { $most }, and that queue overflows.
proof-full = { $queue } waiting, limit { $limit }: full
proof-drops = { $count ->
    [one] { $count } attempt dropped at a limit of { $limit }
   *[other] { $count } attempts dropped at a limit of { $limit }
}
