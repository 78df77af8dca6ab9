title = { $count } 个 TIME_WAIT，每秒约 { $rate } 个，全部是入站连接：正常，无需处理
title-slow = { $count } 个 TIME_WAIT，全部是入站连接：正常，无需处理
why = 这些连接是服务端先关闭的，内核把每一条再记住 60 秒，免得迟到的报文段干扰新连接。
proof = 全部在监听端口 { $port } 上：不占端口，不占描述符，总共只用 { $bytes } 内存
myth-reuse = tcp_tw_reuse 对入站连接毫无作用。
myth-fin-timeout = tcp_fin_timeout 缩短不了 TIME_WAIT：60 秒是内核里写死的。
myth-ports = 它们不占端口：一个监听端口可以接受任意多条连接。
myth-root = 它们不属于 root：TIME_WAIT 没有进程持有，显示的用户 0 只表示未知。
