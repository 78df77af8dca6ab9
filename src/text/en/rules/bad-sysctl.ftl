title = { $count ->
    [one] harmful sysctl: { $list }
   *[other] { $count } harmful sysctls: { $list }
}
title-many = { $count } harmful sysctls
setting = { $name } = { $value }
why = Old guides recommend such values. They do damage only under load or on a bad network, so the cause is hard to find.
reason-abort = tcp_abort_on_overflow = { $value }: a short burst resets connections that would have been accepted a moment later; clients whose SYN was dropped still wait
reason-cookies-off = tcp_syncookies = { $value }: when the half-open queue is full, for example in a SYN flood, the kernel drops new clients silently
reason-cookies-always = tcp_syncookies = { $value }: every handshake bypasses the half-open queue; this value is for tests
reason-timestamps = tcp_timestamps = { $value }: connect() cannot reuse ports in TIME_WAIT, and the kernel recognizes old packets less reliably
reason-buckets = tcp_max_tw_buckets = { $value }: above that number, connections close without TIME_WAIT, and late packets can disturb new connections
reason-retries = tcp_retries2 = { $value }: connections break after a few seconds of network trouble
reason-orphans = tcp_orphan_retries = { $value }: a client that is unreachable for about a second loses the end of a response
fix = Set { $name } from { $current } to { $proposed }
risk-timestamps = 12 bytes per segment; only new connections use them
risk-buckets = 256 bytes of kernel memory for each TIME_WAIT
risk-retries = the kernel detects a dead peer only after about 100 s; a program that needs less sets TCP_USER_TIMEOUT
risk-orphans = closed connections with a vanished peer stay up to about 105 s
myth-abort = tcp_abort_on_overflow does not expose overload: a full queue still drops SYNs silently.
myth-buckets = Fewer TIME_WAIT buckets do not cure TIME_WAIT: they remove the protection of new connections.
