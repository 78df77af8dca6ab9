title = { $count } 项内核参数弊大于利：{ $list }
title-many = { $count } 项内核参数弊大于利
setting = { $name } = { $value }
why = 这类取值多半抄自旧的调优文章。它们的坏处只在高负载或网络不好时才显现，而且看起来与参数毫不相干。
reason-abort = tcp_abort_on_overflow = { $value }：稍有突发就重置连接，而这些连接本来片刻之后就能得到服务；还停在 SYN 阶段的客户端照样只能等
reason-cookies-off = tcp_syncookies = { $value }：半连接队列满了之后（例如 SYN flood），新客户端会被悄悄丢弃
reason-cookies-always = tcp_syncookies = { $value }：这个值只用于测试，每次握手都绕开半连接队列
reason-timestamps = tcp_timestamps = { $value }：处于 TIME_WAIT 的端口无法复用，也更难分清新旧报文段
reason-buckets = tcp_max_tw_buckets = { $value }：超过这个数，关闭的连接不再保留 TIME_WAIT，迟到的报文段可能干扰新连接
reason-retries = tcp_retries2 = { $value }：网络抖动几秒，连接就断了
reason-orphans = tcp_orphan_retries = { $value }：客户端稍慢（约一秒没有确认），响应的末尾部分就会丢失
fix = 把 { $name } 从 { $current } 改为 { $proposed }
risk-timestamps = 每个报文段多 12 字节；只对新连接生效
risk-buckets = 每占用一个位置，用去 256 字节内核内存
risk-retries = 对方失联后约 100 秒才会察觉；需要更早察觉的程序应当自己设置 TCP_USER_TIMEOUT
risk-orphans = 对方失联时，已关闭的连接最多还要留约 105 秒
myth-abort = tcp_abort_on_overflow 并不能让客户端得知过载：队列满时 SYN 照样被丢弃。
myth-buckets = 调低 tcp_max_tw_buckets 解决不了问题，只是去掉了对新连接的保护。
