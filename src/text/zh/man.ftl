man-name = 名称
man-synopsis = 概要
man-description = 描述
man-description-text =
    sockdoc 通过 netlink（sock_diag）询问内核有哪些套接字，按状态计数，并用大白话说明每个状态下一步该谁处理：本机的程序、对端、内核，还是谁都不用处理。普通用户就能用，只读不写，耗时与内核遍历一遍自己的表相当。

    不带命令时，显示本网络命名空间的总览，加 --netns 则看别的命名空间；还有多少个命名空间没有查看，会另行说明。不带命令而带 ss(8) 或 netstat(8) 的选项时（如 sockdoc -tlnp），列出套接字。

    读表的同时表也在变：读取期间打开或关闭的套接字，可能算进来，也可能不算。
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
man-exit-2 = 命令行有误，或运行失败：要看的套接字读不到，或输出写不出去。
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
man-exit-1 = check 发现了达到 --fail-on 级别的问题；watch 则看输出的最后一次采样；count --until 表示先到了 --timeout。
man-exit-nagios = 配合 check --nagios：0 正常，1 警告，2 严重，3 无法检查。
man-file-config = 阈值和不检查的规则；读取先找到的那一个
man-env-config = 用户的配置所在的目录。
