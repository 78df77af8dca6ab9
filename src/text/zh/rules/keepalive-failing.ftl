title = { $count } 条连接的 keepalive 探测没有应答
title-many = { $count } 条连接（{ $part }，{ $peers } 个对端）的 keepalive 探测没有应答
why = 对方已经宕机，或者途中的防火墙、NAT、负载均衡忘掉了这条空闲的连接。
proof = 最多连续 { $probes } 次探测没有应答
limit = { $left ->
    [0] 除非程序自己设了 TCP_KEEPCNT，内核马上就会断开它们（tcp_keepalive_probes 为 { $most }）：程序会得到 ETIMEDOUT。
   *[other] 除非程序自己设了 TCP_KEEPCNT，最多再有 { $left } 次探测没有应答就会断开（tcp_keepalive_probes 为 { $most }）：程序会得到 ETIMEDOUT。
}
limit-own = 程序自己设了探测次数（TCP_KEEPCNT），内核不显示这个值；用完之后程序会得到 ETIMEDOUT。
fix = 检查 { $peer } 是否在运行、网络是否可达。
fix-many = 看这些对端有什么共同之处：同一个网络、防火墙或运营商。
fix-sooner = 如果对方还活着，探测间隔就要短于途中设备的遗忘时间，每 60 到 300 秒一次（{ $hint }）。
sooner = 对于没有自设时间的程序：早些探测（{ $name } 现在是 { $current }）。
sooner-risk = 包会多一些；已经打开的连接要等当前定时器到点才会改用新值
myth = 增加探测次数（tcp_keepalive_probes）救不了连接，只会更晚才知道。
