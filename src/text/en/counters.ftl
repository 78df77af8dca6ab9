# The command counters.
command-counters = show the kernel's network counters in plain words, with rates
heading-counters = Counters
argument-counters = only these: names in any case, with or without their prefix (ListenDrops, UdpNoPorts), patterns (Tcp*), or groups (connections, handshakes, drops, loss, memory, time-wait, udp, traffic, ip, icmp, mptcp, sockets, settings) [default: all]
option-counters-for = take two samples this far apart (5s, 1m) and show what rose, with rates
option-counters-all = also show counters that are 0 or, with --for, did not change
option-verbose-counters = also say what a rise of each counter proves
example-counters = what was dropped, lost or refused in the last ten seconds
error-counters-netns = counters shows one network namespace: choose a name, pid:N or a path instead of all
error-no-counters = no counters could be read: /proc/net/snmp, netstat and sockstat are missing
error-unknown-counter = unknown counter "{ $word }"
error-counter-not-here = this kernel does not have the counter { $name }
see-counters = { $command } lists all
counters-since-boot = counters since boot
counters-since-netns = counters since this network namespace was made
counters-rise = rise within { $time }
counters-proof = A rise proves: { $what }
counters-zero = { $count ->
    [one] { $count } counter is 0: -a shows it
   *[other] { $count } counters are 0: -a shows them
}
counters-unchanged = { $count ->
    [one] { $count } counter did not change: -a shows it
   *[other] { $count } counters did not change: -a shows them
}
