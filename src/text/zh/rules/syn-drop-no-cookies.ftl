title = 丢弃了 { $count } 个 SYN（观察 { $time }）：SYN cookie 没有打开
why = 半连接队列（SYN 队列）满过。打开 SYN cookie，内核就能照样应答；没打开，只能丢弃，真正的客户端也在其中。
why-kernel = 半连接队列（SYN 队列）满过，而这个内核没有 SYN cookie：只能丢弃，真正的客户端也在其中。
proof = TcpExtTCPReqQFullDrop 增加了 { $count }
proof-strangers = 全连接队列没有溢出，TcpExtListenDrops 却增加了 { $count }：没有 cookie 时，tcp_max_syn_backlog 的最后四分之一只留给内核认识的主机
fix = 把 { $name } 从 { $current } 改为 { $proposed }：只有队列满的时候才会用到 cookie。
fix-kernel = 在 listen() 时申请更长的队列，在上游过滤 SYN，或换用带 CONFIG_SYN_COOKIES 的内核。
