title = { $count } 个 TIME_WAIT，每秒约 { $rate } 个，占着 { $ratio } 的本地端口
title-at-least = { $count } 个 TIME_WAIT，每秒至少 { $rate } 个，占着 { $ratio } 的本地端口
why = 本机每个请求都向 { $peer } 新建一条短连接，又总是先关闭。每关一次，本地端口就要被占 60 秒。
proof = 从 { $source } 出发：{ $states }
limit = { $usable } 个端口每秒大约只够 { $most } 条这样的连接
myth-buckets = 调低 tcp_max_tw_buckets 确实能腾出端口，代价是失去 TIME_WAIT 的保护。
