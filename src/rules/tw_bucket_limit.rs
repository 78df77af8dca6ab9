//! The table of `TIME_WAIT` is full, or nearly: the kernel then forgets closed connections at once.
//!
//! Seen: `tw` of /proc/net/sockstat at 80 % of `tcp_max_tw_buckets`, or `TCPTimeWaitOverflow` rising: one for each
//! `TIME_WAIT` that was not made (`inet_twsk_alloc()` in net/ipv4/inet_timewait_sock.c). It hurts because late packets
//! may then disturb a new connection, and a lost last ACK is answered by a reset. Current kernels log nothing. At 80 %
//! a quarter more closes fill the table.

use super::{prelude::*, sysctl};

/// The part of the table in use.
const SHARE: Threshold = Threshold::ratio("share", 0.80);
/// The kernel setting.
const MOST: &str = "net.ipv4.tcp_max_tw_buckets";
/// Counts each `TIME_WAIT` that was not made.
const OVERFLOW: &str = "TcpExtTCPTimeWaitOverflow";

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "tw-bucket-limit",
    severities: &[Severity::Critical, Severity::Notice],
    thresholds: &[SHARE],
    needs: &[Need::Sockstat, Need::Sysctl(MOST)],
    relations: &[],
    evaluate: Evaluate::One(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let most = input.sysctl(MOST)?;
    let used = input.now().sockstat?.time_wait;
    let skipped = input.rise(OVERFLOW).filter(|&rise| rise > 0);
    let is_near = used > 0 && used as f64 >= input.limit(&SHARE) * most as f64;
    let (severity, title) = match (skipped, input.before()) {
        (Some(count), Some((_, between))) => {
            let title = Sentence::plain("title-overflow").count("count", count);
            (Severity::Critical, title.time("time", between))
        }
        _ if is_near => {
            let title = Sentence::plain("title").count("count", used);
            (Severity::Notice, title.count("most", most))
        }
        _ => return None,
    };
    let mut finding = input
        .finding(severity, Subject::Host)
        .title(title)
        .proof(Sentence::plain("proof").count("count", used).count("most", most))
        .evidence("time_wait", Figure::Count(used), "/proc/net/sockstat")
        .evidence("time_wait_limit", Figure::Count(most), MOST)
        .about(Vec::new(), used);
    if let Some(total) = input.counter(OVERFLOW) {
        finding = finding.evidence("overflows_since_start", Figure::Count(total), OVERFLOW);
    }
    if let Some(count) = skipped {
        finding = finding.evidence("overflows", Figure::Count(count), OVERFLOW);
    }
    let raise = sysctl::raise(input, MOST, proposed(input, most), "fix-raise");
    let raise = raise.map(|remedy| remedy.risk("risk-raise").verify(ShellCommand::new("nstat -az ").then(OVERFLOW)));
    let finding = finding.remedy(Remedy::new(RemedyKind::Code, "fix")).remedy(raise);
    Some(finding.myth("myth-lower").myth("myth-log"))
}

/// Twice the setting, and at least the kernel's own default: one for two places of the connection table
/// (`tcp_set_hashinfo()` in net/ipv4/tcp_ipv4.c).
fn proposed(input: &RuleInput<'_>, most: u64) -> u64 {
    most.saturating_mul(2).max(default(input).unwrap_or(0))
}

/// The kernel's default.
pub(super) fn default(input: &RuleInput<'_>) -> Option<u64> {
    // Negative where the namespace shares the table of the host.
    let places: i64 = input.snapshot.sysctls.get("net.ipv4.tcp_ehash_entries")?.trim().parse().ok()?;
    Some(places.unsigned_abs() / 2)
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot},
        *,
    };
    use crate::model::snapshot::{Snapshot, Sockstat};

    fn with(used: u64, most: &str) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.sysctls.insert(MOST.into(), most.into());
        snapshot.now.sockstat = Some(Sockstat { time_wait: used, ..Sockstat::default() });
        snapshot
    }

    /// The counter at first and at last.
    fn counted(mut snapshot: Snapshot, first: u64, last: u64) -> Snapshot {
        snapshot.now.counter(OVERFLOW, last);
        if let Some(before) = &mut snapshot.before {
            before.counter(OVERFLOW, first);
        }
        snapshot
    }

    #[test]
    fn four_fifths_of_the_table_are_reported() {
        assert_eq!(severities(&RULE, &with(799, "1000")), []);
        assert_eq!(severities(&RULE, &with(800, "1000")), [Severity::Notice]);
    }

    #[test]
    fn overflow_while_we_look_is_critical() {
        assert_eq!(severities(&RULE, &counted(with(500, "1000"), 7, 8)), [Severity::Critical]);
    }

    #[test]
    fn overflow_long_ago_is_not() {
        assert_eq!(severities(&RULE, &counted(with(500, "1000"), 8, 8)), []);
        let mut once = counted(with(500, "1000"), 8, 8);
        once.before = None;
        assert_eq!(severities(&RULE, &once), []);
    }

    #[test]
    fn the_value_proposed_is_double_and_never_below_the_default() {
        let proposed = |snapshot: &Snapshot| findings(&RULE, snapshot)[0].remedies[1].proposed.clone().unwrap();
        assert_eq!(proposed(&with(900, "1000")), "131072");
        assert_eq!(proposed(&with(200_000, "200000")), "400000");
        let mut shared = with(900, "1000");
        shared.sysctls.insert("net.ipv4.tcp_ehash_entries".into(), "-8192".into());
        assert_eq!(proposed(&shared), "4096");
    }

    #[test]
    fn an_idle_host_says_nothing() {
        assert_eq!(severities(&RULE, &with(0, "0")), []);
    }
}
