man-name = NAME
man-synopsis = SYNOPSIS
man-description = DESCRIPTION
man-description-text =
    sockdoc asks the kernel over netlink (sock_diag) which sockets exist and counts them by state. For each state it says in plain words who has to act next: a program on this host, the peer, the kernel, or no one. It works for ordinary users, reads only, and takes about as long as the kernel needs to walk its tables.

    Without a command it prints the overview of its own network namespace, or with --netns of others; how many it did not look at is said. With options of ss(8) or netstat(8) and without a command, as in sockdoc -tlnp, it lists.

    A table is read while it changes: a socket that is opened or closed during the walk may be counted or not.
man-commands = COMMANDS
man-options = OPTIONS
man-states = STATES
man-states-text = States are read in any spelling: upper or lower case, with dashes, underscores or neither. Several are added up. The groups of ss(8) are known too: all, connected, synchronized, bucket, big.
man-keys = GROUP KEYS
man-keys-text = The keys of --by. A value that the kernel does not keep for a socket is shown as a dash, and is null in JSON: TIME_WAIT and SYN_RECV have no user.
man-key-state = the state
man-key-family = inet, inet6 or unix
man-key-local = local address, or the path of a UNIX socket
man-key-local-port = local port
man-key-peer = peer address; an IPv4 peer of an IPv6 socket is shown as IPv4
man-key-peer-network = peer network; peer/24,64 gives the prefix lengths for IPv4 and IPv6 [default for IPv6: 64]
man-key-peer-port = peer port
man-key-service = peer address and port
man-key-direction = inbound (the peer connected), outbound (we did) or listener; by the kernel's own count where it keeps one, else inferred from the ports that listen
man-key-timer = off, on (retransmission), keepalive, timewait, persist (zero-window probe) or delack (delayed ACK)
man-key-user = the user who owns the socket
man-examples = EXAMPLES
man-exit-status = EXIT STATUS
man-exit-0 = Done. A reader that closes the pipe early is a normal end.
man-exit-2 = The command line is wrong, or the run failed: sockets that were asked for could not be read, or the output could not be written.
man-files = FILES
man-file-proc-net = read in place of netlink where the kernel has no sock_diag; a note says what is lost
man-file-ns = which network namespaces there are
man-file-passwd = names of users
man-file-range = the ephemeral ports, to infer the direction of a connection
man-environment = ENVIRONMENT
man-env-locale = The first that is set chooses the language; a locale that is not UTF-8 gets English in ASCII.
man-env-no-color = If set to anything, no colour is used unless --color says otherwise.
man-env-proc-root = A directory to read in place of /proc.
man-env-columns = The width of the terminal where the terminal does not tell it.
man-env-pager = The program that explain shows texts with which are longer than the terminal: less -R where it is not set, none where it is cat or empty.
man-see-also = SEE ALSO
man-key-program = the program that holds the socket; of several processes the one with the lowest id
man-key-pid = the process that holds the socket; of several the one with the lowest id
man-key-unit = the systemd unit, by the cgroup of the socket or of its process
man-key-container = the container, by the path of the cgroup
man-key-congestion = the congestion control of a TCP socket
man-key-device = the interface the socket is bound to
man-key-netns = the network namespace, with --netns all
man-exit-1 = check found something at or above --fail-on; watch found it in the last sample that it printed.
man-exit-nagios = With check --nagios: 0 fine, 1 warning, 2 critical, 3 the check could not be made.
man-file-config = thresholds and rules to leave out; the first that is there is read
man-env-config = Where the configuration of the user is.
