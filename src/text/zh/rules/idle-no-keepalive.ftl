title = { $count } 条连接闲置至少 { $age }，也没有开 keepalive
why = 什么都不发，也就什么都发现不了：无从知道对方是否还在。对方要是断了电，连接会永远留在这里。
proof = 这些连接上没有任何定时器；最久的一条在 { $age } 前收到过最后一个包
limit = 已用 { $used } 个文件描述符，上限 { $most }
fix = 在程序里打开 keepalive（{ $hint }）。
sooner = 对于打开了 keepalive 又没有自设时间的程序：早些探测（{ $name } 现在是 { $current }）。
sooner-risk = 数据包会多一些；已经打开的连接要等当前定时器到点才会改用新值
myth = 只改 tcp_keepalive_time 在这里毫无作用：它只对程序要求了 keepalive 的套接字有效。
