title = { $count } 个描述符的套接字已经不在了
why = 这些连接被对方重置，或者从未建立。{ $program } 仍开着描述符；ss 和 netstat 都看不到它们。
proof = 转储前后都在、却不属于本网络命名空间任何套接字的 TCP 描述符：{ $fds } 等
limit = 已用 { $used } 个文件描述符，上限 { $most }
fix = 每次出错之后都要关闭描述符，ECONNRESET 和 EPIPE 也不例外（{ $hint }）。
find = 逐个查看：lsof 把这种套接字标为 CLOSED，或者认不出协议
myth = keepalive 治不好它：只会把看得见的泄漏（CLOSE_WAIT）变成看不见的。
