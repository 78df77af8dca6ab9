//! A half-close in use: the peer has finished sending, and the local program still answers.
//!
//! Detected: `CLOSE_WAIT` whose acknowledged bytes grow between two samples. Only that proves it: data in Send-Q may be
//! stuck. Legitimate, and reported because CLOSE_WAIT is usually a fault.

use super::{connections, prelude::*};
use crate::model::tcp_info::BYTES_ACKED;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "half-close",
    severities: &[Severity::Ok],
    thresholds: &[],
    needs: &[Need::Tcp, Need::TwoSamples],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let answering = input
        .sockets(State::CLOSE_WAIT)
        .filter(|seen| seen.kind() == Kind::Full && answered(input, seen).is_some_and(|bytes| bytes > 0));
    let judge = |(subject, all): (_, Vec<&Seen>)| {
        let count = all.len() as u64;
        let bytes = all.iter().filter_map(|seen| answered(input, seen)).fold(0, u64::saturating_add);
        input
            .finding(Severity::Ok, subject)
            .count("count", count)
            .bytes("bytes", bytes)
            .evidence("sockets", Figure::Count(count), "idiag_state")
            .evidence("acknowledged_since_bytes", Figure::Bytes(bytes), "tcp_info.bytes_acked")
            .about(connections::inodes(&all), count)
    };
    input.by_subject(answering).into_iter().map(judge).collect()
}

/// Bytes the peer acknowledged between the two samples.
fn answered(input: &RuleInput<'_>, seen: &Seen) -> Option<u64> {
    let before = input.earlier(seen).filter(|earlier| earlier.socket.state == State::CLOSE_WAIT)?;
    seen.info(&BYTES_ACKED)?.checked_sub(before.info(&BYTES_ACKED)?)
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{severities, snapshot, socket, with_info},
        *,
    };
    use crate::model::snapshot::Snapshot;

    fn acked(before: u64, now: u64) -> Snapshot {
        let mut snapshot = snapshot();
        let at = |bytes| with_info(socket(State::CLOSE_WAIT, 1), &BYTES_ACKED, bytes);
        if let Some(sample) = &mut snapshot.before {
            sample.add([at(before)]);
        }
        snapshot.now.add([at(now)]);
        snapshot
    }

    #[test]
    fn an_answer_under_way_is_ok() {
        assert_eq!(severities(&RULE, &acked(1_000, 2_000)), [Severity::Ok]);
    }

    /// A file may claim any number.
    #[test]
    fn more_bytes_than_can_be_counted_do_no_harm() {
        let mut snapshot = acked(0, u64::MAX);
        let at = |bytes| with_info(socket(State::CLOSE_WAIT, 2), &BYTES_ACKED, bytes);
        if let Some(sample) = &mut snapshot.before {
            sample.add([at(0)]);
        }
        snapshot.now.add([at(u64::MAX)]);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Ok]);
    }

    #[test]
    fn silence_is_nothing() {
        assert_eq!(severities(&RULE, &acked(1_000, 1_000)), []);
    }

    #[test]
    fn bytes_acknowledged_before_the_peer_finished_do_not_count() {
        let mut snapshot = acked(1_000, 2_000);
        if let Some(before) = &mut snapshot.before {
            before.sockets[0].socket.state = State::ESTABLISHED;
        }
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
