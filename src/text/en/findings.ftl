# What all findings share.
one = { $value }

# Why a rule was not checked.
missing-tcp = the TCP table could not be read
missing-established = needs tcp_info of all { $count } open connections
missing-sample = needs two looks
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

# Local ports, for the rules about destinations and the range.
ports-state = { $count } { $state }
ports-fix-pool = Keep connections to { $peer } open and use them again ({ $hint }).
ports-fix-pool-native = Keep connections to { $peer } open and use them again: HTTP keep-alive, a pool.
ports-fix-fewer = Hold fewer connections to { $peer }: limit the pool, share connections, close the idle ones.
ports-fix-spread = Use more addresses: several of the service (or several of its ports), or several of this host.
ports-fix-spread-here = The service is on this host: talk to it over a UNIX socket, or on several ports.
ports-fix-server-closes = Where connections cannot be kept: let the server close first.
ports-risk-server-closes = every request still pays a handshake; the server keeps the TIME_WAIT, 256 bytes each, and no port
ports-fix-reserve-first = first: no connection may take the port of a service
ports-fix-reserve = no connection may take the port of a service
ports-risk-reserve = as many ports fewer for connections; the list given replaces the one that is set
ports-fix-range = more ports for connections
ports-risk-range = a service that starts later may find its port taken (Kubernetes NodePorts: 30000-32767); a firewall may allow only the old range
ports-fix-reuse = let connect() take over ports in TIME_WAIT
ports-risk-reuse = behind IPVS or NAT a port used again can meet old state; a peer without timestamps gains nothing
ports-fix-timestamps = first: timestamps, which reuse depends on
ports-risk-timestamps = 12 bytes in each segment; only new connections have them
ports-myth-fin-timeout = tcp_fin_timeout does not shorten TIME_WAIT: 60 s are fixed in the kernel.
ports-myth-recycle = tcp_tw_recycle is gone from Linux; it broke clients behind NAT.
ports-myth-linger = SO_LINGER 0 avoids TIME_WAIT by a reset, and the peer may lose data.

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
