# count --until
heading-waiting = Waiting
option-until = repeat the count until it meets this condition, for example '> 0', '= 0' or '< 100'; exits 1 if --timeout passes first
option-timeout = wait at most this long (30s, 5m) [default: no limit]
option-count-every = count this often [default: 1s]; less often if a count is expensive
example-until = wait until something listens on port 8080
error-goal = invalid condition "{ $word }" for --until; use for example '> 0', '= 0' or '< 100'
error-goal-never = no count can meet the condition "{ $word }" of --until: a count is 0 or more; use for example '= 0' or '> 0'
error-until-from = --until needs the running kernel; the numbers in a file do not change: omit --from
count-waits = { $count } { $count ->
    [one] socket
   *[other] sockets
}, waiting for { $goal } ({ $time })
exit-count = The count did not meet --until before --timeout.
