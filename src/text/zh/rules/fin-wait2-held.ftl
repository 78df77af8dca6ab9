title = 本机程序仍持有 { $count } 条半关闭的连接，最久的已有 { $age }
title-at-most = 本机程序仍持有 { $count } 条半关闭的连接，最久的至多 { $age }
some-program = 该程序
why = { $program } 已经发完（shutdown），在等对方也发完。只要程序还持有套接字，内核就不设期限。
proof-here = 另一端是本机的 { $program }（{ $pid }），处于 CLOSE_WAIT
fix = shutdown(SHUT_WR) 之后带超时地读，然后 close()。
myth = tcp_fin_timeout 只管没有进程持有的 FIN_WAIT2。
