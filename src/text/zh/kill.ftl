# kill 命令，以及 list 和 ss 的 -K。
command-kill = 销毁套接字：先显示后果，加 --yes 或输入数量后才执行
heading-kill = 销毁
option-kill-yes = 不询问，直接销毁 [默认：只预演；在终端上输入套接字数量确认]
option-kill-tcp = 销毁 TCP 套接字 [不写 -u 时的默认]
option-kill-udp = 销毁已连接的 UDP 套接字；未连接的一概不销毁
option-kill-listeners = 也销毁监听套接字
option-kill-time-wait = 也销毁 TIME_WAIT
option-kill-orphans = 也销毁程序已关闭、内核仍在收尾的连接；需要 Linux 6.11 及以上
option-kill-ssh = 也销毁 sshd、dropbear、mosh、tailscaled、teleport、SSM 代理、kubelet 的连接
option-kill-unknown = 也销毁不知道由谁持有的套接字
option-kill-max = 超过 N 个就拒绝执行 [默认：100]
option-kill-verbose = 逐个显示套接字，不分组
help-yes = 销毁 -K 选中的套接字；不加时 -K 只提示该输入什么
example-kill = 销毁到某个服务的连接会有什么后果，该用哪条命令执行
exit-kill = 有套接字没能销毁，仍然存在。
error-kill-from = kill 只能对正在运行的内核执行；记录文件里没有可销毁的套接字，请去掉 --from
error-kill-netns = kill 一次只在一个网络命名空间里执行；请指定其中一个
error-kill-filter = 过滤条件没有限定是哪些连接；请指定端口、地址、程序，或 close-wait 这样的状态，例如 close-wait and dport = :5432
error-kill-tables = 只能销毁 TCP 和 UDP 套接字
error-kill-max = 过滤条件选中 { $count } 个套接字，超过 --max { $most }；请缩小范围，或用 { $command }--max { $count }
error-kill-right = 没有销毁任何套接字：需要在网络命名空间所属的用户命名空间里有 CAP_NET_ADMIN；请用 sudo
error-kill-kernel = 没有销毁任何套接字：这个内核不能销毁套接字（编译时没有 CONFIG_INET_DIAG_DESTROY）
error-kill-no-diag = 没有销毁任何套接字：这个内核没有这些套接字的 sock_diag；请加载内核模块 inet_diag、tcp_diag 和 udp_diag
error-kill-probe = 没有销毁任何套接字：先拿一个专门建的套接字试，内核拒绝销毁（{ $why }）
error-kill-yes = -K 会销毁套接字：先用 { $command } 查看后果，确认后加 --yes 执行
error-kill-mode = -K 不能与 { $option } 同时使用
kill-dry = 将销毁 { $count } 个套接字（尚未执行；加 --yes 执行）
kill-none = 没有可销毁的套接字
kill-done = 共 { $count } 个套接字，已销毁 { $gone } 个
kill-peers = { $local } <- { $count } 个对端
kill-prompt = 输入 { $typed } 销毁这 { $count } 个套接字，输入其他内容则放弃：
kill-left = 没有销毁任何套接字
kill-not-accepted = （还没 accept）
kill-no-owner = （没有程序持有）
kill-unknown-owner = （未知）
kill-skipped = 跳过 { $count } 个：{ $why }
kill-audit = kill：{ $count } 个套接字已销毁 { $gone } 个，uid { $uid }，网络命名空间 { $netns }，过滤条件 "{ $filter }"
kill-consequence = { $consequence ->
    [open] 程序先得到一次 ECONNABORTED，之后读会读到 EOF，写会得到 EPIPE；已到达的数据仍可读，描述符要等程序自己关闭。对端收到 RST（ECONNRESET）。
    [close-wait] 套接字消失，描述符还在。程序读完已到达的数据后读到 EOF，写会得到 ECONNABORTED。对端收到 RST。这治不了泄漏，只有程序调用 close() 才行。
    [unaccepted] 程序拿不到这条连接，或者拿到后第一次读写就失败。对端收到 RST。程序 accept() 太慢的问题并没有解决。
    [attempt] connect() 返回 ECONNABORTED，对端不会得到通知。对端为什么不应答，还得另查。
    [listener] 套接字不再监听：accept() 返回 EINVAL，队列里的连接收到 RST，新来的连接会被拒绝。程序关闭套接字之前端口仍然占着；多数程序需要重启。
    [half-open] 内核丢弃这次握手，对端不会得到通知；对端如果以为已经连上，下次发数据时会收到 RST。
    [orphan] 内核丢弃还没发完的数据并发送 RST，程序不会察觉。
    [record] 只是删除内核的记录：没有程序持有它，对端不会得到通知。迟到的报文段可能混进端口相同的新连接。
   *[udp] 程序得到一次 ECONNABORTED；套接字变成未连接，仍可使用；端口若是内核选的，会释放。对端不会得到通知。
}
kill-skip = { $reason ->
    [session] 你自己的 SSH 连接（{ $command }--include-ssh）
    [remote-access] 远程管理本机的连接：sshd、dropbear、mosh、tailscaled、teleport、SSM 代理、kubelet 等（{ $command }--include-ssh）
    [unknown-owner] 不知道由谁持有，可能是远程管理的连接；用 root 运行才看得到（{ $command }--include-unknown）
    [listener] 监听套接字（{ $command }--listeners）
    [time-wait] TIME_WAIT，60 秒内自行结束（{ $command }--time-wait）
    [orphan] 程序已关闭，内核正在收尾（{ $command }--orphans）
    [old-kernel] 程序已关闭：这个内核销毁后会永远残留（Linux 6.11 修复）
    [udp] UDP 套接字（{ $command }-u）
    [unconnected] 没有对端的 UDP：内核关不掉它，只能让程序得到一次 ECONNABORTED；要关闭请停止程序
   *[not-addressable] 没有 cookie，或只绑定而没有使用：内核找不到它
}
kill-result = { $result ->
    [gone_before] 在请求内核之前已经关闭
    [not_addressable] 未销毁：按这个地址，内核找到的是另一个套接字（SO_REUSEPORT）；请重启程序
    [refused] 未销毁：内核拒绝（{ $error }）
    [unsupported] 未销毁：这个内核不能销毁这类套接字
    [left] 未销毁：内核报告成功，但套接字仍在，状态 { $state }
   *[destroyed] 已销毁
}
