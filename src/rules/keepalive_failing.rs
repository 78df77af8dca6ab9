//! Peers that do not answer keepalive probes.
//!
//! Seen: the keepalive timer runs and two and more probes in a row are unanswered. Several to one peer mean that it, or
//! the way to it, is gone; a single one is a client that vanished (knowledge: E, catalogue).

use super::{connections, hint, prelude::*, sysctl};
use crate::model::tcp_info::LAST_ACK_RECV;

/// One probe may get lost.
const PROBES: Threshold = Threshold::count("probes", 2.0);
/// From this number on, sockets to one peer are more than one vanished client.
const SOCKETS: Threshold = Threshold::count("sockets", 3.0);
/// The part of all open connections, to every peer.
const SHARE: Threshold = Threshold::ratio("share", 0.01);
/// Below the idle limits of most firewalls and load balancers, 350 s and more.
const PROPOSED_SECONDS: u64 = 300;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "keepalive-failing",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[PROBES, SOCKETS, SHARE],
    needs: &[Need::Tcp, Need::Timers(&[State::ESTABLISHED])],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let peers = connections::by_peer(input.sockets(State::ESTABLISHED).filter(|seen| is_failing(input, seen)));
    let (crowds, single): (Vec<_>, Vec<_>) =
        peers.into_iter().partition(|(_, all)| all.len() as f64 >= input.limit(&SOCKETS));
    let mut findings: Vec<Finding> = Vec::new();
    for (address, all) in &crowds {
        let subject = connections::destination(input, *address, None, all);
        findings.push(complete(input, input.finding(Severity::Warning, subject).count("count", all.len() as u64), all));
    }
    let rest: Vec<&Seen> = single.iter().flat_map(|(_, all)| all.iter().copied()).collect();
    findings.extend(several_peers(input, single.len() as u64, &rest));
    findings
}

fn is_failing(input: &RuleInput<'_>, seen: &Seen) -> bool {
    seen.kind() == Kind::Full
        && seen.socket.timer == Timer::Keepalive
        && f64::from(seen.socket.retrans) >= input.limit(&PROBES)
}

/// The few of each of several peers, in one finding.
fn several_peers(input: &RuleInput<'_>, peers: u64, all: &[&Seen]) -> Option<Finding> {
    let first = all.first()?;
    let count = all.len() as f64 * connections::scale(input, State::ESTABLISHED);
    let part = connections::part_of_established(input, count).min(1.0);
    let is_many = count >= input.limit(&SOCKETS) && part >= input.limit(&SHARE);
    let severity = if is_many { Severity::Warning } else { Severity::Notice };
    let finding = if peers == 1 {
        let subject = connections::destination(input, first.socket.peer, None, all);
        input.finding(severity, subject).count("count", all.len() as u64)
    } else {
        input
            .finding(severity, Subject::Host)
            .title("title-many")
            .count("count", count.round() as u64)
            .ratio("part", part)
            .count("peers", peers)
            .evidence("peers", Figure::Count(peers), "idiag_dst")
    };
    Some(complete(input, finding.evidence("part_of_connections", Figure::Ratio(part), "idiag_retrans"), all))
}

fn complete(input: &RuleInput<'_>, finding: Finding, all: &[&Seen]) -> Finding {
    let count = all.len() as u64;
    let unanswered = all.iter().map(|seen| u64::from(seen.socket.retrans)).max().unwrap_or(0);
    let mut finding = finding
        .proof(Sentence::plain("proof").count("probes", unanswered))
        .evidence("sockets", Figure::Count(count), "idiag_timer 2")
        .evidence("probes_unanswered", Figure::Count(unanswered), "idiag_retrans")
        .counts(all.iter().copied())
        .about(connections::inodes(all), count);
    if let Some(age) = all.iter().filter_map(|seen| seen.since(&LAST_ACK_RECV)).max() {
        finding = finding.evidence("last_heard", Figure::Time(age), "tcp_info.last_ack_recv");
    }
    // A program may have set TCP_KEEPCNT, which no record tells; one that sent more probes has.
    let most = input.sysctl("net.ipv4.tcp_keepalive_probes");
    if most.is_some_and(|most| unanswered > most) {
        finding = finding.limit(Some(Sentence::plain("limit-own")));
    } else if let Some(most) = most {
        let left = most.saturating_sub(unanswered);
        finding = finding.limit(Some(Sentence::plain("limit").count("most", most).count("left", left))).evidence(
            "probes_left",
            Figure::Count(left),
            "net.ipv4.tcp_keepalive_probes",
        );
    }
    let destroy = match &finding.subject {
        Subject::Destination { address, .. } => {
            let filter =
                ShellCommand::new("sockdoc kill timer = keepalive retrans ge ").then(input.limit(&PROBES) as u64);
            Some(connections::destroy(filter.then(" dst ").then(*address)))
        }
        _ => None,
    };
    let inspect = match &finding.subject {
        Subject::Destination { address, .. } => {
            Remedy::new(RemedyKind::Operate, Sentence::plain("fix").address("peer", *address))
                .command(ShellCommand::new("ip route get ").then(*address))
        }
        _ => Remedy::new(RemedyKind::Operate, "fix-many"),
    };
    let runtime = finding.subject.runtime();
    let code = Sentence::plain("fix-sooner").with("hint", hint::keepalive(runtime).part());
    let sooner = sysctl::lower(input, "net.ipv4.tcp_keepalive_time", PROPOSED_SECONDS, "sooner")
        .map(|remedy| remedy.risk("sooner-risk"));
    finding.remedy(destroy).remedy(inspect).remedy(Remedy::new(RemedyKind::Code, code)).remedy(sooner).myth("myth")
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot, socket, ten, with_info},
        *,
    };
    use crate::model::{finding::Runtime, snapshot::Snapshot};

    fn probed(number: u32, peer: u8, unanswered: u8) -> Seen {
        let mut seen = with_info(socket(State::ESTABLISHED, number), &LAST_ACK_RECV, 90_000);
        (seen.socket.peer, seen.socket.timer, seen.socket.retrans) = (ten(peer), Timer::Keepalive, unanswered);
        seen
    }

    fn host(sockets: impl IntoIterator<Item = Seen>, healthy: u32) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        snapshot.now.add(sockets);
        snapshot.now.add((1..=healthy).map(|number| socket(State::ESTABLISHED, 10_000 + number)));
        snapshot.hold(4321, "orders", Runtime::Python, 1..=9);
        snapshot
    }

    #[test]
    fn three_to_one_peer_are_a_warning() {
        assert_eq!(severities(&RULE, &host((1..=3).map(|n| probed(n, 7, 2)), 1_000)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &host((1..=3).map(|n| probed(n, 7, 1)), 1_000)), []);
        assert_eq!(severities(&RULE, &host((1..=2).map(|n| probed(n, 7, 2)), 1_000)), [Severity::Notice]);
    }

    #[test]
    fn a_single_one_is_a_notice_whatever_part_it_is() {
        assert_eq!(severities(&RULE, &host([probed(1, 7, 5)], 0)), [Severity::Notice]);
    }

    #[test]
    fn many_peers_are_one_finding() {
        let each_another = |healthy| host((1..=9).map(|n| probed(n, n as u8, 3)), healthy);
        assert_eq!(severities(&RULE, &each_another(891)), [Severity::Warning]);
        let found = findings(&RULE, &each_another(892));
        assert_eq!((found.len(), found[0].severity, &found[0].subject), (1, Severity::Notice, &Subject::Host));
    }

    #[test]
    fn other_timers_are_other_rules() {
        let mut resent = probed(1, 7, 5);
        resent.socket.timer = Timer::Retransmit;
        let mut closed = probed(2, 7, 5);
        (closed.socket.state, closed.socket.inode) = (State::FIN_WAIT2, 0);
        assert_eq!(severities(&RULE, &host([resent, closed], 0)), []);
    }
}
