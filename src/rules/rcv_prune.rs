//! Received data thrown away for lack of buffer.
//!
//! Seen: `RcvPruned`, `TCPRcvQDrop`, `TCPOFODrop`, `OfoPruned` or `TCPBacklogDrop` rises. `PruneCalled` alone says that
//! buffers were over their limit and could be compacted. A segment that is thrown away counts twice, as `RcvPruned` and
//! as one of the two drops (`tcp_try_rmem_schedule` and its callers), of which older kernels lack one.

use super::prelude::*;

/// One is enough: in health none is lost.
const LEAST: Threshold = Threshold::count("least", 1.0);
/// Counters of lost data.
const LOST: [&str; 5] =
    ["TcpExtRcvPruned", "TcpExtTCPRcvQDrop", "TcpExtTCPOFODrop", "TcpExtOfoPruned", "TcpExtTCPBacklogDrop"];
/// Counts what could still be compacted.
const COMPACTED: &str = "TcpExtPruneCalled";

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "rcv-prune",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[LEAST],
    needs: &[Need::TwoSamples, Need::Counter("TcpExtPruneCalled")],
    relations: &[],
    evaluate: Evaluate::One(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let rises: Vec<(&str, u64)> =
        LOST.iter().filter_map(|&name| Some((name, input.rise(name).filter(|&rise| rise > 0)?))).collect();
    let lost = lost(input);
    let compacted = input.rise(COMPACTED).unwrap_or(0);
    let (_, between) = input.before()?;
    let (severity, title, count) = if lost > 0 && lost as f64 >= input.limit(&LEAST) {
        (Severity::Warning, "title", lost)
    } else if compacted > 0 && compacted as f64 >= input.limit(&LEAST) {
        (Severity::Notice, "title-compacted", compacted)
    } else {
        return None;
    };
    let fullest =
        input.sockets(State::ESTABLISHED).filter(|seen| seen.socket.rqueue > 0).max_by_key(|seen| seen.socket.rqueue);
    let mut finding = input
        .finding(severity, Subject::Host)
        .title(title)
        .count("count", count)
        .time("time", between)
        .counts(fullest)
        .about(fullest.map(|seen| seen.socket.inode).into_iter().collect(), count);
    for (name, rise) in rises {
        let key = match name {
            "TcpExtRcvPruned" => "pruned",
            "TcpExtTCPRcvQDrop" => "receive_queue_drops",
            "TcpExtTCPOFODrop" => "out_of_order_drops",
            "TcpExtOfoPruned" => "out_of_order_pruned",
            _ => "backlog_drops",
        };
        finding = finding.evidence(key, Figure::Count(rise), name);
    }
    finding = finding.evidence("prune_called", Figure::Count(compacted), COMPACTED);
    if let Some(seen) = fullest {
        let name = program_word(input.program(seen.socket.inode).as_ref());
        let proof = Sentence::plain("proof").bytes("bytes", seen.socket.rqueue.into()).with("program", name).endpoint(
            "local",
            seen.socket.local,
            seen.socket.local_port,
        );
        finding = finding.proof(proof);
    }
    let find = Remedy::new(RemedyKind::Operate, "find").command("sockdoc list -tmp recvq gt 0 --sort recvq");
    Some(finding.remedy(Remedy::new(RemedyKind::Code, "fix")).remedy(find).myth("myth"))
}

/// How many segments were thrown away, each counted once.
fn lost(input: &RuleInput<'_>) -> u64 {
    let [pruned, in_order, out_of_order, queues, backlog] = LOST.map(|name| input.rise(name).unwrap_or(0));
    pruned.max(in_order + out_of_order) + queues + backlog
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot},
        *,
    };
    use crate::model::snapshot::Snapshot;

    fn risen(name: &str) -> Snapshot {
        let mut snapshot = snapshot();
        for (sample, more) in [(snapshot.before.as_mut(), 0), (Some(&mut snapshot.now), 1)] {
            let Some(sample) = sample else { continue };
            for counter in LOST.into_iter().chain([COMPACTED]) {
                sample.counter(counter, 5 + if counter == name { more } else { 0 });
            }
        }
        snapshot
    }

    #[test]
    fn each_loss_is_a_warning() {
        for name in LOST {
            assert_eq!(severities(&RULE, &risen(name)), [Severity::Warning], "{name}");
        }
    }

    #[test]
    fn a_segment_is_counted_once() {
        let mut snapshot = risen("TcpExtRcvPruned");
        snapshot.now.counter("TcpExtTCPRcvQDrop", 6);
        assert_eq!(findings(&RULE, &snapshot)[0].weight, 1);
        snapshot.now.counter("TcpExtTCPOFODrop", 7);
        assert_eq!(findings(&RULE, &snapshot)[0].weight, 3);
    }

    #[test]
    fn buffers_that_could_be_compacted_are_a_notice() {
        assert_eq!(severities(&RULE, &risen(COMPACTED)), [Severity::Notice]);
    }

    #[test]
    fn what_happened_before_does_not_count() {
        assert_eq!(severities(&RULE, &risen("")), []);
    }
}
