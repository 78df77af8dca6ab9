
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'sockdoc' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'sockdoc'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'sockdoc' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'how to print: table, json, csv [default: table]')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'use colour: auto, always, never [default: auto]')
            [CompletionResult]::new('-B', '-B ', [CompletionResultType]::ParameterName, 'also TCP sockets that are bound but neither listen nor connect')
            [CompletionResult]::new('--bound-inactive', '--bound-inactive', [CompletionResultType]::ParameterName, 'also TCP sockets that are bound but neither listen nor connect')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'print JSON, the same in every language (short for --format json)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'show all states, those without sockets too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'show all states, those without sockets too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'print the version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'print the version')
            [CompletionResult]::new('count', 'count', [CompletionResultType]::ParameterValue, 'print how many sockets there are: one integer')
            [CompletionResult]::new('group', 'group', [CompletionResultType]::ParameterValue, 'count sockets by state, port, peer, direction and more')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'print the man page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'print help for a command')
            break
        }
        'sockdoc;count' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'how to print: table, json, csv [default: table]')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'use colour: auto, always, never [default: auto]')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'TCP sockets [default if none of -t -u -w -x is given]')
            [CompletionResult]::new('--tcp', '--tcp', [CompletionResultType]::ParameterName, 'TCP sockets [default if none of -t -u -w -x is given]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'UDP sockets')
            [CompletionResult]::new('--udp', '--udp', [CompletionResultType]::ParameterName, 'UDP sockets')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'raw sockets')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'raw sockets')
            [CompletionResult]::new('-x', '-x', [CompletionResultType]::ParameterName, 'UNIX domain sockets')
            [CompletionResult]::new('--unix', '--unix', [CompletionResultType]::ParameterName, 'UNIX domain sockets')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'only IPv4 sockets')
            [CompletionResult]::new('--ipv4', '--ipv4', [CompletionResultType]::ParameterName, 'only IPv4 sockets')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'only IPv6 sockets')
            [CompletionResult]::new('--ipv6', '--ipv6', [CompletionResultType]::ParameterName, 'only IPv6 sockets')
            [CompletionResult]::new('-B', '-B ', [CompletionResultType]::ParameterName, 'also TCP sockets that are bound but neither listen nor connect')
            [CompletionResult]::new('--bound-inactive', '--bound-inactive', [CompletionResultType]::ParameterName, 'also TCP sockets that are bound but neither listen nor connect')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'print JSON, the same in every language (short for --format json)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'show all states, those without sockets too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'show all states, those without sockets too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'print help')
            break
        }
        'sockdoc;group' {
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'what to count by: state, family, local, lport, peer, peer/24 (or any peer/N, peer/N,M), pport, service, direction, timer, user; several, separated by blanks or commas')
            [CompletionResult]::new('--top', '--top', [CompletionResultType]::ParameterName, 'show only the N largest groups; the rest becomes one row')
            [CompletionResult]::new('--min', '--min', [CompletionResultType]::ParameterName, 'leave out groups of fewer than N sockets')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'how to print: table, json, csv [default: table]')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'use colour: auto, always, never [default: auto]')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'TCP sockets [default if none of -t -u -w -x is given]')
            [CompletionResult]::new('--tcp', '--tcp', [CompletionResultType]::ParameterName, 'TCP sockets [default if none of -t -u -w -x is given]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'UDP sockets')
            [CompletionResult]::new('--udp', '--udp', [CompletionResultType]::ParameterName, 'UDP sockets')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'raw sockets')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'raw sockets')
            [CompletionResult]::new('-x', '-x', [CompletionResultType]::ParameterName, 'UNIX domain sockets')
            [CompletionResult]::new('--unix', '--unix', [CompletionResultType]::ParameterName, 'UNIX domain sockets')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'only IPv4 sockets')
            [CompletionResult]::new('--ipv4', '--ipv4', [CompletionResultType]::ParameterName, 'only IPv4 sockets')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'only IPv6 sockets')
            [CompletionResult]::new('--ipv6', '--ipv6', [CompletionResultType]::ParameterName, 'only IPv6 sockets')
            [CompletionResult]::new('-B', '-B ', [CompletionResultType]::ParameterName, 'also TCP sockets that are bound but neither listen nor connect')
            [CompletionResult]::new('--bound-inactive', '--bound-inactive', [CompletionResultType]::ParameterName, 'also TCP sockets that are bound but neither listen nor connect')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'print JSON, the same in every language (short for --format json)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'show all states, those without sockets too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'show all states, those without sockets too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'print help')
            break
        }
        'sockdoc;completions' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'how to print: table, json, csv [default: table]')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'use colour: auto, always, never [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'print JSON, the same in every language (short for --format json)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'show all states, those without sockets too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'show all states, those without sockets too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'print help')
            break
        }
        'sockdoc;man' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'how to print: table, json, csv [default: table]')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'use colour: auto, always, never [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'print JSON, the same in every language (short for --format json)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'show all states, those without sockets too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'show all states, those without sockets too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'print help')
            break
        }
        'sockdoc;help' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'how to print: table, json, csv [default: table]')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'language of the words: en, zh [default: from LC_ALL, LC_MESSAGES, LANG]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'use colour: auto, always, never [default: auto]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'print JSON, the same in every language (short for --format json)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'show all states, those without sockets too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'show all states, those without sockets too')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'print help')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
