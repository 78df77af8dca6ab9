//! The firewall's connection table is nearly full.
//!
//! `nf_conntrack_count` against `nf_conntrack_max`. At the limit the kernel drops packets of new connections, and their
//! clients time out; existing entries continue (knowledge: E).

use super::{prelude::*, sysctl};

/// Time to act before the next burst.
const HIGH: Threshold = Threshold::ratio("high", 0.80);
/// The next burst meets the limit.
const FULL: Threshold = Threshold::ratio("full", 0.95);
/// A day: a connection that is idle for longer has mostly lost its ends. The kernel's default is five.
const ESTABLISHED_SECONDS: u64 = 86_400;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "conntrack-near-limit",
    severities: &[Severity::Critical, Severity::Warning],
    thresholds: &[HIGH, FULL],
    needs: &[Need::Conntrack],
    relations: &[Relation::causes("syn-sent-stuck", SharedBy::Host)],
    evaluate: Evaluate::One(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let (used, most) = input.now().conntrack?;
    let severity = input.near_limit(used, most, &HIGH, &FULL)?;
    let mut finding = input
        .finding(severity, Subject::Host)
        .count("used", used)
        .count("most", most)
        .ratio("part", part(used, most))
        .evidence("tracked", Figure::Count(used), "/proc/sys/net/netfilter/nf_conntrack_count")
        .evidence("tracked_limit", Figure::Count(most), "/proc/sys/net/netfilter/nf_conntrack_max")
        .about(Vec::new(), used);
    let before = input.before().and_then(|(before, between)| Some((before.conntrack?.0, between)));
    if let Some((before, between)) = before.filter(|&(before, _)| used > before) {
        let rate = (used - before) as f64 / between.as_secs_f64();
        let left = most.saturating_sub(used) as f64 / rate;
        let time = Duration::try_from_secs_f64(left.round().max(1.0)).unwrap_or(Duration::MAX);
        let limit = match used < most {
            true => Sentence::plain("limit").time("time", time),
            false => Sentence::plain("limit-reached"),
        };
        finding = finding.limit(Some(limit)).evidence(
            "growth",
            Figure::PerSecond(rate),
            "/proc/sys/net/netfilter/nf_conntrack_count",
        );
    }
    let inspect = Remedy::new(RemedyKind::Operate, "find")
        .command("awk '$3==\"tcp\"{n[$6]++}END{for(s in n)print n[s],s}' /proc/net/nf_conntrack")
        .needs("needs-root");
    let sooner = "net.netfilter.nf_conntrack_tcp_timeout_established";
    let sooner = sysctl::lower(input, sooner, ESTABLISHED_SECONDS, "sooner").map(|remedy| remedy.risk("sooner-risk"));
    let raise = sysctl::raise(input, "net.netfilter.nf_conntrack_max", most.saturating_mul(2), "raise")
        .map(|remedy| remedy.risk("raise-risk"));
    Some(
        finding
            .remedy(inspect)
            .remedy(Remedy::new(RemedyKind::Config, "fix"))
            .remedy(sooner)
            .remedy(raise)
            .myth("myth"),
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Settings, examine,
            fixture::{findings, severities, snapshot},
        },
        *,
    };
    use crate::model::snapshot::Snapshot;

    fn tracked(before: u64, now: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.now.conntrack = Some((now, 1_000));
        if let Some(first) = &mut snapshot.before {
            first.conntrack = Some((before, 1_000));
        }
        for (name, value) in [("max", "1000"), ("tcp_timeout_established", "432000")] {
            snapshot.sysctls.insert(format!("net.netfilter.nf_conntrack_{name}"), value.to_owned());
        }
        snapshot
    }

    #[test]
    fn the_table_fills_in_two_steps() {
        assert_eq!(severities(&RULE, &tracked(0, 799)), []);
        assert_eq!(severities(&RULE, &tracked(0, 800)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &tracked(0, 949)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &tracked(0, 950)), [Severity::Critical]);
    }

    #[test]
    fn a_table_that_grows_has_a_time_left() {
        let limit = |before| findings(&RULE, &tracked(before, 900)).remove(0).limit;
        let left = Word::Time(std::time::Duration::from_secs(20));
        assert_eq!(limit(850).map(|limit| limit.values), Some(vec![("time", left)]));
        assert_eq!(limit(900), None);
    }

    #[test]
    fn idle_flows_are_forgotten_sooner_and_the_limit_is_doubled() {
        let commands = |snapshot: &Snapshot| -> Vec<ShellCommand> {
            let remedies = findings(&RULE, snapshot).remove(0).remedies;
            remedies.into_iter().filter_map(|remedy| remedy.command).filter(|command| command.contains("-w")).collect()
        };
        let mut snapshot = tracked(0, 900);
        let raise = "sysctl -w net.netfilter.nf_conntrack_max=2000";
        let sooner = "sysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=86400";
        assert_eq!(commands(&snapshot), [sooner, raise]);
        snapshot.sysctls.insert("net.netfilter.nf_conntrack_tcp_timeout_established".to_owned(), "3600".to_owned());
        assert_eq!(commands(&snapshot), [raise]);
    }

    #[test]
    fn a_host_that_tracks_nothing_is_not_checked() {
        let verdict = examine(&snapshot(), &[&RULE], &Settings::default());
        assert_eq!((verdict.findings.len(), verdict.not_checked.len()), (0, 1));
    }
}
