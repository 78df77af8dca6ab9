title = 整台主机有 { $count } 个孤儿连接，上限 { $limit }（{ $part }）
why = 超过上限后，程序已关闭而数据还没有送达的连接会被内核直接重置。内核把可疑的按两到四倍计算，所以过半就已经接近。
proof = 这次观察期间，有 { $count } 条连接因放不下而被重置
fix = 找出它们连向哪里（sockdoc group --by peer/24 fin-wait-1 last-ack），并在服务端套接字上设置 TCP_USER_TIMEOUT。
raise = 提高上限（{ $name } 现在是 { $current }）。
raise-risk = 占用内核内存，每个孤儿连接最多约 64 KiB
myth = 孤儿连接不是 TIME_WAIT，后者不受这个上限约束。
