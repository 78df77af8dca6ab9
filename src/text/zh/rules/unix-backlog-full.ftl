title = 队列已满：{ $queue } 个客户端在等，上限 { $limit }
title-high = 队列快满了：{ $queue } 个客户端在等，上限 { $limit }
title-starting = { $queue } 个客户端在等正在启动的服务（上限 { $limit }）
why = 程序 accept 的速度跟不上：accept 循环停住了，或者工作进程太少。
why-starting = 服务启动之前由 systemd 代为监听，客户端在队列里等着。
limit = 队列满时 connect() 会等待；非阻塞的 connect() 会以 EAGAIN（Resource temporarily unavailable）失败。
fix = 先看程序的 accept 循环：负责 accept 的线程在做耗时的事、EMFILE、工作进程太少。
fix-backlog = 再让程序申请更长的队列（{ $hint }；systemd 的 socket 单元：Backlog=）。
raise = 这里的限制是系统上限：先提高它，再重启程序（{ $name } 现在是 { $current }）。
raise-risk = 过载时等得更久：队列只能吸收突发
myth = 只有队列上限正好等于 net.core.somaxconn 时，提高它才有用，而且要等程序下次 listen() 才生效。
