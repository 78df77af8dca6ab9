# Texts that explain adds to a topic: figures of this host, the list of topics, and stories of sockets.
explain-here = On this host, now
explain-here-in = In the network namespace { $netns }, now
explain-there = In { $file }, taken { $time }
explain-there-in = In { $file }, taken { $time }, network namespace { $netns }
explain-narrow = (The diagram needs { $columns } columns.)
explain-ask = To read one of these in full, in any spelling: { $command }

kinds-state = States
kinds-exchange = Exchanges
kinds-rule = Findings
kinds-error = Errors
kinds-field = Fields
kinds-sysctl = Sysctls
kinds-counter = Kernel counters
kinds-myth = Myths

live-none = No socket is in { $state }.
live-count = { $count ->
    [one] { $count } socket is in { $state }.
   *[other] { $count } sockets are in { $state }.
}
live-unreadable = Cannot read the sockets of this host.
live-unknown = This kernel does not list such sockets.
live-rate = About { $rate } per second were added in the last minute.
live-rate-low = Fewer than one per second was added in the last minute.
live-oldest = The oldest has existed for { $time }.
live-queue = Fullest accept queue: { $end }, { $count } waiting, limit { $limit }.
live-orphans = { $count ->
    [one] { $count } orphan on the whole host; the limit is { $limit }.
   *[other] { $count } orphans on the whole host; the limit is { $limit }.
}
live-udp-drops = { $count ->
    [0] No UDP socket has dropped datagrams or holds unread ones.
    [one] { $count } UDP socket has dropped datagrams or holds unread ones.
   *[other] { $count } UDP sockets have dropped datagrams or hold unread ones.
}
live-shares = Largest groups:
live-share = { $who }: { $sockets }
live-more = and { $count } more
live-hidden = Only root sees the owners of the others.
live-finds = Findings on this host:
live-finds-nothing = No finding on this host.
live-not-checked = Not checked: { $rule } ({ $why }).
live-setting = { $name } is { $value }.
live-empty-setting = { $name } is empty.
live-no-setting = Cannot read { $name }; kernel { $kernel } may lack it.
live-setting-elsewhere = { $name } is visible only in the host's initial network namespace.
live-counter = { $name } is { $value }, counted since the network namespace was created.
live-not-shown = No { $name } in this file.
live-no-counter = Cannot read { $name }; kernel { $kernel } may lack it.

means-tw-reuse-0 = connect() cannot reuse a port in TIME_WAIT for the same destination until its 60 s are over.
means-tw-reuse-1 = connect() can reuse a TIME_WAIT older than 1 s if the old connection used timestamps.
means-tw-reuse-2 = connect() can reuse a TIME_WAIT on loopback only, not towards other hosts.
means-syncookies-0 = If the half-open queue is full, the kernel drops SYNs.
means-syncookies-1 = If the half-open queue is full, the kernel answers with SYN cookies.
means-syncookies-2 = The kernel answers every SYN with a cookie, even if the queue has room; this value is for tests.
means-timestamps-0 = Timestamps are off: no TIME_WAIT can be reused, and PAWS is off.
means-timestamps-1 = Timestamps are on, as they should be.
means-abort-0 = A client that meets a full accept queue waits and retries.
means-abort-1 = A client that meets a full accept queue gets a reset.
means-ports = { $count ->
    [one] { $count } port per destination: { $rate } new connection per second if this host closes first.
   *[other] { $count } ports per destination: about { $rate } new connections per second if this host closes first.
}
means-fin-timeout = A closed connection waits { $time } for the peer's FIN. TIME_WAIT is not affected.
means-connect = connect() to an address that does not answer fails after { $time }.
means-half-open = The kernel drops a half-open connection after { $time }.
means-retries2 = Unacknowledged data ends a connection after { $time } or more.
means-orphans = The kernel drops a closed connection with a silent peer after { $time } or more.
means-keepalive = A program that enabled keepalive detects a vanished peer after { $time }.
means-somaxconn = { $count ->
    [one] An accept queue holds at most { $count } connection plus one, whatever backlog the program requests.
   *[other] An accept queue holds at most { $count } connections plus one, whatever backlog the program requests.
}
means-buckets = { $count ->
    [one] Above { $count }, connections close without TIME_WAIT: that is { $rate } close per second.
   *[other] Above { $count }, connections close without TIME_WAIT: that is { $rate } closes per second.
}
means-reuse-delay = With tcp_tw_reuse, a TIME_WAIT can be reused once it is { $time } old.

story-title = Sockets matching { $filter }
story-none = No socket matches.
story-count = { $count ->
    [one] { $count } socket: { $states }.
   *[other] { $count } sockets: { $states }.
}
story-share = { $count } { $state }
story-more = { $count ->
    [one] { $count } more; list it with:
   *[other] { $count } more; list them with:
}
story-state = { $what } is in { $state }. Who acts next: { $who }.
story-plain = { $what } is in { $state }.
story-holder = { $holder } holds it.
story-user = It belongs to user { $user }; only root sees the program.
story-none-kept = No program holds it; only the kernel keeps it.
story-not-accepted = No program holds it yet; it waits to be accepted.
story-not-permitted = Only root sees which program holds it.
story-not-shown = The input does not show its program.
story-kernel = No visible process holds it.
story-hung-up = The peer closed { $time } ago.
story-hung-up-within = The peer closed at most { $time } ago.
story-hung-up-least = The peer closed at least { $time } ago.
story-received = Data last arrived { $time } ago.
story-sent = Data was last sent { $time } ago.
story-none-received = Nothing has arrived yet.
story-none-sent = Nothing has been sent yet.
story-asked = The peer has not answered; retransmits: { $tries }.
story-retrans = The peer does not acknowledge; retransmits in a row: { $tries }.
story-ends = It goes away by itself in { $time }.
story-never = No timer ends it.
story-unread = The program has not read { $bytes } that arrived.
story-unacked = The peer has not acknowledged { $bytes }.
story-waiting = Connections waiting to be accepted: { $waiting }; limit unknown.
story-backlog = Connections waiting to be accepted: { $waiting }; limit { $limit }.
story-finding = { $severity } { $rule }: { $title }
story-read-on = More: { $command }
