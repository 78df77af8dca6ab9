# The command counters.
command-counters = show the kernel's network counters in plain words, with rates
heading-counters = Counters
argument-counters = show only these: names in any case, with or without their prefix (ListenDrops, UdpNoPorts), a part of a name (listen), patterns (Tcp*), or groups (connections, handshakes, drops, loss, memory, time-wait, udp, traffic, ip, icmp, mptcp, sockets, settings) [default: all]
option-counters-for = take two samples this far apart (5s, 1m) and show what rose, with rates
option-counters-all = also show counters that are 0 or, with --for, did not change
option-verbose-counters = also print what a rise of each counter means
example-counters = show drops, losses and refusals within ten seconds
error-counters-netns = counters shows one network namespace: give a name, pid:N or a path instead of all
error-no-counters = cannot read any counter: /proc/net/snmp, netstat and sockstat are missing
error-unknown-counter = unknown counter "{ $word }"
error-counter-not-here = this kernel has no counter { $name }
see-counters = { $command } lists all counters
counters-since-boot = counters since boot
counters-since-netns = counters since this network namespace was created
counters-rise = rise within { $time }
counters-proof = A rise means: { $what }
counters-zero = { $count ->
    [one] { $count } counter is 0: -a shows it
   *[other] { $count } counters are 0: -a shows them
}
counters-unchanged = { $count ->
    [one] { $count } counter did not change: -a shows it
   *[other] { $count } counters did not change: -a shows them
}
