title = { $count } 条连接至少 { $time } 没人读，{ $bytes } 在等待
why = 接收缓冲区已满，发送方被堵住：{ $program } 一个字节都没有读。
proof = { $count } 条里有 { $closed } 条接收窗口关着；两次查看之间什么也没取走
fix = 找出程序不读数据时在做什么：等锁、自己的队列满了、在调用慢的东西、CPU 不够。
find = 看 { $program } 的线程停在哪里
myth = 加大接收缓冲区只是拖延：没有人把数据取走。
