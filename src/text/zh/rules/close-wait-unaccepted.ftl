title = { $count } 个客户端没等到 accept() 就关闭了连接
some-program = 该程序
why = 三次握手早已完成，{ $program } 却一直没有 accept()；客户端等不及，先关闭了。
proof = 全连接队列里有 { $queue } 个在等，上限 { $limit }；这些连接还没 accept（inode 为 0）
fix = 加快 accept()：不要在负责 accept 的线程里做耗时的事，要处理 EMFILE，并检查程序自己的连接数上限、停顿和 CPU 配额。
fix-more = 增加工作进程。加长队列（{ $hint }）只会让客户端等得更久。
myth = 这不是程序泄漏：它还没有拿到这些套接字，也就谈不上关闭。
