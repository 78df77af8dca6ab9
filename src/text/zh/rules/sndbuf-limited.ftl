title = { $count } 条连接的发送缓冲区太小（{ $buffer }），最多有 { $part } 的时间在等它
why = 发送缓冲区对这条路径来说太小：数据全在途中，得到确认之前不能再写。
why-fixed = 发送缓冲区比内核允许的小：多半是用 SO_SNDBUF 设死了，而这会关掉内核的自动调节。该查的是 { $program }。
proof = 有数据要发的时间共 { $busy }；往返时间 { $rtt }
fix-fixed = 去掉固定大小（SO_SNDBUF；nginx：listen 的 sndbuf=；Java：setSendBufferSize），让内核自动调节。
raise = 提高自动调节的上限（第三个数；{ $name } 现在是 { $current }）。
raise-risk = 占用内核内存：每条有足够数据要发的连接都可能用到这么多
myth-fixed = 程序自己设过大小的套接字，net.ipv4.tcp_wmem 管不到。
