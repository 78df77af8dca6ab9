//! A queue that overflows at the system's maximum length.
//!
//! Detected: `Send-Q` of `LISTEN` equal to `net.core.somaxconn`, and the queue overflows (full now, or proven to have
//! dropped between two samples). `listen()` takes the smaller of its argument and that sysctl, so the sysctl caps the
//! queue; only here does a higher one help. A program that requested exactly that number has the same figures.

use super::{accept, prelude::*};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "somaxconn-clamp",
    severities: &[Severity::Notice],
    thresholds: &[],
    needs: &[Need::Tcp, Need::Sysctl(accept::SOMAXCONN)],
    relations: accept::SHORT_QUEUE,
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let Some(most) = input.sysctl(accept::SOMAXCONN) else { return Vec::new() };
    let overflows = accept::overflows(input).into_iter();
    let capped = overflows.filter(|overflow| overflow.service.fullest_limit() == Some(most));
    capped.map(|overflow| overflow.notice(input, most).remedy(accept::somaxconn(input, &overflow.service))).collect()
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, severities, snapshot},
        *,
    };
    use crate::model::snapshot::{Listener, Snapshot};

    fn queued(queue: u32, limit: u32) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        snapshot.now.listeners = vec![Listener { queue, limit: Some(limit), ..listener(8080, 7) }];
        snapshot
    }

    #[test]
    fn an_overflow_at_the_cap_is_reported_with_the_command() {
        let finding = findings(&RULE, &queued(4097, 4096)).remove(0);
        assert_eq!(finding.severity, Severity::Notice);
        let remedy = &finding.remedies[0];
        assert_eq!(remedy.command.as_deref(), Some("sysctl -w net.core.somaxconn=8192"));
        assert_eq!(remedy.undo.as_deref(), Some("sysctl -w net.core.somaxconn=4096"));
    }

    #[test]
    fn the_same_limit_without_an_overflow_is_no_fault() {
        assert_eq!(severities(&RULE, &queued(4096, 4096)), []);
    }

    #[test]
    fn the_programs_own_limit_is_another_rule() {
        assert_eq!(severities(&RULE, &queued(4096, 4095)), []);
        assert_eq!(severities(&RULE, &queued(8193, 8192)), []);
    }

    #[test]
    fn the_most_there_is_cannot_be_raised() {
        let mut snapshot = queued(65_536, 65_535);
        snapshot.sysctls.insert(accept::SOMAXCONN.to_owned(), "65535\n".to_owned());
        assert!(findings(&RULE, &snapshot)[0].remedies.is_empty());
    }
}
