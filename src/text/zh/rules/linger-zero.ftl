title = 最近 { $time }，有 { $count } 条连接是我们用 RST 结束的
why = 某个程序以 SO_LINGER 0 关闭，或者它关闭之后对方还在发数据。这样没有 TIME_WAIT，但对方可能丢失还没读的数据。
fix = 去掉时间为 0 的 SO_LINGER；普通的 close() 会把写入的数据送到。
find = 看是哪个程序设置的（SO_LINGER 且 l_linger=0）
myth = RST 不是 TIME_WAIT 的解药：它放弃了对旧报文的防护，还可能丢数据。
