title = { $count } 条连接等不到对方最后的 ACK
why = 双方都已关闭；本机最后的 FIN 一再重传，始终得不到确认。要么对方主机宕机，要么防火墙忘了这条连接。
proof = LAST_ACK 或 CLOSING，最多已超时 { $retrans } 次；其中 { $peer_count } 条连向 { $peer }
fix = 检查到 { $peer } 的路径：主机宕机，或者防火墙、NAT 丢了状态（conntrack 对最后的 ACK 只保留 30 秒）。
fix-timeout = 在服务端套接字上设置 TCP_USER_TIMEOUT（30 到 60 秒），它也能限住这段等待。
myth = tcp_fin_timeout 管不了 LAST_ACK，它只管没有进程持有的 FIN_WAIT2。
