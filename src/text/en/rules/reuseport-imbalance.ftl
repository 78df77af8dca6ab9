title = { $count ->
    [one] { $count } of { $listeners } listeners does not take its share: { $queue } waiting, usual { $usual }
   *[other] { $count } of { $listeners } listeners do not take their share: { $queue } waiting, usual { $usual }
}
why = The kernel deals new connections out to the listeners of a port by a hash, for good. What falls to this one waits, while the others have room.
proof = at both looks, inode { $inodes }
proof-holders = { $count ->
    [one] held by process { $pids }
   *[other] held by { $count } processes ({ $pids }); which of them should accept cannot be told from that
}
fix = Find the worker that should accept from this listener: it blocks, or was never started. Close listeners nobody accepts from.
restart = Restart process { $pid }: the kernel then deals its share to the others.
restart-risk = connections in its queue are reset, unless tcp_migrate_req is 1
find = see whether it still calls accept()
fix-migrate = Set { $name } from { $current } to { $proposed }: when a listener closes, its queue goes to the others.
migrate-risk = all listeners of the port must have the same settings
