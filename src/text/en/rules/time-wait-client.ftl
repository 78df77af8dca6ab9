title = { $count } TIME_WAIT, { $rate } per second, hold { $ratio } of the local ports
title-at-least = { $count } TIME_WAIT, at least { $rate } per second, hold { $ratio } of the local ports
why = This host opens a connection to { $peer } for each request and closes it first. Each close keeps a local port for 60 s.
proof = from { $source }: { $states }
limit = { $usable } ports allow about { $most } such connections per second
myth-buckets = Lowering tcp_max_tw_buckets frees ports but removes their protection.
