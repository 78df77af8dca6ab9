//! A program that has stopped reading connections that their peers closed.
//!
//! Detected: `CLOSE_WAIT`, held, `Recv-Q` of 1 (only the FIN) or more, for a minute or more, and nothing read
//! meanwhile. A healthy server reads at once, so inbound ones mean a stuck or forgotten worker. Outbound ones that do
//! not grow are normal for an idle HTTP pool against a server with a shorter keep-alive (knowledge: catalogue), unless
//! nothing listens any more at their destination on this host: then the server has exited.

use super::{connections, prelude::*, relations};
use crate::model::{
    group::Direction,
    snapshot::{Age, AgeLimit},
};

/// A healthy server reads at once.
const AGE: Threshold = Threshold::seconds("age", 60.0);
/// The part of the descriptors that makes a growing set critical.
const SHARE: Threshold = Threshold::ratio("share", 0.10);

/// From this number on, connections to an ended service are more than a leftover.
const GONE: Threshold = Threshold::count("gone", 3.0);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "close-wait-unread",
    severities: &[Severity::Critical, Severity::Warning, Severity::Notice],
    thresholds: &[AGE, SHARE, GONE],
    needs: &[Need::Tcp, Need::Details(&[State::CLOSE_WAIT]), Need::Inodes(&[State::CLOSE_WAIT])],
    relations: &[
        Relation::causes("fd-near-limit", SharedBy::Process).where_(relations::holds_most_descriptors),
        Relation::causes("fin-wait2-peer", SharedBy::OtherEnd),
        Relation::causes("fin-wait2-held", SharedBy::OtherEnd),
    ],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let held = input.sockets(State::CLOSE_WAIT).filter(|seen| seen.kind() == Kind::Full && seen.socket.rqueue >= 1);
    input.by_subject(held).into_iter().filter_map(|(subject, all)| judge(input, subject, &all)).collect()
}

fn judge(input: &RuleInput<'_>, subject: Subject, all: &[&Seen]) -> Option<Finding> {
    let aged = all.iter().filter(|seen| !is_read(input, seen)).filter_map(|seen| Some((*seen, seen.hung_up()?)));
    let stuck: Vec<(&Seen, Age)> = aged.filter(|(_, age)| age.time >= input.time(&AGE)).collect();
    let oldest = stuck.iter().map(|(_, age)| *age).max()?;
    let grew = input.before().is_some() && all.iter().any(|seen| input.earlier(seen).is_none());
    let inbound = stuck.iter().filter(|(seen, _)| connections::direction(input, seen) == Direction::Inbound).count();
    let is_inbound = inbound * 2 >= stuck.len();
    let unread: Vec<&Seen> = stuck.iter().map(|(seen, _)| *seen).collect();
    let fullest = input.fullest(&unread);
    let is_large = fullest.is_some_and(|fullest| fullest.sockets as f64 >= input.limit(&SHARE) * fullest.most as f64);
    let gone = service_gone(input, &stuck).filter(|_| !is_inbound);
    let is_missed = gone.is_some() && stuck.len() as f64 >= input.limit(&GONE);
    let severity = match (grew, is_inbound) {
        (true, _) if is_large => Severity::Critical,
        (true, _) | (_, true) => Severity::Warning,
        (false, false) if is_missed => Severity::Warning,
        (false, false) => Severity::Notice,
    };
    let count = stuck.len() as u64;
    let bytes: u64 = stuck.iter().map(|(seen, _)| u64::from(seen.socket.rqueue.saturating_sub(1))).sum();
    let (title, why) = match (is_inbound || grew, oldest.limit != AgeLimit::AtMost) {
        _ if gone.is_some() => ("title-gone", "why-gone"),
        (true, true) => ("title", "why"),
        (true, false) => ("title-at-most", "why"),
        (false, _) => ("title-pool", "why-pool"),
    };
    let title = match gone {
        Some((address, port)) => Sentence::plain(title).with("peer", Word::Endpoint(address, port)),
        None => Sentence::plain(title),
    };
    let program = subject.program_word();
    let proof = if bytes == 0 { "proof-end" } else { "proof-data" };
    let mut finding = input
        .finding(severity, subject.clone())
        .title(title)
        .count("count", count)
        .time("age", oldest.time)
        .why(Sentence::plain(why).with("program", program))
        .proof(Sentence::plain(proof).count("count", count).bytes("bytes", bytes))
        .evidence("sockets", Figure::Count(count), "idiag_state")
        .evidence("unread_bytes", Figure::Bytes(bytes), "idiag_rqueue")
        .evidence("oldest", Figure::Time(oldest.time), "tcp_info.last_ack_recv")
        .evidence("inbound", Figure::Count(inbound as u64), "tcp_info.bytes_acked")
        // Includes young sockets: the other sockets of the owner show whether the number grows.
        .counts(all.iter().copied())
        .about(connections::inodes(all), count);
    if let Some(fullest) = fullest {
        let limit = Sentence::plain("limit").count("used", fullest.used).count("most", fullest.most);
        finding = fullest.tell(finding.limit(Some(limit)));
    }
    finding = connections::with_workers(input, finding, all);
    if input.before().is_none() || oldest.limit == AgeLimit::AtMost {
        finding = finding.confidence(Confidence::Likely);
    }
    Some(match gone {
        Some((address, port)) => {
            let inspect = Sentence::plain("fix-gone").with("peer", Word::Endpoint(address, port));
            finding.remedy(Remedy::new(RemedyKind::Operate, inspect)).myth("myth")
        }
        None => remedies(finding, &subject, is_inbound || grew),
    })
}

/// The one service of this host that connections lead to, where nothing listens.
fn service_gone(input: &RuleInput<'_>, stuck: &[(&Seen, Age)]) -> Option<(IpAddr, u16)> {
    let services: BTreeSet<_> = sorted::set(stuck.iter().map(|(seen, _)| (seen.socket.peer, seen.socket.peer_port)));
    let mut services = services.into_iter();
    let (address, port) = services.next()?;
    let is_gone = services.next().is_none() && input.is_own(address) && input.listener(address, port).is_none();
    is_gone.then_some((address, port))
}

/// Whether the program took anything between the two samples: a slow reader is not stuck.
fn is_read(input: &RuleInput<'_>, seen: &Seen) -> bool {
    let before = input.earlier(seen).and_then(Seen::consumed);
    matches!((before, seen.consumed()), (Some(before), Some(now)) if now > before)
}

fn remedies(finding: Finding, subject: &Subject, is_stuck: bool) -> Finding {
    if !is_stuck {
        let pool = Remedy::new(RemedyKind::Config, "fix-pool");
        return finding.remedy(pool).myth("myth");
    }
    let code = Remedy::new(RemedyKind::Code, "fix");
    let inspect = subject.program().map(|program| {
        let inspect = Sentence::plain("find").outside("program", program.name.clone());
        Remedy::new(RemedyKind::Operate, inspect)
            .inspect()
            .command(connections::stacks(program.pid))
            .needs("needs-root")
    });
    finding.remedy(code).remedy(inspect).myth("myth")
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, severities, snapshot, socket, with_info},
        *,
    };
    use crate::model::{
        finding::Runtime,
        snapshot::{Listener, Sample, Snapshot},
        tcp_info::{BYTES_ACKED, BYTES_RECEIVED, LAST_ACK_RECV},
    };

    fn stuck(count: u32, age: u64, outbound: bool) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        for number in 1..=count {
            let mut seen = with_info(socket(State::CLOSE_WAIT, number), &LAST_ACK_RECV, age);
            seen.socket.rqueue = 1;
            if outbound {
                seen = with_info(seen, &BYTES_ACKED, 1);
            }
            snapshot.now.add([seen]);
        }
        snapshot.now.listeners.push(listener(8080, 9_999));
        snapshot.hold(4321, "orders", Runtime::Python, 1..=count);
        snapshot
    }

    fn seen_before(mut snapshot: Snapshot, born: usize) -> Snapshot {
        let mut before = Sample::default();
        let kept = snapshot.now.sockets.len() - born;
        before.add(snapshot.now.sockets.iter().take(kept).cloned());
        snapshot.before = Some(before);
        snapshot
    }

    #[test]
    fn a_server_that_does_not_read_is_a_warning() {
        assert_eq!(severities(&RULE, &stuck(1, 61_000, false)), [Severity::Warning]);
    }

    #[test]
    fn a_minute_is_granted() {
        assert_eq!(severities(&RULE, &stuck(1, 59_000, false)), []);
    }

    #[test]
    fn an_idle_pool_is_a_notice() {
        assert_eq!(severities(&RULE, &stuck(5, 600_000, true)), [Severity::Notice]);
    }

    #[test]
    fn a_pool_whose_server_has_ended_is_a_warning() {
        let here = |mut snapshot: Snapshot| {
            for seen in &mut snapshot.now.sockets {
                (seen.socket.peer, seen.socket.peer_port) = (IpAddr::from([127, 0, 0, 1]), 5432);
            }
            snapshot
        };
        let found = findings(&RULE, &here(stuck(3, 600_000, true))).remove(0);
        assert_eq!((found.severity, found.title.id), (Severity::Warning, "title-gone"));
        assert_eq!(severities(&RULE, &here(stuck(2, 600_000, true))), [Severity::Notice]);
        let mut snapshot = here(stuck(3, 600_000, true));
        snapshot.now.listeners.push(Listener { address: IpAddr::from([127, 0, 0, 1]), ..listener(5432, 8) });
        assert_eq!(severities(&RULE, &snapshot), [Severity::Notice]);
    }

    #[test]
    fn a_growing_pool_is_a_warning_and_a_large_one_critical() {
        assert_eq!(severities(&RULE, &seen_before(stuck(5, 600_000, true), 1)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &seen_before(stuck(103, 600_000, true), 1)), [Severity::Critical]);
        assert_eq!(severities(&RULE, &seen_before(stuck(103, 600_000, true), 0)), [Severity::Notice]);
    }

    #[test]
    fn the_owners_of_young_ones_are_asked_for() {
        let mut snapshot = seen_before(stuck(3, 61_000, false), 1);
        let young = with_info(snapshot.now.sockets.remove(2), &LAST_ACK_RECV, 1_000);
        snapshot.now.add([young]);
        let found = findings(&RULE, &snapshot).remove(0);
        assert_eq!((found.severity, found.inodes), (Severity::Warning, vec![1, 2, 3]));
    }

    #[test]
    fn a_slow_reader_is_not_stuck() {
        let mut snapshot = seen_before(stuck(1, 61_000, false), 0);
        let sockets = std::mem::take(&mut snapshot.now.sockets);
        snapshot.now.sockets = sockets.into_iter().map(|seen| with_info(seen, &BYTES_RECEIVED, 100)).collect();
        if let Some(before) = &mut snapshot.before {
            before.sockets = std::mem::take(&mut before.sockets)
                .into_iter()
                .map(|seen| with_info(seen, &BYTES_RECEIVED, 50))
                .collect();
        }
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn an_empty_queue_is_another_rule() {
        let mut snapshot = stuck(1, 61_000, false);
        snapshot.now.sockets[0].socket.rqueue = 0;
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
