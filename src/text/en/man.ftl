name = NAME
synopsis = SYNOPSIS
description = DESCRIPTION
description-text =
    sockdoc asks the kernel over netlink (sock_diag) which sockets exist and counts them by state. For each state it says in plain words who has to act next: a program on this host, the peer, the kernel, or no one. It works for ordinary users, reads only, and takes about as long as the kernel needs to walk its tables.

    Without a command it prints the overview of its own network namespace, or with --netns of others; how many it did not look at is said. With options of ss(8) or netstat(8) and without a command, as in sockdoc -tlnp, it lists.

    A table is read while it changes: a socket that is opened or closed during the walk may be counted or not.
commands = COMMANDS
options = OPTIONS
states = STATES
states-text = States are read in any spelling: upper or lower case, with dashes, underscores or neither. Several are added up. The groups of ss(8) are known too: all, connected, synchronized, bucket, big.
keys = GROUP KEYS
keys-text = The keys of --by. A value that the kernel does not keep for a socket is shown as a dash, and is null in JSON: TIME_WAIT and SYN_RECV have no user.
about-state = the state
about-family = inet, inet6 or unix
about-local = local address, or the path of a UNIX socket
about-local-port = local port
about-peer = peer address; an IPv4 peer of an IPv6 socket is shown as IPv4
about-peer-network = peer network; peer/24,64 gives the prefix lengths for IPv4 and IPv6 [default for IPv6: 64]
about-peer-port = peer port
about-service = peer address and port
about-direction = inbound (the peer connected), outbound (we did) or listener; by the kernel's own count where it keeps one, else inferred from the ports that listen
about-timer = off, on (retransmission), keepalive, timewait or persist (zero-window probe)
about-user = the user who owns the socket
examples = EXAMPLES
exit-status = EXIT STATUS
exit-0 = Done. A reader that closes the pipe early is a normal end.
exit-2 = The command line is wrong, or the run failed: sockets that were asked for could not be read, or the output could not be written.
files = FILES
file-proc-net = read in place of netlink where the kernel has no sock_diag; a note says what is lost
file-ns = which network namespaces there are
file-passwd = names of users
file-range = the ephemeral ports, to infer the direction of a connection
environment = ENVIRONMENT
env-locale = The first that is set chooses the language; a locale that is not UTF-8 gets English in ASCII.
env-no-color = If set to anything, no colour is used unless --color says otherwise.
env-proc-root = A directory to read in place of /proc.
env-columns = The width of the terminal where the terminal does not tell it.
env-pager = The program that explain shows texts with which are longer than the terminal: less -R where it is not set, none where it is cat or empty.
see-also = SEE ALSO
about-program = the program that holds the socket; of several processes the one with the lowest id
about-pid = the process that holds the socket; of several the one with the lowest id
about-unit = the systemd unit, by the cgroup of the socket or of its process
about-container = the container, by the path of the cgroup
about-cc = the congestion control of a TCP socket
about-dev = the interface the socket is bound to
about-netns = the network namespace, with --netns all
exit-1 = check found something at or above --fail-on.
exit-nagios = With check --nagios: 0 fine, 1 warning, 2 critical, 3 the check could not be made.
file-config = thresholds and rules to leave out; the first that is there is read
env-config = Where the configuration of the user is.
