# Sentences that several findings use.
one = { $value }
some-program = the program
workers = by process: { $list }
workers-most = by process, the largest first: { $list } ...

holders-unclear = several programs hold this listener: { $list }; no open connection shows which of them accepts

# Why a rule was not checked.
missing-tcp = cannot read the TCP table
missing-established = needs tcp_info of all { $count } open connections
missing-sample = needs two samples
missing-apart = needs two samples at least { $time } apart
missing-counter = cannot read the counter { $name }
missing-sysctl = cannot read { $name }
missing-sockstat = cannot read /proc/net/sockstat
missing-files = cannot read /proc/sys/fs/file-nr
missing-conntrack = the firewall tracks no connections here
missing-udp = cannot read the UDP table
missing-unix = cannot read the queues of UNIX sockets; without unix_diag, /proc/net/unix does not show them
missing-bound-inactive = bound but unused sockets were not scanned
missing-closed-descriptors = descriptors without a socket were not scanned
missing-calls = { $count ->
    [one] cannot read whether { $count } process that keeps clients waiting is blocked on its output
   *[other] cannot read whether { $count } processes that keep clients waiting are blocked on their output
}
missing-not-shown = the text or dump does not contain the data
missing-states = the text may lack such sockets, depending on the options of the tool
missing-info = needs tcp_info of these sockets
missing-timers = needs the timers of these sockets (ss -o)
missing-inodes = needs the inodes, which show whether a program holds them (ss -e)
missing-limits = needs the accept queue limits
missing-initial-netns = a host-wide limit, not visible from this network namespace

# Privileges that a remedy requires.
needs-net-admin = root, or CAP_NET_ADMIN over this network namespace
needs-host-root = root on the host, outside containers
needs-root = root
needs-owner = the program's own user, or root
needs-ptrace = the program's own user, or root (CAP_SYS_PTRACE)

# Remedies that several rules use.
orphan-retries = Give up closed connections sooner ({ $name } is { $current }, and 0 acts as 8; 5 is at least 12.6 s).
orphan-retries-risk = clients on slow links may lose the end of a response
# Accept queues: shared by the rules about listeners.
accept-own-limit = Check the program's own limit first: a program at its limit stops accepting ({ $hint }).
accept-loop = Keep blocking work out of the thread that accepts: hand each connection to a worker at once.
accept-loop-files = { $used } of { $most } file descriptors are open, only { $sockets } of them sockets: at the limit accept() fails (EMFILE). Find the leak of files or pipes, or raise LimitNOFILE.
accept-loop-descriptors = { $used } of { $most } file descriptors are open: at the limit accept() fails (EMFILE) and the queue stays full. Find the leak, or raise LimitNOFILE.
accept-cut-off = { $count ->
    [one] { $count } client of this host believes it is connected, but the server does not know it
   *[other] { $count } clients of this host believe they are connected, but the server does not know them
}
accept-oldest = the oldest connection in the queue has waited { $time }
accept-workers = Run more workers or threads, or several listeners on the port (SO_REUSEPORT).
accept-backlog = Request a backlog of { $proposed } instead of { $current }; it absorbs bursts, not sustained overload. Where: { $hint }.
accept-listen-again = Restart the program: it created its queue with a limit of { $current }, and the system now allows { $most }.
accept-somaxconn = Raise { $name } from { $current } to { $proposed }, make the program request that backlog in listen(), and restart it: only a new listen() applies the value.
accept-risk-wait = under sustained overload, clients wait longer instead of being turned away
accept-restart = Restart the program to empty the queue
accept-restart-risk = resets the clients in the queue and drops the program's open connections
accept-reload = Raise its own limit ({ $hint }), then reload it: it keeps its connections and empties the queue
accept-reload-risk = the old process runs on until its last connection ends
accept-strace = Check whether the program still calls accept()
accept-throttled = Check whether a CPU limit throttles it: nr_throttled keeps rising
accept-myth-abort = tcp_abort_on_overflow does not alert clients: a full queue still drops their SYNs silently.
accept-myth-syn-backlog = tcp_max_syn_backlog has no effect while tcp_syncookies is on.
accept-myth-somaxconn = Raising net.core.somaxconn changes no existing queue: listen() reads it once.
accept-myth-not-bytes = Recv-Q and Send-Q of a LISTEN socket are connections and their limit, not bytes.

half-open-flood = Filter before this host: rate limits or a SYN proxy upstream, or nftables synproxy here.
half-open-cookies = Set { $name } from { $current } to { $proposed }: a full queue then turns no real client away.
half-open-retries = Lower { $name } from { $current } to { $proposed }: the kernel then gives up a handshake after 15 s.
half-open-retries-risk = clients on slow or lossy paths may fail to connect
# Whom a program waits for that keeps its clients waiting.
clients-silent = { $count } of { $total } accepted connections come from { $peer }: for 5 s or more it has sent no request, or only pieces of one
clients-why = The workers of this program wait for requests from { $peer } that do not arrive. It accepts the next client once a worker is free.
clients-close = Make the program on { $peer } close these connections (there: sockdoc list -tp dport = :{ $port }). Here, set a request timeout.
clients-close-here = { $program } ({ $pid }) on this host opens these connections and sends nothing: it must close them.
clients-limit = Limit connections per address and time per request (nginx limit_conn, client_header_timeout; HAProxy timeout http-request).
clients-end = End the connections from { $peer }
clients-end-risk = a proxy or NAT at that address loses the connections of all its users
awaited = { $count ->
    [one] { $count } of its requests to { $peer } unanswered for { $age }
   *[other] { $count } of its requests to { $peer } unanswered, oldest { $age }
}
awaited-cpu = it ran { $percent } % of the time in which it wanted to run: other programs take the CPUs
awaited-cpu-fix = Free CPU time: stop or move what takes it, or add CPUs.
awaited-cpu-find = Show what takes the CPUs
awaited-fix-here = Check { $program } ({ $pid }) first: it is on this host and does not answer.
awaited-fix = Check the service at { $peer } first: it does not answer.

# Local ports: shared by the rules about destinations and the port range.
ports-state = { $count } { $state }
ports-fix-pool = Reuse connections to { $peer } ({ $hint }).
ports-fix-pool-native = Reuse connections to { $peer }: HTTP keep-alive, a pool.
ports-fix-fewer = Hold fewer connections to { $peer }: limit the pool, share connections, close idle ones.
ports-fix-spread = Use more addresses: several for the service (or several ports), or several on this host.
ports-fix-spread-here = The service is on this host: connect over a UNIX socket, or to several ports.
ports-fix-server-closes = If connections cannot be reused, let the server close first.
ports-risk-server-closes = every request still pays a handshake; TIME_WAIT then sits on the server: 256 bytes each, no port
ports-fix-reserve-first = First, reserve service ports, so that no connection takes them
ports-fix-reserve = Reserve service ports, so that no connection takes them
ports-risk-reserve = leaves fewer ports for connections; replaces the current list
ports-fix-range = Widen the local port range
ports-risk-range = a service started later may find its port in use (Kubernetes NodePorts: 30000-32767); a firewall may allow only the old range
ports-fix-reuse = Let connect() reuse ports in TIME_WAIT
ports-risk-reuse = reused ports can meet stale state behind IPVS or NAT; no effect for peers without timestamps
destroy = End these connections, so that their program gets an error and can connect again (shows them first, then asks for their number)
destroy-risk = the program gets ECONNABORTED; data not yet acknowledged is lost
ports-fix-timestamps = First, enable timestamps, which reuse requires
ports-risk-timestamps = 12 bytes per segment; only new connections use them
ports-myth-fin-timeout = tcp_fin_timeout does not shorten TIME_WAIT: the kernel fixes it at 60 s.
ports-myth-recycle = tcp_tw_recycle no longer exists in Linux; it broke clients behind NAT.
ports-myth-linger = SO_LINGER 0 avoids TIME_WAIT with a reset, so the peer may lose data.

# Hints in the owner's language.
hint-close-java = Java: try-with-resources
hint-close-go = Go: defer conn.Close(); for HTTP, defer resp.Body.Close() and read the body to the end
hint-close-python = Python: a with block, or contextlib.closing()
hint-close-node = Node: socket.destroy() on 'end' and 'error'; consume or destroy every response
hint-close-nginx = nginx: check third-party modules and scripts; nginx itself closes
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
hint-pool-php = PHP: persistent connections (pfsockopen, PDO::ATTR_PERSISTENT), or one reused curl handle
hint-pool-native = reuse connections: HTTP keep-alive, a pool
hint-backlog-java = Java: the second argument of ServerSocket (50 by default); Tomcat: acceptCount
hint-backlog-go = Go uses the system limit: net.core.somaxconn
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
hint-datagrams-java = Java: one thread that only receives; other threads do the work
hint-datagrams-go = Go: one goroutine that only reads, several sockets with SO_REUSEPORT
hint-datagrams-python = Python: several processes with SO_REUSEPORT
hint-datagrams-node = Node: several processes with the reusePort option of dgram, or cluster
hint-datagrams-native = a thread that only receives, recvmmsg(), several sockets with SO_REUSEPORT

# What a rule needs, in the list of rules.
need-tcp = tcp
need-tcp-or-udp = tcp or udp
need-established = tcp_info of every ESTABLISHED
need-samples = two samples
need-conntrack = nf_conntrack
need-udp = udp
need-unix = unix
need-every-descriptor = every descriptor
need-initial-netns = initial network namespace
need-limits = accept_limit
need-descriptors = descriptors
need-calls = system calls of processes that keep clients waiting
need-info = tcp_info of { $states }
need-timers = timers of { $states }
need-inodes = inodes of { $states }
need-states = { $states }
need-named = { $name }
