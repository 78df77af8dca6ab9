# What is wrong with a filter: lower case, no final stop.
unexpected-end = the filter ends where more is needed
unexpected = "{ $word }" does not belong here
unclosed = this parenthesis is not closed
unopened = this parenthesis was not opened
near-word = "{ $word }" is no word of the filter
unknown-key = unknown key "{ $word }"
unknown-state = unknown state "{ $word }"
not-ordered = "{ $word }" can only be compared with = and !=
bad-port = "{ $word }" is no port: ports are 0 to 65535, or the name of a service
bad-address = "{ $word }" is no address
bad-prefix = "{ $word }" has no valid prefix length: IPv4 takes 0 to 32, IPv6 0 to 128
bad-number = "{ $word }" is no number
bad-size = "{ $word }" is no number of bytes
bad-duration = "{ $word }" is no duration: it needs a number and a unit, as in 10m or 500ms
bad-mark = "{ $word }" is no firewall mark
bad-word = "{ $word }" cannot stand here
unknown-service = unknown service "{ $word }"
unknown-host = unknown host "{ $word }"
unknown-interface = unknown interface "{ $word }"
unknown-user = unknown user "{ $word }"
unknown-cgroup = unknown cgroup "{ $word }"
unknown-unit = unknown unit "{ $word }"
unknown-container = unknown container "{ $word }"
unknown-netns = unknown network namespace "{ $word }" among those looked at
unknown-protocol = unknown protocol "{ $word }"
unknown-program = "{ $word }" is no state and no running program (for one that does not run: proc = { $word })
lone-backslash = a backslash with nothing after it
too-deep = parentheses are nested more than { $limit } deep
too-long = the filter is longer than { $limit } bytes
expected = expected { $words }
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
or = { $first } or { $last }
mixed = "and" binds before "or" here, as the manual of ss says; ss itself goes from left to right: use parentheses
