title = accept queue at { $share } of its limit: { $queue } of { $limit } waiting
why = The program accepts more slowly than clients arrive. Each waits its turn; once the queue is full, new ones are dropped.
proof-stays = { $then } waited { $time } ago, { $queue } wait now
proof-moment = { $queue } wait now; at the first look it was less, so this may be a burst
proof-once = { $queue } wait now; one look cannot tell a burst from a trend
