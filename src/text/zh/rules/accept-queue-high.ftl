title = 全连接队列（accept 队列）已用 { $share }：{ $queue } 个在等，上限 { $limit }
why = 程序 accept 的速度跟不上，每个客户端都要排队；队列一满，后来的连接就会被丢弃。
proof-stays = 第一次采样有 { $then } 个在等；隔了 { $time }，有 { $queue } 个
proof-moment = 现在有 { $queue } 个在等；第一次采样时没这么多，可能只是一阵突发
proof-once = 现在有 { $queue } 个在等；只采样一次，分不清是突发还是趋势
