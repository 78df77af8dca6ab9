title = 限制队列的是系统上限：net.core.somaxconn 为 { $most }
why = 队列在溢出，而它已经有系统允许的那么长。只有这种情况才值得提高这个参数。
proof-full = { $queue } 个在等，上限 { $most }：已满
proof-drops = 上限为 { $most } 时丢弃了 { $count } 个连接请求
