title = 最近 { $time }，本机用 RST 结束了 { $count } 条连接
why = 某个程序以 SO_LINGER 0 关闭，或者它关闭之后对方还在发数据。这样没有 TIME_WAIT，但对方可能丢失还没读的数据。
fix = 去掉时间为 0 的 SO_LINGER；普通的 close() 会把写入的数据送到。
find = 看是哪个程序设置的（SO_LINGER 且 l_linger=0）
myth = 用 RST 代替 TIME_WAIT 得不偿失：放弃了对旧报文段的防护，还可能丢数据。
