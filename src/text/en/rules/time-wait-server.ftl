title = { $count } TIME_WAIT, { $rate } per second, all inbound: normal, nothing to do.
title-slow = { $count } TIME_WAIT, all inbound: normal, nothing to do.
why = The server closed these connections first, and the kernel remembers each for 60 s, so that late packets cannot disturb a new one.
proof = all on local port { $port }, which listens: no port and no descriptor is held, { $bytes } of memory in all
myth-reuse = tcp_tw_reuse does nothing for connections that come in.
myth-fin-timeout = tcp_fin_timeout does not shorten TIME_WAIT: 60 s are fixed in the kernel.
myth-ports = They take no ports from anybody: a listening port serves any number of connections.
myth-root = They do not belong to root: a TIME_WAIT has no owner, and the user shown is 0 for unknown.
