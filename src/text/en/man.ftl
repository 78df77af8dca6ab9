man-name = NAME
man-synopsis = SYNOPSIS
man-description = DESCRIPTION
man-description-text =
    sockdoc asks the kernel over netlink (sock_diag) which sockets exist and counts them by state. For each state it names who must act next: a program on this host, the peer, the kernel, or no one. It works for ordinary users, changes nothing, and takes about as long as the kernel needs to walk its tables.

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
man-env-proc-root = A directory to read instead of /proc.
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
man-exit-1 = check found a problem at or above --fail-on; for watch, in the last sample printed. For count --until: --timeout passed first.
man-exit-nagios = With check --nagios: 0 OK, 1 warning, 2 critical, 3 the check could not run.
man-file-config = thresholds and rules to skip; the first file that exists is read
man-env-config = The directory of the user's configuration.
