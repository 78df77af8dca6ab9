title = 最近 { $time }，有 { $count } 条连接在数据没读完时被关闭，对方因此收到 RST
why = 程序还没读完收到的数据就关闭了。这时内核会发送 RST，对方可能连响应都收不全：“connection reset by peer”。
proof = { $closes } 次关闭中有 { $count } 次
fix = 发完响应后先 shutdown(SHUT_WR)，读到 EOF 再 close()（nginx：保持 lingering_close on）。即使拒绝请求，也要把请求正文读完。
find = 看现在有哪些连接还有数据没读
myth = 这不是网络故障：RST 就是本机发出的。
