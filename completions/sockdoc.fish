# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_sockdoc_global_optspecs
    string join \n B/bound-inactive N/netns= from= capture= partial for= deep save= force v/verbose json format= lang= color= h/help V/version
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

complete -c sockdoc -n "__fish_sockdoc_needs_command" -s N -l netns -d 'look into another network namespace: a name of ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l from -d 'read a file in place of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; standard input for -' -r
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l capture -d 'which capture of a text with several, counted from 1 [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l for -d 'look twice, so far apart (5s, 1m), for rates and rises' -r
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l save -d 'keep what this run saw in a file, for --from' -r
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l format -d 'how to print: table, json [default: table]' -r -f -a "table\t''
json\t''
jsonl\t''
csv\t''"
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_needs_command" -s B -l bound-inactive -d 'also TCP sockets that are bound but neither listen nor connect'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l partial -d 'accept a text with rows that cannot be read, and count the others'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l deep -d 'also what costs more: tcp_info of every open connection, descriptors without a socket, ports taken and unused'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l force -d 'replace a file of that name'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -s v -l verbose -d 'show everything: states without sockets too, and all of each finding'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -s h -l help -d 'print help; -h is the short form'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -s V -l version -d 'print the version'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "record" -d 'keep what there is in one file, to look at it later or elsewhere'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "ss" -d 'what ss prints, with its options; also by the name ss (ln -s sockdoc ss)'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "netstat" -d 'what netstat prints, with its options; also by the name netstat (ln -s sockdoc netstat)'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "completions" -d 'print a completion script for a shell'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "man" -d 'print the man page'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "help" -d 'print help for a command'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "count" -d 'print how many sockets there are: one integer'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "group" -d 'count sockets by state, port, peer, direction and more'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "list" -d 'list sockets, with all options of ss'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "check" -d 'say what is wrong and what helps; exit status 1 if something is'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "watch" -d 'show this host live: states, rates, and problems as they come and go'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "explain" -d 'explain a state, error, field, setting, counter or finding; without a topic, list them'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "diff" -d 'what changed between two recordings, or a recording and now'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "counters" -d 'show the kernel\'s network counters in plain words, with rates'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -s o -l output -d 'the file, of 500 MiB at most, or - for standard output [default: HOST-TIME.sockdoc]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l for -d 'go on for so long (10s, 5m) in place of one look; Ctrl-C ends it earlier, and what was seen is kept' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l every -d 'look so often [default: 2s]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -s N -l netns -d 'look into another network namespace: a name of ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l from -d 'read a file in place of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; standard input for -' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l deep -d 'also tcp_info, memory and options of every TCP socket, descriptors without a socket, ports taken and unused'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l cmdline -d 'whole command lines too, which may hold passwords; else of each program only its name'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l redact -d 'replace addresses, host, users, programs, units, namespaces and paths by aliases; with --from FILE, in a copy of that recording'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -l force -d 'replace a file of that name'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand record" -s h -l help -d 'print help; -h is the short form'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s N -l net -d 'look into another network namespace: a name of ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s f -l family -d 'only this family: inet, inet6, unix, link, netlink, vsock, tipc, xdp' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s A -l query -d 'only these tables, separated by commas, ! takes away: all, inet, tcp, udp, raw, unix, unix_stream, packet, netlink, mptcp and so on' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l socket -d 'only these tables, separated by commas, ! takes away: all, inet, tcp, udp, raw, unix, unix_stream, packet, netlink, mptcp and so on' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s D -l diag -d 'write the raw answer about TCP to a file (- is standard output) and list nothing' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s F -l filter -d 'read the filter from a file (- is standard input); lines that begin with # are left out' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s h -l help -d 'print help; -h is the short form'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s V -s v -l version -d 'print the version'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s n -l numeric -d 'numbers for ports [the default], netlink ports and rates'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s r -l resolve -d 'names of hosts and services (asks the resolver)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s a -l all -d 'sockets in all states'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s l -l listening -d 'only listening sockets, and unconnected ones where nothing listens'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s o -l options -d 'timers, and when a socket goes away'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s e -l extended -d 'user, inode, cookie, mark, cgroup; implies -o'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s m -l memory -d 'socket memory and drops'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s p -l processes -d 'the processes that hold it'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s T -l threads -d 'their threads; implies -p'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s i -l info -d 'tcp_info: round trip, window, retransmissions and all the rest'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l tipcinfo -d 'internal TIPC information'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s s -l summary -d 'how many sockets there are, in place of the list; also as JSON'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l tos -d 'type of service and priority'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l cgroup -d 'the cgroup'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s b -l bpf -d 'attached classic BPF filters; implies -o'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s E -l events -d 'refused: dying sockets are not followed'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s Z -l context -d 'security contexts of the processes; implies -p'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s z -l contexts -d 'security contexts of processes and sockets; implies -p'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s 4 -l ipv4 -d 'only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s 6 -l ipv6 -d 'only IPv6 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s 0 -l packet -d 'packet sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s t -l tcp -d 'TCP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s M -l mptcp -d 'Multipath TCP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s S -l sctp -d 'SCTP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s u -l udp -d 'UDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s d -l dccp -d 'DCCP sockets (left Linux in 6.16)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s w -l raw -d 'raw sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s x -l unix -d 'UNIX domain sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l tipc -d 'TIPC sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l vsock -d 'sockets between a virtual machine and its host'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l xdp -d 'XDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s K -l kill -d 'refused: listing destroys nothing'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s H -l no-header -d 'no heading'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -s O -l oneline -d 'each socket on one line'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand ss" -l inet-sockopt -d 'options set on internet sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s A -l protocol -d 'only these families, separated by commas: inet, inet6, unix' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s h -l help -d 'print help; -h is the short form'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s V -l version -d 'print the version'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s r -l route -d 'the routing table (-e and -ee: other columns; -6: of IPv6)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s i -l interfaces -d 'the interfaces with their packets and errors'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s g -l groups -d 'the multicast groups that interfaces are in'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s s -l statistics -d 'the kernel\'s counters in words'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s M -l masquerade -d 'masqueraded connections, which no Linux since 2.4 lists'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s a -l all -d 'sockets in all states'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s l -l listening -d 'only sockets without a peer'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s t -l tcp -d 'TCP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s u -l udp -d 'UDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s U -l udplite -d 'UDP-Lite sockets (left Linux in 7.1)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s S -l sctp -d 'SCTP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s w -l raw -d 'raw sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s x -l unix -d 'UNIX domain sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s 2 -l l2cap -d 'Bluetooth sockets, which are not read'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s f -l rfcomm -d 'Bluetooth sockets, which are not read'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s 4 -l inet -d 'only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s 6 -l inet6 -d 'only IPv6 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s n -l numeric -d 'numbers in place of names: of everything, or of hosts, ports or users'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l numeric-hosts -d 'numbers in place of names: of everything, or of hosts, ports or users'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l numeric-ports -d 'numbers in place of names: of everything, or of hosts, ports or users'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l numeric-users -d 'numbers in place of names: of everything, or of hosts, ports or users'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s N -l symbolic -d 'names of hardware addresses, which no table here has'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s W -l wide -d 'whole addresses, which are cut else'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s e -l extend -d 'user and inode too; of routes other columns'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s p -l programs -d 'the process that holds the socket, and its program'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s o -l timers -d 'the timer of each socket'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s c -l continuous -d 'again every second, until it is interrupted'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s v -l verbose -d 'say on stderr which families this host lacks'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s C -l cache -d 'the routing cache in place of the table'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s F -l fib -d 'the routing table, also beside -C'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s Z -l context -d 'security contexts, which are not read'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -s d -l debug -d 'nothing, as in netstat'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l ip -d 'only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l tcpip -d 'only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l ax25 -d 'a family that is not read'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l ipx -d 'a family that is not read'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l rose -d 'a family that is not read'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l appletalk -d 'a family that is not read'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l netrom -d 'a family that is not read'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l ddp -d 'a family that is not read'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l x25 -d 'a family that is not read'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand netstat" -l bluetooth -d 'Bluetooth sockets, which are not read'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand completions" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand completions" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand completions" -s h -l help -d 'print help; -h is the short form'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand man" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand man" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand man" -s h -l help -d 'print help; -h is the short form'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand help" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand help" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand help" -s h -l help -d 'print help; -h is the short form'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s F -l filter -d 'read the filter from a file (- is standard input); lines that begin with # are left out' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s N -l netns -d 'look into another network namespace: a name of ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l from -d 'read a file in place of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; standard input for -' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l capture -d 'which capture of a text with several, counted from 1 [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l format -d 'how to print: table, json [default: table]' -r -f -a "table\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s t -l tcp -d 'TCP sockets [default if none of -t -u -w -x is given]'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s u -l udp -d 'UDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s w -l raw -d 'raw sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s x -l unix -d 'UNIX domain sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s 4 -l ipv4 -d 'only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s 6 -l ipv6 -d 'only IPv6 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s B -l bound-inactive -d 'also TCP sockets that are bound but neither listen nor connect'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l partial -d 'accept a text with rows that cannot be read, and count the others'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s h -l help -d 'print help; -h is the short form'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l by -d 'what to count by: state, family, local, lport, peer, peer/24, pport, service, direction, timer, user, proc, pid, unit, container, cc, dev, netns; for peer/24 any peer/N or peer/N,M; several, separated by blanks or commas' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l top -d 'show only the N largest groups; the rest becomes one row' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l min -d 'leave out groups of fewer than N sockets' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s F -l filter -d 'read the filter from a file (- is standard input); lines that begin with # are left out' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s N -l netns -d 'look into another network namespace: a name of ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l from -d 'read a file in place of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; standard input for -' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l capture -d 'which capture of a text with several, counted from 1 [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l format -d 'how to print: table, json, csv [default: table]' -r -f -a "table\t''
json\t''
csv\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s t -l tcp -d 'TCP sockets [default if none of -t -u -w -x is given]'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s u -l udp -d 'UDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s w -l raw -d 'raw sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s x -l unix -d 'UNIX domain sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s 4 -l ipv4 -d 'only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s 6 -l ipv6 -d 'only IPv6 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s B -l bound-inactive -d 'also TCP sockets that are bound but neither listen nor connect'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l partial -d 'accept a text with rows that cannot be read, and count the others'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s h -l help -d 'print help; -h is the short form'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s F -l filter -d 'read the filter from a file (- is standard input); lines that begin with # are left out' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s f -l family -d 'only this family: inet, inet6, unix, link, netlink, vsock, tipc, xdp' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s A -l query -d 'only these tables, separated by commas, ! takes away: all, inet, tcp, udp, raw, unix, unix_stream, packet, netlink, mptcp and so on' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l bpf-map-id -d 'the same of one map alone; may be repeated' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l in-words -d 'timers, memory and owners in words: always, never (the short forms of ss), or auto: on a terminal [default: auto; always if the value is left out]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l columns -d 'show these columns, in a table, CSV and JSON, separated by commas: netid, state, recvq, sendq, local, peer, process (or proc), pid, user, unit, container, netns, ends, rtt, cwnd, any field of tcp_info' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l sort -d 'sort by a column (recvq, or recvq:desc); collects all rows first' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l compat -d 'print exactly what this program prints: ss (of iproute2 6.1)' -r -f -a "ss\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s D -l diag -d 'write the raw answer about TCP to a file (- is standard output) and list nothing' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s N -l netns -d 'look into another network namespace: a name of ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l from -d 'read a file in place of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; standard input for -' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l capture -d 'which capture of a text with several, counted from 1 [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l format -d 'how to print: table, json, jsonl, csv [default: table]' -r -f -a "table\t''
json\t''
jsonl\t''
csv\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s a -l all -d 'sockets in all states'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s l -l listening -d 'only listening sockets, and unconnected ones where nothing listens'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s B -l bound-inactive -d 'only TCP sockets that are bound but neither listen nor connect'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s 4 -l ipv4 -d 'only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s 6 -l ipv6 -d 'only IPv6 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s t -l tcp -d 'TCP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s u -l udp -d 'UDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l udplite -d 'UDP-Lite sockets (left Linux in 7.1)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s w -l raw -d 'raw sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s x -l unix -d 'UNIX domain sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s 0 -l packet -d 'packet sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s M -l mptcp -d 'Multipath TCP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s S -l sctp -d 'SCTP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s d -l dccp -d 'DCCP sockets (left Linux in 6.16)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l vsock -d 'sockets between a virtual machine and its host'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l tipc -d 'TIPC sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l xdp -d 'XDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s n -l numeric -d 'numbers for ports [the default], netlink ports and rates'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s r -l resolve -d 'names of hosts and services (asks the resolver)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s o -l options -d 'timers, and when a socket goes away'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s e -l extended -d 'user, inode, cookie, mark, cgroup; implies -o'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s m -l memory -d 'socket memory and drops'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s p -l processes -d 'the processes that hold it'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s T -l threads -d 'their threads; implies -p'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s i -l info -d 'tcp_info: round trip, window, retransmissions and all the rest'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l tipcinfo -d 'internal TIPC information'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l tos -d 'type of service and priority'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l cgroup -d 'the cgroup'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l inet-sockopt -d 'options set on internet sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s b -l bpf -d 'attached classic BPF filters; implies -o'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l bpf-maps -d 'what BPF programs keep with the socket'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s Z -l context -d 'security contexts of the processes; implies -p'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s z -l contexts -d 'security contexts of processes and sockets; implies -p'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s s -l summary -d 'how many sockets there are, in place of the list; also as JSON'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s H -l no-header -d 'no heading'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s O -l oneline -d 'each socket on one line'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s Q -l no-queues -d 'no queue columns'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s K -l kill -d 'refused: listing destroys nothing'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s E -l events -d 'refused: dying sockets are not followed'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l force -d 'replace a file of that name'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l partial -d 'accept a text with rows that cannot be read, and count the others'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s V -l version -d 'print the version'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand list" -s h -l help -d 'print help; -h is the short form'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l for -d 'look twice, so far apart (5s, 1m), for rates and rises' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l only -d 'check only these rules, separated by commas' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l ignore -d 'leave these rules out, separated by commas' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l set -d 'change a threshold, as in close-wait-leak.age=2s; --list shows them' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l config -d 'read thresholds from this TOML file [default: ~/.config/sockdoc/config.toml, else /etc/sockdoc.toml]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l fail-on -d 'exit with 1 from this severity on: critical, warning, notice [default: warning]' -r -f -a "critical\t''
warning\t''
notice\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -s N -l netns -d 'look into another network namespace: a name of ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l from -d 'read a file in place of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; standard input for -' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l capture -d 'which capture of a text with several, counted from 1 [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l save -d 'keep what this run saw in a file, for --from' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l format -d 'how to print: table, json [default: table]' -r -f -a "table\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l deep -d 'also what costs more: tcp_info of every open connection, descriptors without a socket, ports taken and unused'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l fail-on-unchecked -d 'exit with 2 if a rule could not be checked'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l partial -d 'accept a text with rows that cannot be read, and count the others'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l list -d 'list the rules with their thresholds, and check nothing'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l nagios -d 'one line with performance data; exit status 0, 1, 2 or 3, as monitors expect'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l script -d 'print the kernel settings that would help as a shell script'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l sysctl-d -d 'print them as a file for /etc/sysctl.d'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l force -d 'replace a file of that name'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -s v -l verbose -d 'show everything: all of each finding, and the rules that were not checked'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand check" -s h -l help -d 'print help; -h is the short form'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -s F -l filter -d 'read the filter from a file (- is standard input); lines that begin with # are left out' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -s n -l interval -d 'time between two samples, for example 5s or 0.5 [default: 2s]; longer where a sample is expensive' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -s c -l count -d 'stop after N samples' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l for -d 'stop after this long (10s, 5m)' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -s N -l netns -d 'look into another network namespace: a name of ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l from -d 'read a file in place of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; standard input for -' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l only -d 'check only these rules, separated by commas' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l ignore -d 'leave these rules out, separated by commas' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l set -d 'change a threshold, as in close-wait-leak.age=2s; --list shows them' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l config -d 'read thresholds from this TOML file [default: ~/.config/sockdoc/config.toml, else /etc/sockdoc.toml]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l fail-on -d 'exit with 1 from this severity on: critical, warning, notice [default: warning]' -r -f -a "critical\t''
warning\t''
notice\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l format -d 'how to print: table, jsonl, json [default: table]' -r -f -a "table\t''
jsonl\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l plain -d 'print a line for each sample, on a terminal too'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l deep -d 'also what costs more: tcp_info of every open connection, descriptors without a socket, ports taken and unused'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l fail-on-unchecked -d 'exit with 2 if a rule could not be checked'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand watch" -s h -l help -d 'print help; -h is the short form'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -s N -l netns -d 'look into another network namespace: a name of ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l from -d 'read a file in place of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; standard input for -' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l capture -d 'which capture of a text with several, counted from 1 [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l format -d 'how to print: table, json [default: table]' -r -f -a "table\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l partial -d 'accept a text with rows that cannot be read, and count the others'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l all -d 'all topics'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l no-live -d 'leave out the figures of this host'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -s v -l verbose -d 'show all sockets that a filter names, not only the first ones'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand explain" -s h -l help -d 'print help; -h is the short form'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -l by -d 'compare groups too, by these keys (see group)' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -s N -l netns -d 'look into another network namespace: a name of ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -l format -d 'how to print: table, json [default: table]' -r -f -a "table\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -s v -l verbose -d 'show all groups, counters and connections that differ'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand diff" -s h -l help -d 'print help; -h is the short form'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l for -d 'take two samples this far apart (5s, 1m) and show what rose, with rates' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -s N -l netns -d 'look into another network namespace: a name of ip netns, pid:N, a path, or all' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l from -d 'read a file in place of the kernel: a recording, a raw dump of ss -D, or text of ss, netstat, lsof, nstat or /proc/net; standard input for -' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l capture -d 'which capture of a text with several, counted from 1 [default: the last]' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l format -d 'how to print: table, json [default: table]' -r -f -a "table\t''
json\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -s a -l all -d 'also show counters that are 0 or, with --for, did not change'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l partial -d 'accept a text with rows that cannot be read, and count the others'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -s v -l verbose -d 'also say what a rise of each counter proves'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand counters" -s h -l help -d 'print help; -h is the short form'
