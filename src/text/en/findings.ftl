# What all findings share.
one = { $value }
some-program = the program

# Why a rule was not checked.
missing-tcp = the TCP table could not be read
missing-established = needs tcp_info of all { $count } open connections
missing-sample = needs two looks
missing-apart = needs two looks at least { $time } apart
missing-counter = this kernel has no counter { $name }
missing-sysctl = this kernel has no { $name }
missing-sockstat = /proc/net/sockstat could not be read
missing-files = /proc/sys/fs/file-nr could not be read
missing-conntrack = the firewall tracks no connections here
missing-udp = the UDP table could not be read
missing-unix = the UNIX table could not be read
missing-bound-inactive = sockets that are bound and unused were not asked for
missing-closed-descriptors = descriptors without a socket were not looked for
missing-initial-netns = a limit of the whole host, which this network namespace cannot see

# What a remedy needs.
needs-net-admin = root, or CAP_NET_ADMIN over this network namespace
needs-host-root = root on the host, outside of containers
needs-root = root
needs-owner = the program's own user, or root
needs-ptrace = the program's own user, or root (CAP_SYS_PTRACE)
needs-kill-socket = CAP_NET_ADMIN, and a kernel with CONFIG_INET_DIAG_DESTROY

# Hints in the owner's language.
hint-close-java = Java: try-with-resources
hint-close-go = Go: defer conn.Close(); for HTTP, defer resp.Body.Close() and read it to the end
hint-close-python = Python: a with block, or contextlib.closing()
hint-close-node = Node: socket.destroy() on 'end' and 'error'; consume or destroy every response
hint-close-nginx = nginx: look at modules and scripts of your own; nginx itself closes
hint-close-ruby = Ruby: the block form of open, or ensure with close
hint-close-php = PHP: fclose() or curl_close() in finally
hint-close-dotnet = .NET: using, or await using
hint-close-native = C: close() where read() returns 0 and in every error branch
hint-pool-java = Java: one HttpClient for the program, or a pool such as HikariCP
hint-pool-go = Go: one http.Client, bodies read to the end, MaxIdleConnsPerHost above its default of 2
hint-pool-python = Python: one requests.Session or httpx.Client instead of requests.get()
hint-pool-node = Node: one http.Agent with keepAlive: true
hint-pool-nginx = nginx: keepalive in the upstream block, proxy_http_version 1.1, an empty Connection header
hint-pool-haproxy = HAProxy: http-reuse safe, or always
hint-pool-php = PHP: persistent connections (pfsockopen, PDO::ATTR_PERSISTENT), or one curl handle kept
hint-pool-native = keep connections open and use them again: HTTP keep-alive, a pool
hint-backlog-java = Java: the second argument of ServerSocket (50 by default); Tomcat: acceptCount
hint-backlog-go = Go takes the system's limit: net.core.somaxconn
hint-backlog-python = Python: listen(n); socketserver: request_queue_size (5 by default); gunicorn: --backlog
hint-backlog-node = Node: the backlog option of server.listen() (511 by default)
hint-backlog-nginx = nginx: listen … backlog=N (511 by default)
hint-backlog-haproxy = HAProxy: backlog N (maxconn by default)
hint-backlog-apache = Apache: ListenBackLog N (511 by default)
hint-backlog-postgres = PostgreSQL: twice max_connections; put pgbouncer in front
hint-backlog-redis = Redis: tcp-backlog N (511 by default)
hint-backlog-native = the second argument of listen()
hint-keepalive-java = Java: setKeepAlive(true) and jdk.net.ExtendedSocketOptions.TCP_KEEPIDLE
hint-keepalive-python = Python: setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1) and TCP_KEEPIDLE
hint-keepalive-node = Node: socket.setKeepAlive(true, 60000)
hint-keepalive-nginx = nginx: listen … so_keepalive=on; proxy_socket_keepalive on
hint-keepalive-postgres = PostgreSQL: tcp_keepalives_idle = 60
hint-keepalive-redis = Redis: tcp-keepalive 60
hint-keepalive-native = SO_KEEPALIVE with TCP_KEEPIDLE of 60 to 300 s
hint-give-up-java = Java: a write timeout in the client's settings; Netty: TCP_USER_TIMEOUT
hint-give-up-go = Go: conn.SetWriteDeadline() before each write
hint-give-up-python = Python: socket.settimeout(30), or setsockopt(IPPROTO_TCP, TCP_USER_TIMEOUT, 30000)
hint-give-up-node = Node: socket.setTimeout(30000), and destroy() on 'timeout'
hint-give-up-nginx = nginx: send_timeout for clients, proxy_send_timeout for upstreams
hint-give-up-haproxy = HAProxy: timeout client and timeout server; tcp-ut
hint-give-up-postgres = PostgreSQL: tcp_user_timeout = 30000
hint-give-up-native = TCP_USER_TIMEOUT of 30000 to 60000 ms, or a timeout around write()
hint-datagrams-java = Java: one thread that only receives, work done in others
hint-datagrams-go = Go: one goroutine that only reads, several sockets with SO_REUSEPORT
hint-datagrams-python = Python: several processes with SO_REUSEPORT
hint-datagrams-node = Node: several processes with the reusePort option of dgram, or cluster
hint-datagrams-native = a thread that only receives, recvmmsg(), several sockets with SO_REUSEPORT
