title = { $count ->
    [one] a kernel setting does harm: { $list }
   *[other] { $count } kernel settings do harm: { $list }
}
title-many = { $count } kernel settings do harm
setting = { $name } = { $value }
why = Old guides recommend such values. What they break shows only under load or on a bad network, far from the setting.
reason-abort = tcp_abort_on_overflow = { $value }: a short burst resets connections that would have been served a moment later; clients that wait for their first answer still wait
reason-cookies-off = tcp_syncookies = { $value }: when the half-open queue is full, as in a SYN flood, new clients are dropped without an answer
reason-cookies-always = tcp_syncookies = { $value }: a setting for tests; every handshake goes without the half-open queue
reason-timestamps = tcp_timestamps = { $value }: ports in TIME_WAIT cannot be used again, and old packets are told from new ones less surely
reason-buckets = tcp_max_tw_buckets = { $value }: beyond that many, closed connections are forgotten at once, and late packets can disturb new ones
reason-retries = tcp_retries2 = { $value }: connections break after a few seconds of a bad network
reason-orphans = tcp_orphan_retries = { $value }: the end of an answer is lost when a slow client misses it for about a second
fix = set { $name } from { $current } to { $proposed }
risk-timestamps = 12 bytes in each segment; only new connections have them
risk-buckets = 256 bytes of kernel memory for each one in use
risk-retries = a dead peer is noticed after about 100 s; a program that needs it sooner sets TCP_USER_TIMEOUT
risk-orphans = closed connections whose peer is gone stay up to about 105 s
myth-abort = tcp_abort_on_overflow does not make overload visible: with a full queue the SYN is dropped all the same.
myth-buckets = Fewer TIME_WAIT buckets are no cure for TIME_WAIT: they remove what protects new connections.
