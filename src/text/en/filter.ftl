# What is wrong with a filter: lower case, no final stop.
filter-unexpected-end = the filter ends where more is needed
filter-unexpected = "{ $word }" does not belong here
filter-unclosed = this parenthesis is not closed
filter-unopened = this parenthesis was not opened
filter-near-word = "{ $word }" is no word of the filter
filter-unknown-key = unknown key "{ $word }"
filter-unknown-state = unknown state "{ $word }"
filter-not-ordered = "{ $word }" can only be compared with = and !=
filter-bad-port = "{ $word }" is no port: ports are 0 to 65535, or the name of a service
filter-bad-address = "{ $word }" is no address
filter-bad-prefix = "{ $word }" has no valid prefix length: IPv4 takes 0 to 32, IPv6 0 to 128
filter-bad-number = "{ $word }" is no number
filter-bad-size = "{ $word }" is no number of bytes
filter-bad-duration = "{ $word }" is no duration: it needs a number and a unit, as in 10m or 500ms
filter-bad-mark = "{ $word }" is no firewall mark
filter-bad-word = "{ $word }" cannot stand here
filter-unknown-service = unknown service "{ $word }"
filter-unknown-host = unknown host "{ $word }"
filter-unknown-interface = unknown interface "{ $word }"
filter-unknown-user = unknown user "{ $word }"
filter-unknown-cgroup = unknown cgroup "{ $word }"
filter-unknown-unit = unknown unit "{ $word }"
filter-unknown-container = unknown container "{ $word }"
filter-unknown-netns = unknown network namespace "{ $word }" among those looked at
filter-unknown-protocol = unknown protocol "{ $word }"
filter-unknown-program = "{ $word }" is no state and no running program (for one that does not run: proc = { $word })
filter-unclosed-quote = this quote is not closed
filter-lone-backslash = a backslash with nothing after it
filter-too-deep = parentheses are nested more than { $limit } deep
filter-too-long = the filter is longer than { $limit } bytes
filter-expected = expected { $words }
expected-condition = a condition
expected-equality = = or !=
expected-comparison = =, !=, <, <=, > or >=
expected-state = a state
expected-key = a key
expected-address = an address
expected-port = a port
expected-interface = an interface
expected-number = a number
expected-size = a number of bytes
expected-duration = a duration
expected-mark = a firewall mark
expected-cgroup = the path of a cgroup
expected-program = a program
expected-user = a user
expected-unit = a systemd unit
expected-container = the beginning of a container id
expected-netns = a network namespace
expected-protocol = a protocol
expected-end = the end
filter-or = { $first } or { $last }
filter-mixed = "and" binds before "or" here, as the manual of ss says; ss itself goes from left to right: use parentheses
filter-file = { $file }, line { $line }, column { $column }: not a filter
