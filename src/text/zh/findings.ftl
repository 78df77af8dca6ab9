# 所有诊断结论共用的词句。
one = { $value }
some-program = 该程序

# 某条规则为何没有检查。
missing-tcp = 读不到 TCP 表
missing-established = 需要全部 { $count } 条连接的 tcp_info
missing-sample = 需要前后看两次
missing-apart = 需要前后看两次，至少相隔 { $time }
missing-counter = 本机内核没有计数器 { $name }
missing-sysctl = 本机内核没有 { $name }
missing-sockstat = 读不到 /proc/net/sockstat
missing-files = 读不到 /proc/sys/fs/file-nr
missing-conntrack = 本机防火墙没有启用连接跟踪
missing-udp = 读不到 UDP 表
missing-unix = 读不到 UNIX 表
missing-bound-inactive = 没有查询已绑定但闲置的套接字
missing-closed-descriptors = 没有查找已失去套接字的描述符
missing-initial-netns = 属于整台主机的上限，在当前网络命名空间里看不到

# 做法需要的条件。
needs-net-admin = root，或对该网络命名空间拥有 CAP_NET_ADMIN
needs-host-root = 宿主机上的 root，不能在容器里执行
needs-root = root
needs-owner = 程序自己的用户，或 root
needs-ptrace = 程序自己的用户，或 root（CAP_SYS_PTRACE）
needs-kill-socket = CAP_NET_ADMIN，且内核带有 CONFIG_INET_DIAG_DESTROY

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
hint-pool-native = 让连接保持打开并重复使用：HTTP keep-alive、连接池
hint-backlog-java = Java：ServerSocket 的第二个参数（默认 50）；Tomcat：acceptCount
hint-backlog-go = Go 直接采用系统上限 net.core.somaxconn
hint-backlog-python = Python：listen(n)；socketserver：request_queue_size（默认 5）；gunicorn：--backlog
hint-backlog-node = Node：server.listen() 的 backlog 选项（默认 511）
hint-backlog-nginx = nginx：listen … backlog=N（默认 511）
hint-backlog-haproxy = HAProxy：backlog N（默认等于 maxconn）
hint-backlog-apache = Apache：ListenBackLog N（默认 511）
hint-backlog-postgres = PostgreSQL：等于 max_connections 的两倍；可在前面放 pgbouncer
hint-backlog-redis = Redis：tcp-backlog N（默认 511）
hint-backlog-native = listen() 的第二个参数
hint-keepalive-java = Java：setKeepAlive(true) 以及 jdk.net.ExtendedSocketOptions.TCP_KEEPIDLE
hint-keepalive-python = Python：setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1) 以及 TCP_KEEPIDLE
hint-keepalive-node = Node：socket.setKeepAlive(true, 60000)
hint-keepalive-nginx = nginx：listen … so_keepalive=on；proxy_socket_keepalive on
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
