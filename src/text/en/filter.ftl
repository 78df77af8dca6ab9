# Errors in a filter: lower case, no full stop.
filter-unexpected-end = the filter ends too early
filter-unexpected = unexpected "{ $word }"
filter-unclosed = unclosed parenthesis
filter-unopened = closing parenthesis without an opening one
filter-near-word = unknown filter word "{ $word }"
filter-unknown-key = unknown key "{ $word }"
filter-unknown-state = unknown state "{ $word }"
filter-not-ordered = "{ $word }" supports only = and !=
filter-bad-port = invalid port "{ $word }"
filter-bad-address = invalid address "{ $word }"
filter-bad-prefix = invalid prefix length in "{ $word }" (IPv4 takes 0 to 32, IPv6 0 to 128)
filter-bad-number = invalid number "{ $word }"
filter-bad-size = invalid size "{ $word }"
filter-bad-duration = invalid duration "{ $word }"
filter-bad-mark = invalid firewall mark "{ $word }"
filter-bad-word = unexpected "{ $word }" here
filter-unknown-service = unknown service "{ $word }"
filter-unknown-host = unknown host "{ $word }"
filter-unknown-interface = unknown interface "{ $word }"
filter-unknown-user = unknown user "{ $word }"
filter-unknown-cgroup = unknown cgroup "{ $word }"
filter-unknown-unit = unknown unit "{ $word }"
filter-unknown-container = unknown container "{ $word }"
filter-unknown-netns = unknown network namespace "{ $word }": not among those selected
filter-unknown-protocol = unknown protocol "{ $word }"
filter-unknown-program = unknown word "{ $word }": not a state, and no such program is running; to match it anyway, use proc = { $word }
filter-unclosed-quote = unclosed quote
filter-lone-backslash = backslash at the end of the filter
filter-too-deep = too many nested parentheses; the limit is { $limit }
filter-too-long = filter too long; the limit is { $limit } bytes
filter-expected = expected { $words }
expected-condition = a condition
expected-equality = a comparison (= or !=)
expected-comparison = a comparison (=, !=, <, <=, > or >=)
expected-state = a state
expected-key = a key
expected-address = an address (for a UNIX socket unix:/tmp/x)
expected-port = a port (0 to 65535 or a service name)
expected-interface = an interface of this host, such as eth0
expected-number = a whole number

expected-size = a number of bytes
expected-duration = a duration such as 10m or 500ms
expected-mark = a firewall mark such as 0x10 or 0x10/0xff
expected-cgroup = a cgroup path such as /system.slice/nginx.service
expected-program = a program name
expected-user = a user name or number

expected-unit = a systemd unit such as nginx.service
expected-container = the first characters of a container ID
expected-netns = a network namespace
expected-end = the end of the filter
filter-or = { $first } or { $last }
filter-mixed = "and" binds tighter than "or" here, as the manual of ss says; ss itself evaluates left to right; add parentheses
filter-file = { $file }, line { $line }, column { $column }: invalid filter
