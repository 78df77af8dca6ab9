//! Connections without an answer: how many they are, and their figures.

use super::super::{connections, prelude::*};
use crate::model::tcp_info;

/// From this number on, sockets to one peer are not chance.
pub(super) const SOCKETS: Threshold = Threshold::count("sockets", 3.0);
/// The part of all open connections, to every peer.
pub(super) const SHARE: Threshold = Threshold::ratio("share", 0.01);
/// Bytes of a packet that every path takes, and from which on one may not.
const SMALL: u64 = 56;
pub(super) const LARGE: u64 = 536;

/// A path may lose large packets only: on every connection a full segment waits.
pub(super) fn compare_sizes(address: IpAddr, all: &[&Seen]) -> Option<Remedy> {
    let full = |seen: &&Seen| seen.info(&tcp_info::SND_MSS).filter(|&mss| u64::from(seen.socket.wqueue) >= mss);
    let sizes: Option<Vec<u64>> = all.iter().map(full).collect();
    let size = sizes?.into_iter().min().filter(|&size| size > LARGE)?;
    let ping = |size: u64| ShellCommand::new("ping -c 3 -M do -s ").then(size).then(" ").then(address);
    let both = ping(SMALL).then("; ").then(&ping(size));
    Some(Remedy::new(RemedyKind::Operate, "fix-sizes").inspect().command(both))
}

/// How many connections these are, and which part of all, if that is noticeable.
pub(super) fn noticeable(input: &RuleInput<'_>, all: &[&Seen]) -> Option<(f64, f64)> {
    let count = all.len() as f64 * connections::scale(input, State::ESTABLISHED);
    let part = connections::part_of_established(input, count);
    (count >= input.limit(&SOCKETS) && part >= input.limit(&SHARE)).then_some((count, part.min(1.0)))
}

/// How long the first unacknowledged segment has been sent in vain, at least: the timeouts before the running one, each
/// half of the next, and what has passed of that.
pub(super) fn silence(seen: &Seen) -> Duration {
    let timeout = seen.info(&tcp_info::RTO).filter(|_| seen.socket.timer == Timer::Retransmit);
    let Some(timeout) = timeout.map(Duration::from_micros) else { return Duration::ZERO };
    let first = timeout / 2_u32.saturating_pow(seen.socket.retrans.into());
    let rest = Duration::from_millis(seen.socket.expires_ms.into());
    (timeout - first) + timeout.saturating_sub(rest)
}

/// The longest time for which nothing was acknowledged, at least.
pub(super) fn unacknowledged(all: &[&Seen]) -> Option<Duration> {
    let since = |seen: &&Seen| Some(seen.since(&tcp_info::LAST_ACK_RECV)?.max(silence(seen)));
    all.iter().filter_map(since).max()
}

/// The longest time since a peer was heard of.
pub(super) fn longest(all: &[&Seen]) -> Option<Duration> {
    all.iter().filter_map(|seen| seen.since(&tcp_info::LAST_ACK_RECV)).max()
}

/// The figures of connections without an answer.
pub(super) fn figures(finding: Finding, all: &[&Seen]) -> Finding {
    let retrans = all.iter().map(|seen| u64::from(seen.socket.retrans)).max().unwrap_or(0);
    let bytes: u64 = all.iter().map(|seen| u64::from(seen.socket.wqueue)).sum();
    let proof = Sentence::plain("proof").count("retrans", retrans).bytes("bytes", bytes);
    let timer = if all.iter().all(|seen| seen.fails_to_send()) { "idiag_timer 4" } else { "idiag_timer 1" };
    let mut finding = finding
        .proof(proof)
        .evidence("sockets", Figure::Count(all.len() as u64), timer)
        .evidence("timeouts_in_a_row", Figure::Count(retrans), "idiag_retrans")
        .evidence("send_queue_bytes", Figure::Bytes(bytes), "idiag_wqueue")
        .counts(all.iter().copied())
        .about(connections::inodes(all), all.len() as u64);
    if let Some(rto) = all.iter().filter_map(|seen| seen.info(&tcp_info::RTO)).max() {
        let rto = Duration::from_micros(rto);
        finding = finding.evidence("retransmission_timeout", Figure::Time(rto), "tcp_info.rto");
    }
    if let Some(age) = longest(all) {
        finding = finding.evidence("last_heard", Figure::Time(age), "tcp_info.last_ack_recv");
    }
    finding
}
