title = { $count } TIME_WAIT, { $rate } per second, all inbound: normal, nothing to do
title-slow = { $count } TIME_WAIT, all inbound: normal, nothing to do
why = The server closed these connections first. The kernel remembers each for 60 s, so that late packets cannot disturb a new one.
proof = all on the listening port { $port }: they hold no extra port and no descriptor, { $bytes } of memory in total
myth-reuse = tcp_tw_reuse does nothing for incoming connections.
myth-fin-timeout = tcp_fin_timeout does not shorten TIME_WAIT: the kernel fixes it at 60 s.
myth-ports = They use up no ports: a listening port serves any number of connections.
myth-root = They do not belong to root: a TIME_WAIT has no owner, and uid 0 here means unknown.
