title = 整台主机已打开 { $used } 个文件，上限 { $most }（{ $part }）
why = 到了上限，所有没有特权的程序都打不开文件和套接字：“Too many open files in system”（ENFILE）。
fix = 找出占用最多的程序。
raise = 提高整台主机的上限（{ $name } 现在是 { $current }）。
raise-risk = 占用内核内存，每个打开的文件约 1 KiB，套接字更多
myth = ulimit 和 LimitNOFILE 是单个进程的上限，并不会扩大整台主机的文件表。
