//! A relay whose far side has not closed yet.
//!
//! Seen: one process holds `CLOSE_WAIT` with nothing unread and `FIN_WAIT2` in about equal numbers, of different
//! connections: it passed the half-close on (docker-proxy, `HAProxy` tunnels, socat) and waits. Growing without end, the
//! far side leaks.

use super::{connections, prelude::*, relay};

/// As close-wait-leak: longer than any normal close.
const AGE: Threshold = Threshold::seconds("age", 60.0);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "relay-waits",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[AGE],
    needs: &[Need::Tcp, Need::Details(&[State::CLOSE_WAIT])],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let held = input.sockets(State::CLOSE_WAIT).filter(|seen| seen.kind() == Kind::Full && seen.socket.rqueue == 0);
    if let Some(legs) = relay::unknown_legs(input) {
        return ask_for_owners(input, &legs).into_iter().collect();
    }
    input.by_subject(held).into_iter().filter_map(|(subject, all)| judge(input, subject, &all)).collect()
}

/// A finding that is never reported: with the owners of these sockets the rule is asked again.
fn ask_for_owners(input: &RuleInput<'_>, legs: &relay::Legs<'_>) -> Option<Finding> {
    let oldest = legs.hung_up.iter().filter_map(|seen| seen.hung_up()).max()?;
    let (address, port) = far_end(&legs.waiting)?;
    let count = legs.hung_up.len() as u64;
    let finding = input
        .finding(Severity::Notice, Subject::Unknown)
        .count("count", count)
        .endpoint("peer", address, port)
        .evidence("close_wait", Figure::Count(count), "idiag_state")
        .about(inodes(input, legs), count);
    (oldest.time >= input.time(&AGE)).then_some(Finding { why: None, ..finding })
}

fn judge(input: &RuleInput<'_>, subject: Subject, all: &[&Seen]) -> Option<Finding> {
    let Subject::Process(program) = &subject else {
        // Without its owner the two legs cannot be brought together; the inodes are asked for by close-wait-leak.
        return None;
    };
    let name = program.name.clone();
    let legs = relay::legs(input, &input.workers(all))?;
    let oldest = legs.hung_up.iter().filter_map(|seen| seen.hung_up()).max()?;
    if oldest.time < input.time(&AGE) {
        return None;
    }
    let grew = input.before().is_some() && legs.hung_up.iter().any(|seen| input.earlier(seen).is_none());
    let severity = if grew { Severity::Warning } else { Severity::Notice };
    let (address, port) = far_end(&legs.waiting)?;
    let here =
        legs.waiting.iter().find_map(|seen| input.peer_here(seen)).and_then(|seen| input.program(seen.socket.inode));
    let count = legs.hung_up.len() as u64;
    let proof = Sentence::plain("proof").count("hung_up", count).count("waiting", legs.waiting.len() as u64);
    let fix = connections::ask_peer(here.as_ref(), Word::Endpoint(address, port));
    Some(
        input
            .finding(severity, subject)
            .count("count", count)
            .endpoint("peer", address, port)
            .why(Sentence::plain("why").outside("program", name))
            .proof(proof)
            .confidence(Confidence::Likely)
            .evidence("close_wait", Figure::Count(count), "idiag_state")
            .evidence("fin_wait2_held", Figure::Count(legs.waiting.len() as u64), "idiag_state, idiag_inode")
            .evidence("oldest", Figure::Time(oldest.time), "tcp_info.last_ack_recv")
            .about(inodes(input, &legs), count)
            .remedy(fix)
            .remedy(Remedy::new(RemedyKind::Config, "fix-timeout"))
            .myth("myth"),
    )
}

/// Both legs and the far ends, of which one may be a program of this host.
fn inodes(input: &RuleInput<'_>, legs: &relay::Legs<'_>) -> Vec<u32> {
    let far = legs.waiting.iter().filter_map(|seen| input.peer_here(seen)).map(|seen| seen.socket.inode);
    legs.inodes().into_iter().chain(far).collect()
}

/// Where most of the waiting legs lead.
fn far_end(waiting: &[&Seen]) -> Option<(IpAddr, u16)> {
    let mut ends: BTreeMap<(IpAddr, u16), usize> = BTreeMap::new();
    for seen in waiting {
        *ends.entry((seen.socket.peer, seen.socket.peer_port)).or_default() += 1;
    }
    ends.into_iter().max_by_key(|(_, count)| *count).map(|(end, _)| end)
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot, socket, ten, with_info},
        *,
    };
    use crate::model::{
        finding::Runtime,
        snapshot::{Sample, Snapshot},
        tcp_info::LAST_ACK_RECV,
    };

    fn relay(hung_up: u32, waiting: u32, age: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        let near = |number| with_info(socket(State::CLOSE_WAIT, number), &LAST_ACK_RECV, age);
        snapshot.now.add((1..=hung_up).map(near));
        let far = |number| {
            let mut seen = socket(State::FIN_WAIT2, 100 + number);
            (seen.socket.peer, seen.socket.peer_port, seen.socket.local_port) = (ten(9), 5432, 50_000);
            seen
        };
        snapshot.now.add((1..=waiting).map(far));
        snapshot.hold(4321, "socat", Runtime::Native, (1..=hung_up).chain(101..=100 + waiting));
        snapshot
    }

    #[test]
    fn equal_legs_are_a_notice() {
        assert_eq!(severities(&RULE, &relay(4, 4, 61_000)), [Severity::Notice]);
    }

    #[test]
    fn growing_legs_are_a_warning() {
        let mut snapshot = relay(4, 4, 61_000);
        snapshot.before = Some(Sample::default());
        assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
    }

    #[test]
    fn young_or_unequal_legs_are_nothing() {
        assert_eq!(severities(&RULE, &relay(4, 4, 59_000)), []);
        assert_eq!(severities(&RULE, &relay(9, 4, 61_000)), []);
        assert_eq!(severities(&RULE, &relay(4, 0, 61_000)), []);
    }

    #[test]
    fn a_program_that_talks_to_itself_is_no_relay() {
        let mut snapshot = relay(2, 2, 61_000);
        for seen in &mut snapshot.now.sockets {
            if seen.socket.state == State::FIN_WAIT2 {
                (seen.socket.local, seen.socket.local_port) = (ten(2), 40_000);
                (seen.socket.peer, seen.socket.peer_port) = (ten(1), 8080);
            }
        }
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn owners_are_asked_for_of_both_legs() {
        let mut snapshot = relay(4, 4, 61_000);
        snapshot.holders = None;
        let found = findings(&RULE, &snapshot);
        assert_eq!(found[0].inodes, [1, 2, 3, 4, 101, 102, 103, 104]);
        snapshot = relay(4, 4, 59_000);
        snapshot.holders = None;
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
