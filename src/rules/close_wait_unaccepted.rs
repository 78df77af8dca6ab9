//! Clients that gave up while they waited in an accept queue.
//!
//! Seen: `CLOSE_WAIT` with inode 0. The program has not called accept(), so this is its queue and not a leak; the wait
//! was longer than the clients' patience. One that hung up a moment ago is on its way through the queue of a busy program.

use super::{accept, connections, hint, prelude::*};
use crate::model::tcp_info::LAST_ACK_RECV;

/// A working program accepts within milliseconds: a client that left between two calls is not a fault.
pub(super) const AGE: Threshold = Threshold::seconds("age", 1.0);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "close-wait-unaccepted",
    severities: &[Severity::Warning],
    thresholds: &[AGE],
    needs: &[Need::Tcp, Need::Inodes(&[State::CLOSE_WAIT])],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let mut by_port: BTreeMap<u16, Vec<&Seen>> = BTreeMap::new();
    // Old enough, there at both samples, or of unknown age.
    let is_left = |seen: &&Seen| {
        let is_old = seen.since(&LAST_ACK_RECV).is_none_or(|age| age >= input.time(&AGE));
        seen.kind() == Kind::NotAccepted && (is_old || input.earlier(seen).is_some())
    };
    for seen in input.sockets(State::CLOSE_WAIT).filter(is_left) {
        by_port.entry(seen.socket.local_port).or_default().push(seen);
    }
    by_port.into_values().filter_map(|all| judge(input, &all)).collect()
}

fn judge(input: &RuleInput<'_>, all: &[&Seen]) -> Option<Finding> {
    let first = all.first()?;
    let listener = input.listener(first.socket.local, first.socket.local_port);
    let subject = connections::listener(input, all)?;
    let count = all.len() as u64;
    let program = subject.program_word();
    let runtime = subject.runtime();
    let mut finding = input
        .finding(Severity::Warning, subject)
        .count("count", count)
        .why(Sentence::plain("why").with("program", program))
        .evidence("sockets", Figure::Count(count), "idiag_state, idiag_inode 0")
        .counts(all.iter().copied())
        .about(listener.map(|listener| listener.inode).into_iter().collect(), count);
    if let Some(listener) = listener {
        finding = accept::proof(finding, "proof", listener);
    }
    let more = Sentence::plain("fix-more").with("hint", hint::backlog(runtime).part());
    Some(
        finding.remedy(Remedy::new(RemedyKind::Code, "fix")).remedy(Remedy::new(RemedyKind::Config, more)).myth("myth"),
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot, socket, with_info},
        *,
    };
    use crate::model::snapshot::Snapshot;

    fn waiting(count: u32, inode: u32) -> Snapshot {
        let mut snapshot = snapshot();
        for number in 1..=count {
            let mut seen = with_info(socket(State::CLOSE_WAIT, number), &LAST_ACK_RECV, 1_000);
            seen.socket.inode = inode;
            seen.socket.rqueue = 1;
            snapshot.now.add([seen]);
        }
        snapshot.queue(count);
        snapshot
    }

    #[test]
    fn clients_that_gave_up_in_the_queue_are_a_warning_of_its_listener() {
        let found = findings(&RULE, &waiting(3, 0));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(found[0].subject.program().map(|program| program.pid), Some(4321));
    }

    #[test]
    fn one_that_hung_up_a_moment_ago_is_no_fault() {
        let mut snapshot = waiting(1, 0);
        snapshot.now.sockets[0] = with_info(snapshot.now.sockets[0].clone(), &LAST_ACK_RECV, 999);
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn accepted_ones_are_another_rule() {
        assert_eq!(severities(&RULE, &waiting(3, 5)), []);
    }
}
