man-name = NAME
man-synopsis = SYNOPSIS
man-description = DESCRIPTION
man-description-text =
    sockdoc asks the kernel over netlink (sock_diag) which sockets exist and counts them by state. For each state it names who must act next: a program on this host, the peer, the kernel, or no one. It works for ordinary users, changes nothing (only kill and -K destroy sockets, with --yes or after a confirmation on the terminal), and takes about as long as the kernel needs to walk its tables.

    Without a command it prints an overview of its network namespace, or of others with --netns; it reports how many namespaces it left out. With options of ss(8) or netstat(8) and no command, for example sockdoc -tlnp, it lists sockets.

    The kernel's tables change while they are read: a socket that is opened or closed during the walk may or may not be counted.
man-commands = COMMANDS
man-options = OPTIONS
man-states = STATES
man-states-text = States are accepted in any spelling: upper or lower case, with dashes, underscores or neither. Several states are added up. The state groups of ss(8) work too: all, connected, synchronized, bucket, big.
man-keys = GROUP KEYS
man-keys-text = The keys of --by. If the kernel does not record a value for a socket, tables show a dash and JSON shows null: TIME_WAIT and SYN_RECV have no user.
man-key-state = the state
man-key-family = inet, inet6 or unix
man-key-local = local address, or the path of a UNIX socket
man-key-local-port = local port
man-key-peer = peer address; an IPv4 peer of an IPv6 socket is shown as IPv4
man-key-peer-network = peer network; peer/24,64 gives the prefix lengths for IPv4 and IPv6 [default for IPv6: 64]
man-key-peer-port = peer port
man-key-service = peer address and port
man-key-direction = inbound (the peer connected), outbound (this host connected) or listener; from the kernel's own counters where it keeps them, otherwise inferred from the listening ports
man-key-timer = off, on (retransmission), keepalive, timewait, persist (zero-window probe) or delack (delayed ACK)
man-key-user = the user who owns the socket
man-examples = EXAMPLES
man-exit-status = EXIT STATUS
man-exit-0 = Success, also if the reader closes the pipe early.
man-exit-2 = The command line is invalid, or the run failed: requested sockets could not be read, or output could not be written.
man-files = FILES
man-file-proc-net = read instead of netlink if the kernel has no sock_diag; a note lists the details that are missing then
man-file-ns = names of network namespaces
man-file-passwd = user names
man-file-range = the ephemeral port range, used to infer the direction of a connection
man-environment = ENVIRONMENT
man-env-locale = The first variable that is set chooses the language. In a locale other than UTF-8, output is English in ASCII.
man-env-no-color = If set to any value, output has no colors unless --color says otherwise.
man-env-proc-root = A directory that is read instead of /proc.
man-env-columns = The terminal width, if the terminal does not report it.
man-env-pager = The pager for explain texts that are longer than the terminal: less -R if unset, no pager if set to cat or empty.
man-see-also = SEE ALSO
man-key-program = the program that holds the socket; with several processes, the one with the lowest PID
man-key-pid = the process that holds the socket; with several, the lowest PID
man-key-unit = the systemd unit, from the cgroup of the socket or its process
man-key-container = the container, from the cgroup path
man-key-congestion = the congestion control algorithm of a TCP socket
man-key-device = the interface the socket is bound to
man-key-netns = the network namespace, with --netns all
man-exit-1 = check: it found a problem at or above --fail-on. watch: the last sample printed has one. count --until: --timeout passed first. reach: no address was reached. kill: a socket that it was to destroy is still there.
man-exit-nagios = With check --nagios: 0 OK, 1 warning, 2 critical, 3 the check could not run.
man-file-config = thresholds and rules to skip; the first file that exists is read
man-env-config = The directory of the user's configuration.
man-manual = sockdoc
filter-man-about = the filter language of sockdoc
filter-man-text =
    A filter selects sockets. It is the language of ss(8) with extensions, and most commands accept it: list, count, group, watch, events, explain, kill. State names may come anywhere; a socket matches in any of them. All other conditions must hold together.

    Words can replace signs (eq, ne, lt, le, gt, ge), so that the shell needs no quotes. A comma separates values: dport = 80,443. Quotes enclose a name with blanks. The syntax of tcpdump(8) and lsof(8) works too: src host db and dst port 5432, port 8000-8100, net 10.0.0.0/8. -F reads the filter from a file and skips lines that begin with #.

    A filter in the syntax of ss matches only sockets in the states that ss shows by default. A filter with a bare port, address or program, an owner, or a measure matches sockets in all states.
filter-man-conditions = CONDITIONS
filter-man-state = sockets in this state, or in all others
filter-man-address = local, peer or either address: 10.0.0.5, 10.0.0.0/8, 10.0.0.5:443, [::1]:80, /run/x.sock; * in a name of a UNIX socket stands for anything
filter-man-port = local, peer or either port: a number, a range, a service name
filter-man-family = inet, inet6, unix, netlink, packet, vsock, tipc or xdp
filter-man-protocol = a protocol, alone or with a port
filter-man-device = bound to this network interface
filter-man-mark = with this firewall mark; MARK/MASK for some bits
filter-man-cgroup = created in this cgroup (v2)
filter-man-autobound = the kernel chose the local port
filter-man-pid = held by this process
filter-man-program = held by a program of this name
filter-man-user = of this user, a name or a number
filter-man-unit = of this systemd unit; .service may be left out
filter-man-container = of this container: the first characters of its ID
filter-man-netns = in this network namespace, with --netns all
filter-man-queues = bytes in the receive or send queue; for a listener, connections: recvq gt 0, sendq ge 64k
filter-man-age = time since the peer closed: age gt 10m
filter-man-idle = time without data in either direction: idle gt 2h
filter-man-retrans = timeouts or probes in a row without an answer: retrans ge 2
filter-man-rtt = mean round-trip time: rtt gt 100ms
filter-man-keepalive = whether keepalive is on
filter-man-timer = the timer that runs: on, keepalive, timewait, persist, delack or off
filter-man-joints = join conditions; not binds tighter than and, and tighter than or, as the manual of ss says
filter-man-signs = compare; eq, ne, lt, le, gt, ge are the same
filter-example-state = how many sockets are in CLOSE_WAIT
filter-example-port = sockets with this port at either end
filter-example-joined = connections to a database, except those of root
filter-example-queue = sockets whose program does not read
filter-example-age = connections that the peer closed more than ten minutes ago
filter-example-network = states of the connections to a network
filter-example-brackets = connections on two ports that retransmit
filter-example-program = the sockets of a program
