//! A program that half-closed connections and waits for the peer without limit.
//!
//! Seen: `FIN_WAIT2` with an owner, for five minutes and more. The kernel bounds only orphans; one that a program holds has
//! no limit.

use super::{connections, prelude::*, relay};
use crate::model::snapshot::{Age, AgeLimit};

/// Longer than a peer needs to finish its answer.
pub(super) const AGE: Threshold = Threshold::seconds("age", 300.0);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "fin-wait2-held",
    severities: &[Severity::Notice],
    thresholds: &[AGE],
    needs: &[Need::Tcp, Need::Details(&[State::FIN_WAIT2]), Need::Inodes(&[State::FIN_WAIT2])],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let held = input
        .sockets(State::FIN_WAIT2)
        .filter(|seen| seen.kind() == Kind::Full && matches!(seen.socket.timer, Timer::None | Timer::Keepalive));
    input.by_subject(held).into_iter().filter_map(|(subject, all)| judge(input, subject, &all)).collect()
}

fn judge(input: &RuleInput<'_>, subject: Subject, all: &[&Seen]) -> Option<Finding> {
    let aged = all.iter().filter_map(|seen| Some((*seen, seen.hung_up()?)));
    let old: Vec<(&Seen, Age)> = aged.filter(|(_, age)| age.time >= input.time(&AGE)).collect();
    let oldest = old.iter().map(|(_, age)| *age).max()?;
    let workers = input.workers(all);
    if relay::legs(input, &workers).is_some() {
        return None;
    }
    let here = old.iter().find_map(|(seen, _)| input.peer_here(seen)).and_then(|seen| input.program(seen.socket.inode));
    let count = old.len() as u64;
    let program = subject.program_word();
    let ends = old.iter().filter_map(|(seen, _)| input.peer_here(seen)).map(|seen| seen.socket.inode);
    let inodes = old.iter().map(|(seen, _)| seen.socket.inode).chain(ends).chain(relay::candidates(input)).collect();
    let mut finding =
        input
            .finding(Severity::Notice, subject)
            .title(if oldest.limit == AgeLimit::Exact { "title" } else { "title-at-most" })
            .count("count", count)
            .time("age", oldest.time)
            .why(Sentence::plain("why").with("program", program))
            .confidence(if oldest.limit == AgeLimit::Exact { Confidence::Proven } else { Confidence::Likely })
            .evidence("sockets", Figure::Count(count), "idiag_state, idiag_inode")
            .evidence("oldest", Figure::Time(oldest.time), "tcp_info.last_ack_recv")
            .counts(old.iter().map(|(seen, _)| *seen))
            .about(inodes, count)
            .remedy(Remedy::new(RemedyKind::Code, "fix"))
            .remedy(of_processes(&workers).map(|filter| {
                connections::destroy(filter.then(" idle ge ").then(input.time(&AGE).as_secs()).then("s"))
            }))
            .myth("myth");
    if let Some(program) = here {
        let proof = Sentence::plain("proof-here").outside("program", program.name).number("pid", program.pid.into());
        finding = finding.proof(proof);
    }
    Some(connections::with_workers(input, finding, all))
}

/// The command that ends them, up to the filter's last words: of all processes, each with its count.
fn of_processes(workers: &[(u32, u64)]) -> Option<ShellCommand> {
    let kill = ShellCommand::new("sockdoc kill fin-wait-2 ");
    let pid = |command: ShellCommand, pid: u32| command.then("pid = ").then(pid);
    let (&(first, _), others) = workers.split_first()?;
    if others.is_empty() {
        return Some(pid(kill, first));
    }
    let all = others.iter().fold(pid(kill.then("'("), first), |command, (other, _)| pid(command.then(" or "), *other));
    Some(all.then(")'"))
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{severities, snapshot, socket, with_info},
        *,
    };
    use crate::model::{finding::Runtime, snapshot::Snapshot, tcp_info::LAST_ACK_RECV};

    fn held(age: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.now.add([with_info(socket(State::FIN_WAIT2, 1), &LAST_ACK_RECV, age)]);
        snapshot.hold(4321, "orders", Runtime::Java, [1]);
        snapshot
    }

    #[test]
    fn five_minutes_are_a_notice() {
        assert_eq!(severities(&RULE, &held(300_000)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &held(299_000)), []);
    }

    #[test]
    fn orphans_and_relays_are_other_rules() {
        let mut snapshot = held(400_000);
        snapshot.now.sockets[0].socket.inode = 0;
        assert_eq!(severities(&RULE, &snapshot), []);
        let mut snapshot = held(400_000);
        snapshot.now.add([socket(State::CLOSE_WAIT, 2)]);
        snapshot.hold(4321, "orders", Runtime::Java, [2]);
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
