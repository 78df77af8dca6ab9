# The overview. Lines of the last column should stay under 40 columns.
tcp-sockets = { $count ->
    [one] { $count } TCP socket
   *[other] { $count } TCP sockets
}
no-tcp-sockets = no TCP sockets
tcp-not-in-text = the text holds no TCP sockets
tcp-unreadable = cannot read TCP sockets
column-state = STATE
column-sockets = SOCKETS
column-who = WHO ACTS NEXT
who-established = none (connection is open)
who-unread = { $count ->
    [one] local program: { $count } connection unread, { $bytes }
   *[other] local program: { $count } connections unread, { $bytes }
}
who-must-read = local program must read waiting data
who-must-accept = local program must accept()
who-peer-must-read = peer program must read (its window is closed)
who-syn-sent = peer must answer our SYN
who-syn-recv = peer must send its final ACK
who-fin-wait1 = peer must acknowledge our FIN
who-fin-wait2 = peer program must close
who-time-wait = kernel (each gone within 60 s)
who-close = none (not connected)
who-close-wait = local program must call close()
who-last-ack = peer must acknowledge our FIN
who-listen = new clients
who-closing = peer must acknowledge our FIN
who-bound-inactive = local program must use or free its port
who-unnamed = unknown (newer than sockdoc)
state-unnamed = other
not-accepted = { $count } not accepted: local program must accept()
held-without-limit = { $count } still held by a local program: no time limit
protocol-unreadable = { $protocol } not readable
other-namespaces = { $count ->
    [one] { $count } other network namespace: --netns all
   *[other] { $count } other network namespaces: --netns all
}
hidden-namespaces = { $count ->
    [one] { $count } process hides its network namespace (sudo)
   *[other] { $count } processes hide their network namespaces (sudo)
}
namespaces-out-of-reach = { $count ->
    [one] { $count } process hides its network namespace
   *[other] { $count } processes hide their network namespaces
}
namespaces-unreadable = other network namespaces unknown: cannot read /proc
namespaces-not-recorded = other network namespaces unknown: not in the recording
summary-total = Total: { $count }
summary-tcp = TCP: { $count } (established { $established }, listen { $listen }, time-wait { $timewait })
summary-host = Whole host, all network namespaces: TCP orphaned { $orphaned }, allocated { $allocated }
namespace-counts = sockets by network namespace: { $list }
origin-recording = { $samples ->
    [one] recording, { $samples } sample
   *[other] recording, { $samples } samples
}
origin-redacted = redacted
diff-later = { $time } later
diff-backwards = taken before A; swap the two
diff-change = CHANGE
diff-unmatched-hosts = Sockets, counters and findings are not compared: A and B come from two hosts.
diff-unmatched-netns = Sockets, counters and findings are not compared: A and B come from two network namespaces.
diff-unmatched-starts = Sockets and counters are not compared: the host rebooted between A and B.
diff-unmatched-unknown = Sockets and counters are not compared: A or B does not name its host.
diff-unmatched-cookies = Sockets are not matched: A or B has no socket cookies.
diff-appeared = New
diff-worse = Worse
diff-grew = Grew
diff-shrank = Shrank
diff-better = Better
diff-same = Still there
diff-gone = Gone
diff-unchecked-before = In B, not checked in A
diff-unchecked-after = In A, not checked in B
diff-no-findings = nothing found in A or B
diff-count-appeared = { $count } new
diff-count-worse = { $count } worse
diff-count-grew = { $count } grew
diff-count-shrank = { $count } shrank
diff-count-better = { $count } better
diff-count-same = { $count } still there
diff-count-gone = { $count } gone
diff-count-unchecked-before = { $count } not checked in A
diff-count-unchecked-after = { $count } not checked in B
diff-was = before: { $title }
diff-born = opened: { $list }
diff-died = gone: { $list }
diff-moved = changed state: { $list }
diff-lists = (-v lists each of them)
diff-beyond = and { $count } more
diff-counter = COUNTER
diff-rise = RISE
diff-per-second = PER SECOND
states-beyond = { $count ->
    [one] { $count } more state ({ $sockets })
   *[other] { $count } more states ({ $sockets })
}
