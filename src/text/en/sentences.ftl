# What all findings share.
one = { $value }
some-program = the program

# Why a rule was not checked.
missing-tcp = the TCP table could not be read
missing-established = needs tcp_info of all { $count } open connections
missing-sample = needs two looks
missing-apart = needs two looks at least { $time } apart
missing-counter = the counter { $name } cannot be read here
missing-sysctl = { $name } cannot be read here
missing-sockstat = /proc/net/sockstat could not be read
missing-files = /proc/sys/fs/file-nr could not be read
missing-conntrack = the firewall tracks no connections here
missing-udp = the UDP table could not be read
missing-unix = the queues of UNIX sockets could not be read; /proc/net/unix has none (unix_diag is missing)
missing-bound-inactive = sockets that are bound and unused were not asked for
missing-closed-descriptors = descriptors without a socket were not looked for
missing-untold = the text or dump that was read does not tell it
missing-states = the options with which the text was made may have left such sockets out
missing-info = needs tcp_info of these sockets, which is not told
missing-timers = needs their timers, which are not told (ss -o)
missing-inodes = whether a program holds them is not told (ss -e)
missing-limits = the limits of the accept queues are not told
missing-initial-netns = a limit of the whole host, which this network namespace cannot see

# What a remedy needs.
needs-net-admin = root, or CAP_NET_ADMIN over this network namespace
needs-host-root = root on the host, outside of containers
needs-root = root
needs-owner = the program's own user, or root
needs-ptrace = the program's own user, or root (CAP_SYS_PTRACE)

# Remedies of several rules.
orphan-retries = Give closed connections up sooner ({ $name } is { $current }, and 0 acts as 8; 5 is at least 12.6 s).
orphan-retries-risk = clients on slow links may lose the end of an answer
# What helps an accept queue: shared by the rules about listeners.
accept-own-limit = Look first at the program's own limit: a program that has reached it stops accepting ({ $hint }).
accept-loop = Let nothing block the thread that accepts: hand each connection to a worker at once.
accept-loop-descriptors = { $used } of { $most } file descriptors are open: at the limit accept() fails (EMFILE) and the queue stays full. Find the leak, or raise LimitNOFILE.
accept-cut-off = { $count ->
    [one] { $count } client of this host believes it is connected, and the listener does not know it
   *[other] { $count } clients of this host believe they are connected, and the listener does not know them
}
accept-oldest = the oldest connection in the queue has waited { $time }
accept-workers = Run more workers or threads, or several listeners on the port (SO_REUSEPORT).
accept-backlog = Ask for a queue of { $proposed } instead of { $current }; it absorbs bursts, no lasting overload. Where: { $hint }.
accept-listen-again = Restart the program: its queue was made { $current } long, and the system now allows { $most }.
accept-somaxconn = Raise { $name } from { $current } to { $proposed }, let the program ask for as much in listen(), and restart it: only a new listen() takes it.
accept-risk-wait = under lasting overload clients wait longer instead of being turned away
accept-restart = a restart empties the queue
accept-restart-risk = it resets the clients in the queue and drops the program's open connections
accept-strace = see whether the program still calls accept()
accept-throttled = see whether its CPU limit holds the program back: nr_throttled keeps rising
accept-myth-abort = tcp_abort_on_overflow does not tell clients: a SYN that meets a full queue is dropped in silence all the same.
accept-myth-syn-backlog = tcp_max_syn_backlog has no effect while tcp_syncookies is on.
accept-myth-somaxconn = Raising net.core.somaxconn changes no queue that exists: it is read when the program calls listen().
accept-myth-not-bytes = Recv-Q and Send-Q of a LISTEN socket are connections and their limit, not bytes.

half-open-flood = Filter before this host: rate limits or a SYN proxy upstream, or nftables synproxy here.
half-open-cookies = Set { $name } from { $current } to { $proposed }: a full queue then turns no real client away.
half-open-retries = Lower { $name } from { $current } to { $proposed }: a handshake is given up after 15 s.
half-open-retries-risk = clients on slow or lossy paths may fail to connect
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
hint-backlog-nginx = nginx: listen PORT backlog=N (511 by default)
hint-backlog-haproxy = HAProxy: backlog N (maxconn by default)
hint-backlog-apache = Apache: ListenBackLog N (511 by default)
hint-backlog-postgres = PostgreSQL: twice max_connections; put pgbouncer in front
hint-backlog-redis = Redis: tcp-backlog N (511 by default)
hint-backlog-native = the second argument of listen()
hint-own-limit-java = Tomcat: maxConnections and maxThreads
hint-own-limit-python = gunicorn: --workers and --threads
hint-own-limit-nginx = nginx: worker_connections
hint-own-limit-haproxy = HAProxy: maxconn
hint-own-limit-apache = Apache: MaxRequestWorkers
hint-own-limit-php = php-fpm: pm.max_children
hint-own-limit-redis = Redis: maxclients
hint-own-limit-native = its setting for connections, workers or threads
hint-keepalive-java = Java: setKeepAlive(true) and jdk.net.ExtendedSocketOptions.TCP_KEEPIDLE
hint-keepalive-python = Python: setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1) and TCP_KEEPIDLE
hint-keepalive-node = Node: socket.setKeepAlive(true, 60000)
hint-keepalive-nginx = nginx: listen PORT so_keepalive=on; proxy_socket_keepalive on
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
