title = { $count } 个监听端口落在临时端口范围（ip_local_port_range）里
title-port = 监听端口 { $ports } 落在临时端口范围（ip_local_port_range）里
some-program = 该程序
why = { $program } 重启时，它的端口有片刻没人占用。内核可能把这个端口分给一条出站连接，随后 bind() 就会报 Address already in use。
proof = 端口 { $ports }（共 { $count } 个）在 ip_local_port_range（{ $low }～{ $high }）之内，且没有保留
proof-random = 如果程序是让系统任选端口的，这很正常：下次会得到另一个端口
fix = 让 { $program } 改用小于 { $low } 的端口监听。
myth = SO_REUSEADDR 在这里帮不上忙：出站连接占用端口时没有设置它。
