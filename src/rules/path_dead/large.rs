//! Paths that lose full-size packets only: a link has a smaller MTU, and the ICMP message that says so does not arrive.
//!
//! Detected: on each stuck connection full segments wait and hardly one was ever acknowledged, while the peer still
//! answers: it acknowledged a smaller segment behind them (SACK), or another connection, long after they fell silent.

use super::super::{connections, prelude::*, sysctl};
use super::life::PeersHeard;
use super::unanswered::{LARGE, compare_sizes, figures, noticeable, silence};
use crate::model::tcp_info;

/// Whether these stuck connections to one peer lose only what is large.
pub(super) fn is_lost(input: &RuleInput<'_>, heard: &PeersHeard, address: IpAddr, all: &[&Seen]) -> bool {
    let last = heard.get(&address).copied().unwrap_or(Duration::MAX);
    let answers = |seen: &Seen| last < silence(seen) / 2 || has_smaller_acknowledged(seen);
    !input.is_own(address) && all.iter().all(|seen| waits_in_full(seen) && answers(seen))
}

/// Whether full segments are on their way, and those that were acknowledged were much smaller.
fn waits_in_full(seen: &Seen) -> bool {
    let figures = || {
        let in_flight = u64::from(seen.socket.wqueue).checked_sub(seen.info(&tcp_info::NOTSENT_BYTES)?)?;
        let (size, packets) = (seen.info(&tcp_info::SND_MSS)?, seen.info(&tcp_info::UNACKED)?);
        let (acked, delivered) = (seen.info(&tcp_info::BYTES_ACKED)?, seen.info(&tcp_info::DELIVERED)?);
        let are_large = size > LARGE && in_flight >= size && in_flight * 2 >= packets * size;
        let were_small = acked * 2 < delivered.max(1) * size;
        Some(are_large && were_small)
    };
    figures().unwrap_or(false)
}

/// Whether the peer has acknowledged a segment behind the first one, and not most of them: then some were full.
fn has_smaller_acknowledged(seen: &Seen) -> bool {
    let sacked = seen.info(&tcp_info::SACKED).unwrap_or(0);
    sacked > 0 && sacked * 2 <= seen.info(&tcp_info::UNACKED).unwrap_or(0)
}

/// Connections to one peer.
pub(super) fn peer(
    input: &RuleInput<'_>,
    severity: Severity,
    heard: &PeersHeard,
    address: IpAddr,
    all: &[&Seen],
) -> Finding {
    let age = all.iter().map(|seen| silence(seen)).max().unwrap_or_default();
    let title = Sentence::plain("title-large").time("age", age).count("count", all.len() as u64);
    let why = Sentence::plain("why-large").address("peer", address);
    let subject = connections::destination(input, address, None, all);
    let finding = input.finding(severity, subject).title(title).why(why);
    complete(input, finding, heard, address, all)
}

/// A noticeable part of all connections, each to another peer.
pub(super) fn many_peers(input: &RuleInput<'_>, heard: &PeersHeard, peers: &[(IpAddr, Vec<&Seen>)]) -> Option<Finding> {
    let all: Vec<&Seen> = peers.iter().flat_map(|(_, all)| all.iter().copied()).collect();
    let (count, part) = noticeable(input, &all)?;
    let (address, _) = peers.first()?;
    let finding = input
        .finding(Severity::Warning, Subject::Host)
        .title("title-large-many")
        .count("count", count.round() as u64)
        .ratio("part", part)
        .count("peers", peers.len() as u64)
        .why("why-large-many")
        .evidence("peers", Figure::Count(peers.len() as u64), "idiag_dst");
    Some(complete(input, finding, heard, *address, &all))
}

fn complete(input: &RuleInput<'_>, finding: Finding, heard: &PeersHeard, address: IpAddr, all: &[&Seen]) -> Finding {
    let size = all.iter().filter_map(|seen| seen.info(&tcp_info::SND_MSS)).max().unwrap_or(0);
    let sacked = all.iter().filter_map(|seen| seen.info(&tcp_info::SACKED)).sum();
    let probe = sysctl::raise(input, "net.ipv4.tcp_mtu_probing", 1, "probe-sizes");
    let mut finding = figures(finding, all)
        .proof(Sentence::plain("proof-large").bytes("size", size))
        .confidence(Confidence::Likely)
        .evidence("segment_bytes", Figure::Bytes(size), "tcp_info.snd_mss")
        .evidence("segments_acknowledged_behind", Figure::Count(sacked), "tcp_info.sacked");
    if let Some(last) = heard.get(&address).filter(|last| **last < Duration::MAX) {
        finding = finding.evidence("peer_last_heard", Figure::Time(*last), "tcp_info.last_ack_recv");
    }
    finding
        .remedy(probe.map(|remedy| remedy.first_aid().risk("probe-risk")))
        .remedy(compare_sizes(address, all))
        .remedy(Remedy::new(RemedyKind::Operate, "fix-large"))
        .myth("myth-large")
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            super::fixture::{findings, severities, snapshot, socket, ten, with_info},
            RULE,
        },
        *,
    };
    use crate::model::snapshot::Snapshot;

    /// Ten full segments unacknowledged after six timeouts: 12.6 s, and 3 of the next 12.8 s.
    fn stuck(number: u32) -> Seen {
        let figures = [
            (&tcp_info::RTO, 12_800_000),
            (&tcp_info::SND_MSS, 1_448),
            (&tcp_info::UNACKED, 10),
            (&tcp_info::NOTSENT_BYTES, 5_000),
            (&tcp_info::BYTES_ACKED, 401),
            (&tcp_info::DELIVERED, 2),
            (&tcp_info::LAST_ACK_RECV, 16_000),
        ];
        let seen = figures
            .into_iter()
            .fold(socket(State::ESTABLISHED, number), |seen, (field, value)| with_info(seen, field, value));
        let mut seen = with_info(seen, &tcp_info::SACKED, 0);
        (seen.socket.timer, seen.socket.retrans, seen.socket.expires_ms) = (Timer::Retransmit, 6, 9_800);
        seen.socket.wqueue = 14_480 + 5_000;
        seen
    }

    /// Three of them, changed so, beside a connection to the same peer that was heard so long ago.
    fn host(change: impl Fn(Seen) -> Seen, heard: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        snapshot.sysctls.insert("net.ipv4.tcp_mtu_probing".to_owned(), "0".to_owned());
        snapshot.now.add((1..=3).map(|number| change(stuck(number))));
        snapshot.now.add([with_info(socket(State::ESTABLISHED, 9), &tcp_info::LAST_ACK_RECV, heard)]);
        snapshot
    }

    fn title(snapshot: &Snapshot) -> &'static str {
        findings(&RULE, snapshot)[0].title.id
    }

    #[test]
    fn large_segments_are_lost_where_the_peer_is_heard_meanwhile() {
        assert_eq!(silence(&stuck(1)), Duration::from_millis(15_600));
        assert_eq!(title(&host(|seen| seen, 7_799)), "title-large");
        assert_eq!(title(&host(|seen| seen, 7_800)), "title");
        assert_eq!(severities(&RULE, &host(|seen| seen, 20)), [Severity::Warning]);
    }

    #[test]
    fn or_where_it_acknowledges_a_smaller_one_behind_them() {
        let sacked = |sacked| host(move |seen| with_info(seen, &tcp_info::SACKED, sacked), 20_000);
        assert_eq!(title(&sacked(1)), "title-large");
        assert_eq!(title(&sacked(5)), "title-large");
        assert_eq!(title(&sacked(6)), "title", "of ten some were full");
    }

    #[test]
    fn a_path_that_took_full_ones_before_or_waits_with_small_ones_is_none() {
        let acked = |bytes| host(move |seen| with_info(seen, &tcp_info::BYTES_ACKED, bytes), 20);
        assert_eq!((title(&acked(1_447)), title(&acked(1_448))), ("title-large", "title"));
        let small = |bytes| {
            let change = move |mut seen: Seen| {
                seen.socket.wqueue = bytes;
                seen
            };
            host(change, 20)
        };
        assert_eq!((title(&small(7_240 + 5_000)), title(&small(7_239 + 5_000))), ("title-large", "title"));
        let one_is_small = |mut seen: Seen| {
            if seen.socket.inode == 2 {
                seen.socket.wqueue = 5_100;
            }
            seen
        };
        assert_eq!(title(&host(one_is_small, 20)), "title");
    }

    #[test]
    fn the_kernel_is_to_try_smaller_ones_where_it_does_not() {
        let mut snapshot = host(|seen| seen, 20);
        let commands = |snapshot: &Snapshot| -> Vec<ShellCommand> {
            findings(&RULE, snapshot).remove(0).remedies.into_iter().filter_map(|remedy| remedy.command).collect()
        };
        let ping = "ping -c 3 -M do -s 56 10.0.0.2; ping -c 3 -M do -s 1448 10.0.0.2";
        assert_eq!(commands(&snapshot), ["sysctl -w net.ipv4.tcp_mtu_probing=1", ping]);
        snapshot.sysctls.insert("net.ipv4.tcp_mtu_probing".to_owned(), "2".to_owned());
        assert_eq!(commands(&snapshot), [ping]);
    }

    #[test]
    fn one_connection_to_each_of_several_peers_is_a_finding_about_the_host() {
        let mut snapshot = host(|seen| with_info(seen, &tcp_info::SACKED, 1), 20_000);
        for (seen, last) in snapshot.now.sockets.iter_mut().zip(50..) {
            seen.socket.peer = ten(last);
        }
        let found = findings(&RULE, &snapshot);
        assert_eq!((found.len(), found[0].title.id, &found[0].subject), (1, "title-large-many", &Subject::Host));
    }
}
