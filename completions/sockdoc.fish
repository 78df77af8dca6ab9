# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_sockdoc_global_optspecs
    string join \n B/bound-inactive json format= lang= color= v/verbose h/help V/version
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

complete -c sockdoc -n "__fish_sockdoc_needs_command" -l format -d 'how to print: table, json, csv [default: table]' -r -f -a "table\t''
json\t''
csv\t''"
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_needs_command" -s B -l bound-inactive -d 'also TCP sockets that are bound but neither listen nor connect'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -s v -l verbose -d 'show all states, those without sockets too'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -s h -l help -d 'print help'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -s V -l version -d 'print the version'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "count" -d 'print how many sockets there are: one integer'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "group" -d 'count sockets by state, port, peer, direction and more'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "completions" -d 'print a completion script for a shell'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "man" -d 'print the man page'
complete -c sockdoc -n "__fish_sockdoc_needs_command" -f -a "help" -d 'print help for a command'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l format -d 'how to print: table, json, csv [default: table]' -r -f -a "table\t''
json\t''
csv\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s t -l tcp -d 'TCP sockets [default if none of -t -u -w -x is given]'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s u -l udp -d 'UDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s w -l raw -d 'raw sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s x -l unix -d 'UNIX domain sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s 4 -l ipv4 -d 'only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s 6 -l ipv6 -d 'only IPv6 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s B -l bound-inactive -d 'also TCP sockets that are bound but neither listen nor connect'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s v -l verbose -d 'show all states, those without sockets too'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand count" -s h -l help -d 'print help'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l by -d 'what to count by: state, family, local, lport, peer, peer/24 (or any peer/N, peer/N,M), pport, service, direction, timer, user; several, separated by blanks or commas' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l top -d 'show only the N largest groups; the rest becomes one row' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l min -d 'leave out groups of fewer than N sockets' -r
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l format -d 'how to print: table, json, csv [default: table]' -r -f -a "table\t''
json\t''
csv\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s t -l tcp -d 'TCP sockets [default if none of -t -u -w -x is given]'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s u -l udp -d 'UDP sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s w -l raw -d 'raw sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s x -l unix -d 'UNIX domain sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s 4 -l ipv4 -d 'only IPv4 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s 6 -l ipv6 -d 'only IPv6 sockets'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s B -l bound-inactive -d 'also TCP sockets that are bound but neither listen nor connect'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s v -l verbose -d 'show all states, those without sockets too'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand group" -s h -l help -d 'print help'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand completions" -l format -d 'how to print: table, json, csv [default: table]' -r -f -a "table\t''
json\t''
csv\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand completions" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand completions" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand completions" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand completions" -s v -l verbose -d 'show all states, those without sockets too'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand completions" -s h -l help -d 'print help'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand man" -l format -d 'how to print: table, json, csv [default: table]' -r -f -a "table\t''
json\t''
csv\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand man" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand man" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand man" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand man" -s v -l verbose -d 'show all states, those without sockets too'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand man" -s h -l help -d 'print help'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand help" -l format -d 'how to print: table, json, csv [default: table]' -r -f -a "table\t''
json\t''
csv\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand help" -l lang -d 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]' -r -f -a "en\t''
zh\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand help" -l color -d 'use colour: auto, always, never [default: auto]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c sockdoc -n "__fish_sockdoc_using_subcommand help" -l json -d 'print JSON, the same in every language (short for --format json)'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand help" -s v -l verbose -d 'show all states, those without sockets too'
complete -c sockdoc -n "__fish_sockdoc_using_subcommand help" -s h -l help -d 'print help'
