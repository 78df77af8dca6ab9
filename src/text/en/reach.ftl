# The command reach.
command-reach = connect once and explain why it works or fails
heading-reach = Connecting
argument-reach = where to connect: db:5432, db 5432, [::1]:443, 10.0.0.1:https or https://host/; a port alone means this host. Names are looked up in /etc/hosts and with the DNS servers of /etc/resolv.conf; NSS plug-ins (mDNS, LDAP, systemd) are not asked
option-reach-timeout = wait this long for DNS servers and the peer together (3s, 500ms) [default: 3s]
option-reach-ipv4 = connect to IPv4 addresses only
option-reach-ipv6 = connect to IPv6 addresses only
option-reach-udp = not supported; UDP has no handshake to test
option-reach-from = not supported; reach connects from this host, now
option-reach-verbose = show every line of a finding
example-reach = why this host cannot connect to a service
error-reach-from = reach connects now, from this host, so --from is not supported; sockdoc explain ADDRESS --from FILE shows the sockets of an address in a recording
error-reach-udp = reach does not support -u: UDP has no handshake, so silence proves nothing and reach sends no data; sockdoc list -u shows UDP sockets
error-reach-netns = reach connects from one network namespace: choose a name, pid:N or a path instead of all
error-reach-timeout = invalid --timeout: it must be longer than 0, for example 500ms or 3s
error-reach-family = the address does not have the IP version that -4 or -6 selects
error-reach-no-port = "{ $word }" has no port; write it as host:port, for example db:5432 or db:https
error-reach-port = unknown port "{ $word }"; use a number from 1 to 65535 or a name from /etc/services, for example db:5432
error-reach-brackets = "{ $word }" is ambiguous; put an IPv6 address in brackets, for example [::1]:443
error-reach-zone = unknown network interface "{ $word }" behind %; ip link shows the interfaces of this network namespace
error-reach-host = invalid host "{ $word }"; use a name or an address, for example db:5432
reach-taken = Read as: host { $host }, port { $port }
reach-name = { $name }: { $addresses } ({ $origin }; NSS plug-ins are not asked)
reach-server = DNS server { $server }
reach-this-host = This host: { $addresses }
reach-name-failed = { $why ->
    [unknown] { $name }: not in /etc/hosts, and the DNS server { $servers } reports that the name does not exist. NSS plug-ins (mDNS, LDAP, systemd) are not asked: getent hosts { $name } asks them.
    [no-address] { $name }: not in /etc/hosts, and the DNS server { $servers } has the name, but no address of the selected IP version. NSS plug-ins are not asked.
    [error] { $name }: not in /etc/hosts, and the DNS server { $servers } answered with error { $code } (2: server failure, 5: refused). NSS plug-ins are not asked.
    [silent] { $name }: not in /etc/hosts, and no DNS server answered ({ $servers }, from /etc/resolv.conf). NSS plug-ins are not asked.
    [other-family] { $name }: { $path } has only { $servers }, which is not of the selected IP version, and DNS has no other address. NSS plug-ins are not asked.
   *[invalid] { $name }: not a valid DNS name: each part between two dots must have 1 to 63 ASCII characters.
}
reach-headline = { $cause ->
    [reached] { $address }: reached
    [closed-at-once] { $address }: connected, then closed at once
    [reset-at-once] { $address }: connected, then reset at once
    [refused] { $address }: refused
    [no-listener] { $address }: refused by this host, nothing listens
    [wrong-address] { $address }: refused by this host, it listens on another address
    [wrong-family] { $address }: refused by this host, it listens on the other IP version
    [refused-by-firewall] { $address }: refused by this host, although a socket listens
    [queue-full] { $address }: no answer, the accept queue is full
    [dropped-here] { $address }: no answer, dropped on this host
    [kept-back] { $address }: no answer, the SYNs did not leave this host
    [unresolved] { $address }: no answer, the next hop does not respond
    [no-answer] { $address }: no answer
    [rejected-here] { $address }: rejected by this host
    [rejected] { $address }: rejected by the network
    [no-route] { $address }: no route
    [no-ports] { $address }: no local port left
    [no-descriptors] { $address }: no file descriptor left
    [forbidden] { $address }: forbidden by this host
   *[failed] { $address }: failed
}
reach-reached = { $address } accepted the connection after { $time }, and it stayed open for half a second.
reach-closed = { $address } accepted the connection after { $time } and closed it { $after } later (FIN); { $received } received. Network and listener work: the program there, or a proxy before it, closed the connection. Its log says why (access list, no backend).
reach-reset = { $address } accepted the connection after { $time } and reset it { $after } later; { $received } received. Network and listener work: the program there, or a proxy before it, reset it. Its log says why (access list, no backend, crash).
reach-refused = A RST answered the SYN after { $time }: nothing listens on port { $port } of { $host }, or a firewall there, on the path or on this host rejects the port.
reach-no-listener = This host answered the SYN with a RST: nothing listens on port { $port }. The program is not running, or uses another port.
reach-wrong-address = This host answered the SYN with a RST: port { $port } is open on another address only. Fix: have the program listen on { $host } or on all addresses, or connect to the address it listens on.
reach-wrong-family = This host answered the SYN with a RST: port { $port } is open for { $other } only. Fix: have the program listen on { $host } too, or connect over { $other }.
reach-refused-by-firewall = A socket listens on this address, but a RST answered the SYN: a firewall rule on this host rejects it with tcp-reset.
reach-queue-full = No answer within { $time } to { $count ->
    [one] { $count } SYN
   *[other] { $count } SYNs
}: the accept queue of the listener on this host is full, so the kernel drops new connections. The program must call accept() faster.
reach-dropped-here = No answer within { $time } to { $count ->
    [one] { $count } SYN
   *[other] { $count } SYNs
}, although the address is on this host and no accept queue is full: a firewall rule on this host drops the packets.
reach-kept-back = No answer within { $time }: the kernel counted every repeated SYN as not sent (TcpExtTCPRetransFail). A firewall rule of this host for outgoing packets, or a BPF program of the cgroup, drops them.
reach-unresolved = { $hop } did not answer { $protocol } on { $interface } (neighbor state: { $state }), so no SYN was sent. That host is off or not on this network, or the address or netmask is wrong.
reach-no-answer = No answer within { $time } to { $count ->
    [one] { $count } SYN
   *[other] { $count } SYNs
}. A firewall on the path or on the peer drops them, the host is off, its accept queue is full, or its answers are lost on the way back.
reach-rejected = { $sender } rejected the connection after { $time } with { $icmp }.
reach-rejected-here = This host rejected the connection with { $icmp }: a firewall rule (REJECT) on this host.
reach-rejected-unknown = The network rejected the connection after { $time } with an ICMP error that the kernel turned into { $error }. This kernel does not show which router sent it (Linux 5.11 and later does).
reach-icmp = { $name ->
    [net-unreachable] { $protocol } type { $kind } code { $code } (network unreachable: that router has no route)
    [host-unreachable] { $protocol } type { $kind } code { $code } (host unreachable: that router cannot reach the host on its last link, or a firewall rule answers so)
    [protocol-unreachable] { $protocol } type { $kind } code { $code } (protocol unreachable)
    [port-unreachable] { $protocol } type { $kind } code { $code } (port unreachable: a firewall rule; a host without a listener sends a RST)
    [net-prohibited] { $protocol } type { $kind } code { $code } (network prohibited: a firewall rule)
    [host-prohibited] { $protocol } type { $kind } code { $code } (host prohibited: a firewall rule)
    [admin-prohibited] { $protocol } type { $kind } code { $code } (administratively prohibited: a firewall rule)
    [policy-fail] { $protocol } type { $kind } code { $code } (source address failed ingress or egress policy)
    [reject-route] { $protocol } type { $kind } code { $code } (a route there rejects the destination)
    [time-exceeded] { $protocol } type { $kind } code { $code } (hop limit exceeded: a routing loop)
   *[other] { $protocol } type { $kind } code { $code }
}
reach-unknown-router = An unknown router
reach-no-route = { $route ->
    [broadcast] connect() failed with { $error }: { $host } is a broadcast or multicast address, which TCP cannot connect to.
    [ENETUNREACH] connect() failed with { $error }: no route leads to { $host }. A default route or an address of this IP version is missing.
    [EHOSTUNREACH] connect() failed with { $error }: the route to { $host } is of type unreachable.
    [EACCES] connect() failed with { $error }: the route to { $host } is of type prohibit.
    [EINVAL] connect() failed with { $error }: the route to { $host } is of type blackhole.
   *[other] connect() failed with { $error }: there is no usable route to { $host }.
}
reach-no-ports = connect() failed with { $error }: no local port is left for { $address }. { $used } of the { $size } ports of net.ipv4.ip_local_port_range ({ $low } to { $high }) lead there.
reach-no-descriptors = { $error ->
    [EMFILE] socket() failed with { $error }: this process may open { $limit } file descriptors (ulimit -n), and all are used.
   *[other] socket() failed with { $error }: the file table of the host is full (fs.file-max).
}
reach-forbidden = connect() failed with { $error }: a BPF program of the cgroup, a security module (SELinux, AppArmor) or a firewall of this host forbids the connection.
reach-failed = { $why ->
    [zone] connect() failed with { $error }: { $host } is valid on one link only, so name the interface, for example { $host }%eth0.
   *[other] connect() failed with { $error }.
}
reach-some-program = A program of another user
reach-listener = { $program } listens on { $address }: accept queue { $queue }, limit { $limit }, dropped { $drops }.
reach-route = { $gateway ->
    [none] Route: on the link of { $interface }, from { $source }.
   *[other] Route: { $interface } via { $gateway }, from { $source }.
}
reach-next-there = Next, on { $host }:
reach-next-firewall = Next, as root (or iptables -S, ip6tables -S):
reach-next-route = Next:
reach-milliseconds = { $ms } ms
exit-reach = No address was reached.
