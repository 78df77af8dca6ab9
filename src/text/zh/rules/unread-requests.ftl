title = { $count } 个客户端的请求没人读，最早的已等了 { $age }
why = { $program } 已经 accept 了这些连接，却没有读客户端发来的数据：工作线程都被占满，或者都在等别的东西，比如数据库。
proof = { $count } 条连接共有 { $bytes } 未读
proof-of = 这个监听端口的 { $total } 条连接里有 { $count } 条没读，共 { $bytes }
fix = 给程序的每个外部调用（数据库、其他服务）设超时，并保证工作线程够用。
find = 看 { $program } 的线程在等什么
find-calls = 看程序可能在等哪些连接
myth = 加长 backlog 没用：这些连接已经 accept 了。
