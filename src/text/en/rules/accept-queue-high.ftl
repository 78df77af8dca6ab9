title = accept queue at { $share } of its limit: { $queue } of { $limit } waiting
why = The program accepts connections more slowly than clients arrive. Once the queue is full, the kernel drops new ones.
proof-stays = { $then } waited { $time } ago, { $queue } wait now
proof-moment = { $queue } wait now, fewer in the first sample; this may be a burst
proof-once = { $queue } wait now; one sample cannot tell a burst from a trend
