title = { $count } 条转发的连接在等 { $peer } 关闭
why = { $program } 是转发程序：一侧已经挂断，它把这一点转达了过去，而另一侧还没有关闭。
proof = 同一进程手里有 { $hung_up } 个已无数据可读的 CLOSE_WAIT，还有 { $waiting } 个 FIN_WAIT2
fix = 去看 { $peer }：那边的程序没有关闭。
fix-here = 去看 { $program }（{ $pid }）：它就在本机，还没有关闭。
fix-timeout = 给转发程序的半关闭连接设一个时限（HAProxy：timeout tunnel 和 timeout client-fin；socat：-t）。
myth = 转发程序本身没有泄漏；重启它只会把真正泄漏的程序藏起来。
