title = 本机已关闭 { $count } 条连接，{ $peer } 却还没有关闭
why = 本机已经关闭，对方内核也确认了，但那边的程序还没有关闭：要么是迟早会关的空闲连接池，要么是那边在泄漏。
proof = { $count } 条里有 { $old } 条的期限已经过半
fix = 请 { $peer } 的负责人在那边查 CLOSE_WAIT。
fix-here = 另一端就是本机的 { $program }（{ $pid }）：它的 CLOSE_WAIT 与这些相对应。
lower = 让内核早点删除它们（{ $name } 现在是 { $current }）。
lower-risk = 对方若很晚才发数据，会收到 RST；对 TIME_WAIT 没有作用
myth = 它们不占本机的描述符，每个只有 256 字节：泄漏的不是本机。
