//! Connections that wait to be accepted although the queue is not full.
//!
//! Detected: `ESTABLISHED` with inode 0 for a second or more. The kernel has finished the handshake, but the program
//! has not called accept(): its loop is blocked, or it has reached its own limit (`HAProxy` at maxconn shows this while
//! it works as configured).

use super::{accept, awaited, clients::SilentClients, connections, prelude::*};
use crate::model::tcp_info::LAST_ACK_RECV;

/// A program that accepts does so within milliseconds.
pub(super) const AGE: Threshold = Threshold::seconds("age", 1.0);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unaccepted-established",
    severities: &[Severity::Warning],
    thresholds: &[AGE],
    needs: &[Need::Tcp, Need::Inodes(&[State::ESTABLISHED]), Need::Details(&[State::ESTABLISHED])],
    relations: &[
        Relation::same_fault("close-wait-unaccepted", SharedBy::Listener),
        Relation::causes("peer-zero-window", SharedBy::OtherEnd),
    ],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let mut by_port: BTreeMap<u16, Vec<(&Seen, Duration)>> = BTreeMap::new();
    for seen in input.sockets(State::ESTABLISHED).filter(|seen| seen.kind() == Kind::NotAccepted) {
        let Some(age) = seen.since(&LAST_ACK_RECV).filter(|&age| age >= input.time(&AGE)) else { continue };
        // With two samples the queue must have been waiting at both.
        let waited = |(before, _): (&crate::model::snapshot::Sample, _)| {
            before.sockets.iter().any(|earlier| {
                earlier.kind() == Kind::NotAccepted && earlier.socket.local_port == seen.socket.local_port
            })
        };
        if input.before().is_none_or(waited) {
            by_port.entry(seen.socket.local_port).or_default().push((seen, age));
        }
    }
    by_port.into_values().filter_map(|all| judge(input, &all)).collect()
}

fn judge(input: &RuleInput<'_>, all: &[(&Seen, Duration)]) -> Option<Finding> {
    let (first, _) = all.first()?;
    let listener = input.listener(first.socket.local, first.socket.local_port);
    // A full queue says more.
    if listener.is_some_and(|listener| listener.is_full()) {
        return None;
    }
    let sockets: Vec<&Seen> = all.iter().map(|(seen, _)| *seen).collect();
    let subject = connections::listener(input, &sockets)?;
    let oldest = all.iter().map(|(_, age)| *age).max()?;
    let count = all.len() as u64;
    let mut finding = input
        .finding(Severity::Warning, subject)
        .count("count", count)
        .time("age", oldest)
        .confidence(Confidence::Likely)
        .evidence("sockets", Figure::Count(count), "idiag_state, idiag_inode 0")
        .evidence("oldest", Figure::Time(oldest), "tcp_info.last_ack_recv")
        .counts(sockets.iter().copied())
        .about(listener.map(|listener| listener.inode).into_iter().collect(), count);
    if let Some(listener) = listener {
        finding = accept::proof(finding, "proof", listener);
    }
    finding = awaited::tell(input, finding, listener.map(|listener| listener.inode));
    let runtime = finding.subject.runtime();
    let pid = finding.subject.program().map(|program| program.pid);
    let reload = pid.and_then(|pid| accept::relief::reload(input, pid, runtime));
    if let Some(text) = pid.and_then(|pid| accept::without_descriptors(input, pid)) {
        return Some(finding.remedy(Remedy::new(RemedyKind::Code, text)).remedy(reload).myth("myth"));
    }
    let finding = finding
        .remedy(reload)
        .remedy(Remedy::new(RemedyKind::Config, "fix-own-limit"))
        .remedy(Remedy::new(RemedyKind::Code, "fix"))
        .myth("myth");
    let listeners: Vec<&Listener> = listener.into_iter().collect();
    Some(match SilentClients::of(input, &listeners) {
        Some(clients) => clients.tell_workers(input, finding),
        None => finding,
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{severities, snapshot, socket, with_info},
        *,
    };
    use crate::model::snapshot::{Sample, Snapshot};

    fn waiting(count: u32, age: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        for number in 1..=count {
            let mut seen = with_info(socket(State::ESTABLISHED, number), &LAST_ACK_RECV, age);
            seen.socket.inode = 0;
            snapshot.now.add([seen]);
        }
        snapshot.queue(count);
        snapshot
    }

    #[test]
    fn a_second_in_the_queue_is_a_warning() {
        assert_eq!(severities(&RULE, &waiting(2, 1_000)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &waiting(2, 999)), []);
    }

    #[test]
    fn a_queue_that_was_empty_before_is_a_moment() {
        let mut snapshot = waiting(2, 1_000);
        snapshot.before = Some(Sample::default());
        assert_eq!(severities(&RULE, &snapshot), []);
        let mut before = Sample::default();
        before.add(snapshot.now.sockets.iter().cloned());
        snapshot.before = Some(before);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
    }

    #[test]
    fn a_full_queue_is_another_rule() {
        let mut snapshot = waiting(2, 1_000);
        snapshot.now.listeners[0].limit = Some(1);
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
