title = 程序至少 { $time } 没有读 { $count } 条连接，积压 { $bytes }
why = 接收缓冲区已满，发送方被堵住：{ $program } 一个字节都没有读。
proof = { $count } 条里有 { $closed } 条接收窗口为 0；两次采样之间什么也没读
fix = 找出程序不读数据时在做什么：等锁、自己的队列满了、慢调用、CPU 不够。
find = 看 { $program } 的线程在等什么
myth = 加大接收缓冲区只能拖延：程序还是不读。
