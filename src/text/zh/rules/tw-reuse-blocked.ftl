title-off = tcp_tw_reuse 为 0：{ $count } 个处于 TIME_WAIT 的端口不能复用
title-loopback = tcp_tw_reuse 为 2（仅限回环）：{ $count } 个处于 TIME_WAIT 的端口不能复用
title-timestamps = tcp_timestamps 为 0：{ $count } 个处于 TIME_WAIT 的端口不能复用
why = tcp_tw_reuse 为 1 且双方都带时间戳时，TIME_WAIT 满一秒，connect() 就可以复用它的端口。现在端口快用完了，内核参数却不允许复用。
proof = 到 { $peers } 的连接里，有 { $count } 个 TIME_WAIT 已经可以复用
proof-many = 有 { $count } 个 TIME_WAIT 已经可以复用，最多的是到 { $peers } 的
myth-inbound = tcp_tw_reuse 对入站连接毫无作用，那些 TIME_WAIT 本来就不占端口。
