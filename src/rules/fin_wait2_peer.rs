//! Connections that we closed and one peer does not.
//!
//! Seen: many orphans in `FIN_WAIT2` to one peer, most in the second half of `tcp_fin_timeout`. A server that closes idle
//! keep-alives leaves such for a moment, hence the age; "one peer" may be a NAT or a balancer.

use super::{connections, prelude::*, sysctl};

/// Fewer are the ordinary end of some connections.
const LEAST: Threshold = Threshold::count("least", 50.0);
/// The part of `tcp_fin_timeout` that must be over for most of them.
const ELAPSED: Threshold = Threshold::ratio("elapsed", 0.50);
/// `TCP_TIMEWAIT_LEN`.
const TIME_WAIT: Duration = Duration::from_secs(60);
/// A value that gives slow peers time enough.
const PROPOSED: u64 = 30;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "fin-wait2-peer",
    severities: &[Severity::Notice],
    thresholds: &[LEAST, ELAPSED],
    needs: &[Need::Tcp, Need::Sysctl("net.ipv4.tcp_fin_timeout")],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let peers = connections::by_peer(input.sockets(State::FIN_WAIT2).filter(|seen| seen.kind() != Kind::Full));
    let Some(timeout) = input.sysctl("net.ipv4.tcp_fin_timeout").map(Duration::from_secs) else { return Vec::new() };
    peers.into_iter().filter_map(|(peer, all)| judge(input, peer, &all, timeout)).collect()
}

fn judge(input: &RuleInput<'_>, peer: IpAddr, all: &[&Seen], timeout: Duration) -> Option<Finding> {
    let count = all.len() as u64;
    if (count as f64) < input.limit(&LEAST) {
        return None;
    }
    let left = lifetime(timeout).mul_f64((1.0 - input.limit(&ELAPSED)).clamp(0.0, 1.0));
    let old = all.iter().filter(|seen| time_left(seen, timeout) < left).count() as u64;
    if old * 2 <= count {
        return None;
    }
    let here = all.iter().find_map(|seen| input.peer_here(seen)).and_then(|seen| input.program(seen.socket.inode));
    let subject = Subject::Destination { source: None, address: peer, port: None, program: None };
    let ask = connections::ask_peer(here.as_ref(), Word::Address(peer));
    let lower = sysctl::lower(input, "net.ipv4.tcp_fin_timeout", PROPOSED, "lower")
        .map(|remedy| remedy.risk("lower-risk").verify("sockdoc list state fin-wait-2 -o"));
    let ends: Vec<u32> = all.iter().filter_map(|seen| input.peer_here(seen)).map(|seen| seen.socket.inode).collect();
    Some(
        input
            .finding(Severity::Notice, subject)
            .count("count", count)
            .address("peer", peer)
            .proof(Sentence::plain("proof").count("old", old).count("count", count))
            .confidence(if here.is_some() { Confidence::Proven } else { Confidence::Likely })
            .evidence("sockets", Figure::Count(count), "idiag_state")
            .evidence("in_second_half", Figure::Count(old), "idiag_expires")
            .evidence("fin_timeout", Figure::Time(timeout), "net.ipv4.tcp_fin_timeout")
            .counts(all.iter().copied())
            .about(ends, count)
            .remedy(ask)
            .remedy(lower)
            .myth("myth"),
    )
}

/// The part of a timeout in which the kernel keeps the full socket (timer 2): all but the 60 s of TIME_WAIT. After that
/// it waits as long again with a small one (`tcp_keepalive_timer`), so that 90 s become 2 × 30 s.
fn beyond_time_wait(timeout: Duration) -> Duration {
    timeout.saturating_sub(TIME_WAIT)
}

/// How long an orphan stays in `FIN_WAIT2`.
fn lifetime(timeout: Duration) -> Duration {
    let beyond = beyond_time_wait(timeout);
    if beyond.is_zero() { timeout } else { beyond * 2 }
}

fn time_left(seen: &Seen, timeout: Duration) -> Duration {
    let left = Duration::from_millis(seen.socket.expires_ms.into());
    if seen.kind() == Kind::MiniSock { left } else { left + beyond_time_wait(timeout) }
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot, socket, ten},
        *,
    };
    use crate::model::{finding::Runtime, snapshot::Snapshot, socket::Timer};

    fn waiting(count: u32, left_ms: u32) -> Snapshot {
        let mut snapshot = snapshot();
        for number in 1..=count {
            let mut seen = socket(State::FIN_WAIT2, number);
            seen.info = None;
            seen.socket.inode = 0;
            seen.socket.timer = Timer::TimeWait;
            seen.socket.expires_ms = left_ms;
            seen.socket.peer_port = 40_000 + number as u16;
            snapshot.now.add([seen]);
        }
        snapshot
    }

    #[test]
    fn fifty_old_ones_to_one_peer_are_a_notice() {
        assert_eq!(severities(&RULE, &waiting(50, 29_999)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &waiting(49, 29_999)), []);
    }

    #[test]
    fn idle_connections_closed_a_moment_ago_are_normal() {
        assert_eq!(severities(&RULE, &waiting(500, 30_000)), []);
    }

    #[test]
    fn a_timeout_beyond_time_wait_is_waited_in_two_halves() {
        let mut snapshot = waiting(60, 60_000);
        snapshot.sysctls.insert("net.ipv4.tcp_fin_timeout".into(), "120".into());
        for seen in &mut snapshot.now.sockets {
            seen.socket.timer = Timer::Keepalive;
        }
        assert_eq!(severities(&RULE, &snapshot), []);
        for seen in &mut snapshot.now.sockets {
            seen.socket.timer = Timer::TimeWait;
            seen.socket.expires_ms = 59_000;
        }
        assert_eq!(severities(&RULE, &snapshot), [Severity::Notice]);
        snapshot.sysctls.insert("net.ipv4.tcp_fin_timeout".into(), "90".into());
        for seen in &mut snapshot.now.sockets {
            seen.socket.expires_ms = 30_000;
        }
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn many_peers_are_many_clients() {
        let mut snapshot = waiting(60, 1_000);
        for (place, seen) in snapshot.now.sockets.iter_mut().enumerate() {
            seen.socket.peer = ten(place as u8);
        }
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn a_peer_on_this_host_is_named() {
        let mut snapshot = waiting(50, 1_000);
        let mut twin = socket(State::CLOSE_WAIT, 900);
        (twin.socket.local, twin.socket.local_port) = (ten(2), 40_001);
        (twin.socket.peer, twin.socket.peer_port) = (ten(1), 8080);
        snapshot.now.add([twin]);
        snapshot.hold(4321, "orders", Runtime::Java, [900]);
        let found = findings(&RULE, &snapshot);
        assert_eq!(found[0].remedies[0].text.id, "fix-here");
        assert_eq!(found[0].confidence, Confidence::Proven);
    }

    #[test]
    fn a_short_timeout_is_not_lengthened() {
        let mut snapshot = waiting(50, 1_000);
        snapshot.sysctls.insert("net.ipv4.tcp_fin_timeout".into(), "20".into());
        assert!(findings(&RULE, &snapshot)[0].remedies.iter().all(|remedy| remedy.kind != RemedyKind::Sysctl));
    }
}
