//! Programs that close connections with data they have not read.
//!
//! Seen: `TCPAbortOnClose` rises by a hundredth of the closes and more. Such a close sends a reset, and the peer may lose an
//! answer it has not read yet: "connection reset by peer".

use super::prelude::*;

/// The part of all closes from which it is a habit.
const SHARE: Threshold = Threshold::ratio("share", 0.01);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "reset-unread",
    severities: &[Severity::Notice],
    thresholds: &[SHARE],
    needs: &[Need::TwoSamples, Need::Counter("TcpExtTCPAbortOnClose")],
    relations: &[],
    evaluate: Evaluate::One(evaluate),
};

/// Connections that ended between the samples: those at the start plus new ones, minus those at the end.
pub(super) fn closes(input: &RuleInput<'_>) -> Option<u64> {
    let (before, _) = input.before()?;
    let opened = input.rise("TcpActiveOpens")? + input.rise("TcpPassiveOpens")?;
    let open_before = before.counters.get("TcpCurrEstab").copied()?;
    (open_before + opened).checked_sub(input.counter("TcpCurrEstab")?)
}

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let aborted = input.rise("TcpExtTCPAbortOnClose").filter(|&aborted| aborted > 0)?;
    let closes = closes(input).map(|closes| closes.max(aborted));
    if closes.is_some_and(|closes| (aborted as f64) < input.limit(&SHARE) * closes as f64) {
        return None;
    }
    let (_, between) = input.before()?;
    let mut finding = input
        .finding(Severity::Notice, Subject::Host)
        .count("count", aborted)
        .time("time", between)
        .confidence(Confidence::Proven)
        .evidence("aborted", Figure::Count(aborted), "TcpExtTCPAbortOnClose")
        .about(Vec::new(), aborted);
    if let Some(closes) = closes {
        finding = finding.proof(Sentence::plain("proof").count("count", aborted).count("closes", closes)).evidence(
            "closes",
            Figure::Count(closes),
            "TcpActiveOpens, TcpPassiveOpens, TcpCurrEstab",
        );
    }
    Some(
        finding
            .remedy(Remedy::new(RemedyKind::Code, "fix"))
            .remedy(
                Remedy::new(RemedyKind::Operate, "find")
                    .inspect()
                    .command("sockdoc list state established recvq gt 0 -p"),
            )
            .myth("myth"),
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{severities, snapshot},
        *,
    };
    use crate::model::snapshot::Snapshot;

    fn closed(aborted: u64, opened: u64) -> Snapshot {
        let mut snapshot = snapshot();
        let set = |sample: &mut crate::model::snapshot::Sample, aborted, opened| {
            sample.counter("TcpExtTCPAbortOnClose", aborted);
            sample.counter("TcpActiveOpens", 0);
            sample.counter("TcpPassiveOpens", opened);
            sample.counter("TcpCurrEstab", 5);
        };
        if let Some(before) = &mut snapshot.before {
            set(before, 7, 0);
        }
        set(&mut snapshot.now, 7 + aborted, opened);
        snapshot
    }

    #[test]
    fn a_hundredth_of_the_closes_is_a_notice() {
        assert_eq!(severities(&RULE, &closed(10, 1_000)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &closed(9, 1_000)), []);
    }

    #[test]
    fn what_happened_before_does_not_count() {
        assert_eq!(severities(&RULE, &closed(0, 0)), []);
    }

    #[test]
    fn one_sample_cannot_tell() {
        let mut snapshot = closed(10, 10);
        snapshot.before = None;
        let verdict = super::super::examine(&snapshot, &[&RULE], &super::super::Settings::default());
        assert_eq!(verdict.not_checked.len(), 1);
    }
}
