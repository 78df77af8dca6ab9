
use builtin;
use str;

set edit:completion:arg-completer[sockdoc] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'sockdoc'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'sockdoc'= {
            cand --format 'how to print: table, json, csv [default: table]'
            cand --lang 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]'
            cand --color 'use colour: auto, always, never [default: auto]'
            cand -B 'also TCP sockets that are bound but neither listen nor connect'
            cand --bound-inactive 'also TCP sockets that are bound but neither listen nor connect'
            cand --json 'print JSON, the same in every language (short for --format json)'
            cand -v 'show all states, those without sockets too'
            cand --verbose 'show all states, those without sockets too'
            cand -h 'print help'
            cand --help 'print help'
            cand -V 'print the version'
            cand --version 'print the version'
            cand count 'print how many sockets there are: one integer'
            cand group 'count sockets by state, port, peer, direction and more'
            cand completions 'print a completion script for a shell'
            cand man 'print the man page'
            cand help 'print help for a command'
        }
        &'sockdoc;count'= {
            cand --format 'how to print: table, json, csv [default: table]'
            cand --lang 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]'
            cand --color 'use colour: auto, always, never [default: auto]'
            cand -t 'TCP sockets [default if none of -t -u -w -x is given]'
            cand --tcp 'TCP sockets [default if none of -t -u -w -x is given]'
            cand -u 'UDP sockets'
            cand --udp 'UDP sockets'
            cand -w 'raw sockets'
            cand --raw 'raw sockets'
            cand -x 'UNIX domain sockets'
            cand --unix 'UNIX domain sockets'
            cand -4 'only IPv4 sockets'
            cand --ipv4 'only IPv4 sockets'
            cand -6 'only IPv6 sockets'
            cand --ipv6 'only IPv6 sockets'
            cand -B 'also TCP sockets that are bound but neither listen nor connect'
            cand --bound-inactive 'also TCP sockets that are bound but neither listen nor connect'
            cand --json 'print JSON, the same in every language (short for --format json)'
            cand -v 'show all states, those without sockets too'
            cand --verbose 'show all states, those without sockets too'
            cand -h 'print help'
            cand --help 'print help'
        }
        &'sockdoc;group'= {
            cand --by 'what to count by: state, family, local, lport, peer, peer/24 (or any peer/N, peer/N,M), pport, service, direction, timer, user; several, separated by blanks or commas'
            cand --top 'show only the N largest groups; the rest becomes one row'
            cand --min 'leave out groups of fewer than N sockets'
            cand --format 'how to print: table, json, csv [default: table]'
            cand --lang 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]'
            cand --color 'use colour: auto, always, never [default: auto]'
            cand -t 'TCP sockets [default if none of -t -u -w -x is given]'
            cand --tcp 'TCP sockets [default if none of -t -u -w -x is given]'
            cand -u 'UDP sockets'
            cand --udp 'UDP sockets'
            cand -w 'raw sockets'
            cand --raw 'raw sockets'
            cand -x 'UNIX domain sockets'
            cand --unix 'UNIX domain sockets'
            cand -4 'only IPv4 sockets'
            cand --ipv4 'only IPv4 sockets'
            cand -6 'only IPv6 sockets'
            cand --ipv6 'only IPv6 sockets'
            cand -B 'also TCP sockets that are bound but neither listen nor connect'
            cand --bound-inactive 'also TCP sockets that are bound but neither listen nor connect'
            cand --json 'print JSON, the same in every language (short for --format json)'
            cand -v 'show all states, those without sockets too'
            cand --verbose 'show all states, those without sockets too'
            cand -h 'print help'
            cand --help 'print help'
        }
        &'sockdoc;completions'= {
            cand --format 'how to print: table, json, csv [default: table]'
            cand --lang 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]'
            cand --color 'use colour: auto, always, never [default: auto]'
            cand --json 'print JSON, the same in every language (short for --format json)'
            cand -v 'show all states, those without sockets too'
            cand --verbose 'show all states, those without sockets too'
            cand -h 'print help'
            cand --help 'print help'
        }
        &'sockdoc;man'= {
            cand --format 'how to print: table, json, csv [default: table]'
            cand --lang 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]'
            cand --color 'use colour: auto, always, never [default: auto]'
            cand --json 'print JSON, the same in every language (short for --format json)'
            cand -v 'show all states, those without sockets too'
            cand --verbose 'show all states, those without sockets too'
            cand -h 'print help'
            cand --help 'print help'
        }
        &'sockdoc;help'= {
            cand --format 'how to print: table, json, csv [default: table]'
            cand --lang 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]'
            cand --color 'use colour: auto, always, never [default: auto]'
            cand --json 'print JSON, the same in every language (short for --format json)'
            cand -v 'show all states, those without sockets too'
            cand --verbose 'show all states, those without sockets too'
            cand -h 'print help'
            cand --help 'print help'
        }
    ]
    $completions[$command]
}
