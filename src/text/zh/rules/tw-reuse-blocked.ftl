title-off = tcp_tw_reuse 为 0：{ $count } 个处于 TIME_WAIT 的端口不能重用
title-loopback = tcp_tw_reuse 为 2（仅限环回）：{ $count } 个处于 TIME_WAIT 的端口不能重用
title-timestamps = tcp_timestamps 为 0：{ $count } 个处于 TIME_WAIT 的端口不能重用
why = tcp_tw_reuse 为 1、双方又都带时间戳时，端口在 TIME_WAIT 里待满一秒，connect() 就可以接手。现在端口快用完了，却不允许这样做。
proof = 到 { $peers } 的连接里，有 { $count } 个 TIME_WAIT 已经可以接手
proof-many = 有 { $count } 个 TIME_WAIT 已经可以接手，最多的是到 { $peers } 的
myth-inbound = tcp_tw_reuse 对连进来的连接毫无作用，那些 TIME_WAIT 本来就不占端口。
