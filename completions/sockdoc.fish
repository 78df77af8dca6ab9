# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_sockdoc_global_optspecs
    string join \n B/bound-inactive N/netns= engine= from= capture= partial for= deep save= force v/verbose json format= lang= color= h/help V/version
end

function __fish_sockdoc_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_sockdoc_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_sockdoc_using_subcommand
    set -l cmd (__fish_sockdoc_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c sockdoc -n "__fish_sockdoc_needs_command" -s N -l netns -d 'use another network namespace: a name from ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l engine -d 'find owners with BPF: auto (as root, if many files are open), bpf (always; count then also counts TCP in the kernel; a note says why if it cannot), netlink (never) [default: auto]' -r -f -a "auto\t''
netlink\t''
bpf\t''"
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l from -d 'read a file instead of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; - for standard input' -r
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l capture -d 'read capture N of a text that holds several [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l for -d 'take two samples this far apart (5s, 1m) to compute rates' -r
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l save -d 'save the samples of this run to a file; --from reads it' -r
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l format -d 'choose the output format: table, json [default: table]' -r -f -a "table\t''
json\t''
jsonl\t''
csv\t''"
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_needs_command" -s B -l bound-inactive -d 'include TCP sockets that are bound but neither listening nor connected'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l partial -d 'accept a text with unreadable rows and use the others'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l deep -d 'also read tcp_info of every open connection, descriptors without a socket, and bound but unused ports'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l force -d 'overwrite an existing file'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -s v -l verbose -d 'show everything: also states without sockets and every line of a finding'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l json -d 'print JSON, identical in every language; short for --format json'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -s V -l version -d 'print the version'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "record" -d 'save a recording of this host\'s sockets for later analysis'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "metrics" -d 'print metrics for Prometheus: to standard output, a file, or an HTTP endpoint'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "ss" -d 'print exactly what ss prints; accepts its options, and runs under the name ss too (ln -s sockdoc ss)'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "netstat" -d 'print exactly what netstat prints; accepts its options, and runs under the name netstat too (ln -s sockdoc netstat)'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "completions" -d 'print a completion script for a shell'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "man" -d 'print the manual page'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "help" -d 'print help for a command'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "count" -d 'print the number of sockets as one integer'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "group" -d 'count sockets by state, port, peer, direction and other keys'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "list" -d 'list sockets; accepts the options of ss'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "check" -d 'diagnose problems and suggest fixes; exits 1 if any are found'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "watch" -d 'show this host live: states, rates, and problems as they come and go'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "events" -d 'show each connection when it ends: its lifetime, its owner and how it ended'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "explain" -d 'explain a state, error, field, sysctl, counter or finding; without a topic, list all topics'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "reach" -d 'connect once and explain why it works or fails'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "kill" -d 'destroy sockets: shows what would happen, and acts with --yes or when their number is typed'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "diff" -d 'compare two recordings, or a recording with the host now'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "counters" -d 'show the kernel\'s network counters in plain words, with rates'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -s o -l output -d 'write to this file, at most 500 MiB, or - for standard output [default: HOST-TIME.sockdoc]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l for -d 'keep sampling for this long (10s, 5m) [default: one sample]; Ctrl-C stops early and keeps the samples' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l every -d 'take a sample this often [default: 2s]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -s N -l netns -d 'use another network namespace: a name from ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l engine -d 'find owners with BPF: auto (as root, if many files are open), bpf (always; count then also counts TCP in the kernel; a note says why if it cannot), netlink (never) [default: auto]' -r -f -a "auto\t''
netlink\t''
bpf\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l from -d 'read a file instead of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; - for standard input' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l on -d 'keep the last samples in memory, and write them to the directory given with -o when a problem of this severity or above appears: critical, warning, notice; runs until stopped' -r -f -a "critical\t''
warning\t''
notice\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l keep -d 'keep this many samples in memory [default: 12]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l after -d 'write a second recording after this time [default: 1m; 0 writes none]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l max-memory -d 'use at most this much memory for samples [default: 64M]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l max-files -d 'keep at most N recordings in the directory; deletes the oldest [default: 100]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l max-bytes -d 'keep recordings of at most this size in all; deletes the oldest [default: 1G]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l only -d 'check only these rules, separated by commas' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l ignore -d 'skip these rules, separated by commas' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l set -d 'change a threshold, for example close-wait-leak.age=2s; --list shows all thresholds' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l config -d 'read thresholds from this TOML file [default: ~/.config/sockdoc/config.toml, else /etc/sockdoc.toml]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l list -d 'list the recordings of a flight recorder with time, reason and size' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l deep -d 'also record tcp_info, memory and options of every TCP socket, descriptors without a socket, and bound but unused ports'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l cmdline -d 'record whole command lines, which may contain passwords [default: program names only]'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l redact -d 'replace addresses, host, users, programs, units, namespaces and paths with aliases; with --from FILE, writes a redacted copy of that recording'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l force -d 'overwrite an existing file'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l format -d 'text (Prometheus text format 0.0.4) or openmetrics [default: text]' -r -f -a "text\t''
openmetrics\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -s o -l output -d 'write to this file, for the textfile collector of node_exporter; replaces it atomically' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l listen -d 'serve metrics over HTTP at /metrics: ADDRESS:PORT, PORT (loopback), :PORT (all addresses) or unix:PATH [default: 127.0.0.1:9977]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l min-interval -d 'reuse one sample for all requests that arrive within this time [default: 5s]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l top -d 'report at most N units, listeners and destinations [default: 20, 50, 10]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l max-series -d 'report at most N series in all [default: 2000]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l with -d 'add optional metrics: peers (destinations that use many local ports, by address)' -r -f -a "peers\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -s N -l netns -d 'use another network namespace: a name from ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l engine -d 'find owners with BPF: auto (as root, if many files are open), bpf (always; count then also counts TCP in the kernel; a note says why if it cannot), netlink (never) [default: auto]' -r -f -a "auto\t''
netlink\t''
bpf\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l for -d 'take two samples this far apart (5s, 1m) to compute rates' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l from -d 'read a file instead of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; - for standard input' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l capture -d 'read capture N of a text that holds several [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l systemd -d 'serve metrics on the sockets that systemd passes (socket activation)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l rules -d 'print alert rules for Prometheus'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l dashboard -d 'print a dashboard for Grafana'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l deep -d 'also read tcp_info of every open connection, descriptors without a socket, and bound but unused ports'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -l partial -d 'accept a text with unreadable rows and use the others'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand metrics" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s N -l net -d 'use another network namespace: a name from ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s f -l family -d 'show only this family: inet, inet6, unix, link, netlink, vsock, tipc, xdp' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s A -l query -d 'show only these tables: all, inet, tcp, udp, raw, unix, unix_stream, packet, netlink, mptcp and so on; separate them with commas, ! excludes one' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l socket -d 'show only these tables: all, inet, tcp, udp, raw, unix, unix_stream, packet, netlink, mptcp and so on; separate them with commas, ! excludes one' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s D -l diag -d 'write the kernel\'s raw TCP answer to a file (- for standard output) and list nothing' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s F -l filter -d 'read the filter from a file (- for standard input); lines that begin with # are comments' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s V -s v -l version -d 'print the version'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s n -l numeric -d 'print numbers for ports, netlink ports and rates instead of names'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s r -l resolve -d 'print host and service names (queries the resolver)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s a -l all -d 'show sockets in every state'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s l -l listening -d 'show only listening sockets; of protocols without LISTEN, unconnected ones'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s o -l options -d 'show timers, and when a socket goes away'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s e -l extended -d 'show user, inode, cookie, mark and cgroup; implies -o'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s m -l memory -d 'show socket memory and drops'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s p -l processes -d 'show the processes that hold the socket'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s T -l threads -d 'show the threads of these processes; implies -p'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s i -l info -d 'show tcp_info: round trip, window, retransmits and all other fields'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l tipcinfo -d 'show internal TIPC information'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s s -l summary -d 'print the number of sockets instead of the list'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l tos -d 'show type of service and priority'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l cgroup -d 'show the cgroup'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s b -l bpf -d 'show attached classic BPF filters; implies -o'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s E -l events -d 'follow TCP and UDP sockets and show each when it ends'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s Z -l context -d 'show the security contexts of processes; implies -p'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s z -l contexts -d 'show the security contexts of processes and sockets; implies -p'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s 4 -l ipv4 -d 'include only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s 6 -l ipv6 -d 'include only IPv6 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s 0 -l packet -d 'include packet sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s t -l tcp -d 'include TCP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s M -l mptcp -d 'include Multipath TCP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s S -l sctp -d 'include SCTP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s u -l udp -d 'include UDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s d -l dccp -d 'include DCCP sockets (removed in Linux 6.16)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s w -l raw -d 'include raw sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s x -l unix -d 'include UNIX domain sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l tipc -d 'include TIPC sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l vsock -d 'include sockets between a virtual machine and its host'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l xdp -d 'include XDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s K -l kill -d 'destroy the matching sockets and show those that are gone; needs --yes, and protects what sockdoc kill protects'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l yes -d 'destroy the sockets that -K selects; without it, -K only shows which command to type'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s H -l no-header -d 'omit the header line'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s O -l oneline -d 'print each socket on one line'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l inet-sockopt -d 'show the socket options of internet sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s A -l protocol -d 'show only these families, separated by commas: inet, inet6, unix' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s V -l version -d 'print the version'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s r -l route -d 'show the routing table (IPv6 with -6; other columns with -e or -ee)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s i -l interfaces -d 'show interfaces with their packets and errors'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s g -l groups -d 'show the multicast groups that interfaces have joined'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s s -l statistics -d 'show the kernel\'s counters in words'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s M -l masquerade -d 'not supported; Linux has listed no masqueraded connections since 2.4'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s a -l all -d 'show sockets in every state'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s l -l listening -d 'show only sockets without a peer'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s t -l tcp -d 'include TCP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s u -l udp -d 'include UDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s U -l udplite -d 'include UDP-Lite sockets (removed in Linux 7.1)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s S -l sctp -d 'include SCTP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s w -l raw -d 'include raw sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s x -l unix -d 'include UNIX domain sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s 2 -l l2cap -d 'not supported: Bluetooth sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s f -l rfcomm -d 'not supported: Bluetooth sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s 4 -l inet -d 'include only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s 6 -l inet6 -d 'include only IPv6 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s n -l numeric -d 'print numbers instead of host, port and user names'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l numeric-hosts -d 'print addresses instead of host names'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l numeric-ports -d 'print port numbers instead of service names'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l numeric-users -d 'print user IDs instead of user names'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s N -l symbolic -d 'ignored; no table shows hardware addresses'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s W -l wide -d 'do not truncate addresses'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s e -l extend -d 'also show user and inode; for routes, other columns'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s p -l programs -d 'show the process that holds the socket and its program'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s o -l timers -d 'show the timer of each socket'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s c -l continuous -d 'print again every second until interrupted'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s v -l verbose -d 'report on stderr which families this host lacks'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s C -l cache -d 'show the routing cache instead of the table'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s F -l fib -d 'show the routing table, even with -C'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s Z -l context -d 'not supported: security contexts'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s d -l debug -d 'ignored, as by netstat'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l ip -d 'include only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l tcpip -d 'include only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l ax25 -d 'not supported: sockets of this family'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l ipx -d 'not supported: sockets of this family'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l rose -d 'not supported: sockets of this family'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l appletalk -d 'not supported: sockets of this family'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l netrom -d 'not supported: sockets of this family'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l ddp -d 'not supported: sockets of this family'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l x25 -d 'not supported: sockets of this family'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l bluetooth -d 'not supported: Bluetooth sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand completions" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand completions" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand completions" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand man" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand man" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand man" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand help" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand help" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand help" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s F -l filter -d 'read the filter from a file (- for standard input); lines that begin with # are comments' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s N -l netns -d 'use another network namespace: a name from ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l engine -d 'find owners with BPF: auto (as root, if many files are open), bpf (always; count then also counts TCP in the kernel; a note says why if it cannot), netlink (never) [default: auto]' -r -f -a "auto\t''
netlink\t''
bpf\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l from -d 'read a file instead of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; - for standard input' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l capture -d 'read capture N of a text that holds several [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l until -d 'repeat the count until it meets this condition, for example \'> 0\', \'= 0\' or \'< 100\'; exits 1 if --timeout passes first' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l timeout -d 'wait at most this long (30s, 5m) [default: no limit]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l every -d 'count this often [default: 1s]; less often if a count is expensive' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l format -d 'choose the output format: table, json [default: table]' -r -f -a "table\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s t -l tcp -d 'include TCP sockets [default if none of -t -u -w -x is given]'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s u -l udp -d 'include UDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s w -l raw -d 'include raw sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s x -l unix -d 'include UNIX domain sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s 4 -l ipv4 -d 'include only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s 6 -l ipv6 -d 'include only IPv6 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s B -l bound-inactive -d 'include TCP sockets that are bound but neither listening nor connected'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l partial -d 'accept a text with unreadable rows and use the others'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l json -d 'print JSON, identical in every language; short for --format json'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l by -d 'group by these keys: state, family, local, lport, peer, peer/24, pport, service, direction, timer, user, proc, pid, unit, container, cc, dev, netns; peer/24 takes any prefix length, peer/24,64 one for IPv4 and one for IPv6; separate keys with commas or blanks' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l top -d 'show only the N largest groups; add the rest up in one row' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l min -d 'omit groups of fewer than N sockets' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s F -l filter -d 'read the filter from a file (- for standard input); lines that begin with # are comments' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s N -l netns -d 'use another network namespace: a name from ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l engine -d 'find owners with BPF: auto (as root, if many files are open), bpf (always; count then also counts TCP in the kernel; a note says why if it cannot), netlink (never) [default: auto]' -r -f -a "auto\t''
netlink\t''
bpf\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l from -d 'read a file instead of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; - for standard input' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l capture -d 'read capture N of a text that holds several [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l format -d 'choose the output format: table, json, csv [default: table]' -r -f -a "table\t''
json\t''
csv\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s t -l tcp -d 'include TCP sockets [default if none of -t -u -w -x is given]'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s u -l udp -d 'include UDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s w -l raw -d 'include raw sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s x -l unix -d 'include UNIX domain sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s 4 -l ipv4 -d 'include only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s 6 -l ipv6 -d 'include only IPv6 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s B -l bound-inactive -d 'include TCP sockets that are bound but neither listening nor connected'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l partial -d 'accept a text with unreadable rows and use the others'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l json -d 'print JSON, identical in every language; short for --format json'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s F -l filter -d 'read the filter from a file (- for standard input); lines that begin with # are comments' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s f -l family -d 'show only this family: inet, inet6, unix, link, netlink, vsock, tipc, xdp' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s A -l query -d 'show only these tables: all, inet, tcp, udp, raw, unix, unix_stream, packet, netlink, mptcp and so on; separate them with commas, ! excludes one' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l bpf-map-id -d 'show what one BPF map stores with the socket; may be repeated' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l in-words -d 'print timers, memory and owners in words: always, never (short forms of ss), or auto (on a terminal) [default: auto; always without a value]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l columns -d 'show these columns, separated by commas: netid, state, recvq, sendq, local, peer, process (or proc), pid, user, unit, container, netns, ends, rtt, cwnd, any field of tcp_info; applies to tables, CSV and JSON' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l sort -d 'sort by a column (recvq, or recvq:desc); prints after all rows are read' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l compat -d 'print exactly what another program prints: ss (of iproute2 6.1)' -r -f -a "ss\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s D -l diag -d 'write the kernel\'s raw TCP answer to a file (- for standard output) and list nothing' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s N -l netns -d 'use another network namespace: a name from ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l engine -d 'find owners with BPF: auto (as root, if many files are open), bpf (always; count then also counts TCP in the kernel; a note says why if it cannot), netlink (never) [default: auto]' -r -f -a "auto\t''
netlink\t''
bpf\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l from -d 'read a file instead of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; - for standard input' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l capture -d 'read capture N of a text that holds several [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l format -d 'choose the output format: table, json, jsonl, csv [default: table]' -r -f -a "table\t''
json\t''
jsonl\t''
csv\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s a -l all -d 'show sockets in every state'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s l -l listening -d 'show only listening sockets; of protocols without LISTEN, unconnected ones'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s B -l bound-inactive -d 'show only TCP sockets that are bound but neither listening nor connected'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s 4 -l ipv4 -d 'include only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s 6 -l ipv6 -d 'include only IPv6 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s t -l tcp -d 'include TCP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s u -l udp -d 'include UDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l udplite -d 'include UDP-Lite sockets (removed in Linux 7.1)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s w -l raw -d 'include raw sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s x -l unix -d 'include UNIX domain sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s 0 -l packet -d 'include packet sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s M -l mptcp -d 'include Multipath TCP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s S -l sctp -d 'include SCTP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s d -l dccp -d 'include DCCP sockets (removed in Linux 6.16)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l vsock -d 'include sockets between a virtual machine and its host'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l tipc -d 'include TIPC sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l xdp -d 'include XDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s n -l numeric -d 'print numbers for ports [the default], netlink ports and rates'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s W -l wide -d 'ignored; addresses are never truncated'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s r -l resolve -d 'print host and service names (queries the resolver)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s o -l options -d 'show timers, and when a socket goes away'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s e -l extended -d 'show user, inode, cookie, mark and cgroup; implies -o'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s m -l memory -d 'show socket memory and drops'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s p -l processes -d 'show the processes that hold the socket'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s T -l threads -d 'show the threads of these processes; implies -p'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s i -l info -d 'show tcp_info: round trip, window, retransmits and all other fields'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l tipcinfo -d 'show internal TIPC information'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l tos -d 'show type of service and priority'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l cgroup -d 'show the cgroup'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l inet-sockopt -d 'show the socket options of internet sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s b -l bpf -d 'show attached classic BPF filters; implies -o'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l bpf-maps -d 'show what BPF programs store with the socket'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s Z -l context -d 'show the security contexts of processes; implies -p'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s z -l contexts -d 'show the security contexts of processes and sockets; implies -p'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s s -l summary -d 'print the number of sockets instead of the list; works with JSON'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s H -l no-header -d 'omit the header line'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s O -l oneline -d 'print each socket on one line'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s Q -l no-queues -d 'omit the queue columns'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s K -l kill -d 'destroy the matching sockets and show those that are gone; needs --yes, and protects what sockdoc kill protects'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l yes -d 'destroy the sockets that -K selects; without it, -K only shows which command to type'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l include-ssh -d 'also destroy connections of sshd, dropbear, mosh, tailscaled, teleport, the SSM agent and kubelet'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l include-unknown -d 'also destroy sockets whose owner is unknown'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s E -l events -d 'follow TCP and UDP sockets and show each when it ends'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l force -d 'overwrite an existing file'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l partial -d 'accept a text with unreadable rows and use the others'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s V -l version -d 'print the version'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l json -d 'print JSON, identical in every language; short for --format json'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l for -d 'take two samples this far apart (5s, 1m) to compute rates' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l only -d 'check only these rules, separated by commas' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l ignore -d 'skip these rules, separated by commas' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l set -d 'change a threshold, for example close-wait-leak.age=2s; --list shows all thresholds' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l config -d 'read thresholds from this TOML file [default: ~/.config/sockdoc/config.toml, else /etc/sockdoc.toml]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l fail-on -d 'exit 1 at this severity or above: critical, warning, notice [default: warning]' -r -f -a "critical\t''
warning\t''
notice\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -s N -l netns -d 'use another network namespace: a name from ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l engine -d 'find owners with BPF: auto (as root, if many files are open), bpf (always; count then also counts TCP in the kernel; a note says why if it cannot), netlink (never) [default: auto]' -r -f -a "auto\t''
netlink\t''
bpf\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l from -d 'read a file instead of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; - for standard input' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l capture -d 'read capture N of a text that holds several [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l save -d 'save the samples of this run to a file; --from reads it' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l format -d 'choose the output format: table, json [default: table]' -r -f -a "table\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l deep -d 'also read tcp_info of every open connection, descriptors without a socket, and bound but unused ports'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l fail-on-unchecked -d 'exit 2 if a rule could not be checked'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l partial -d 'accept a text with unreadable rows and use the others'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l list -d 'list the rules and their thresholds, and check nothing'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l nagios -d 'print one line with performance data; exits 0, 1, 2 or 3 as monitors expect'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l script -d 'print the suggested sysctl changes as a shell script'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l sysctl-d -d 'print the suggested sysctl changes as a file for /etc/sysctl.d'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l force -d 'overwrite an existing file'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -s v -l verbose -d 'show everything: every line of a finding, and the rules that were not checked'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l json -d 'print JSON, identical in every language; short for --format json'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -s F -l filter -d 'read the filter from a file (- for standard input); lines that begin with # are comments' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -s n -l interval -d 'take a sample this often, for example 5s or 0.5 [default: 2s]; less often if a sample is expensive' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -s c -l count -d 'stop after N samples' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l for -d 'stop after this long (10s, 5m)' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -s N -l netns -d 'use another network namespace: a name from ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l engine -d 'find owners with BPF: auto (as root, if many files are open), bpf (always; count then also counts TCP in the kernel; a note says why if it cannot), netlink (never) [default: auto]' -r -f -a "auto\t''
netlink\t''
bpf\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l from -d 'read a file instead of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; - for standard input' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l only -d 'check only these rules, separated by commas' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l ignore -d 'skip these rules, separated by commas' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l set -d 'change a threshold, for example close-wait-leak.age=2s; --list shows all thresholds' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l config -d 'read thresholds from this TOML file [default: ~/.config/sockdoc/config.toml, else /etc/sockdoc.toml]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l fail-on -d 'exit 1 at this severity or above: critical, warning, notice [default: warning]' -r -f -a "critical\t''
warning\t''
notice\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l format -d 'choose the output format: table, jsonl, json [default: table]' -r -f -a "table\t''
jsonl\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l plain -d 'print one line per sample, even on a terminal'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l deep -d 'also read tcp_info of every open connection, descriptors without a socket, and bound but unused ports'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l fail-on-unchecked -d 'exit 2 if a rule could not be checked'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l json -d 'print JSON, identical in every language; short for --format json'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -s F -l filter -d 'read the filter from a file (- for standard input); lines that begin with # are comments' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -l interval -d 'read the open sockets this often, to learn owners and ages [default: 2s]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -l for -d 'stop after this long (10s, 5m)' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -s c -l count -d 'stop after N events' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -l summary -d 'print sums over this time (10s, 1m), not a line for each event' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -l by -d 'group the sums by these keys: state, family, local, lport, peer, peer/24, pport, service, direction, timer, user, proc, pid, unit, container, cc, dev, netns (not timer, cc; state only with --states)' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -l top -d 'show only the N largest groups; add the rest up in one row' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -s N -l netns -d 'use another network namespace: a name from ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -l engine -d 'find owners with BPF: auto (as root, if many files are open), bpf (always; count then also counts TCP in the kernel; a note says why if it cannot), netlink (never) [default: auto]' -r -f -a "auto\t''
netlink\t''
bpf\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -l from -d 'read a file instead of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; - for standard input' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -l format -d 'choose the output format: table, jsonl, json [default: table]' -r -f -a "table\t''
jsonl\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -l states -d 'show each state change of TCP sockets, by BPF (as root): time in the state, time to connect, who connected, why it failed'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -s v -l verbose -d 'with --states, also show the log of the kernel\'s verifier if it refuses the program'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -l json -d 'print JSON, identical in every language; short for --format json'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand events" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -s N -l netns -d 'use another network namespace: a name from ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l from -d 'read a file instead of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; - for standard input' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l capture -d 'read capture N of a text that holds several [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l format -d 'choose the output format: table, json [default: table]' -r -f -a "table\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l partial -d 'accept a text with unreadable rows and use the others'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l all -d 'print all topics'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l no-live -d 'omit this host\'s figures'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -s v -l verbose -d 'show every socket that matches the filter, not only the first ones'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l json -d 'print JSON, identical in every language; short for --format json'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand reach" -l timeout -d 'wait this long for DNS servers and the peer together (3s, 500ms) [default: 3s]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand reach" -s N -l netns -d 'use another network namespace: a name from ip netns, pid:N, or a path' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand reach" -l from -d 'not supported; reach connects from this host, now' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand reach" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand reach" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand reach" -l format -d 'choose the output format: table, json [default: table]' -r -f -a "table\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand reach" -s 4 -l ipv4 -d 'connect to IPv4 addresses only'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand reach" -s 6 -l ipv6 -d 'connect to IPv6 addresses only'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand reach" -s u -l udp -d 'not supported; UDP has no handshake to test'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand reach" -s v -l verbose -d 'show every line of a finding'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand reach" -l json -d 'print JSON, identical in every language; short for --format json'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand reach" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -s F -l filter -d 'read the filter from a file (- for standard input); lines that begin with # are comments' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -l max -d 'refuse more than N sockets [default: 100]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -s N -l netns -d 'use another network namespace: a name from ip netns, pid:N, or a path' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -l from -d 'read a file instead of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; - for standard input' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -l format -d 'choose the output format: table, json [default: table]' -r -f -a "table\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -l yes -d 'destroy the sockets without asking [default: a dry run; on a terminal, asks for the number of sockets]'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -s t -l tcp -d 'destroy TCP sockets [default if -u is not given]'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -s u -l udp -d 'destroy connected UDP sockets; unconnected ones never'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -s 4 -l ipv4 -d 'include only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -s 6 -l ipv6 -d 'include only IPv6 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -l listeners -d 'also destroy listeners'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -l time-wait -d 'also destroy sockets in TIME_WAIT'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -l orphans -d 'also destroy connections that their program closed and the kernel still finishes; Linux 6.11 or later'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -l include-ssh -d 'also destroy connections of sshd, dropbear, mosh, tailscaled, teleport, the SSM agent and kubelet'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -l include-unknown -d 'also destroy sockets whose owner is unknown'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -s v -l verbose -d 'show every socket instead of groups'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -l json -d 'print JSON, identical in every language; short for --format json'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand kill" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -l by -d 'also compare groups by these keys (see group)' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -s N -l netns -d 'use another network namespace: a name from ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -l format -d 'choose the output format: table, json [default: table]' -r -f -a "table\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -s v -l verbose -d 'show every group, counter and connection that differs'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -l json -d 'print JSON, identical in every language; short for --format json'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -s h -l help -d 'print help (-h: short form)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l for -d 'take two samples this far apart (5s, 1m) and show what rose, with rates' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -s N -l netns -d 'use another network namespace: a name from ip netns, pid:N, or a path' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l from -d 'read a file instead of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; - for standard input' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l capture -d 'read capture N of a text that holds several [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l lang -d 'choose the language: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l color -d 'use colors: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l format -d 'choose the output format: table, json [default: table]' -r -f -a "table\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -s a -l all -d 'also show counters that are 0 or, with --for, did not change'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l partial -d 'accept a text with unreadable rows and use the others'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -s v -l verbose -d 'also print what a rise of each counter means'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l json -d 'print JSON, identical in every language; short for --format json'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -s h -l help -d 'print help (-h: short form)'
