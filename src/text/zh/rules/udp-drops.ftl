title = 套接字打开以来有 { $count } 个数据报因接收缓冲区满而丢失
title-now = { $time } 内有 { $count } 个数据报因接收缓冲区满而丢失
title-memory = 套接字打开以来有 { $count } 个数据报因内存不足而丢失
title-memory-now = { $time } 内有 { $count } 个数据报因内存不足而丢失
why = 数据报来得比 { $program } 读得快，或者突发太大装不下。UDP 不会重传。
why-memory = { $program } 还没读的数据报占的内存，碰到了比接收缓冲区更低的上限：它所在 cgroup 的内存上限，或者所有 UDP 套接字共用的 net.ipv4.udp_mem。UDP 不会重传。
proof = 此刻已用 { $queue }，上限 { $buffer }；套接字的丢弃数与内核的 RcvbufErrors 相符
proof-memory = 此刻已用 { $queue }，上限 { $buffer }：接收缓冲区还有空间，这些丢弃也没有计入 RcvbufErrors
fix = 让程序读得快些（{ $hint }）。
fix-buffer = 申请更大的缓冲区：把 SO_RCVBUF 设为 { $size } 字节（现在是 { $buffer }；内核会把申请值翻倍）。
fix-memory = 提高所在 cgroup 的内存上限：systemd 单元用 MemoryMax=，容器用 --memory，cgroup v1 用 memory.kmem.tcp.limit_in_bytes。
find-memory = 查看上限，以及碰到上限的次数（max）
raise-udp-mem = 让 UDP 套接字多用些内存（{ $name } 现在是 { $current } 页）。
raise = 允许程序申请这么多（{ $name } 现在是 { $current }）。
raise-default = 对于改不了的程序：提高每个套接字的初始值（{ $name } 现在是 { $current }）。
raise-risk = 占用整台主机的内核内存；队列越深，读到的数据越旧
myth = 只提高 net.core.rmem_max 什么也不会变：它只是上限，要由程序去申请（SO_RCVBUF）。
myth-memory = 加大 SO_RCVBUF 没有用：缓冲区并没有满。
