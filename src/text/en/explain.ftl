# What explain adds to its texts: this host's figures, the table of contents, and the stories of sockets.
explain-here = On this host, now
explain-here-in = In the network namespace { $netns }, now
explain-there = In { $file }, of { $time }
explain-there-in = In { $file }, of { $time }, network namespace { $netns }
explain-narrow = (A drawing stands here; it takes { $columns } columns.)
explain-ask = One of these in full, in any spelling: { $command }

kinds-state = States
kinds-exchange = Exchanges
kinds-rule = Findings
kinds-error = Errors
kinds-field = Fields
kinds-sysctl = Kernel settings
kinds-counter = Kernel counters
kinds-myth = Myths

live-none = No socket is in { $state }.
live-count = { $count ->
    [one] { $count } socket is in { $state }.
   *[other] { $count } sockets are in { $state }.
}
live-unreadable = The table of sockets could not be read.
live-unknown = This kernel does not list these sockets.
live-rate = About { $rate } came in each second of the last minute.
live-oldest = The oldest has been there for { $time }.
live-queue = { $count ->
    [one] { $count } connection of at most { $limit } waits to be accepted at { $end }, the fullest queue.
   *[other] { $count } connections of at most { $limit } wait to be accepted at { $end }, the fullest queue.
}
live-orphans = { $count ->
    [one] { $count } orphan on the whole host; the limit is { $limit }.
   *[other] { $count } orphans on the whole host; the limit is { $limit }.
}
live-udp-drops = { $count ->
    [one] { $count } UDP socket has dropped datagrams or has some waiting.
   *[other] { $count } UDP sockets have dropped datagrams or have some waiting.
}
live-shares = The largest shares:
live-share = { $who }: { $sockets }
live-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more of them
}
live-hidden = Whose the others are is not seen without root.
live-finds = What the rules find:
live-finds-nothing = The rules find nothing about it.
live-not-checked = Not checked: { $rule } ({ $why }).
live-setting = { $name } is { $value }.
live-empty-setting = { $name } is empty.
live-no-setting = { $name } cannot be read here; kernel { $kernel } may lack it.
live-setting-elsewhere = { $name } is not available in this network namespace, only in the host's first.
live-counter = { $name } is { $value }, counted since the network namespace was made.
live-untold = { $name } is not told there.
live-no-counter = { $name } cannot be read here; kernel { $kernel } may lack it.

means-tw-reuse-0 = No port in TIME_WAIT is reused before its 60 s are over.
means-tw-reuse-1 = A connect may take over a TIME_WAIT older than 1 s, if the old connection had timestamps.
means-tw-reuse-2 = Reuse is on for loopback only: towards other hosts nothing is reused.
means-syncookies-0 = When the half-open queue is full, SYNs are dropped.
means-syncookies-1 = When the half-open queue is full, clients are answered with cookies.
means-syncookies-2 = Every client is answered with a cookie, even when there is room: that is for tests.
means-timestamps-0 = Without timestamps nothing in TIME_WAIT can be reused, and PAWS is off.
means-timestamps-1 = Timestamps are on, as they should be.
means-abort-0 = A client that meets a full accept queue is kept waiting, and tries again.
means-abort-1 = A client that meets a full accept queue is reset at once.
means-ports = { $count ->
    [one] That is { $count } port for each destination: { $rate } new connection a second where this host closes first.
   *[other] That is { $count } ports for each destination: about { $rate } new connections a second where this host closes first.
}
means-fin-timeout = A closed connection waits { $time } for the peer's FIN. TIME_WAIT is not touched by it.
means-connect = A connect to a silent address fails after { $time }.
means-half-open = A half-open connection is dropped after { $time }.
means-retries2 = Data that nobody acknowledges end a connection after { $time } or more.
means-orphans = A closed connection whose peer is silent is dropped after { $time } or more.
means-keepalive = A program that turned keepalive on learns after { $time } that its peer has vanished.
means-somaxconn = { $count ->
    [one] No accept queue holds more than { $count } connection and one, whatever backlog a program asks for.
   *[other] No accept queue holds more than { $count } connections and one, whatever backlog a program asks for.
}
means-buckets = { $count ->
    [one] From { $count } on, further connections are not kept in TIME_WAIT: that is { $rate } close a second.
   *[other] From { $count } on, further connections are not kept in TIME_WAIT: that is { $rate } closes a second.
}
means-reuse-delay = With tcp_tw_reuse a TIME_WAIT can be taken over once it is { $time } old.

story-title = The sockets of { $filter }
story-none = No socket fits.
story-count = { $count ->
    [one] { $count } socket: { $states }.
   *[other] { $count } sockets: { $states }.
}
story-more = { $count ->
    [one] { $count } more is listed by:
   *[other] { $count } more are listed by:
}
story-state = { $what } is in { $state }. Who acts next: { $who }.
story-plain = { $what } is in { $state }.
story-holder = It is held by { $holder }.
story-user = Its user is { $user }; the program is not seen without root.
story-none-kept = No program holds it: the kernel alone keeps it.
story-not-accepted = No program holds it yet: it waits to be accepted.
story-not-permitted = Who holds it is not seen without root.
story-not-told = Who holds it is not told.
story-kernel = No process is seen that holds it.
story-hung-up = The peer hung up { $time } ago.
story-hung-up-within = The peer hung up at most { $time } ago.
story-received = Data came last { $time } ago.
story-sent = Data were sent last { $time } ago.
story-asked = The peer has not answered; tried again: { $tries }.
story-retrans = The peer does not acknowledge; tries in a row without an answer: { $tries }.
story-ends = It goes away by itself in { $time }.
story-never = No timer ends it.
story-unread = { $bytes } have arrived that the program has not read.
story-unacked = { $bytes } are written that the peer has not acknowledged.
story-waiting = Connections that wait to be accepted: { $waiting }; how many may is not told.
story-backlog = Connections that wait to be accepted: { $waiting } of at most { $limit }.
story-finding = { $severity } { $rule }: { $title }
story-read-on = More: { $command }
