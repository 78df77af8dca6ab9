title = { $count } 个客户端在等 accept()，最早的已等了 { $age }
why = 三次握手已经完成，队列也没有满，程序却没有调用 accept()。
proof = 全连接队列 { $limit } 个位置用了 { $queue } 个；这些连接还没 accept（inode 为 0）
fix-own-limit = 先看程序是否到了自己的连接数上限（HAProxy 的 maxconn、Tomcat 的 maxConnections、nginx 的 worker_connections）。
fix = 否则就是 accept 循环停住了：负责 accept 的线程在做耗时的事、EMFILE、运行时停顿、CPU 配额。
myth = 端口检查一直显示正常，不说明服务正常：客户端能连上，只是请求得不到响应。
