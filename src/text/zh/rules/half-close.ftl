title = { $count } 条半关闭的连接仍在发响应，刚才又发出 { $bytes }：正常
why = 对方已经发完，正在等剩下的响应。这里出现 CLOSE_WAIT 是正常的。
