//! Connections closed after the peer whose last FIN the peer does not acknowledge.
//!
//! Detected: `LAST_ACK` and `CLOSING` after three timeouts: the host is gone, or a firewall has dropped the connection
//! (conntrack keeps LAST_ACK for 30 s). A few are normal on the Internet, as in fin-wait1-orphans.

use super::{connections::Unanswered, prelude::*, sysctl};

/// Three timeouts: more than a lost segment.
pub(super) const RETRIES: Threshold = Threshold::count("retries", 3.0);
/// Fewer are noise.
const LEAST: Threshold = Threshold::count("least", 20.0);
/// The least part of the open connections.
const SHARE: Threshold = Threshold::ratio("share", 0.01);
/// From this number on, one peer has a problem.
const ONE_PEER: Threshold = Threshold::count("one-peer", 3.0);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "last-ack-stuck",
    severities: &[Severity::Warning],
    thresholds: &[RETRIES, LEAST, SHARE, ONE_PEER],
    needs: &[Need::Tcp, Need::Timers(&[State::LAST_ACK, State::CLOSING])],
    relations: &[],
    evaluate: Evaluate::One(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let closing = input.sockets(State::LAST_ACK).chain(input.sockets(State::CLOSING));
    let stuck: Vec<&Seen> = closing.filter(|seen| f64::from(seen.socket.retrans) >= input.limit(&RETRIES)).collect();
    let unanswered = Unanswered::of(&stuck)?;
    let Unanswered { count, peer, of_peer } = unanswered;
    let is_many = unanswered.is_many(input, &LEAST, &SHARE, &ONE_PEER);
    if !is_many {
        return None;
    }
    let subject = unanswered.subject(input, &ONE_PEER);
    let most = stuck.iter().map(|seen| u64::from(seen.socket.retrans)).max()?;
    let proof = Sentence::plain("proof").count("retrans", most).count("peer_count", of_peer).address("peer", peer);
    Some(
        input
            .finding(Severity::Warning, subject)
            .count("count", count)
            .proof(proof)
            .evidence("sockets", Figure::Count(count), "idiag_state")
            .evidence("most_timeouts", Figure::Count(most), "idiag_retrans")
            .evidence("to_one_peer", Figure::Count(of_peer), "idiag_dst")
            .counts(stuck.iter().copied())
            .about(Vec::new(), count)
            .remedy(Remedy::new(RemedyKind::Operate, Sentence::plain("fix").address("peer", peer)))
            .remedy(Remedy::new(RemedyKind::Code, "fix-timeout"))
            .remedy(sysctl::fewer_orphan_retries(input))
            .myth("myth"),
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{severities, snapshot, socket, ten},
        *,
    };
    use crate::model::snapshot::Snapshot;

    fn stuck(count: u32, retrans: u8) -> Snapshot {
        let mut snapshot = snapshot();
        for number in 1..=count {
            let state = if number % 2 == 0 { State::LAST_ACK } else { State::CLOSING };
            let mut seen = socket(state, number);
            seen.socket.inode = 0;
            seen.socket.retrans = retrans;
            seen.socket.peer = ten(number as u8);
            snapshot.now.add([seen]);
        }
        snapshot
    }

    #[test]
    fn twenty_without_their_last_ack_are_a_warning() {
        assert_eq!(severities(&RULE, &stuck(20, 3)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &stuck(19, 3)), []);
        assert_eq!(severities(&RULE, &stuck(20, 2)), []);
    }

    #[test]
    fn a_busy_server_always_has_some() {
        let mut snapshot = stuck(20, 3);
        snapshot.now.add((100..2_101).map(|number| socket(State::ESTABLISHED, number)));
        assert_eq!(severities(&RULE, &snapshot), []);
        for seen in snapshot.now.sockets.iter_mut().take(3) {
            seen.socket.peer = ten(99);
        }
        assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
    }
}
