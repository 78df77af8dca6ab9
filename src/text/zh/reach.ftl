# reach 命令。
command-reach = 发起一次连接，说明为什么通或不通
heading-reach = 连接
argument-reach = 连到哪里：db:5432、db 5432、[::1]:443、10.0.0.1:https 或 https://host/；只写端口表示本机。名称先查 /etc/hosts，再问 /etc/resolv.conf 里的 DNS 服务器；不查 NSS 插件（mDNS、LDAP、systemd）
option-reach-timeout = DNS 解析和连接总共最多等多久（3s、500ms）[默认：3s]
option-reach-ipv4 = 只连 IPv4 地址
option-reach-ipv6 = 只连 IPv6 地址
option-reach-udp = 不支持：UDP 没有握手，无从测试
option-reach-from = 不支持：reach 从本机当场发起连接
option-reach-verbose = 诊断完整显示
example-reach = 本机为什么连不上某个服务
error-reach-from = reach 从本机当场发起连接，不支持 --from；想看记录文件里某个地址的情况，请用 sockdoc explain ADDRESS --from FILE
error-reach-udp = reach 不支持 -u：UDP 没有握手，没有应答说明不了问题，而 reach 不发送数据；查看 UDP 套接字请用 sockdoc list -u
error-reach-netns = reach 一次只从一个网络命名空间发起连接，请用名称、pid:N 或路径代替 all
error-reach-timeout = --timeout 必须大于 0，例如 500ms 或 3s
error-reach-family = 该地址与 -4 或 -6 指定的 IP 版本不符
error-reach-no-port = “{ $word }”没有端口，请在主机后面加冒号和端口，例如 db:5432 或 db:https
error-reach-port = 不认识的端口“{ $word }”，请用 1 到 65535 的数字或 /etc/services 里的服务名，例如 db:5432
error-reach-brackets = “{ $word }”有歧义，IPv6 地址请加方括号，例如 [::1]:443
error-reach-zone = % 后面的网卡“{ $word }”不存在；ip link 列出这个网络命名空间里的网卡
error-reach-host = “{ $word }”不是主机，请用主机名或地址，例如 db:5432
reach-taken = 理解为：主机 { $host }，端口 { $port }
reach-name = { $name }：{ $addresses }（{ $origin }；不查 NSS 插件）
reach-server = DNS 服务器 { $server }
reach-this-host = 本机：{ $addresses }
reach-name-failed = { $why ->
    [unknown] { $name }：/etc/hosts 里没有，DNS 服务器 { $servers } 回答没有这个名称。不查 NSS 插件（mDNS、LDAP、systemd），系统解析器可能查得到。
    [no-address] { $name }：/etc/hosts 里没有，DNS 服务器 { $servers } 有这个名称，但没有所需 IP 版本的地址。不查 NSS 插件。
    [error] { $name }：/etc/hosts 里没有，DNS 服务器 { $servers } 返回错误 { $code }（2：服务器故障，5：拒绝）。不查 NSS 插件。
    [silent] { $name }：/etc/hosts 里没有，DNS 服务器都没有应答（{ $servers }，来自 /etc/resolv.conf）。不查 NSS 插件。
    [other-family] { $name }：{ $path } 里只有 { $servers }，不是所选的 IP 版本，DNS 也没有给出别的地址。不查 NSS 插件。
   *[invalid] { $name }：不是合法的 DNS 名称，两点之间须有 1 到 63 个 ASCII 字符。
}
reach-headline = { $cause ->
    [reached] { $address }：已连通
    [closed-at-once] { $address }：连上后对方立刻关闭
    [reset-at-once] { $address }：连上后对方立刻重置
    [refused] { $address }：被拒绝
    [no-listener] { $address }：被本机拒绝，端口没有监听
    [wrong-address] { $address }：被本机拒绝，监听在别的地址上
    [wrong-family] { $address }：被本机拒绝，监听的是另一个 IP 版本
    [refused-by-firewall] { $address }：有监听，仍被本机拒绝
    [queue-full] { $address }：没有应答，全连接队列已满
    [dropped-here] { $address }：没有应答，在本机被丢弃
    [kept-back] { $address }：没有应答，SYN 没能离开本机
    [unresolved] { $address }：没有应答，下一跳也没有应答
    [no-answer] { $address }：没有应答
    [rejected-here] { $address }：被本机拒绝（ICMP）
    [rejected] { $address }：被网络拒绝（ICMP）
    [no-route] { $address }：没有路由
    [no-ports] { $address }：本地端口耗尽
    [no-descriptors] { $address }：文件描述符耗尽
    [forbidden] { $address }：本机不许连接
   *[failed] { $address }：失败
}
reach-reached = 连上 { $address } 用了 { $time }，之后半秒内连接一直正常。
reach-closed = 连上 { $address } 用了 { $time }，再过 { $after } 对方用 FIN 关闭，期间收到 { $received }。网络和监听都正常，是对方程序或它前面的代理主动断开的，原因看它的日志（访问控制、没有可用后端）。
reach-reset = 连上 { $address } 用了 { $time }，再过 { $after } 对方用 RST 重置，期间收到 { $received }。网络和监听都正常，是对方程序或它前面的代理重置的，原因看它的日志（访问控制、没有可用后端、崩溃）。
reach-refused = 过了 { $time } 收到 RST：{ $host } 的 { $port } 端口没有程序监听，或者被防火墙拒绝（对方、途中或本机）。
reach-no-listener = 本机用 RST 应答了 SYN：没有程序监听 { $port } 端口。程序没有启动，或用了别的端口。
reach-wrong-address = 本机用 RST 应答了 SYN：{ $port } 端口只在别的地址上监听。处理：让程序监听 { $host } 或所有地址，或者改连它监听的地址。
reach-wrong-family = 本机用 RST 应答了 SYN：{ $port } 端口只监听 { $other }。处理：让程序也监听 { $host }，或者改用 { $other } 连接。
reach-refused-by-firewall = 这个地址上有套接字在监听，SYN 仍收到 RST：本机有防火墙规则用 tcp-reset 拒绝。
reach-queue-full = { $time } 内发了 { $count } 个 SYN，没有应答：本机监听套接字的全连接队列（accept 队列）已满，内核丢弃新连接。程序要更快地调用 accept()。
reach-dropped-here = { $time } 内发了 { $count } 个 SYN，没有应答，而地址就在本机，全连接队列也没有满：本机的防火墙规则丢弃了包。
reach-kept-back = { $time } 内没有应答，重传的 SYN 全部发送失败（TcpExtTCPRetransFail 升高）：本机对出站包的防火墙规则或 cgroup 的 BPF 程序丢弃了它们。
reach-unresolved = { $hop } 在 { $interface } 上不应答 { $protocol }（邻居表状态 { $state }），SYN 没有发出。该主机没有开机、不在这个网络里，或者地址、子网掩码有误。
reach-no-answer = { $time } 内发了 { $count } 个 SYN，没有应答。可能是途中或对方的防火墙丢弃、主机没有开机、对方全连接队列已满，或应答回不来。
reach-rejected = 过了 { $time }，{ $sender } 拒绝连接：{ $icmp }。
reach-rejected-here = 本机拒绝连接：{ $icmp }。是本机的防火墙规则（REJECT）。
reach-rejected-unknown = 过了 { $time }，网络用 ICMP 错误拒绝连接（{ $error }）。这个内核不显示是哪台路由器发的（Linux 5.11 起才显示）。
reach-icmp = { $name ->
    [net-unreachable] { $protocol } 类型 { $kind } 代码 { $code }（网络不可达，那台路由器没有路由）
    [host-unreachable] { $protocol } 类型 { $kind } 代码 { $code }（主机不可达，那台路由器在最后一跳找不到主机，或有规则如此应答）
    [protocol-unreachable] { $protocol } 类型 { $kind } 代码 { $code }（协议不可达）
    [port-unreachable] { $protocol } 类型 { $kind } 代码 { $code }（端口不可达，是防火墙规则；没有监听的主机会回 RST）
    [net-prohibited] { $protocol } 类型 { $kind } 代码 { $code }（禁止访问该网络，是防火墙规则）
    [host-prohibited] { $protocol } 类型 { $kind } 代码 { $code }（禁止访问该主机，是防火墙规则）
    [admin-prohibited] { $protocol } 类型 { $kind } 代码 { $code }（管理策略禁止，是防火墙规则）
    [policy-fail] { $protocol } 类型 { $kind } 代码 { $code }（源地址不符合出入策略）
    [reject-route] { $protocol } 类型 { $kind } 代码 { $code }（那里的路由拒绝该目的地）
    [time-exceeded] { $protocol } 类型 { $kind } 代码 { $code }（跳数超限，有路由环路）
   *[other] { $protocol } 类型 { $kind } 代码 { $code }
}
reach-unknown-router = 未知的路由器
reach-no-route = { $route ->
    [broadcast] connect() 失败（{ $error }）：{ $host } 是广播或组播地址，TCP 无法连接。
    [ENETUNREACH] connect() 失败（{ $error }）：没有到 { $host } 的路由。缺少默认路由，或本机没有这个 IP 版本的地址。
    [EHOSTUNREACH] connect() 失败（{ $error }）：到 { $host } 的路由类型是 unreachable。
    [EACCES] connect() 失败（{ $error }）：到 { $host } 的路由类型是 prohibit。
    [EINVAL] connect() 失败（{ $error }）：到 { $host } 的路由类型是 blackhole。
   *[other] connect() 失败（{ $error }）：没有到 { $host } 的可用路由。
}
reach-no-ports = connect() 失败（{ $error }）：到 { $address } 的本地端口已耗尽。net.ipv4.ip_local_port_range（{ $low }～{ $high }）共 { $size } 个端口，到它已用 { $used } 个。
reach-no-descriptors = { $error ->
    [EMFILE] socket() 失败（{ $error }）：本进程最多打开 { $limit } 个文件描述符（ulimit -n），已用完。
   *[other] socket() 失败（{ $error }）：整台主机的文件表已满（fs.file-max）。
}
reach-forbidden = connect() 失败（{ $error }）：cgroup 的 BPF 程序、安全模块（SELinux、AppArmor）或本机防火墙不许连接。
reach-failed = { $why ->
    [zone] connect() 失败（{ $error }）：{ $host } 是链路本地地址，要写明网卡，例如 { $host }%eth0。
   *[other] connect() 失败（{ $error }）。
}
reach-some-program = 其他用户的程序
reach-listener = { $program } 监听 { $address }，全连接队列 { $queue }，上限 { $limit }，丢弃 { $drops }。
reach-route = { $gateway ->
    [none] 路由：{ $interface } 直连，源地址 { $source }。
   *[other] 路由：经 { $interface } 到网关 { $gateway }，源地址 { $source }。
}
reach-next-there = 接着在 { $host } 上运行：
reach-next-firewall = 接着以 root 运行（或 iptables -S、ip6tables -S）：
reach-next-route = 接着运行：
reach-milliseconds = { $ms } 毫秒
exit-reach = 没有连通任何地址。
