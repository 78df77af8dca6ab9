title = { $count ->
    [one] { $count } of { $listeners } listeners falls behind: { $queue } waiting, usual { $usual }
   *[other] { $count } of { $listeners } listeners fall behind: { $queue } waiting, usual { $usual }
}
why = The kernel assigns each new connection to one listener of the port by a hash, and never reassigns it. Connections of this listener wait while the others have room.
proof = in both samples, inode { $inodes }
proof-holders = { $count ->
    [one] held by process { $pids }
   *[other] held by { $count } processes ({ $pids }); the sockets do not show which one should accept
}
fix = Find the worker that should accept from this listener: it blocks, or never started. Close listeners that no worker accepts from.
restart = Restart process { $pid }: the kernel then gives its share to the others
restart-risk = resets the connections in its queue, unless tcp_migrate_req is 1
find = Check whether it still calls accept()
fix-migrate = Set { $name } from { $current } to { $proposed }: when a listener closes, its queue moves to the others.
migrate-risk = all listeners of the port must have the same settings
