//! Times built into the kernel, and values derived from them.

use std::time::Duration;

/// `TCP_TIMEWAIT_LEN` (include/net/tcp.h): no setting changes it.
pub const TIME_WAIT: Duration = Duration::from_secs(60);

/// `TCP_TIMEOUT_INIT`: the first timeout of a handshake.
pub const FIRST_TIMEOUT: Duration = Duration::from_secs(1);

/// `TCP_RTO_MIN`: the shortest timeout of an open connection.
pub const RTO_MIN: Duration = Duration::from_millis(200);

/// `TCP_RTO_MAX`: timeouts double up to this.
pub const RTO_MAX: Duration = Duration::from_secs(120);

/// The effective value of `tcp_orphan_retries` 0 (`tcp_orphan_retries()` in net/ipv4/tcp_timer.c).
pub const ORPHAN_RETRIES: u32 = 8;

/// How long the kernel tries: after the first attempt `retries` more, each timeout twice the one before it up to `most`
/// ([`RTO_MAX`], or `tcp_rto_max_ms` since Linux 6.15). The first `linear` timeouts do not grow
/// (`tcp_syn_linear_timeouts`).
pub fn tries(first: Duration, retries: u32, linear: u32, most: Duration) -> Duration {
    let mut total = first.saturating_mul(linear);
    let mut timeout = first;
    for _ in 0..=retries.min(255) {
        total = total.saturating_add(timeout);
        timeout = timeout.saturating_mul(2).min(most);
    }
    total
}

/// How long an idle connection with keepalive outlives its peer.
pub fn keepalive(time: Duration, interval: Duration, probes: u32) -> Duration {
    time.saturating_add(interval.saturating_mul(probes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures the texts tell, by the kernel's defaults.
    #[test]
    fn the_times_of_the_texts_follow_from_the_constants() {
        let tenths = |time: Duration| time.as_millis() / 100;
        assert_eq!(tenths(tries(FIRST_TIMEOUT, 6, 4, RTO_MAX)), 1310, "connect() gives up");
        assert_eq!(tenths(tries(FIRST_TIMEOUT, 6, 0, RTO_MAX)), 1270, "before Linux 6.5");
        assert_eq!(tenths(tries(FIRST_TIMEOUT, 5, 0, RTO_MAX)), 630, "half-open");
        assert_eq!(tenths(tries(RTO_MIN, 15, 0, RTO_MAX)), 9246, "unacknowledged data");
        assert_eq!(tenths(tries(RTO_MIN, ORPHAN_RETRIES, 0, RTO_MAX)), 1022, "orphans: 105 s by the clock");
        let keepalive = keepalive(Duration::from_secs(7200), Duration::from_secs(75), 9);
        assert_eq!(keepalive.as_secs() / 60, 2 * 60 + 11);
    }
}
