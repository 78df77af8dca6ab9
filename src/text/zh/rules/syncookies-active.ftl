title = 发出 { $count } 个 SYN cookie，收回 { $received } 个（观察 { $time }）
why-burst = 半开队列满过。客户端是真的，因为它们应答了：队列太短，经不起一阵突发。
why-flood = 半开队列满过，而占满它的大多没有应答：可能是 SYN 洪泛，也可能是回程不通。
proof = 每秒 { $rate } 个 cookie；{ $full } 个 SYN 遇到了满队列
fix-backlog = 在 listen() 时申请更长的队列；是哪个端口，内核日志里有（“Possible SYN flooding on port”）。
