//! Programs that abort connections with a reset: SO_LINGER with a time of 0.
//!
//! Detected: `TCPAbortOnData` rises. Often set to avoid TIME_WAIT; the peer may lose unread data.

use super::prelude::*;

/// Fewer are health checks, which load balancers end so.
const LEAST: Threshold = Threshold::count("least", 5.0);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "linger-zero",
    severities: &[Severity::Notice],
    thresholds: &[LEAST],
    needs: &[Need::TwoSamples, Need::Counter("TcpExtTCPAbortOnData")],
    relations: &[],
    evaluate: Evaluate::One(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let aborted = input.rise("TcpExtTCPAbortOnData")?;
    if (aborted as f64) < input.limit(&LEAST) {
        return None;
    }
    let (_, between) = input.before()?;
    let find = Remedy::new(RemedyKind::Operate, "find")
        .inspect()
        .command("strace -f -e trace=setsockopt -p PID")
        .needs("needs-ptrace");
    Some(
        input
            .finding(Severity::Notice, Subject::Host)
            .count("count", aborted)
            .time("time", between)
            // Data that come in after a close count here too.
            .confidence(Confidence::Likely)
            .evidence("aborted", Figure::Count(aborted), "TcpExtTCPAbortOnData")
            .about(Vec::new(), aborted)
            .remedy(Remedy::new(RemedyKind::Code, "fix"))
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
    fn more_aborted_connections_than_health_checks_are_a_notice() {
        let mut snapshot = snapshot();
        snapshot.now.counter("TcpExtTCPAbortOnData", 12);
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
