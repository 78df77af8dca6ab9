# Errors and notes: lower case, no final stop; they name the thing and the way out.
error-unknown-state = unknown state "{ $word }"
error-unknown-key = unknown group key "{ $word }"
error-prefix-length = "{ $word }" is no prefix length: IPv4 takes 0 to 32, IPv6 0 to 128, as in peer/24 or peer/24,64
error-no-key = --by needs at least one group key
error-key-twice = the group key "{ $word }" is named twice
error-families = -4 and -6 together leave nothing; leave both out for all addresses
error-unix-family = UNIX sockets have no IP version: { $option } cannot go with -x alone
did-you-mean = did you mean "{ $candidate }"?
valid-words = valid are: { $words }
valid-columns = valid are: { $words }, and the fields of tcp_info such as rtt_us or snd_cwnd
joined = { $what }: { $more }
see-help = see "{ $command } --help"
error-unknown-option = unknown option "{ $option }"
error-ambiguous-option = several options begin with "{ $option }"
error-no-state = "state" and "exclude" need the name of a state
netstat-tables = only one of -r, -i, -s and -M can be shown
netstat-lacks = no support for { $name } on this system
netstat-not-all = the programs of other users are not shown: only root sees them all
netstat-no-routes = no routing table for { $family }
netstat-no-statistics = no statistics for { $family }: choose -4 or -6
netstat-no-long-form = -i with -e prints what ifconfig prints, which sockdoc does not have: use ip -s address
ss-no-tables = no table of sockets is left to show
error-not-first = { $command } takes the options of that program alone: "sockdoc { $command }" stands first
error-not-of-command = { $command } has no option "{ $option }"
error-unknown-command = unknown command "{ $command }"
error-unexpected-word = unexpected word "{ $word }"
error-invalid-duration = invalid duration "{ $value }" for { $option }; use for example 30s or 5m
error-invalid-value = "{ $value }" is not a valid value for { $option }
error-missing-value = { $option } needs a value
error-superfluous-value = { $option } takes no value, but was given "{ $value }"
error-twice = { $option } was given more than once
error-conflict = { $option } cannot be used together with { $other }
error-missing = { $option } is missing
error-command-line = the command line is not understood
error-not-text = an argument is not valid UTF-8
error-format = the format "{ $format }" does not exist for { $command }
error-unreadable = cannot read { $what } sockets: { $why }
error-bound-inactive = cannot list bound, unused sockets: { $why }
error-writing = writing the output: { $why }
note = note: { $text }
note-from-proc = { $what } sockets are read from /proc/net ({ $why }): slower, and without accept-queue limits, memory and TCP details
note-bound-too-old = bound, unused sockets are listed by Linux { $version } and later only
note-inferred = { $count ->
    [one] the direction of { $count } socket is inferred from the listening ports; the kernel keeps none for it
   *[other] the direction of { $count } sockets is inferred from the listening ports; the kernel keeps none for them
}
remedy-sock-diag = load the kernel modules inet_diag, tcp_diag, udp_diag, raw_diag and unix_diag, or allow NETLINK_SOCK_DIAG in this sandbox
remedy-root = run as root to see the processes of other users
error-unknown-netns = unknown network namespace "{ $word }"
netns-forms = a name of ip netns, pid:N, a path, or all
error-unknown-column = unknown column "{ $word }"
error-unknown-family = unknown family "{ $word }"
error-unknown-query = unknown table "{ $word }"
error-kill = -K destroys sockets, and list destroys nothing: that will be the work of "sockdoc kill"
error-events = -E is not there yet: following sockets as they are destroyed will be the work of "sockdoc kill" and "sockdoc watch"
error-not-available = { $what } sockets are not available on this kernel ({ $why })
error-namespace = a network namespace was left out: { $why }
error-owners = the processes could not be looked at: { $why }
error-bpf-storages = what BPF programs keep could not be read: { $why }
note-owners-denied = { $count ->
    [one] { $count } process could not be looked at: what it holds is not known
   *[other] { $count } processes could not be looked at: what they hold is not known
}
note-hidden-states = LISTEN, TIME_WAIT, SYN_RECV and CLOSE are left out, as in ss: -a shows all
error-no-contexts = this kernel gives processes no security context: neither SELinux nor AppArmor is in use
error-tipcinfo = --tipcinfo goes with --tipc only
error-namespace-word = cannot look into the network namespace
error-from-tcp = such a file holds TCP sockets only
error-unknown-rule = unknown rule "{ $word }"
error-unknown-threshold = { $rule } has no threshold "{ $word }"
error-threshold-value = "{ $word }" is no value of this threshold, which is given in { $unit }
error-assignment = "{ $word }" is not of the form RULE.NAME=VALUE, as in close-wait-leak.age=2s
error-config = this is no TOML: { $why }
error-config-key = unknown key "{ $word }"
error-config-kind = a value of another kind is wanted here
error-unknown-topic = unknown topic "{ $word }"
see-topics = "{ $command }" lists all
error-file-unknown = { $file } is neither a recording nor a raw dump of ss -D, nor text of ss, netstat or /proc/net
error-recording-truncated = { $file }: the recording ends before its end; it was not written whole
error-recording-damaged = { $file }: the recording is damaged at byte { $at }
error-recording-newer = { $file } has version { $version } of the recording format, which a later sockdoc wrote; take that one
error-recording-too-large = { $file } holds more than any recording does
error-file-unnamed = the file name is empty
error-file-exists = { $file } exists already; --force replaces it
error-file-foreign = { $file } belongs to another user than you and root; it is not used
error-file-writable = { $file } can be written by anyone, who could silence rules; chmod o-w makes it usable
error-file-no-writer = { $file } is a FIFO, and no program has written to it for 3 s
error-file-no-reader = { $file } is a FIFO, and no program has read from it for 3 s
error-save-from = what comes from a file is not saved anew: leave out --save or --from; record --from FILE --redact -o OTHER makes a redacted copy
note-untold = { $what }: nothing is told of { $lacks }
note-capture = several captures: reading number { $capture } of { $count } (--capture N reads another)
line = line { $lines }
lines = lines { $lines }
lines-and-more = lines { $lines } and { $more } more
unread-cut = { $lines }: the row breaks off
unread-no-state = { $lines }: no column State; name the state that was asked for, as in: sockdoc count close-wait --from FILE
unread-state = { $lines }: unknown state "{ $word }"; run the tool with LC_ALL=C for English names
unread-figures = { $lines }: Recv-Q and Send-Q are not numbers
unread-foreign = { $lines }: not a row of a Linux tool, or something was put before it
unread-unknown = { $lines }: about a socket, but not a row of ss, netstat, lsof or /proc/net
unread-names = { $lines }: read, but with addresses or ports unknown, because they are names or cut; ss -n and netstat -nW print numbers
unread-elsewhere = { $lines }: { $what } sockets are not read from text
unread-no-row = { $lines }: no socket there
text-of = text of { $what }
raw-dump = a raw dump
lack-owners = owners
lack-timers = timers
lack-inodes = whether programs hold the sockets
lack-tcp-info = tcp_info
lack-limits = limits of accept queues
lack-queues = queues
lack-host = settings and the host
lack-counters = counters
lack-sockets = sockets
remedy-record = keep all of it next time: sockdoc record
note-recorded = { $looks ->
    [one] { $file }: { $bytes } bytes, { $looks } look
   *[other] { $file }: { $bytes } bytes, { $looks } looks
}
note-looking = { $looks ->
    [one] looking { $looks } time within { $time }; Ctrl-C ends it and keeps what was seen
   *[other] looking { $looks } times within { $time }; Ctrl-C ends it and keeps what was seen
}
note-ended-early = { $planned ->
    [one] asked to end after { $looks } of { $planned } look; what was seen is kept
   *[other] asked to end after { $looks } of { $planned } looks; what was seen is kept
}
note-ended-full = { $planned ->
    [one] ended after { $looks } of { $planned } look, as the file may not grow further (500 MiB); what was seen is kept
   *[other] ended after { $looks } of { $planned } looks, as the file may not grow further (500 MiB); what was seen is kept
}
error-save-stdout = --save needs a file: standard output has what is shown; record -o - writes the recording there
error-stdin-twice = standard input can be read only once: name a file for one of the two
standard-output = standard output
error-every-alone = --every says how often to look, and needs --for to say how long: record --for 10s --every 1s
error-too-short = --for and --every take at least 10 ms
error-rows = { $file }: no row can be read: { $reasons }
error-counters = the text holds no sockets, only counters: sockdoc check judges them, sockdoc explain shows one
error-hosts = { $file } holds output of several hosts ({ $hosts }): choose one with --capture N
error-captures = { $count ->
    [one] { $file } holds { $count } capture: --capture takes 1
   *[other] { $file } holds { $count } captures: --capture takes 1 to { $count }
}
error-partial = { $rows ->
    [one] { $rows } row could not be read, so the count would be too low; --partial prints it all the same
   *[other] { $rows } rows could not be read, so the count would be too low; --partial prints it all the same
}
error-foreign-bsd = { $file }: this is netstat of macOS, BSD or AIX; sockdoc reads Linux tools only, for example ss -tanpoeim run on the Linux host
error-foreign-lsof = { $file }: this is lsof of macOS or BSD; sockdoc reads Linux tools only, for example ss -tanpoeim run on the Linux host
error-foreign-solaris = { $file }: this is netstat of Solaris or illumos; sockdoc reads Linux tools only, for example ss -tanpoeim run on the Linux host
error-foreign-windows = { $file }: this is netstat or PowerShell of Windows; sockdoc reads Linux tools only, for example ss -tanpoeim run on the Linux host
error-foreign-numbered = { $file }: the lines are numbered (cat -n, nl, grep -n); paste them without the numbers
error-foreign-sums = { $file }: these are counts of states (awk, uniq -c), not sockets; paste the output they were made from, for example of ss -tan
error-foreign-message = { $file }: an error message of a tool and no sockets; run the tool again, for example ss -tanpoeim as root
error-foreign-json = { $file }: JSON is not read; paste the output of ss -tanpoeim, or keep everything with sockdoc record
error-record-from = record --from takes -o and --redact alone: what was recorded is all there is
error-no-recording = { $file } is not a recording; sockdoc record makes one
error-to-terminal = a recording is no text for a terminal: name a file with -o, or send it through a pipe
note-no-info = this recording was made without --deep: tcp_info, memory and options are there only of the sockets that the rules looked at
