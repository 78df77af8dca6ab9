# count --until
heading-waiting = Waiting
option-until = count again until the number fits, for example '> 0', '= 0' or '< 100'; exit status 1 if --timeout passes first
option-timeout = wait at most this long (30s, 5m) [default: no limit]
option-count-every = time between two counts; at least 20 times what a count costs [default: 1s]
example-until = wait until something listens on port 8080
error-goal = invalid goal "{ $word }" for --until; use for example '> 0', '= 0' or '< 100'
error-until-from = --until needs the running kernel: the numbers in a file do not change; omit --from
count-waits = { $count } { $count ->
    [one] socket
   *[other] sockets
}, waiting for { $goal } ({ $time })
exit-count = --timeout passed before the number of sockets fitted --until.
