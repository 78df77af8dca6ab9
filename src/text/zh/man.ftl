man-name = 名称
man-synopsis = 概要
man-description = 描述
man-description-text =
    sockdoc 通过 netlink（sock_diag）询问内核有哪些套接字，按状态计数，并用大白话说明每个状态下一步该谁处理：本机程序、对端、内核，还是谁都不用处理。普通用户就能用，不改动系统（只有 kill 和 -K 会销毁套接字，而且要先加 --yes 或在终端上确认），耗时与内核遍历一遍自己的表相当。

    不带命令时，显示本网络命名空间的总览，加 --netns 则看别的命名空间；还有多少个命名空间没有查看，会另行说明。不带命令而带 ss(8) 或 netstat(8) 的选项时（如 sockdoc -tlnp），列出套接字。

    读取期间表也在变，这时打开或关闭的套接字，可能算进来，也可能不算。
man-commands = 命令
man-options = 选项
man-states = 状态
man-states-text = 状态的写法不限：大小写、连字符、下划线都行，不写分隔符也行。可写多个，表示任意一个。ss(8) 的状态组也认识：all、connected、synchronized、bucket、big。
man-keys = 分组键
man-keys-text = --by 的键。内核没有为某个套接字保留的值显示为短横线，在 JSON 里是 null：例如 TIME_WAIT 和 SYN_RECV 没有用户。
man-key-state = 状态
man-key-family = inet、inet6 或 unix
man-key-local = 本地地址，或 UNIX 套接字的路径
man-key-local-port = 本地端口
man-key-peer = 对端地址；IPv6 套接字上的 IPv4 对端按 IPv4 显示
man-key-peer-network = 对端网段；peer/24,64 分别给出 IPv4 和 IPv6 的前缀长度 [IPv6 默认：64]
man-key-peer-port = 对端端口
man-key-service = 对端的地址和端口
man-key-direction = inbound（对端连过来）、outbound（我们连出去）或 listener；内核有记录就按内核的，没有就按监听端口推断
man-key-timer = off、on（重传）、keepalive、timewait、persist（零窗口探测）或 delack（延迟确认）
man-key-user = 套接字所属的用户
man-examples = 示例
man-exit-status = 退出状态
man-exit-0 = 完成。管道的读端提前关闭也算正常结束。
man-exit-2 = 命令行有误，或运行失败（要看的套接字读不到，或输出写不出去）。
man-files = 文件
man-file-proc-net = 内核没有 sock_diag 时改读这里；会说明少了什么
man-file-ns = 列出有哪些网络命名空间
man-file-passwd = 用户名
man-file-range = 临时端口范围，用来推断连接的方向
man-environment = 环境变量
man-env-locale = 依次取第一个有值的变量决定语言；locale 不是 UTF-8 时输出 ASCII 英文。
man-env-no-color = 设置后不用颜色，除非 --color 另有指定。
man-env-proc-root = 代替 /proc 的目录。
man-env-columns = 终端没有报告宽度时采用的宽度。
man-env-pager = explain 的正文超过一屏时使用的分页程序：未设置时用 less -R，设为 cat 或空则不分页。
man-see-also = 参见
man-key-program = 持有套接字的程序；有多个进程时取编号最小的
man-key-pid = 持有套接字的进程；有多个时取编号最小的
man-key-unit = systemd 单元，取自套接字或其进程的 cgroup
man-key-container = 容器，取自 cgroup 路径
man-key-congestion = TCP 套接字的拥塞控制算法
man-key-device = 套接字绑定的网络接口
man-key-netns = 网络命名空间，配合 --netns all 使用
man-exit-1 = check 发现了达到 --fail-on 级别的问题；watch 则看输出的最后一次采样；count --until 表示先到了 --timeout；reach 表示没有连通任何地址；kill 表示有套接字未能销毁。
man-exit-nagios = 配合 check --nagios：0 正常，1 警告，2 严重，3 无法检查。
man-file-config = 阈值和不检查的规则；读取先找到的那一个
man-env-config = 用户的配置所在的目录。
man-manual = 用户命令
filter-man-about = sockdoc 的过滤条件
filter-man-text =
    过滤条件用来选择套接字。它是 ss(8) 的过滤语言加上扩展，多数命令都支持：list、count、group、watch、events、explain、kill。状态名可以写在任何位置，写多个表示任意一个；其他条件连着写，必须同时满足。

    比较符可以用单词代替（eq、ne、lt、le、gt、ge），这样 shell 里不用加引号。用逗号列出多个值，例如 dport = 80,443。名称里有空格时加引号。tcpdump(8) 和 lsof(8) 的写法也认识，例如 src host db and dst port 5432、port 8000-8100、net 10.0.0.0/8。过滤条件也可以放在文件里（-F），以 # 开头的行会被忽略。

    只用 ss 的写法时，查看的是 ss 默认显示的状态；单写端口、地址、程序，或用了持有者、数值条件时，查看全部状态。状态和分组键都可以用中文名，例如 sockdoc count 等待关闭。
filter-man-conditions = 条件
filter-man-state = 处于（或不处于）该状态的套接字
filter-man-address = 本地、对端或任意一端的地址，例如 10.0.0.5、10.0.0.0/8、10.0.0.5:443、[::1]:80、/run/x.sock；UNIX 套接字的名称里可用 * 通配
filter-man-port = 本地、对端或任意一端的端口，可以是数字、范围或服务名
filter-man-family = inet、inet6、unix、netlink、packet、vsock、tipc 或 xdp
filter-man-protocol = 协议，可单写，也可带端口
filter-man-device = 绑定到该网络接口
filter-man-mark = 带有该防火墙标记；用 MARK/MASK 只比较部分位
filter-man-cgroup = 在该 cgroup（v2）里创建
filter-man-autobound = 本地端口由内核选定
filter-man-pid = 由该进程持有
filter-man-program = 由该名称的程序持有
filter-man-user = 属于该用户，用户名或编号
filter-man-unit = 属于该 systemd 单元，.service 可省略
filter-man-container = 属于该容器，写 ID 的前几个字符即可
filter-man-netns = 位于该网络命名空间，配合 --netns all 使用
filter-man-queues = 接收或发送队列里的字节数，监听套接字则为连接数，例如 recvq gt 0、sendq ge 64k
filter-man-age = 对方关闭了多久，例如 age gt 10m
filter-man-idle = 空闲了多久（没有收发），例如 idle gt 2h
filter-man-retrans = 连续多少次超时或探测没有应答，例如 retrans ge 2
filter-man-rtt = 平均往返时间，例如 rtt gt 100ms
filter-man-keepalive = 是否开启了 keepalive
filter-man-timer = 正在运行的定时器：on（重传）、keepalive、timewait、persist（零窗口探测）、delack（延迟确认）或 off
filter-man-joints = 组合条件；not 比 and 先结合，and 比 or 先结合，与 ss 的手册一致
filter-man-signs = 比较；也可写成 eq、ne、lt、le、gt、ge
filter-example-state = 有多少个套接字处于 CLOSE_WAIT
filter-example-port = 任意一端是该端口的套接字
filter-example-joined = 到数据库的连接，root 的除外
filter-example-queue = 谁没有在读数据
filter-example-age = 对方关闭超过十分钟的套接字
filter-example-network = 到某个网段的连接各处于什么状态
filter-example-brackets = 两个端口上正在重传的连接
filter-example-program = 某个程序的套接字
