//! The host has nearly as many orphaned connections as it allows.
//!
//! `sockstat` counts orphans of all namespaces; `tcp_max_orphans` is the host's. The kernel counts sockets with signs of
//! trouble two to four times (`tcp_out_of_resources`), so half of the limit is near. Over it, closed connections are
//! reset (`TCPAbortOnMemory`), as they are when TCP's memory is full: of that `tcp-memory` speaks.

use super::{
    prelude::*,
    sysctl,
    tcp_memory::{self, ABORTED},
};

/// The kernel counts suspects two to four times.
const HIGH: Threshold = Threshold::ratio("high", 0.50);
/// Nearly there, counted once.
const FULL: Threshold = Threshold::ratio("full", 0.90);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "orphans-near-limit",
    severities: &[Severity::Critical, Severity::Warning],
    thresholds: &[HIGH, FULL],
    needs: &[Need::Sockstat, Need::InitialNetns, Need::Sysctl("net.ipv4.tcp_max_orphans")],
    relations: &[],
    evaluate: Evaluate::One(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let orphans = input.now().sockstat?.orphans;
    let limit = input.sysctl("net.ipv4.tcp_max_orphans").filter(|&limit| limit > 0)?;
    let aborted = input.rise(ABORTED).unwrap_or(0);
    let is_for_memory = orphans.saturating_mul(4) < limit && tcp_memory::is_full(input);
    let severity = match aborted {
        0 => input.near_limit(orphans, limit, &HIGH, &FULL)?,
        _ if is_for_memory => return None,
        _ => Severity::Critical,
    };
    let raise = sysctl::raise(input, "net.ipv4.tcp_max_orphans", limit.saturating_mul(2), "raise")
        .map(|remedy| remedy.risk("raise-risk").verify("nstat -az TcpExtTCPAbortOnMemory"));
    let mut finding = input
        .finding(severity, Subject::Host)
        .count("count", orphans)
        .count("limit", limit)
        .ratio("part", part(orphans, limit))
        .evidence("orphans", Figure::Count(orphans), "/proc/net/sockstat")
        .evidence("orphan_limit", Figure::Count(limit), "net.ipv4.tcp_max_orphans")
        .about(Vec::new(), orphans);
    if aborted > 0 {
        let proof = Sentence::plain("proof").count("count", aborted);
        finding = finding.proof(proof).evidence("aborted", Figure::Count(aborted), ABORTED);
    }
    Some(finding.remedy(Remedy::new(RemedyKind::Operate, "fix")).remedy(raise).myth("myth"))
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot},
        *,
    };
    use crate::model::snapshot::{Snapshot, Sockstat};

    fn orphans(count: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.sysctls.insert("net.ipv4.tcp_max_orphans".into(), "1000".into());
        snapshot.now.sockstat = Some(Sockstat { orphans: count, ..Sockstat::default() });
        snapshot
    }

    #[test]
    fn the_limit_comes_near_in_two_steps() {
        assert_eq!(severities(&RULE, &orphans(499)), []);
        assert_eq!(severities(&RULE, &orphans(500)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &orphans(900)), [Severity::Critical]);
    }

    #[test]
    fn connections_reset_for_it_are_critical() {
        let mut snapshot = orphans(10);
        snapshot.now.counter("TcpExtTCPAbortOnMemory", 3);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Critical]);
        if let Some(before) = &mut snapshot.before {
            before.counter("TcpExtTCPAbortOnMemory", 3);
        }
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn those_reset_as_memory_is_full_are_not_too_many() {
        let mut snapshot = orphans(10);
        snapshot.now.counter("TcpExtTCPAbortOnMemory", 3);
        snapshot.sysctls.insert("net.ipv4.tcp_mem".into(), "100\t200\t400".into());
        let of_memory = |snapshot: &mut Snapshot, orphans, pages| {
            snapshot.now.sockstat = Some(Sockstat { orphans, memory_pages: Some(pages), ..Sockstat::default() });
            severities(&RULE, snapshot)
        };
        assert_eq!(of_memory(&mut snapshot, 10, 399), []);
        assert_eq!(of_memory(&mut snapshot, 10, 300), [Severity::Critical]);
        assert_eq!(of_memory(&mut snapshot, 250, 399), [Severity::Critical]);
    }

    #[test]
    fn the_limit_is_doubled() {
        let found = findings(&RULE, &orphans(600));
        let command = found[0].remedies.iter().find_map(|remedy| remedy.command.as_deref());
        assert_eq!(command, Some("sysctl -w net.ipv4.tcp_max_orphans=2000"));
    }
}
