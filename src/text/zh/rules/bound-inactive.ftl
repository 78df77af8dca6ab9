title = { $count } 个套接字绑定了端口，却既不监听也不连接
some-program = 该程序
why = { $program } 调用了 bind()，之后既没有 listen() 也没有 connect()。套接字关闭之前，任何出站连接都用不了这个端口。
proof = 临时端口范围共 { $range } 个端口，它们占了 { $ports } 个，第一个是 { $first }
fix = 在 { $program } 里，凡是 listen() 或 connect() 失败、或者一直没有调用的套接字，都要关闭。
find = 看 { $program } 绑定了哪些套接字却一直没有使用
myth = netstat 和 ss 默认看不到这些套接字；列表是空的，并不说明端口空闲。
