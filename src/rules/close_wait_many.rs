//! Many `CLOSE_WAIT` of one program with unknown ages: in a text, or in `/proc/net` without `sock_diag`.
//!
//! Detected: ten or more, held by a program if the source shows it, without `tcp_info` that gives their age. They are a
//! leak if they stay, and a busy server if they go: only a second sample shows which. If the ages are known,
//! close-wait-leak and close-wait-unread apply. Behind a listener with a long queue they may not be accepted yet.

use super::{accept, connections, hint, prelude::*};
use crate::model::shell::ShellCommand;

/// A busy server has a few at any time.
pub(super) const LEAST: Threshold = Threshold::count("least", 10.0);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "close-wait-many",
    severities: &[Severity::Warning],
    thresholds: &[LEAST],
    needs: &[Need::Tcp, Need::States(&[State::CLOSE_WAIT])],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    if Need::Details(&[State::CLOSE_WAIT]).missing(input.snapshot).is_none() {
        return Vec::new();
    }
    let held = input.sockets(State::CLOSE_WAIT).filter(|seen| seen.kind() == Kind::Full);
    let mut groups: BTreeMap<(Subject, Option<u16>), Vec<&Seen>> = BTreeMap::new();
    for seen in held {
        let subject = input.subject(seen);
        // Without a program, those of a listener belong together.
        let port = subject.program().is_none().then(|| queue_of(input, seen)).flatten().map(|listener| listener.port);
        groups.entry((subject, port)).or_default().push(seen);
    }
    groups.into_iter().filter_map(|((subject, _), all)| judge(input, subject, &all)).collect()
}

/// The listener that a connection came to.
fn queue_of<'a>(input: &RuleInput<'a>, seen: &Seen) -> Option<&'a Listener> {
    input.listener(seen.socket.local, seen.socket.local_port)
}

fn judge(input: &RuleInput<'_>, subject: Subject, all: &[&Seen]) -> Option<Finding> {
    let count = (all.len() as f64 * connections::scale(input, State::CLOSE_WAIT)).round() as u64;
    if (count as f64) < input.limit(&LEAST) {
        return None;
    }
    let listener = queue_of(input, all.first()?).filter(|listener| listener.queue > 0);
    let subject = match listener {
        Some(_) if subject.program().is_none() => connections::listener(input, all)?,
        _ => subject,
    };
    let program = subject.program_word();
    let (title, why) = if listener.is_some() { ("title-queue", "why-queue") } else { ("title", "why") };
    let waiting = listener.map_or(0, |listener| listener.queue.into());
    let mut finding = input
        .finding(Severity::Warning, subject.clone())
        .title(title)
        .count("count", count)
        .count("waiting", waiting)
        .why(Sentence::plain(why).with("program", program))
        .evidence("sockets", Figure::Count(count), "idiag_state")
        .confidence(Confidence::Inferred)
        .myth("myth")
        .counts(all.iter().copied())
        .about(connections::inodes(all), count);
    if !input.snapshot.blanks.queues {
        let read = all.iter().filter(|seen| seen.socket.rqueue == 0).count() as u64;
        let proof = Sentence::plain("proof").count("empty", read).count("count", all.len() as u64);
        finding = finding.proof(proof).evidence("recv_queue_empty", Figure::Count(read), "idiag_rqueue");
    }
    if let Some(listener) = listener {
        finding = accept::queue(finding, listener);
        let inspect = Remedy::new(RemedyKind::Operate, "inspect-queue").inspect();
        finding = finding.remedy(inspect.command(ShellCommand::new("ss -ltnp sport = :").then(listener.port)));
    }
    let inspect = Remedy::new(RemedyKind::Operate, "inspect").inspect().command("ss -tanpoei state close-wait");
    let fix = Sentence::plain("fix").with("hint", hint::close(subject.runtime()).part());
    Some(finding.remedy(inspect).remedy(Remedy::new(RemedyKind::Code, fix)))
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, severities, snapshot, socket},
        *,
    };
    use crate::model::{finding::Runtime, snapshot::Snapshot};

    /// As in a text without `tcp_info`.
    fn pasted(count: u32) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        snapshot.blanks.host = true;
        for number in 1..=count {
            snapshot.now.add([Seen { info: None, memory: None, ..socket(State::CLOSE_WAIT, number) }]);
        }
        snapshot
    }

    #[test]
    fn ten_of_one_program_are_a_warning_of_unknown_age() {
        let mut many = pasted(10);
        many.hold(4321, "orders", Runtime::Python, 1..=10);
        let found = findings(&RULE, &many).remove(0);
        assert_eq!((found.severity, found.confidence, found.weight), (Severity::Warning, Confidence::Inferred, 10));
        assert_eq!(found.subject.program().map(|program| program.pid), Some(4321));
        assert_eq!(severities(&RULE, &pasted(9)), []);
    }

    #[test]
    fn programs_are_counted_apart() {
        let mut two = pasted(18);
        two.hold(1, "a", Runtime::Native, 1..=9);
        two.hold(2, "b", Runtime::Native, 10..=18);
        assert_eq!(severities(&RULE, &two), []);
    }

    #[test]
    fn those_behind_a_crowded_listener_speak_of_its_queue() {
        let mut behind = pasted(878);
        behind.now.listeners.push(Listener { queue: 1025, limit: None, ..listener(8080, 9_999) });
        let found = findings(&RULE, &behind).remove(0);
        assert_eq!((found.title.id, found.count_of("accept_queue")), ("title-queue", Some(1025)));
        assert_eq!(found.remedies[0].command.as_deref(), Some("ss -ltnp sport = :8080"));
    }

    #[test]
    fn where_the_ages_are_known_other_rules_judge() {
        let mut known = pasted(50);
        known.blanks.host = false;
        assert_eq!(severities(&RULE, &known), []);
    }
}
