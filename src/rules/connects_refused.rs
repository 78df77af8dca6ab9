//! Connections of this host that are refused: the service they lead to is down, or a firewall rejects them.
//!
//! Detected: between two samples attempts failed (`AttemptFails`), ten and one a second at least, and a quarter of all that
//! this host made (`ActiveOpens`). Half-open connections that clients reset (`EmbryonicRsts`: port scans, checks of load
//! balancers) and attempts without an answer (`TCPAbortOnTimeout`) count as failed, too, and are taken off. The kernel
//! keeps no socket of a refused attempt: `sockdoc events` shows them as they end.

use super::prelude::*;

/// Fewer are chance.
const REFUSED: Threshold = Threshold::count("refused", 10.0);
/// The part of all attempts. A client that tries `::1` and then 127.0.0.1 is refused once for each connection it gets.
const SHARE: Threshold = Threshold::ratio("share", 0.25);
/// From this part on hardly any attempt succeeds.
const NEARLY_ALL: Threshold = Threshold::ratio("nearly-all", 0.75);

/// What failed attempts are counted by, and all attempts.
const FAILED: &str = "TcpAttemptFails";
const MADE: &str = "TcpActiveOpens";

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "connects-refused",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[REFUSED, SHARE, NEARLY_ALL],
    needs: &[Need::TwoSamples, Need::Counter(FAILED), Need::Counter(MADE)],
    relations: &[],
    evaluate: Evaluate::One(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let (_, between) = input.before()?;
    let rise = |name| input.rise(name).unwrap_or(0);
    let made = input.rise(MADE)?;
    let others = rise("TcpExtEmbryonicRsts") + rise("TcpExtTCPAbortOnTimeout");
    // Some of them were begun before the first sample.
    let refused = input.rise(FAILED)?.saturating_sub(others).min(made);
    let share = part(refused, made.max(1));
    let is_rare = (refused as f64) < input.limit(&REFUSED).max(between.as_secs_f64());
    if is_rare || share < input.limit(&SHARE) {
        return None;
    }
    let severity = if share >= input.limit(&NEARLY_ALL) { Severity::Warning } else { Severity::Notice };
    // A reset of each is sent where the service should be.
    let resets = rise("TcpOutRsts");
    let proof = if resets >= refused { "proof-here" } else { "proof-elsewhere" };
    let find = |text, command: &'static str| Remedy::new(RemedyKind::Operate, text).inspect().command(command);
    Some(
        input
            .finding(severity, Subject::Host)
            .count("refused", refused)
            .count("made", made)
            .time("time", between)
            .confidence(Confidence::Likely)
            .proof(Sentence::plain(proof).count("resets", resets))
            .evidence(
                "refused",
                Figure::Count(refused),
                "TcpAttemptFails, TcpExtEmbryonicRsts, TcpExtTCPAbortOnTimeout",
            )
            .evidence("made", Figure::Count(made), MADE)
            .evidence("resets_sent", Figure::Count(resets), "TcpOutRsts")
            .about(Vec::new(), refused)
            .remedy(Remedy::new(RemedyKind::Operate, "fix"))
            .remedy(find("find", "sockdoc events --for 10s"))
            .remedy(find("find-listeners", "sockdoc list -tlp"))
            .myth("myth"),
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{severities, snapshot},
        *,
    };

    /// What the counters rose by within ten seconds.
    fn rose(failed: u64, made: u64, half_open: u64) -> Vec<Severity> {
        let mut snapshot = snapshot();
        for (name, rise) in [(FAILED, failed), (MADE, made), ("TcpExtEmbryonicRsts", half_open)] {
            if let Some(before) = &mut snapshot.before {
                before.counter(name, 1_000);
            }
            snapshot.now.counter(name, 1_000 + rise);
        }
        severities(&RULE, &snapshot)
    }

    #[test]
    fn a_quarter_is_a_notice_and_nearly_all_a_warning() {
        assert_eq!(rose(25, 100, 0), [Severity::Notice]);
        assert_eq!(rose(24, 100, 0), []);
        assert_eq!(rose(75, 100, 0), [Severity::Warning]);
        assert_eq!(rose(9, 9, 0), [], "few");
    }

    #[test]
    fn half_open_connections_that_clients_reset_are_no_attempts() {
        assert_eq!(rose(50, 60, 50), []);
        assert_eq!(rose(110, 60, 50), [Severity::Warning]);
        assert_eq!(rose(500, 0, 0), [], "none was made here");
    }
}
