//! A send buffer that is too small for its path: the network would take more than the program may write.
//!
//! Seen: for a third of the time in which a connection had data to send, the send buffer was full while all of it was
//! on its way. A size set with `SO_SNDBUF` turns the kernel's own tuning off; without it `tcp_wmem` is the limit
//! (knowledge: E).

use super::{connections, prelude::*, sysctl};
use crate::model::tcp_info;

/// The part of its busy time that a connection waited for its own buffer.
const LIMITED: Threshold = Threshold::ratio("limited", 0.3);
/// Below this busy time that part says nothing.
const BUSY: Threshold = Threshold::seconds("busy", 10.0);
/// The buffer holds packets with the kernel's overhead, and one window on the way beside the next one.
const WINDOWS: u64 = 2;
/// No larger limit is proposed: with many connections it is memory.
const MOST_BYTES: u64 = 64 << 20;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "sndbuf-limited",
    severities: &[Severity::Notice],
    thresholds: &[LIMITED, BUSY],
    needs: &[Need::Tcp, Need::EveryEstablished],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let limited = input.sockets(State::ESTABLISHED).filter(|seen| {
        let enough = seen.kind() == Kind::Full && part(seen).is_some_and(|part| part >= input.limit(&LIMITED));
        enough && busy(seen).is_some_and(|busy| busy >= input.time(&BUSY))
    });
    input.by_subject(limited).into_iter().filter_map(|(subject, all)| judge(input, subject, &all)).collect()
}

fn busy(seen: &Seen) -> Option<Duration> {
    seen.info(&tcp_info::BUSY_TIME).map(Duration::from_micros)
}

/// The part of its busy time in which it waited for its buffer.
fn part(seen: &Seen) -> Option<f64> {
    let busy = seen.info(&tcp_info::BUSY_TIME).filter(|&busy| busy > 0)?;
    Some(seen.info(&tcp_info::SNDBUF_LIMITED)? as f64 / busy as f64)
}

fn judge(input: &RuleInput<'_>, subject: Subject, all: &[&Seen]) -> Option<Finding> {
    let worst = all.iter().copied().max_by(|a, b| part(a).unwrap_or(0.0).total_cmp(&part(b).unwrap_or(0.0)))?;
    let (part, busy) = (part(worst)?, busy(worst)?);
    let buffer = u64::from(worst.memory?.sndbuf);
    let tuned = input.snapshot.sysctls.get("net.ipv4.tcp_wmem").and_then(|text| three(text));
    // Tuning never goes beyond the limit, and would have gone there.
    let is_fixed = tuned.is_some_and(|[.., most]| buffer < most);
    let rtt = Duration::from_micros(worst.info(&tcp_info::RTT).unwrap_or(0));
    let proof = Sentence::plain("proof").time("busy", busy).time("rtt", rtt);
    let program = subject.program_word();
    let finding = input
        .finding(Severity::Notice, subject)
        .count("count", all.len() as u64)
        .ratio("part", part)
        .bytes("buffer", buffer)
        .confidence(Confidence::Likely)
        .why(Sentence::plain(if is_fixed { "why-fixed" } else { "why" }).with("program", program))
        .proof(proof)
        .evidence("sockets", Figure::Count(all.len() as u64), "idiag_state")
        .evidence("held_up_by_buffer", Figure::Ratio(part), "tcp_info.sndbuf_limited, tcp_info.busy_time")
        .evidence("busy", Figure::Time(busy), "tcp_info.busy_time")
        .evidence("send_buffer_bytes", Figure::Bytes(buffer), "skmem.sndbuf")
        .evidence("rtt", Figure::Time(rtt), "tcp_info.rtt")
        .counts(all.iter().copied())
        .about(connections::inodes(all), all.len() as u64);
    let finding = connections::with_workers(input, finding, all);
    if is_fixed {
        return Some(finding.remedy(Remedy::new(RemedyKind::Code, "fix-fixed")).myth("myth-fixed"));
    }
    Some(finding.remedy(tuned.and_then(|tuned| raise(input, tuned, all))))
}

/// Raises the limit of the tuning: to twice its value, or to the size for the congestion window of the largest
/// connection, if that is more.
fn raise(input: &RuleInput<'_>, [least, first, most]: [u64; 3], all: &[&Seen]) -> Option<Remedy> {
    let window = |seen: &&Seen| Some(seen.info(&tcp_info::SND_CWND)?.saturating_mul(seen.info(&tcp_info::SND_MSS)?));
    let asked = all.iter().filter_map(window).max().unwrap_or(0).saturating_mul(2 * WINDOWS);
    let proposed = most.saturating_mul(2).max(asked.checked_next_power_of_two().unwrap_or(0)).min(MOST_BYTES.max(most));
    if proposed <= most {
        return None;
    }
    let remedy = sysctl::set(input, "net.ipv4.tcp_wmem", &format!("{least} {first} {proposed}"), "raise")?;
    Some(remedy.risk("raise-risk"))
}

/// The three numbers of `tcp_wmem`.
fn three(text: &str) -> Option<[u64; 3]> {
    let mut numbers = text.split_whitespace().map(str::parse);
    Some([numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?])
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot, socket, with_info},
        *,
    };
    use crate::model::snapshot::Snapshot;

    fn sender(busy: u64, limited: u64, sndbuf: u32) -> Snapshot {
        let seen = with_info(socket(State::ESTABLISHED, 1), &tcp_info::BUSY_TIME, busy);
        let mut seen = with_info(seen, &tcp_info::SNDBUF_LIMITED, limited);
        if let Some(memory) = &mut seen.memory {
            memory.sndbuf = sndbuf;
        }
        let mut snapshot = snapshot();
        snapshot.before = None;
        snapshot.now.add([seen]);
        snapshot
    }

    #[test]
    fn a_third_of_the_time_is_a_notice() {
        assert_eq!(severities(&RULE, &sender(10_000_000, 3_000_000, 50_000)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &sender(10_000_000, 2_999_999, 50_000)), []);
        assert_eq!(severities(&RULE, &sender(9_999_999, 9_000_000, 50_000)), []);
    }

    #[test]
    fn a_size_of_the_programs_own_is_for_the_program_to_drop() {
        let found = findings(&RULE, &sender(20_000_000, 15_000_000, 50_000)).remove(0);
        assert_eq!(found.why.map(|why| why.id), Some("why-fixed"));
        assert!(found.remedies.iter().all(|remedy| remedy.command.is_none()));
    }

    #[test]
    fn the_systems_limit_is_raised_to_fit_the_window() {
        let command = |snapshot: &Snapshot| findings(&RULE, snapshot)[0].remedies[0].command.clone();
        let mut snapshot = sender(20_000_000, 15_000_000, 4_194_304);
        assert_eq!(command(&snapshot).as_deref(), Some("sysctl -w net.ipv4.tcp_wmem='4096 16384 8388608'"));
        let seen = with_info(snapshot.now.sockets.remove(0), &tcp_info::SND_CWND, 4_000);
        snapshot.now.sockets.push(with_info(seen, &tcp_info::SND_MSS, 1_448));
        assert_eq!(command(&snapshot).as_deref(), Some("sysctl -w net.ipv4.tcp_wmem='4096 16384 33554432'"));
    }

    #[test]
    fn a_limit_that_is_huge_is_left_alone() {
        let mut snapshot = sender(20_000_000, 15_000_000, 134_217_728);
        snapshot.sysctls.insert("net.ipv4.tcp_wmem".to_owned(), "4096 16384 134217728".to_owned());
        assert!(findings(&RULE, &snapshot)[0].remedies.is_empty());
    }
}
