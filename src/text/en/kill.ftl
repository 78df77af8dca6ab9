# The command kill, and -K of list and ss.
command-kill = destroy sockets: shows what would happen, and acts with --yes or when their number is typed
heading-kill = Destroying
option-kill-yes = destroy the sockets without asking [default: a dry run; on a terminal, asks for the number of sockets]
option-kill-tcp = destroy TCP sockets [default if -u is not given]
option-kill-udp = destroy connected UDP sockets; unconnected ones never
option-kill-listeners = also destroy listeners
option-kill-time-wait = also destroy sockets in TIME_WAIT
option-kill-orphans = also destroy connections that their program closed and the kernel still finishes; Linux 6.11 or later
option-kill-ssh = also destroy connections of sshd, dropbear, mosh, tailscaled, teleport, the SSM agent and kubelet
option-kill-unknown = also destroy sockets whose owner is unknown
option-kill-max = refuse more than N sockets [default: 100]
option-kill-verbose = show every socket instead of groups
help-yes = destroy the sockets that -K selects; without it, -K only shows which command to type
example-kill = connections to one service: what would happen, and the command to act
exit-kill = A socket that kill was to destroy is still there.
error-kill-from = kill acts on the running kernel; a recording or a dump has no sockets to destroy: omit --from
error-kill-netns = kill acts in one network namespace; name one, for example --netns blue
error-kill-filter = the filter does not say which connections; name a port, an address, a program or a state such as close-wait, for example close-wait and dport = :5432
error-kill-tables = only TCP and UDP sockets can be destroyed
error-kill-max = the filter matches too many sockets: { $count }, with --max { $most }; narrow the filter, or use { $command }--max { $count }
error-kill-right = nothing was done: destroying sockets needs CAP_NET_ADMIN in the user namespace that owns the network namespace; use sudo
error-kill-kernel = nothing was done: this kernel cannot destroy sockets (built without CONFIG_INET_DIAG_DESTROY)
error-kill-no-diag = nothing was done: this kernel has no sock_diag for these sockets, so it cannot destroy them; load the kernel modules inet_diag, tcp_diag and udp_diag
error-kill-probe = nothing was done: the kernel refused to destroy a test socket ({ $why })
error-kill-yes = -K destroys sockets: type { $command } to see what would happen, or add --yes to destroy them
error-kill-mode = -K cannot be combined with { $option }
kill-dry = { $count ->
    [one] would destroy { $count } socket   (nothing was done; act with --yes)
   *[other] would destroy { $count } sockets   (nothing was done; act with --yes)
}
kill-none = no socket to destroy
kill-done = { $count ->
    [one] { $gone } of { $count } socket is gone
   *[other] { $gone } of { $count } sockets are gone
}
kill-peers = { $count ->
    [one] { $local } <- { $count } peer
   *[other] { $local } <- { $count } peers
}
kill-prompt = { $count ->
    [one] Type { $typed } to destroy this socket, anything else to leave it:
   *[other] Type { $typed } to destroy these { $count } sockets, anything else to leave them:
}
kill-left = nothing was done
kill-not-accepted = (not accepted)
kill-no-owner = (no program)
kill-unknown-owner = (unknown)
kill-skipped = skipped { $count }: { $why }
kill-audit = kill destroyed { $gone } of { $count }, uid { $uid }, network namespace { $netns }, filter "{ $filter }"
kill-consequence = { $consequence ->
    [open] The program gets ECONNABORTED once, then end of file or EPIPE; it can still read data that has arrived, and keeps the descriptor until it closes it. The peer gets a RST (ECONNRESET).
    [close-wait] The sockets are gone, the descriptors stay open: the program reads what has arrived, then end of file, and gets ECONNABORTED when it writes. The peer gets a RST. This does not cure a leak: only close() in the program does.
    [unaccepted] The connection never reaches the program, or fails in its first call. The peer gets a RST. This does not cure a program that is too slow to call accept().
    [attempt] connect() fails with ECONNABORTED. The peer does not notice. Why it does not answer remains to be found.
    [listener] The socket stops listening: accept() fails with EINVAL, connections that wait in its queue get a RST, new ones are refused. The port stays bound until the program closes the socket; most programs must be restarted.
    [half-open] The handshake is dropped. The peer does not notice: if it considers the connection established, it gets a RST with the next data it sends.
    [orphan] The kernel drops the data that it still had to send, and sends a RST. No program notices.
    [record] The kernel deletes its record; no program holds it, and the peer does not notice. A late segment can then reach a new connection with the same ports.
   *[udp] The program gets ECONNABORTED once; the socket keeps working without a peer, and a port that the kernel chose is freed. The peer does not notice.
}
kill-skip = { $reason ->
    [session] your own SSH connection ({ $command }--include-ssh)
    [remote-access] remote access to this host: sshd, dropbear, mosh, tailscaled, teleport, SSM agent or kubelet ({ $command }--include-ssh)
    [unknown-owner] owner unknown: it could be remote access; run as root to see it ({ $command }--include-unknown)
    [listener] listeners ({ $command }--listeners)
    [time-wait] TIME_WAIT, which ends by itself within 60 s ({ $command }--time-wait)
    [orphan] closed by their program; the kernel finishes them ({ $command }--orphans)
    [old-kernel] closed by their program: this kernel would keep them forever (fixed in Linux 6.11)
    [udp] UDP ({ $command }-u)
    [unconnected] UDP without a peer: the kernel cannot close it, only give its program ECONNABORTED once; stop the program
   *[not-addressable] no cookie, or bound but unused: the kernel cannot find them
}
kill-result = { $result ->
    [gone_before] closed before the request reached the kernel
    [not_addressable] not destroyed: the kernel's lookup finds another socket at the same address (SO_REUSEPORT); restart the program
    [refused] not destroyed: refused ({ $error })
    [unsupported] not destroyed: this kernel cannot destroy sockets of this kind
    [left] not destroyed: the kernel reported success, but the socket is still there in { $state }
   *[destroyed] destroyed
}
