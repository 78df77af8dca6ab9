title = backlog 太小：程序申请了 { $limit }，系统允许 { $most }
why = 程序在 listen() 时只申请了 { $limit }，系统其实允许 { $most }，而这个队列在溢出。
proof-full = { $queue } 个在等，上限 { $limit }：已满
proof-drops = 上限为 { $limit } 时丢弃了 { $count } 个连接请求
