title = 最近 { $time }，有 { $count } 个报文段到了本机却被丢弃：接收缓冲区放不下
title-compacted = 最近 { $time }，有 { $count } 次接收缓冲区超出上限，压缩后没有丢数据
some-program = 某个程序
why = 程序读得太慢，或把套接字锁住太久。被丢弃的部分对方得重传。
proof = 最满的队列：{ $program } 在 { $local } 上有 { $bytes } 没读
fix = 让程序读得更快；加大缓冲区只能拖延。
find = 看哪些套接字有数据没读
myth = 这种丢失不在网络里：报文段已经到了本机。
