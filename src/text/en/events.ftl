heading-events = Events
command-events = show each connection when it ends: its lifetime, its owner and how it ended
option-events-interval = read the open sockets this often, to learn owners and ages [default: 2s]
option-events-for = stop after this long (10s, 5m)
option-events-count = stop after N events
option-events-summary = print sums over this time (10s, 1m), not a line for each event
option-events-states = show each state change of TCP sockets, by BPF (as root): time in the state, time to connect, who connected, why it failed
option-events-verbose = with --states, also show the log of the kernel's verifier if it refuses the program
option-events-by = group the sums by these keys: { $names } (not timer, cc; state only with --states)
example-events = connections to a service as they end, with lifetime, bytes and owner
example-events-summary = how many connections end in 10 seconds, by service
example-events-states = how long connecting takes, and what failed, every 10 seconds
error-states = --states cannot follow TCP states without BPF: { $why }
error-states-filter = a change of state has no timer, keepalive or congestion control: use states, addresses, ports, programs, units, users or age (time in the state before)
error-events-from = { $command } follows the running kernel; a recording or a dump holds no ended sockets: omit --from
error-events-netns = { $command } follows one network namespace; name one, for example --netns blue
error-events-join = cannot follow ended sockets: the kernel refused the destroy groups of sock_diag ({ $why }); they need Linux 4.2 or later, but not root
error-events-state = a socket that has ended has no state, timer or keepalive: filter by address, port, program, unit, age (its lifetime) or rtt
error-events-tables = events shows TCP and UDP sockets only; the kernel does not report when others end
error-events-key = events cannot be grouped by state, timer or cc: a socket that has ended has none
error-events-short = { $option } is too short: the shortest time is 100 ms
note-events-full = more than { $most } open sockets: owners and ages of the others are unknown
events-time = TIME
events-lived = LIVED
events-end = END
events-who = WHO
events-local = LOCAL
events-peer = PEER
events-in = IN
events-out = OUT
events-rtt = RTT
events-retrans = RETRANS
end-closed = closed
end-reset = reset
end-unfinished = unfinished
end-refused = refused
end-unanswered = no answer
end-failed = failed
end-unused = unused
end-listener = listener
events-lost = { $count ->
    [one] -- { $time } { $count } event lost here: it did not fit into the kernel's buffer (ENOBUFS)
   *[other] -- { $time } { $count } events lost here: they did not fit into the kernel's buffer (ENOBUFS)
}
events-lost-uncounted = -- { $time } events lost here: they did not fit into the kernel's buffer (ENOBUFS); their number is unknown
events-sums = -- { $count } ended in { $time }: { $ends }; { $lost }
events-sums-none = -- none ended in { $time }; { $lost }
events-sum = { $count } { $end }
events-sum-lost = { $count } lost
events-sum-lost-uncounted = an unknown number of events lost (buffer overflows: { $times })
note-events-lost = { $count ->
    [one] { $count } event lost here: it did not fit into the kernel's buffer (ENOBUFS)
   *[other] { $count } events lost here: they did not fit into the kernel's buffer (ENOBUFS)
}
note-events-lost-uncounted = events lost here: they did not fit into the kernel's buffer (ENOBUFS); their number is unknown
states-netns = NETNS
states-from = FROM
states-to = TO
states-after = AFTER
states-cause = CAUSE
states-aborted = aborted here (RST sent)
states-aborted-word = aborted
states-lost = { $count ->
    [one] -- { $time } { $count } change lost here: the ring buffer was full
   *[other] -- { $time } { $count } changes lost here: the ring buffer was full
}
states-sums = { $count ->
    [one] -- { $count } change in { $time } (new state: { $states }); { $lost }
   *[other] -- { $count } changes in { $time } (new state: { $states }); { $lost }
}
states-sums-none = -- no changes in { $time }; { $lost }
states-connects = -- { $count } connected: median { $half }, 99 % within { $most }, longest { $longest }
states-causes = -- failed: { $causes }
