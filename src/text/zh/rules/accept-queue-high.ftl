title = 接受队列用到上限的 { $share }：{ $limit } 个位置里有 { $queue } 个在等
why = 程序 accept 的速度赶不上客户端到来的速度。每个都得排队；队列一满，后来的就会被丢弃。
proof-stays = 先看到 { $then } 个在等；隔了 { $time }，有 { $queue } 个
proof-moment = 现在有 { $queue } 个在等；头一次看时还没这么多，可能只是一阵突发
proof-once = 现在有 { $queue } 个在等；只看一次分不清是突发还是趋势
