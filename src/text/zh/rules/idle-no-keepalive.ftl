title = { $count } 条连接空闲至少 { $age }，且没有开启 keepalive
why = 连接上没有数据，本机就无从知道对方是否还在。对方如果断了电，连接会一直留着。
proof = 这些连接上没有任何定时器；最久的一条上次收到包是在 { $age } 前
limit = 已用 { $used } 个文件描述符，上限 { $most }
fix = 在程序里打开 keepalive（{ $hint }）。
sooner = 对于打开了 keepalive 又没有自设时间的程序：早些探测（{ $name } 现在是 { $current }）。
sooner-risk = 包会多一些；已经打开的连接要等当前定时器到点才会改用新值
myth = 只改 tcp_keepalive_time 在这里毫无作用：它只对程序打开了 keepalive 的套接字有效。
