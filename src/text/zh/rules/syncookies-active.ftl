title = 发出 { $count } 个 SYN cookie，收回 { $received } 个（观察 { $time }）
why-burst = 半连接队列（SYN 队列）满过。客户端应答了，是真实的客户端：队列太短，经不起一阵突发。
why-flood = 半连接队列（SYN 队列）满过，而占满它的大多没有应答：可能是 SYN flood（SYN 洪泛攻击），也可能是回程不通。
proof = 每秒 { $rate } 个 cookie；{ $full } 个 SYN 遇到队列满
fix-backlog = 在 listen() 时申请更长的队列；是哪个端口，内核日志里有（“Possible SYN flooding on port”）。
