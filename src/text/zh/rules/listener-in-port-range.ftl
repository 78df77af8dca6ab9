title = { $count } 个监听端口落在对外连接的端口范围里
title-port = 端口 { $ports } 落在对外连接的端口范围里
some-program = 该程序
why = { $program } 重启时，它的端口有片刻没人占用。内核可能把这个端口分给一条对外连接，随后 bind() 就会报 Address already in use。
proof = { $ports } 共 { $count } 个端口，在 ip_local_port_range（{ $low } 到 { $high }）之内，且没有保留
proof-random = 如果程序是让系统随意选端口的，这很正常：下次会得到另一个端口
fix = 让 { $program } 改用小于 { $low } 的端口监听。
myth = SO_REUSEADDR 在这里帮不上忙：对外连接占用端口时没有设置它。
