# 所有诊断结论共用的词句。
one = { $value }
some-program = 该程序
workers = 按进程：{ $list }
workers-most = 按进程，最多的在前：{ $list } ...

holders-unclear = 有多个程序持有这个监听套接字：{ $list }；从现有连接看不出是哪个程序在 accept

# 某条规则为何没有检查。
missing-tcp = 读不到 TCP 表
missing-established = 需要全部 { $count } 条连接的 tcp_info
missing-sample = 需要两次采样
missing-apart = 需要两次采样，间隔至少 { $time }
missing-counter = 读不到计数器 { $name }
missing-sysctl = 读不到 { $name }
missing-sockstat = 读不到 /proc/net/sockstat
missing-files = 读不到 /proc/sys/fs/file-nr
missing-conntrack = 本机防火墙没有启用连接跟踪
missing-udp = 读不到 UDP 表
missing-unix = 读不到 UNIX 套接字的队列：缺少 unix_diag 模块，/proc/net/unix 里没有这项
missing-bound-inactive = 没有查询绑定后一直没用的套接字
missing-closed-descriptors = 没有查找套接字已不存在的描述符
missing-calls = 有 { $count } 个进程让客户端等着，读不到它们是否卡在输出上
missing-not-shown = 读到的文本或原始转储里没有这项内容
missing-states = 生成这份文本的选项可能没有列出这类套接字
missing-info = 需要这些套接字的 tcp_info，这里没有
missing-timers = 需要它们的定时器，文本里没有（ss -o）
missing-inodes = 文本里看不出它们是否由程序持有（ss -e）
missing-limits = 文本里没有全连接队列的上限
missing-initial-netns = 属于整台主机的上限，在当前网络命名空间里看不到

# 解决办法需要的条件。
needs-net-admin = root，或对该网络命名空间拥有 CAP_NET_ADMIN
needs-host-root = 宿主机上的 root，不能在容器里执行
needs-root = root
needs-owner = 程序自己的用户，或 root
needs-ptrace = 程序自己的用户，或 root（CAP_SYS_PTRACE）

# 几条规则共用的解决办法。
orphan-retries = 早点放弃已关闭的连接（{ $name } 现在是 { $current }，0 按 8 次算；设为 5 至少要 12.6 秒）。
orphan-retries-risk = 慢速链路上的客户端可能收不到响应的末尾部分
# 全连接队列的处理办法：与监听有关的几条规则共用。
accept-own-limit = 先看程序自己的上限：到了上限就不再 accept（{ $hint }）。
accept-loop = 别让负责 accept 的线程被堵住：拿到连接马上交给工作线程。
accept-loop-files = 找出文件、管道的描述符泄漏，或提高 LimitNOFILE：已打开 { $used } 个，上限 { $most }，其中套接字只有 { $sockets } 个；到上限后 accept() 会失败（EMFILE）。
accept-loop-descriptors = 找出文件描述符泄漏，或提高 LimitNOFILE：已打开 { $used } 个，上限 { $most }；到上限后 accept() 会失败（EMFILE），队列一直是满的。
accept-cut-off = 本机有 { $count } 个客户端以为已经连上，服务端却没有对应的连接
accept-oldest = 排队的连接里最久的等了 { $time }
accept-workers = 增加工作进程或线程，或在这个端口上开多个监听套接字（SO_REUSEPORT）。
accept-backlog = 把队列从 { $current } 加长到 { $proposed }（{ $hint }）。它只能缓冲突发，扛不住持续过载。
accept-listen-again = 重启程序：它的队列还是 { $current }，系统现在允许到 { $most }。
accept-somaxconn = 把 { $name } 从 { $current } 提高到 { $proposed }，程序在 listen() 时也要申请这么长，然后重启程序（重新 listen() 才生效）。
accept-risk-wait = 如果一直过载，客户端只是等得更久
accept-restart = 重启，清空队列
accept-restart-risk = 排队的客户端会收到 RST，程序的现有连接也会断开
accept-reload = 调高它自己的上限（{ $hint }），再重新加载（reload）：已有连接不断，队列随即清空
accept-reload-risk = 旧进程会一直运行到它的最后一条连接结束
accept-strace = 看程序是否还在调用 accept()
accept-throttled = 看程序是否受 CPU 配额限制（nr_throttled 不断增加）
accept-myth-abort = tcp_abort_on_overflow 并不能让客户端得知过载：SYN 遇到队列满，照样被悄悄丢弃。
accept-myth-syn-backlog = 只要 tcp_syncookies 开着，tcp_max_syn_backlog 就不起作用。
accept-myth-somaxconn = 提高 net.core.somaxconn 改变不了已有的队列：它只在程序调用 listen() 时读取。
accept-myth-not-bytes = LISTEN 套接字的 Recv-Q 和 Send-Q 是连接数和上限，不是字节数。

# Whom a program waits for that keeps its clients waiting.
clients-silent = 已 accept 的 { $total } 条连接里有 { $count } 条来自 { $peer }，5 秒以上没有发请求，或只发来零星几段
clients-why = 程序的工作线程都在等 { $peer } 发来完整的请求，腾不出手，新客户端只能排队等 accept()。
clients-close = 到 { $peer } 上找出打开这些连接的程序（sockdoc list -tp dport = :{ $port }），由它关闭；本机的服务也要给“等请求”设超时。
clients-close-here = 这些连接是本机的 { $program }（{ $pid }）打开的，它什么也不发：应由它关闭。
clients-limit = 限制单个地址的连接数和等一个请求的时间：nginx 用 limit_conn 和 client_header_timeout，HAProxy 用 timeout http-request。
clients-end = 断开来自 { $peer } 的连接
clients-end-risk = 如果那里是代理或 NAT，它后面所有用户的连接都会断
awaited = 它自己发往 { $peer } 的 { $count } 个请求没有收到应答，最早的已等了 { $age }
awaited-cpu = 可运行的时间里只有 { $percent }% 用上了 CPU，其余时间 CPU 被其他程序占用
awaited-cpu-fix = 腾出 CPU：停掉或移走占用 CPU 的程序，或增加 CPU。
awaited-cpu-find = 看哪些程序占用 CPU
awaited-fix-here = 先查 { $program }（{ $pid }）：它就在本机，没有应答。
awaited-fix = 先查 { $peer } 上的服务：它没有应答。

half-open-flood = 在流量到达本机之前过滤：由上游限速或代答 SYN，或在本机用 nftables 的 synproxy。
half-open-cookies = 把 { $name } 从 { $current } 改为 { $proposed }：队列满了，真正的客户端也能连上。
half-open-retries = 把 { $name } 从 { $current } 降到 { $proposed }：握手 15 秒没完成就放弃。
half-open-retries-risk = 线路慢或丢包多的客户端可能连不上
# 本地端口：供有关目的地和端口范围的规则使用。
ports-state = { $count } 个 { $state }
ports-fix-pool = 到 { $peer } 改用长连接并复用（{ $hint }）。
ports-fix-pool-native = 到 { $peer } 改用长连接并复用：HTTP keep-alive、连接池。
ports-fix-fewer = 减少到 { $peer } 的连接：给连接池设上限，共用连接，关掉空闲的。
ports-fix-spread = 多用几个地址：让服务有多个地址或多个端口，或者给本机多配几个地址。
ports-fix-spread-here = 服务就在本机：改用 UNIX 套接字，或让它监听多个端口。
ports-fix-server-closes = 实在无法用长连接时，让服务端先关闭。
ports-risk-server-closes = 每个请求仍要握手一次；TIME_WAIT 留在服务端，每个 256 字节，不占端口
ports-fix-reserve-first = 先做这一步，把服务端口保留起来，免得被出站连接占用
ports-fix-reserve = 把服务端口保留起来，免得被出站连接占用
ports-risk-reserve = 可用的临时端口相应减少；写入的值会覆盖原有列表
ports-fix-range = 扩大临时端口范围
ports-risk-range = 之后启动的服务可能发现端口已被占用（Kubernetes NodePort：30000-32767）；防火墙可能只放行原来的范围
ports-fix-reuse = 允许 connect() 复用处于 TIME_WAIT 的端口
ports-risk-reuse = 隔着 IPVS 或 NAT 时，复用的端口可能撞上旧状态；对方没有时间戳就不起作用
destroy = 结束这些连接，让程序得到错误后重新连接（先列出，输入数量后才执行）
destroy-risk = 程序会得到 ECONNABORTED；尚未确认的数据会丢失
ports-fix-timestamps = 先做这一步，打开时间戳：端口复用要靠它
ports-risk-timestamps = 每个报文段多 12 字节；只对新连接生效
ports-myth-fin-timeout = tcp_fin_timeout 缩短不了 TIME_WAIT：60 秒是内核里写死的。
ports-myth-recycle = tcp_tw_recycle 早已从 Linux 中移除，它会让 NAT 后面的客户端连不上。
ports-myth-linger = SO_LINGER 0 用 RST 绕开 TIME_WAIT，对方可能丢失数据。

# 按程序所用语言给出的提示。
hint-close-java = Java：用 try-with-resources
hint-close-go = Go：defer conn.Close()；HTTP 要 defer resp.Body.Close() 并把正文读完
hint-close-python = Python：用 with 语句，或 contextlib.closing()
hint-close-node = Node：在 'end' 和 'error' 事件里 socket.destroy()；每个响应都要读完或销毁
hint-close-nginx = nginx：请检查自己的模块和脚本；nginx 本身会关闭
hint-close-ruby = Ruby：用 open 的代码块形式，或在 ensure 里 close
hint-close-php = PHP：在 finally 里 fclose() 或 curl_close()
hint-close-dotnet = .NET：用 using 或 await using
hint-close-native = C：read() 返回 0 时、以及每个出错分支里都要 close()
hint-pool-java = Java：全程序共用一个 HttpClient，或使用 HikariCP 之类的连接池
hint-pool-go = Go：共用一个 http.Client，把正文读完，MaxIdleConnsPerHost 要大于默认的 2
hint-pool-python = Python：用一个 requests.Session 或 httpx.Client，不要反复 requests.get()
hint-pool-node = Node：共用一个 keepAlive: true 的 http.Agent
hint-pool-nginx = nginx：upstream 里写 keepalive，proxy_http_version 1.1，并清空 Connection 头
hint-pool-haproxy = HAProxy：http-reuse safe 或 always
hint-pool-php = PHP：使用长连接（pfsockopen、PDO::ATTR_PERSISTENT），或保留同一个 curl 句柄
hint-pool-native = HTTP keep-alive、连接池
hint-backlog-java = Java：ServerSocket 的第二个参数（默认 50）；Tomcat：acceptCount
hint-backlog-go = Go 直接采用系统上限 net.core.somaxconn
hint-backlog-python = Python：listen(n)；socketserver：request_queue_size（默认 5）；gunicorn：--backlog
hint-backlog-node = Node：server.listen() 的 backlog 选项（默认 511）
hint-backlog-nginx = nginx：listen PORT backlog=N（默认 511）
hint-backlog-haproxy = HAProxy：backlog N（默认等于 maxconn）
hint-backlog-apache = Apache：ListenBackLog N（默认 511）
hint-backlog-postgres = PostgreSQL：等于 max_connections 的两倍；可在前面放 pgbouncer
hint-backlog-redis = Redis：tcp-backlog N（默认 511）
hint-backlog-native = listen() 的第二个参数
hint-own-limit-java = Tomcat：maxConnections 和 maxThreads
hint-own-limit-python = gunicorn：--workers 和 --threads
hint-own-limit-nginx = nginx：worker_connections
hint-own-limit-haproxy = HAProxy：maxconn
hint-own-limit-apache = Apache：MaxRequestWorkers
hint-own-limit-php = php-fpm：pm.max_children
hint-own-limit-redis = Redis：maxclients
hint-own-limit-native = 它对连接数、工作进程数或线程数的设置
hint-keepalive-java = Java：setKeepAlive(true) 以及 jdk.net.ExtendedSocketOptions.TCP_KEEPIDLE
hint-keepalive-python = Python：setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1) 以及 TCP_KEEPIDLE
hint-keepalive-node = Node：socket.setKeepAlive(true, 60000)
hint-keepalive-nginx = nginx：listen PORT so_keepalive=on；proxy_socket_keepalive on
hint-keepalive-postgres = PostgreSQL：tcp_keepalives_idle = 60
hint-keepalive-redis = Redis：tcp-keepalive 60
hint-keepalive-native = SO_KEEPALIVE，并把 TCP_KEEPIDLE 设为 60 到 300 秒
hint-give-up-java = Java：在客户端配置里设写超时；Netty 用 TCP_USER_TIMEOUT
hint-give-up-go = Go：每次写之前 conn.SetWriteDeadline()
hint-give-up-python = Python：socket.settimeout(30)，或 setsockopt(IPPROTO_TCP, TCP_USER_TIMEOUT, 30000)
hint-give-up-node = Node：socket.setTimeout(30000)，并在 'timeout' 事件里 destroy()
hint-give-up-nginx = nginx：面向客户端用 send_timeout，面向上游用 proxy_send_timeout
hint-give-up-haproxy = HAProxy：timeout client、timeout server 以及 tcp-ut
hint-give-up-postgres = PostgreSQL：tcp_user_timeout = 30000
hint-give-up-native = 把 TCP_USER_TIMEOUT 设为 30000 到 60000 毫秒，或给 write() 加超时
hint-datagrams-java = Java：专门用一个线程接收，处理放到其他线程
hint-datagrams-go = Go：专门用一个 goroutine 读取，或用 SO_REUSEPORT 开多个套接字
hint-datagrams-python = Python：用 SO_REUSEPORT 开多个进程
hint-datagrams-node = Node：用 dgram 的 reusePort 选项或 cluster 开多个进程
hint-datagrams-native = 专门用一个线程接收，使用 recvmmsg()，或用 SO_REUSEPORT 开多个套接字

# 规则列表里，一条规则需要的数据。
need-tcp = TCP 表
need-tcp-or-udp = TCP 表或 UDP 表
need-established = 每条 ESTABLISHED 连接的 tcp_info
need-samples = 两次采样
need-conntrack = 连接跟踪表（nf_conntrack）
need-udp = UDP 表
need-unix = UNIX 套接字表
need-every-descriptor = 全部文件描述符
need-initial-netns = 主机的初始网络命名空间
need-limits = 全连接队列的上限
need-descriptors = 进程的文件描述符数
need-calls = 让客户端等待的进程在做的系统调用
need-info = { $states } 的 tcp_info
need-timers = { $states } 的定时器
need-inodes = { $states } 的 inode
need-states = { $states }
need-named = { $name }
