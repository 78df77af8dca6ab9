title = { $time } 内 { $made } 次建连有 { $refused } 次被拒绝
why = 本机程序要连的服务没有启动、监听在别的地址，或被防火墙拒绝；程序看到“Connection refused”（代理返回 502）。
proof-here = 本机发出了 { $resets } 个 RST：没有监听的端口可能就在本机
proof-elsewhere = 本机只发出了 { $resets } 个 RST：拒绝来自别的主机
fix = 启动拒绝连接的服务，或在程序配置里改正它的地址。
find = 看哪些地址在拒绝
find-listeners = 看本机有哪些监听
myth = 加大超时或 backlog 没有用：端口没有监听，对方马上就回 RST。
