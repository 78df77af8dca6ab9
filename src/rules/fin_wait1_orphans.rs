//! Closed connections whose last data and FIN the peer does not acknowledge.
//!
//! Detected: orphans in `FIN_WAIT1` after four timeouts, or behind a window that stays closed. An Internet server
//! always has some (10 vanished clients a second times 105 s), so they must be a share of the open connections, or
//! several to one peer, or a share of the host's limit.

use super::{connections::Unanswered, prelude::*, sysctl};
use crate::model::tcp_info::BACKOFF;

/// Four timeouts are three seconds of silence: more than a lost segment.
pub(super) const RETRIES: Threshold = Threshold::count("retries", 4.0);
/// Fewer are the daily noise of the Internet.
const LEAST: Threshold = Threshold::count("least", 20.0);
/// The least part of the open connections.
const SHARE: Threshold = Threshold::ratio("share", 0.01);
/// From this number on, one peer has a problem.
const ONE_PEER: Threshold = Threshold::count("one-peer", 3.0);
/// The part of `tcp_max_orphans` from which the kernel may begin to reset.
const LIMIT: Threshold = Threshold::ratio("limit", 0.10);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "fin-wait1-orphans",
    severities: &[Severity::Warning],
    thresholds: &[RETRIES, LEAST, SHARE, ONE_PEER, LIMIT],
    needs: &[Need::Tcp, Need::Timers(&[State::FIN_WAIT1]), Need::Inodes(&[State::FIN_WAIT1])],
    relations: &[Relation::causes("orphans-near-limit", SharedBy::Host)],
    evaluate: Evaluate::One(evaluate),
};

/// Whether it has waited for long: timeouts in a row, or probes answered by a closed window.
fn is_stuck(input: &RuleInput<'_>, seen: &Seen) -> bool {
    let retries = input.limit(&RETRIES);
    let backoff = seen.info(&BACKOFF).unwrap_or(0);
    f64::from(seen.socket.retrans) >= retries || backoff as f64 >= retries
}

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let orphans: Vec<&Seen> = input.sockets(State::FIN_WAIT1).filter(|seen| seen.kind() == Kind::Orphan).collect();
    let stuck: Vec<&Seen> = orphans.iter().copied().filter(|seen| is_stuck(input, seen)).collect();
    let unanswered = Unanswered::of(&stuck)?;
    let Unanswered { count, peer, of_peer } = unanswered;
    let beyond = input.now().beyond.get(&State::FIN_WAIT1).copied().unwrap_or(0);
    let all = orphans.len() as u64 + beyond;
    let is_many = unanswered.is_many(input, &LEAST, &SHARE, &ONE_PEER);
    let limit = input.sysctl("net.ipv4.tcp_max_orphans");
    let is_near = limit.is_some_and(|limit| all as f64 >= input.limit(&LIMIT) * limit as f64);
    if !is_many && !is_near {
        return None;
    }
    let not_reading = stuck.iter().filter(|seen| seen.waits_for_window()).count() as u64;
    let is_reading = not_reading * 2 <= count;
    let bytes: u64 = stuck.iter().map(|seen| u64::from(seen.socket.wqueue)).sum();
    let subject = unanswered.subject(input, &ONE_PEER);
    let title = if is_reading { "title" } else { "title-not-reading" };
    let why = if is_reading { "why" } else { "why-not-reading" };
    let mut finding = input
        .finding(Severity::Warning, subject)
        .title(title)
        .count("count", count)
        .why(why)
        .proof(Sentence::plain("proof").bytes("bytes", bytes).count("peer_count", of_peer).address("peer", peer))
        .evidence("sockets", Figure::Count(count), "idiag_state, idiag_inode 0")
        .evidence("send_queue_bytes", Figure::Bytes(bytes), "idiag_wqueue")
        .evidence("zero_window", Figure::Count(not_reading), "idiag_timer 4")
        .evidence("to_one_peer", Figure::Count(of_peer), "idiag_dst")
        .counts(stuck.iter().copied())
        .about(Vec::new(), count);
    if let Some(limit) = limit {
        let words = Sentence::plain("limit").count("count", all).count("limit", limit);
        finding = finding.limit(is_near.then_some(words)).evidence(
            "orphan_limit",
            Figure::Count(limit),
            "net.ipv4.tcp_max_orphans",
        );
    }
    let network = if is_reading { "fix-network" } else { "fix-reader" };
    Some(
        finding
            .remedy(Remedy::new(RemedyKind::Code, "fix"))
            .remedy(Remedy::new(RemedyKind::Operate, Sentence::plain(network).address("peer", peer)))
            // It bounds the wait for peers that are silent; a closed window that answers is waited for until the
            // timeout is at its most (`tcp_probe_timer`).
            .remedy(is_reading.then(|| sysctl::fewer_orphan_retries(input)).flatten())
            .myth("myth"),
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot, socket, ten, with_info},
        *,
    };
    use crate::model::snapshot::Snapshot;

    fn orphans(count: u32, retrans: u8) -> Snapshot {
        let mut snapshot = snapshot();
        for number in 1..=count {
            let mut seen = socket(State::FIN_WAIT1, number);
            seen.socket.inode = 0;
            seen.socket.timer = Timer::Retransmit;
            seen.socket.retrans = retrans;
            seen.socket.wqueue = 1;
            seen.socket.peer = ten(number as u8);
            snapshot.now.add([seen]);
        }
        snapshot
    }

    #[test]
    fn many_vanished_peers_are_a_warning() {
        assert_eq!(severities(&RULE, &orphans(20, 4)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &orphans(19, 4)), []);
        assert_eq!(severities(&RULE, &orphans(20, 3)), []);
    }

    #[test]
    fn a_busy_server_always_has_some() {
        let mut snapshot = orphans(20, 4);
        let open = (100..2_101).map(|number| socket(State::ESTABLISHED, number));
        snapshot.now.add(open);
        assert_eq!(severities(&RULE, &snapshot), []);
        for seen in snapshot.now.sockets.iter_mut().take(3) {
            seen.socket.peer = ten(99);
        }
        assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
    }

    #[test]
    fn a_closed_window_counts_by_its_backoff() {
        let mut snapshot = orphans(20, 0);
        let sockets = std::mem::take(&mut snapshot.now.sockets);
        snapshot.now.sockets = sockets
            .into_iter()
            .map(|mut seen| {
                seen.socket.timer = Timer::Persist;
                with_info(seen, &BACKOFF, 4)
            })
            .collect();
        let found = findings(&RULE, &snapshot).remove(0);
        assert_eq!(found.title.id, "title-not-reading");
        assert!(found.remedies.iter().all(|remedy| remedy.kind != RemedyKind::Sysctl));
    }

    #[test]
    fn a_tenth_of_the_limit_is_a_warning_with_fewer_timeouts() {
        let mut snapshot = orphans(10, 4);
        snapshot.sysctls.insert("net.ipv4.tcp_max_orphans".into(), "100".into());
        assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
    }

    #[test]
    fn retries_that_are_few_already_stay() {
        let mut snapshot = orphans(20, 4);
        assert!(findings(&RULE, &snapshot)[0].remedies.iter().any(|remedy| remedy.kind == RemedyKind::Sysctl));
        snapshot.sysctls.insert("net.ipv4.tcp_orphan_retries".into(), "3".into());
        assert!(findings(&RULE, &snapshot)[0].remedies.iter().all(|remedy| remedy.kind != RemedyKind::Sysctl));
    }

    #[test]
    fn held_ones_and_an_empty_table_say_nothing() {
        let mut snapshot = orphans(30, 5);
        for seen in &mut snapshot.now.sockets {
            seen.socket.inode = 7;
        }
        assert_eq!(severities(&RULE, &snapshot), []);
        assert_eq!(severities(&RULE, &super::super::fixture::snapshot()), []);
    }
}
