//! Programs that end connections by a reset: SO_LINGER with a time of 0.
//!
//! Seen: `TCPAbortOnData` rises. Often set to be rid of TIME_WAIT; the peer may lose what it has not read.

use super::{Case, Need, Rule, Threshold, Unit};
use crate::{
    model::{
        finding::{Confidence, Figure, Finding, Remedy, RemedyKind, Severity, Subject},
        sentence::{Sentence, Word},
    },
    text::texts,
};

/// One is enough: the counter does not rise by accident.
const LEAST: Threshold = Threshold { name: "least", unit: Unit::Count, default: 1.0 };

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "linger-zero",
    severities: &[Severity::Notice],
    thresholds: &[LEAST],
    needs: &[Need::TwoSamples, Need::Counter("TcpExtTCPAbortOnData")],
    texts: texts!("linger-zero"),
    evaluate,
};

fn evaluate(case: &Case<'_>) -> Vec<Finding> {
    judge(case).into_iter().collect()
}

fn judge(case: &Case<'_>) -> Option<Finding> {
    let aborted = case.rise("TcpExtTCPAbortOnData").filter(|&aborted| aborted > 0)?;
    if (aborted as f64) < case.limit(&LEAST) {
        return None;
    }
    let (_, between) = case.before()?;
    let title = Sentence::plain("title").with("count", Word::Count(aborted)).with("time", Word::Time(between));
    let find = Remedy::new(RemedyKind::Operate, Sentence::plain("find"))
        .first_aid()
        .command("strace -f -e trace=setsockopt -p PID")
        .needs(Sentence::plain("needs-ptrace"));
    Some(
        case.finding(Severity::Notice, Subject::Host, title)
            .why(Sentence::plain("why"))
            // Data that come in after a close count here too.
            .confidence(Confidence::Likely)
            .evidence("aborted", Figure::Count(aborted), "TcpExtTCPAbortOnData")
            .about(Vec::new(), aborted)
            .remedy(Remedy::new(RemedyKind::Code, Sentence::plain("fix")))
            .remedy(find)
            .myth("myth"),
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{severities, snapshot},
        *,
    };

    #[test]
    fn one_aborted_connection_is_a_notice() {
        let mut snapshot = snapshot();
        snapshot.now.counter("TcpExtTCPAbortOnData", 8);
        if let Some(before) = &mut snapshot.before {
            before.counter("TcpExtTCPAbortOnData", 7);
        }
        assert_eq!(severities(&RULE, &snapshot), [Severity::Notice]);
        if let Some(before) = &mut snapshot.before {
            before.counter("TcpExtTCPAbortOnData", 8);
        }
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
