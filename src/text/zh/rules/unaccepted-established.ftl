title = { $count } 个客户端在等 accept()，最早的已等了 { $age }
why = 握手已经完成，程序却没有调用 accept()，尽管它的队列并没有满。
proof = 接受队列 { $limit } 个位置用了 { $queue } 个；这些套接字还没有主人（inode 为 0）
fix-own-limit = 先看程序是否到了自己的连接数上限（HAProxy 的 maxconn、Tomcat 的 maxConnections、nginx 的 worker_connections）。
fix = 否则就是它的 accept 循环停住了：接受连接的线程在做耗时的事、EMFILE、运行时停顿、CPU 限额。
myth = 客户端看到的是已打开的连接，只是请求得不到应答；所以端口检查一直显示正常。
