title = { $count } 条转发的连接在等 { $peer } 关闭
why = { $program } 是转发程序：一侧已经关闭，它向另一侧转发了 FIN，而另一侧还没有关闭。
proof = 同一进程持有 { $hung_up } 个已无数据可读的 CLOSE_WAIT 和 { $waiting } 个 FIN_WAIT2
fix = 检查 { $peer }：那边的程序没有关闭。
fix-here = 检查 { $program }（{ $pid }）：它就在本机，还没有关闭。
fix-timeout = 给转发程序的半关闭连接设时限（HAProxy：timeout tunnel 和 timeout client-fin；socat：-t）。
myth = 转发程序本身没有泄漏；重启它只会把真正泄漏的程序藏起来。
