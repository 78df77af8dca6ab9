title = { $count } 个客户端没等到 accept() 就放弃了
some-program = 该程序
why = 握手早已完成，客户端又挂断了。{ $program } 一直没有对它们调用 accept()：等待时间超出了客户端的耐心。
proof = 接受队列里有 { $queue } 个在等，上限 { $limit }；这些套接字还没有主人（inode 为 0）
fix = 加快 accept()：不要在接受连接的线程里干活，要处理 EMFILE，并检查程序自己的连接数上限、停顿和 CPU 限额。
fix-more = 增加工作进程。加长队列（{ $hint }）只会让客户端等得更久。
myth = 这不是程序泄漏：它还没有拿到这些套接字，也就谈不上关闭。
