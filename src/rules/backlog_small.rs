//! A queue that overflows at the length that the program requested.
//!
//! Detected: `Send-Q` of `LISTEN` below `net.core.somaxconn`, and the queue overflows (full now, or proven to have
//! dropped between two samples). Then the argument of `listen()` is the limit, and no sysctl lengthens the queue. A
//! short queue that never overflows is not a fault: nginx, Redis and Node request 511, sshd 128, Java 50.

use super::{
    accept::{self, Overflow},
    prelude::*,
};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "backlog-small",
    severities: &[Severity::Notice],
    thresholds: &[],
    needs: &[Need::Tcp, Need::Sysctl(accept::SOMAXCONN)],
    relations: accept::SHORT_QUEUE,
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let Some(most) = input.sysctl(accept::SOMAXCONN) else { return Vec::new() };
    let overflows = accept::overflows(input).into_iter();
    overflows.filter_map(|overflow| judge(input, &overflow, most)).collect()
}

fn judge(input: &RuleInput<'_>, overflow: &Overflow<'_>, most: u64) -> Option<Finding> {
    let limit = overflow.service.fullest_limit().filter(|&limit| limit < most)?;
    let finding = overflow.notice(input, most).count("limit", limit);
    let backlog = accept::backlog(input, &overflow.service, &finding.subject, overflow.dropped());
    Some(finding.why(Sentence::plain("why").count("limit", limit).count("most", most)).remedy(backlog))
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, severities, snapshot},
        *,
    };
    use crate::model::{
        finding::Runtime,
        snapshot::{Listener, Snapshot},
    };

    fn queued(queue: u32, limit: u32) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        snapshot.now.listeners = vec![Listener { queue, limit: Some(limit), ..listener(8080, 7) }];
        snapshot
    }

    #[test]
    fn an_overflow_below_the_systems_cap_is_the_programs() {
        assert_eq!(severities(&RULE, &queued(512, 511)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &queued(4096, 4095)), [Severity::Notice]);
    }

    #[test]
    fn a_short_queue_that_does_not_overflow_is_no_fault() {
        assert_eq!(severities(&RULE, &queued(50, 50)), []);
    }

    #[test]
    fn an_overflow_at_the_systems_cap_is_another_rule() {
        assert_eq!(severities(&RULE, &queued(4097, 4096)), []);
    }

    #[test]
    fn proven_drops_count_as_an_overflow() {
        let mut snapshot = queued(3, 511);
        let mut before = super::super::fixture::snapshot().before.unwrap();
        before.listeners = snapshot.now.listeners.clone();
        snapshot.before = Some(before);
        snapshot.now.listeners[0].drops = Some(900);
        snapshot.now.counter("TcpExtListenDrops", 900);
        snapshot.now.counter("TcpExtListenOverflows", 900);
        let finding = findings(&RULE, &snapshot).remove(0);
        assert_eq!(finding.remedies[0].proposed.as_deref(), Some("1411"));
        snapshot.now.counter("TcpExtListenOverflows", 0);
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn the_proposal_is_twice_the_length_and_never_beyond_the_cap() {
        let proposed = |limit| findings(&RULE, &queued(limit + 1, limit)).remove(0).remedies.remove(0).proposed;
        assert_eq!(proposed(5).as_deref(), Some("128"));
        assert_eq!(proposed(511).as_deref(), Some("1022"));
        assert_eq!(proposed(3000).as_deref(), Some("4096"));
    }

    #[test]
    fn go_asked_for_all_there_was_then() {
        let mut snapshot = queued(129, 128);
        snapshot.hold(900, "api", Runtime::Go, [7]);
        assert_eq!(findings(&RULE, &snapshot)[0].remedies[0].text.id, "accept-listen-again");
    }

    #[test]
    fn a_queue_for_one_client_is_no_fault() {
        assert_eq!(severities(&RULE, &queued(2, 1)), []);
    }
}
