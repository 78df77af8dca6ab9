//! A path that loses packets: a large share of the sent data is retransmitted.
//!
//! Detected: retransmitted bytes against sent bytes, of all connections to one service, or of all clients of a local
//! service: one client on a bad line is not reported. Below 1 % is the ordinary Internet (knowledge: H, `RetransSegs`).
//! If the peer reports most of it as received twice, nothing was lost: packets were reordered, or ACKs were lost.

use super::{connections, prelude::*};
use crate::model::{field::Field, group::Direction, tcp_info};

/// The loss that a healthy path stays below.
const HIGH: Threshold = Threshold::ratio("high", 0.01);
/// From here on throughput collapses.
const SEVERE: Threshold = Threshold::ratio("severe", 0.05);
/// Fewer bytes say nothing about a ratio.
const BYTES: Threshold = Threshold::bytes("bytes", 1_000_000.0);
/// The part of the retransmits that the peer reports as received twice; above it they are not losses.
const SPURIOUS: f64 = 0.5;

/// The part of the time with data to send in which the receiver had no room; above it the receiver is the reason.
const HELD_UP: f64 = 0.5;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "loss-high",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[HIGH, SEVERE, BYTES],
    needs: &[Need::Tcp, Need::EveryEstablished],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

/// Bytes that connections sent between two samples; with one sample, since they began.
#[derive(Default)]
struct Sent {
    bytes: u64,
    again: u64,
    packets_again: u64,
    /// Packets the peer reported as received twice.
    twice: u64,
}

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let mut services: BTreeMap<(IpAddr, u16), Vec<&Seen>> = BTreeMap::new();
    let mut clients: BTreeMap<u16, Vec<&Seen>> = BTreeMap::new();
    let open = [State::ESTABLISHED, State::CLOSE_WAIT].into_iter().flat_map(|state| input.sockets(state));
    let unread = input.now().sockets.iter().filter(|seen| seen.socket.rqueue > 0).map(|seen| seen.flow().reversed());
    let unread: BTreeSet<_> = sorted::set(unread);
    let is_held_up = |seen: &Seen| is_held_up(input, seen) || unread.contains(&seen.flow().ends());
    let is_judged = |seen: &&Seen| seen.kind() == Kind::Full && sent(input, seen).bytes > 0 && !is_held_up(seen);
    for seen in open.filter(is_judged) {
        let socket = &seen.socket;
        match connections::direction(input, seen) {
            Direction::Inbound => clients.entry(socket.local_port).or_default().push(seen),
            _ => services.entry((socket.peer, socket.peer_port)).or_default().push(seen),
        }
    }
    let outbound = services.into_iter().filter_map(|((address, port), all)| {
        judge(input, &all, |all| Some(connections::destination(input, address, Some(port), all)))
    });
    let inbound = clients.into_values().filter_map(|all| judge(input, &all, |all| connections::listener(input, all)));
    outbound.chain(inbound).collect()
}

/// Whether its receiver does not read. A full receive buffer drops data, and probes of a closed window are sent again:
/// the path loses nothing then.
fn is_held_up(input: &RuleInput<'_>, seen: &Seen) -> bool {
    let before = input.earlier(seen);
    let rise = |field: &Field| {
        let earlier = before.and_then(|earlier| earlier.info(field)).unwrap_or(0);
        seen.info(field).unwrap_or(0).saturating_sub(earlier)
    };
    seen.waits_for_window() || rise(&tcp_info::RWND_LIMITED) as f64 > HELD_UP * rise(&tcp_info::BUSY_TIME) as f64
}

fn judge(input: &RuleInput<'_>, all: &[&Seen], subject: impl Fn(&[&Seen]) -> Option<Subject>) -> Option<Finding> {
    let sent = all.iter().map(|seen| sent(input, seen)).fold(Sent::default(), Sent::and);
    let part = sent.again as f64 / sent.bytes.max(1) as f64;
    if part < input.limit(&HIGH) || (sent.bytes as f64) < input.limit(&BYTES) {
        return None;
    }
    let is_spurious = sent.packets_again > 0 && sent.twice as f64 >= SPURIOUS * sent.packets_again as f64;
    let has_two_samples = input.before().is_some();
    // A total since the connection began is not news.
    let is_severe = has_two_samples && !is_spurious && part >= input.limit(&SEVERE);
    let severity = if is_severe { Severity::Warning } else { Severity::Notice };
    let title = if is_spurious { "title-spurious" } else { "title" };
    let proof = Sentence::plain("proof")
        .count("packets", sent.packets_again)
        .count("twice", sent.twice)
        .count("count", all.len() as u64);
    let mut finding = input
        .finding(severity, subject(all)?)
        .title(title)
        .ratio("part", part)
        .bytes("sent", sent.bytes)
        .why(if is_spurious { "why-spurious" } else { "why" })
        .proof(proof)
        .proof(match input.before() {
            Some((_, between)) => Sentence::plain("over").time("time", between),
            None => Sentence::plain("since"),
        })
        .evidence("sent_again", Figure::Ratio(part), "tcp_info.bytes_retrans, tcp_info.bytes_sent")
        .evidence("sent_bytes", Figure::Bytes(sent.bytes), "tcp_info.bytes_sent")
        .evidence("sent_again_bytes", Figure::Bytes(sent.again), "tcp_info.bytes_retrans")
        .evidence("received_twice", Figure::Count(sent.twice), "tcp_info.dsack_dups")
        .evidence("sockets", Figure::Count(all.len() as u64), "idiag_state")
        .counts(all.iter().copied())
        .about(connections::inodes(all), sent.again);
    if let Some(rtt) = all.iter().filter_map(|seen| seen.info(&tcp_info::RTT)).max() {
        finding = finding.evidence("longest_rtt", Figure::Time(Duration::from_micros(rtt)), "tcp_info.rtt");
    }
    if !has_two_samples || is_spurious {
        finding = finding.confidence(Confidence::Likely);
    }
    Some(remedies(input, finding, is_spurious))
}

fn remedies(input: &RuleInput<'_>, finding: Finding, is_spurious: bool) -> Finding {
    if is_spurious {
        return finding.remedy(Remedy::new(RemedyKind::Operate, "fix-spurious")).myth("myth");
    }
    let inspect = Remedy::new(RemedyKind::Operate, "fix").command("ip -s link");
    let finding = match finding.subject {
        // No path leads to an address of this host.
        Subject::Destination { address, .. } if !input.is_own(address) => {
            let path = Sentence::plain("fix-path").address("peer", address);
            let path = Remedy::new(RemedyKind::Operate, path).command(ShellCommand::new("tracepath -n ").then(address));
            finding.remedy(inspect).remedy(path)
        }
        _ => finding.remedy(inspect),
    };
    finding.remedy(Remedy::new(RemedyKind::Config, "fix-last")).myth("myth")
}

fn sent(input: &RuleInput<'_>, seen: &Seen) -> Sent {
    let before = input.earlier(seen);
    let rise = |field: &Field| {
        let now = seen.info(field).unwrap_or(0);
        now.saturating_sub(before.and_then(|earlier| earlier.info(field)).unwrap_or(0))
    };
    Sent {
        bytes: rise(&tcp_info::BYTES_SENT),
        again: rise(&tcp_info::BYTES_RETRANS),
        packets_again: rise(&tcp_info::TOTAL_RETRANS),
        twice: rise(&tcp_info::DSACK_DUPS),
    }
}

impl Sent {
    fn and(self, other: Sent) -> Sent {
        Sent {
            bytes: self.bytes.saturating_add(other.bytes),
            again: self.again.saturating_add(other.again),
            packets_again: self.packets_again.saturating_add(other.packets_again),
            twice: self.twice.saturating_add(other.twice),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, severities, snapshot, socket, with_info},
        *,
    };
    use crate::model::snapshot::{Sample, Snapshot};

    /// A connection that this host made, with these bytes sent and retransmitted.
    fn sender(number: u32, sent: u64, again: u64, twice: u64) -> Seen {
        let seen = with_info(socket(State::ESTABLISHED, number), &tcp_info::BYTES_SENT, sent);
        let seen = with_info(seen, &tcp_info::BYTES_RETRANS, again);
        let seen = with_info(seen, &tcp_info::TOTAL_RETRANS, again / 1_000);
        let seen = with_info(seen, &tcp_info::DSACK_DUPS, twice);
        with_info(seen, &tcp_info::BYTES_ACKED, sent - again + 1)
    }

    fn between(before: impl IntoIterator<Item = Seen>, now: impl IntoIterator<Item = Seen>) -> Snapshot {
        let mut snapshot = snapshot();
        let mut first = Sample::default();
        first.add(before);
        snapshot.before = Some(first);
        snapshot.now.add(now);
        snapshot
    }

    fn since_made(now: impl IntoIterator<Item = Seen>) -> Snapshot {
        let mut snapshot = between([], now);
        snapshot.before = None;
        snapshot
    }

    #[test]
    fn loss_between_two_samples_has_two_steps() {
        let lost = |again| between([sender(1, 5_000_000, 0, 0)], [sender(1, 6_000_000, again, 0)]);
        assert_eq!(severities(&RULE, &lost(9_999)), []);
        assert_eq!(severities(&RULE, &lost(10_000)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &lost(49_999)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &lost(50_000)), [Severity::Warning]);
    }

    #[test]
    fn little_says_nothing() {
        assert_eq!(severities(&RULE, &between([], [sender(1, 999_999, 500_000, 0)])), []);
        assert_eq!(severities(&RULE, &between([], [sender(1, 1_000_000, 500_000, 0)])), [Severity::Warning]);
    }

    #[test]
    fn what_was_lost_long_ago_is_over() {
        let same = || sender(1, 9_000_000, 4_000_000, 0);
        assert_eq!(severities(&RULE, &between([same()], [same()])), []);
    }

    #[test]
    fn one_sample_is_a_notice_at_most() {
        assert_eq!(severities(&RULE, &since_made([sender(1, 2_000_000, 1_000_000, 0)])), [Severity::Notice]);
        assert_eq!(severities(&RULE, &since_made([sender(1, 2_000_000, 10_000, 0)])), []);
    }

    #[test]
    fn what_came_twice_was_not_lost() {
        let found = findings(&RULE, &between([], [sender(1, 2_000_000, 200_000, 100)]));
        assert_eq!((found[0].severity, found[0].title.id), (Severity::Notice, "title-spurious"));
        assert_eq!(severities(&RULE, &between([], [sender(1, 2_000_000, 200_000, 99)])), [Severity::Warning]);
    }

    #[test]
    fn a_receiver_that_does_not_read_is_no_loss() {
        let lossy = || sender(1, 2_000_000, 1_000_000, 0);
        assert_eq!(severities(&RULE, &between([], [lossy()])), [Severity::Warning]);
        let mut probing = lossy();
        probing.socket.timer = Timer::Persist;
        assert_eq!(severities(&RULE, &between([], [probing])), []);
        let busy = with_info(lossy(), &tcp_info::BUSY_TIME, 1_000_000);
        let held_up = with_info(busy.clone(), &tcp_info::RWND_LIMITED, 500_001);
        assert_eq!(severities(&RULE, &between([], [held_up])), []);
        let mut other = socket(State::ESTABLISHED, 2);
        let (mine, theirs) = (lossy().socket, &mut other.socket);
        (theirs.local, theirs.local_port) = (mine.peer, mine.peer_port);
        (theirs.peer, theirs.peer_port, theirs.rqueue) = (mine.local, mine.local_port, 1);
        assert_eq!(severities(&RULE, &between([], [lossy(), other.clone()])), []);
        other.socket.rqueue = 0;
        let found = findings(&RULE, &between([], [lossy(), other]));
        let commands: Vec<String> =
            found[0].remedies.iter().filter_map(|remedy| remedy.command.as_deref().map(str::to_owned)).collect();
        assert!(!commands.iter().any(|command| command.starts_with("tracepath")), "{commands:?}");
    }

    #[test]
    fn one_bad_client_of_a_service_is_no_news() {
        let client =
            |number, sent, again| with_info(sender(number, sent, again, 0), &tcp_info::BYTES_ACKED, sent - again);
        let mut snapshot = between([], [client(1, 1_000_000, 90_000), client(2, 99_000_000, 0)]);
        snapshot.now.listeners.push(listener(8080, 77));
        assert_eq!(severities(&RULE, &snapshot), []);
        snapshot.now.add([client(3, 20_000_000, 6_000_000)]);
        let found = findings(&RULE, &snapshot);
        assert_eq!((found.len(), found[0].subject.kind(), found[0].severity), (1, "listener", Severity::Warning));
    }
}
