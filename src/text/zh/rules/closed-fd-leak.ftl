title = { $count } 个描述符对应的套接字已不存在
why = 这些连接被对方重置，或者从未建立。{ $program } 仍开着描述符；ss 和 netstat 都看不到它们。
proof = 读表前后都在、但在本网络命名空间的套接字表里找不到的 TCP 描述符：{ $fds } 等
limit = 已用 { $used } 个文件描述符，上限 { $most }
fix = 每次出错之后都要关闭描述符，ECONNRESET 和 EPIPE 也不例外（{ $hint }）。
find = 逐个查看（lsof 把这种套接字标为 CLOSED，或认不出协议）
myth = keepalive 解决不了问题：只会把看得见的泄漏（CLOSE_WAIT）变成看不见的。
