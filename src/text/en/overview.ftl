# The overview. Lines of the last column should stay under 40 columns.
tcp-sockets = { $count ->
    [one] { $count } TCP socket
   *[other] { $count } TCP sockets
}
no-tcp-sockets = No TCP sockets here.
tcp-unreadable = TCP sockets could not be read.
column-state = STATE
column-sockets = SOCKETS
column-who = WHO ACTS NEXT
who-established = no one: open connections
who-unread = { $count ->
    [one] a program here: { $count } connection has { $bytes } unread
   *[other] a program here: { $count } connections have { $bytes } unread
}
who-must-read = a program here: data is waiting to be read
who-syn-sent = the peer: we asked, no answer yet
who-syn-recv = the peer: it asked, its last ACK is due
who-fin-wait1 = the peer: it must confirm our close
who-fin-wait2 = the peer's program: it must close too
who-time-wait = the kernel: each gone within 60 s
who-close = no one: not connected
who-close-wait = a program here: it must close()
who-last-ack = the peer: it must confirm our close
who-listen = new clients
who-closing = the peer: both closed, its ACK is due
who-bound-inactive = a program here: it took a port and does not use it
who-unnamed = unknown: newer than this program
state-unnamed = other
not-accepted = { $count } not accepted yet: a program here must accept()
held-without-limit = { $count } still held by a program here: no time limit
protocol-unreadable = { $protocol } not readable
other-namespaces = { $count ->
    [one] { $count } other network namespace: --netns all
   *[other] { $count } other network namespaces: --netns all
}
hidden-namespaces = { $count ->
    [one] namespace of { $count } process not visible (sudo)
   *[other] namespaces of { $count } processes not visible (sudo)
}
namespaces-out-of-reach = { $count ->
    [one] namespace of { $count } process not visible
   *[other] namespaces of { $count } processes not visible
}
namespaces-unreadable = other network namespaces not looked for: /proc is not readable
summary-total = Total: { $count }
summary-tcp = TCP: { $count } (established { $established }, listen { $listen }, time-wait { $timewait })
summary-host = Whole host, all network namespaces: TCP orphaned { $orphaned }, allocated { $allocated }
namespace-counts = sockets by network namespace: { $list }
origin-recording = { $looks ->
    [one] recording of { $looks } look
   *[other] recording of { $looks } looks
}
origin-redacted = redacted
diff-later = { $time } later
diff-backwards = taken before A: swap the two
diff-change = CHANGE
diff-unmatched-hosts = Sockets, counters and findings are not compared: A and B are of two hosts.
diff-unmatched-netns = Sockets, counters and findings are not compared: A and B are of two network namespaces.
diff-unmatched-starts = Sockets and counters are not compared: the host was started anew between A and B.
diff-unmatched-unknown = Sockets and counters are not compared: one of the two does not tell which host it is.
diff-unmatched-cookies = Sockets are not matched: one of the two tells no cookies.
diff-appeared = New
diff-worse = Worse
diff-grew = Grew
diff-shrank = Shrank
diff-better = Better
diff-same = Still there
diff-gone = Gone
diff-unchecked-before = In B, and not checked in A
diff-unchecked-after = In A, and not checked in B
diff-no-findings = nothing was found in A or B
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
diff-born = born: { $list }
diff-died = died: { $list }
diff-moved = changed state: { $list }
diff-lists = (-v lists them one by one)
diff-beyond = and { $count } more
diff-counter = COUNTER
diff-rise = RISE
diff-per-second = PER SECOND
states-beyond = { $count ->
    [one] { $count } more state ({ $sockets })
   *[other] { $count } more states ({ $sockets })
}
