# Errors and notes: lower case, no full stop; the fault first, then what is accepted, then an example.
error-unknown-state = unknown state "{ $word }"
error-unknown-key = unknown group key "{ $word }"
error-prefix-length = invalid prefix length "{ $word }" (IPv4 takes 0 to 32, IPv6 0 to 128; for example peer/24 or peer/24,64)
error-no-key = --by needs at least one group key
error-key-twice = group key "{ $word }" given twice
error-families = -4 and -6 exclude each other; omit both to select all addresses
error-unix-family = { $option } cannot be combined with -x alone: UNIX sockets have no IP version
did-you-mean = did you mean "{ $candidate }"?
valid-words = expected { $words }
valid-columns = expected { $words }, or a field of tcp_info, for example rtt_us or snd_cwnd
joined = { $what }: { $more }
see-help = see "{ $command } --help"
error-unknown-option = unknown option "{ $option }"
hint-netstat = for this option of netstat, type sockdoc netstat { $option }
hint-lsof = for lsof -i, type sockdoc list -ap and a filter, for example tcp:443 or host 10.0.0.1
hint-program = sockdoc list { $word } lists the sockets of a program of this name; sockdoc --help lists the commands
expected-count = a whole number above 0
error-ambiguous-option = ambiguous option "{ $option }": several options begin with it
error-no-state = "state" and "exclude" need a state name, for example state time-wait
netstat-tables = -r, -i, -s and -M exclude each other; give only one of them
netstat-lacks = no support for { $name } on this system
netstat-not-all = programs of other users are not shown; run as root to see all
netstat-no-routes = no routing table for { $family }
netstat-no-statistics = no statistics for { $family }; choose -4 or -6
netstat-no-long-form = -i -e is not supported: it prints what ifconfig prints; use ip -s address
ss-no-tables = the options exclude every table of sockets
error-not-first = { $command } must be the first word: "sockdoc { $command }" takes the options of that program
error-not-of-command = { $command } has no option "{ $option }"
error-unknown-command = unknown command "{ $command }"
error-unknown-page = no manual page for "{ $page }": expected a command, or "filter"; see "sockdoc --help"
error-unexpected-word = unexpected word "{ $word }"
error-invalid-duration = invalid duration "{ $value }" for { $option }; use for example 30s or 5m
error-invalid-value = invalid value "{ $value }" for { $option }
error-missing-value = { $option } needs a value
error-superfluous-value = { $option } takes no value, but "{ $value }" was given
error-twice = { $option } was given more than once
error-conflict = { $option } cannot be combined with { $other }
error-missing = missing { $option }
error-command-line = invalid command line
error-not-text = an argument is not valid UTF-8
error-format = { $command } does not support the format "{ $format }"
error-unreadable = cannot read { $what } sockets: { $why }
error-bound-inactive = cannot list bound but unused sockets: { $why }
error-writing = cannot write the output: { $why }
note = note: { $text }
note-from-proc = { $what } sockets are read from /proc/net ({ $why }): slower, and without accept queue limits, memory and TCP details
note-without-bpf = netlink and /proc were read instead of BPF: { $why }
bpf-rights = BPF needs root, or CAP_BPF, CAP_PERFMON and CAP_SYS_PTRACE
bpf-container = this is a container: its process or user IDs differ from the host's
bpf-types = cannot read the kernel's BTF from /sys/kernel/btf/vmlinux ({ $why })
bpf-load = the kernel refused the program ({ $why })
bpf-attach = the program could not be attached ({ $why })
bpf-read = the output of the program could not be read ({ $why })
note-bound-too-old = bound but unused sockets are listed by Linux { $version } and later only
note-inferred = { $count ->
    [one] the direction of { $count } socket is inferred from the listening ports; the kernel does not record it
   *[other] the direction of { $count } sockets is inferred from the listening ports; the kernel does not record it
}
remedy-sock-diag = load the kernel modules inet_diag, tcp_diag, udp_diag, raw_diag and unix_diag, or allow NETLINK_SOCK_DIAG in this sandbox
remedy-root = run as root to see the processes of other users
error-unknown-netns = unknown network namespace "{ $word }"
netns-forms = expected a name from ip netns, pid:N, a path, or all
error-unknown-column = unknown column "{ $word }"
error-unknown-family = unknown family "{ $word }"
error-unknown-query = unknown table "{ $word }"
error-not-available = { $what } sockets are not available on this kernel ({ $why })
error-namespace = one network namespace was skipped: { $why }
error-owners = cannot read the processes that hold sockets: { $why }
error-bpf-storages = cannot read the BPF storage of sockets: { $why }
note-owners-denied = { $count ->
    [one] { $count } process could not be read; its sockets show no owner
   *[other] { $count } processes could not be read; their sockets show no owner
}
note-routes = this lists sockets; for the routing table: sockdoc netstat -rn
note-hidden-states = LISTEN, TIME_WAIT, SYN_RECV and CLOSE are hidden, as in ss; add -a to show them
error-no-contexts = no security contexts on this kernel: neither SELinux nor AppArmor is active
error-tipcinfo = --tipcinfo requires --tipc
error-namespace-word = cannot enter the network namespace { $netns }: { $why }
error-file = { $file }: { $why }
error-from-tcp = a raw dump of ss -D holds TCP sockets only
error-unknown-rule = unknown rule "{ $word }"
error-unknown-threshold = { $rule } has no threshold "{ $word }"
error-threshold-value = invalid threshold value "{ $word }": expected { $unit }
threshold-count = a count, for example 50
threshold-seconds = a time, for example 30s or 5m
threshold-ratio = a share, for example 80% or 0.8
threshold-bytes = a number of bytes, for example 65536
error-assignment = invalid threshold "{ $word }": expected RULE.NAME=VALUE, for example close-wait-leak.age=2s
error-config = invalid TOML: { $why }
error-config-key = unknown key "{ $word }"
error-config-kind = wrong type for this key: thresholds are numbers or strings such as "5m", ignore is a list of rules, fail-on a string, fail-on-unchecked true or false
error-unknown-topic = unknown topic "{ $word }"
see-topics = "{ $command }" lists all topics
error-file-unknown = cannot read { $file }: expected a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net
error-recording-truncated = { $file }: the recording is truncated
error-recording-damaged = { $file }: the recording is damaged at byte { $at }
error-recording-newer = { $file }: recording format version { $version } needs a newer sockdoc
error-recording-too-large = { $file }: the recording exceeds the size limit for recordings
error-file-unnamed = the file name is empty
error-file-exists = { $file } already exists; add --force to overwrite it
error-file-foreign = refusing to use { $file }: its owner is neither you nor root
error-file-writable = refusing to use { $file }: any user can write to it and so switch rules off; run chmod o-w on it
error-file-no-writer = { $file } is a FIFO, and no program opened it for writing within 3 s
error-file-no-reader = { $file } is a FIFO, and no program opened it for reading within 3 s
note-unconfined = the process that reads the input is less confined than usual: this kernel lacks { $parts }
error-resolve-from = -r asks the resolver of this host and cannot be combined with --from
error-save-from = --save cannot be combined with --from; sockdoc record --from FILE --redact -o OTHER copies a recording
note-not-shown = { $what }: no { $lacks }
note-capture = reading capture { $capture } of { $count } (--capture N selects another)
line = line { $lines }
lines = lines { $lines }
lines-and-more = lines { $lines } and { $more } more
unread-cut = { $lines }: the row is cut off
unread-no-state = { $lines }: no State column; name the state that ss was given, for example: sockdoc count close-wait --from FILE
unread-state = { $lines }: unknown state "{ $word }"; run the tool with LC_ALL=C to get English names
unread-figures = { $lines }: Recv-Q and Send-Q are not numbers
unread-foreign = { $lines }: not a row of a Linux tool, or text was added in front of it
unread-unknown = { $lines }: mentions a socket, but is not a row of ss, netstat, lsof or /proc/net
unread-names = { $lines }: read without addresses or ports, which are names or cut off; ss -n and netstat -nW print numbers
unread-elsewhere = { $lines }: { $what } sockets cannot be read from text
unread-no-row = { $lines }: not a socket
text-of = text of { $what }
raw-dump = a raw dump
lack-owners = owners
lack-timers = timers
lack-inodes = inodes
lack-tcp-info = tcp_info
lack-limits = accept queue limits
lack-queues = queues
lack-host = sysctls or host information
lack-counters = counters
lack-sockets = sockets
remedy-record = to keep everything next time, use sockdoc record
note-recorded = { $samples ->
    [one] { $file }: { $bytes } bytes, { $samples } sample
   *[other] { $file }: { $bytes } bytes, { $samples } samples
}
note-sampling = { $samples ->
    [one] taking { $samples } sample within { $time }; Ctrl-C stops early and keeps it
   *[other] taking { $samples } samples within { $time }; Ctrl-C stops early and keeps them
}
note-ended-early = { $planned ->
    [one] stopped early: kept { $samples } of { $planned } planned sample
   *[other] stopped early: kept { $samples } of { $planned } planned samples
}
note-ended-full = { $planned ->
    [one] stopped at the size limit of 500 MiB: kept { $samples } of { $planned } planned sample
   *[other] stopped at the size limit of 500 MiB: kept { $samples } of { $planned } planned samples
}
error-save-stdout = --save needs a file name: standard output carries the report; to write a recording to standard output, use record -o -
error-stdin-twice = standard input can be read only once; give a file name for one of the two
standard-input = standard input
standard-output = standard output
error-every-alone = --every needs --for, for example record --for 10s --every 1s
error-task = cannot start a thread or process ({ $why }); raise the limit: ulimit -u, or pids.max of the cgroup
error-too-short = --for and --every must be at least 10 ms
error-rows = { $file }: no readable row: { $reasons }
error-counters = the text holds only counters, no sockets; sockdoc check looks for faults in them, sockdoc counters explains each
error-counters-fine = the text holds only counters, no sockets, and they show no fault; sockdoc counters explains each
error-hosts = { $file } holds output of several hosts ({ $hosts }); select one with --capture N
error-captures = { $count ->
    [one] { $file } holds { $count } capture; --capture takes 1
   *[other] { $file } holds { $count } captures; --capture takes 1 to { $count }
}
error-partial = { $rows ->
    [one] { $rows } row could not be read, so the count would be too low; --partial prints it anyway
   *[other] { $rows } rows could not be read, so the count would be too low; --partial prints it anyway
}
error-foreign-bsd = { $file }: output of netstat on macOS, BSD or AIX; sockdoc reads Linux tools only, for example ss -tanpoeim run on the Linux host
error-foreign-lsof = { $file }: output of lsof on macOS or BSD; sockdoc reads Linux tools only, for example ss -tanpoeim run on the Linux host
error-foreign-solaris = { $file }: output of netstat on Solaris or illumos; sockdoc reads Linux tools only, for example ss -tanpoeim run on the Linux host
error-foreign-windows = { $file }: output of netstat or PowerShell on Windows; sockdoc reads Linux tools only, for example ss -tanpoeim run on the Linux host
error-foreign-numbered = { $file }: the lines are numbered (cat -n, nl, grep -n); paste them without the numbers
error-foreign-sums = { $file }: state counts (awk, uniq -c), not sockets; paste the output that was counted, for example of ss -tan
error-foreign-conntrack = { $file }: connection tracking entries (conntrack), not sockets; paste the output of ss -tanpoeim
error-foreign-message = { $file }: an error message of a tool, no sockets; run the tool again, for example ss -tanpoeim as root
error-foreign-json = { $file }: JSON is not supported; paste the output of ss -tanpoeim, or save a recording with sockdoc record
error-record-from = record --from accepts only -o and --redact
error-no-recording = { $file } is not a recording; sockdoc record makes one
error-to-terminal = refusing to write a recording to a terminal; name a file with -o, or use a pipe
note-no-info = recorded without --deep: tcp_info, memory and options cover only the sockets that the rules needed
