title = 新连接一 accept 就关闭：{ $time } 内 { $opened } 条里有 { $closed } 条
why = 程序 accept 之后，不读客户端发来的数据就关闭；客户端看到“connection reset by peer”或一行错误信息。很可能是到了程序自己的上限。
proof = 原有的 { $stay } 条连接一直在，没有新连接留下来；新来的 { $opened } 条里有 { $closed } 条在数据未读时被关闭
fix = 先看程序的日志，再提高它自己的上限（{ $hint }），或关掉不用的连接。
find = 看现有的连接都被谁占用
fix-other = 如果没到上限：可能是它拒绝这些客户端（白名单、Redis 的 protected-mode），或每次处理都出错。
myth = 加大 backlog 或 somaxconn 没有用：这些连接已经 accept 了。
