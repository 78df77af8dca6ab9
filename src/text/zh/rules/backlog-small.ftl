title = 限制队列的是程序自己的 backlog：{ $limit }，而系统允许 { $most }
why = 程序调用 listen() 时得到的队列是 { $limit }，系统其实允许 { $most }，而这个队列在溢出。
proof-full = { $queue } 个在等，上限 { $limit }：已满
proof-drops = 上限为 { $limit } 时丢弃了 { $count } 次连接请求
