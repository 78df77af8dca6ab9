//! The host has nearly as many orphaned connections as it allows.
//!
//! `sockstat` counts orphans of all namespaces; `tcp_max_orphans` is the host's. The kernel counts sockets with signs of
//! trouble two to four times (`tcp_out_of_resources`), so half of the limit is near. Over it, closed connections are
//! reset (`TCPAbortOnMemory`).

use super::{Case, Need, Rule, Threshold, Unit, sysctl};
use crate::{
    model::{
        finding::{Figure, Finding, Remedy, RemedyKind, Severity, Subject},
        sentence::{Sentence, Word},
    },
    text::texts,
};

/// The kernel counts suspects two to four times.
const HIGH: Threshold = Threshold { name: "high", unit: Unit::Ratio, default: 0.50 };
/// Nearly there, counted once.
const FULL: Threshold = Threshold { name: "full", unit: Unit::Ratio, default: 0.90 };

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "orphans-near-limit",
    severities: &[Severity::Critical, Severity::Warning],
    thresholds: &[HIGH, FULL],
    needs: &[Need::Sockstat, Need::InitialNetns, Need::Sysctl("net.ipv4.tcp_max_orphans")],
    texts: texts!("orphans-near-limit"),
    evaluate,
};

fn evaluate(case: &Case<'_>) -> Vec<Finding> {
    judge(case).into_iter().collect()
}

fn judge(case: &Case<'_>) -> Option<Finding> {
    let orphans = case.now().sockstat?.orphans;
    let limit = case.sysctl("net.ipv4.tcp_max_orphans").filter(|&limit| limit > 0)?;
    let part = orphans as f64 / limit as f64;
    let aborted = case.rise("TcpExtTCPAbortOnMemory").unwrap_or(0);
    let severity = match part {
        _ if part >= case.limit(&FULL) || aborted > 0 => Severity::Critical,
        _ if part >= case.limit(&HIGH) => Severity::Warning,
        _ => return None,
    };
    let title = Sentence::plain("title")
        .with("count", Word::Count(orphans))
        .with("limit", Word::Count(limit))
        .with("part", Word::Ratio(part));
    let raise = sysctl::raise(case, "net.ipv4.tcp_max_orphans", limit.saturating_mul(2), Sentence::plain("raise"))
        .map(|remedy| remedy.risk(Sentence::plain("raise-risk")).verify("nstat -az TcpExtTCPAbortOnMemory"));
    let mut finding = case
        .finding(severity, Subject::Host, title)
        .why(Sentence::plain("why"))
        .evidence("orphans", Figure::Count(orphans), "/proc/net/sockstat")
        .evidence("orphan_limit", Figure::Count(limit), "net.ipv4.tcp_max_orphans")
        .about(Vec::new(), orphans);
    if aborted > 0 {
        finding = finding.proof(Sentence::plain("proof").with("count", Word::Count(aborted))).evidence(
            "aborted",
            Figure::Count(aborted),
            "TcpExtTCPAbortOnMemory",
        );
    }
    Some(finding.remedy(Remedy::new(RemedyKind::Operate, Sentence::plain("fix"))).remedy(raise).myth("myth"))
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
    fn the_limit_is_doubled() {
        let found = findings(&RULE, &orphans(600));
        let command = found[0].remedies.iter().find_map(|remedy| remedy.command.as_deref());
        assert_eq!(command, Some("sysctl -w net.ipv4.tcp_max_orphans=2000"));
    }
}
