//! Many connections idle for hours, without keepalive.
//!
//! Detected: `ESTABLISHED` without any timer, and nothing received from the peer for two hours: the default keepalive
//! time. The time is fixed, because tuned hosts set `tcp_keepalive_time` to a minute. A few are normal; a hundred, or a
//! tenth of the descriptors, are a notice (knowledge: E, catalogue).

use super::{connections, hint, prelude::*, sysctl};
use crate::model::tcp_info::{LAST_ACK_RECV, LAST_DATA_RECV};

/// Keepalive's own default.
const IDLE: Threshold = Threshold::seconds("idle", 7200.0);
/// Sockets of one program.
const SOCKETS: Threshold = Threshold::count("sockets", 100.0);
/// Or this part of its descriptors.
const SHARE: Threshold = Threshold::ratio("share", 0.10);
/// Few programs have a lower limit; with fewer connections owners are not sought.
const FEW_DESCRIPTORS: f64 = 64.0;
/// Below the idle limits of most firewalls and load balancers, 350 s and more.
const PROPOSED_SECONDS: u64 = 300;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "idle-no-keepalive",
    severities: &[Severity::Notice],
    thresholds: &[IDLE, SOCKETS, SHARE],
    needs: &[Need::Tcp, Need::EveryEstablished],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let own = connections::own_addresses(input);
    let idle = input.sockets(State::ESTABLISHED).filter(|seen| {
        let peer = seen.socket.peer;
        let is_elsewhere = !peer.is_loopback() && !own.contains(&peer);
        seen.kind() == Kind::Full
            && seen.socket.timer == Timer::None
            && is_elsewhere
            && idle(seen).is_some_and(|time| time >= input.time(&IDLE))
    });
    input.by_subject(idle).into_iter().filter_map(|(subject, all)| judge(input, subject, &all)).collect()
}

/// Since anything was heard of the peer.
fn idle(seen: &Seen) -> Option<Duration> {
    Some(seen.since(&LAST_DATA_RECV)?.min(seen.since(&LAST_ACK_RECV)?))
}

fn judge(input: &RuleInput<'_>, subject: Subject, all: &[&Seen]) -> Option<Finding> {
    let fullest = input.fullest(all);
    let count = all.len() as f64;
    let is_part = fullest
        .is_some_and(|fullest| fullest.most > 0 && fullest.sockets as f64 >= input.limit(&SHARE) * fullest.most as f64);
    // Before the owners are known: these may be of a program with few descriptors.
    let may_be_part = !input.knows_owners() && count >= input.limit(&SHARE) * FEW_DESCRIPTORS;
    if count < input.limit(&SOCKETS) && !is_part && !may_be_part {
        return None;
    }
    let oldest = all.iter().filter_map(|seen| idle(seen)).max()?;
    let least = all.iter().filter_map(|seen| idle(seen)).min()?;
    let count = all.len() as u64;
    let runtime = subject.runtime();
    let fix = Sentence::plain("fix").with("hint", hint::keepalive(runtime).part());
    let mut finding = input
        .finding(Severity::Notice, subject)
        .count("count", count)
        .time("age", least)
        .proof(Sentence::plain("proof").time("age", oldest))
        .evidence("sockets", Figure::Count(count), "idiag_timer 0")
        .evidence("idle_at_least", Figure::Time(least), "tcp_info.last_data_recv, tcp_info.last_ack_recv")
        .evidence("idle_longest", Figure::Time(oldest), "tcp_info.last_data_recv, tcp_info.last_ack_recv")
        .about(connections::inodes(all), count);
    if let Some(fullest) = fullest {
        let limit = Sentence::plain("limit").count("used", fullest.used).count("most", fullest.most);
        finding = fullest.tell(finding.limit(Some(limit)));
    }
    finding = connections::with_workers(input, finding, all);
    let sooner = sysctl::lower(input, "net.ipv4.tcp_keepalive_time", PROPOSED_SECONDS, "sooner")
        .map(|remedy| remedy.risk("sooner-risk"));
    Some(finding.remedy(Remedy::new(RemedyKind::Code, fix)).remedy(sooner).myth("myth"))
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot, socket, ten, with_info},
        *,
    };
    use crate::model::{
        finding::Runtime,
        gap::{Gap, What, Why},
        snapshot::Snapshot,
    };

    fn idle(count: u32, data: u64, ack: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        let old = |number| {
            let seen = with_info(socket(State::ESTABLISHED, number), &LAST_DATA_RECV, data);
            with_info(seen, &LAST_ACK_RECV, ack)
        };
        snapshot.now.add((1..=count).map(old));
        snapshot.hold(4321, "orders", Runtime::Java, 1..=count);
        snapshot
    }

    #[test]
    fn a_hundred_idle_for_two_hours_are_a_notice() {
        assert_eq!(severities(&RULE, &idle(100, 7_200_000, 7_200_000)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &idle(99, 7_200_000, 7_200_000)), []);
        assert_eq!(severities(&RULE, &idle(100, 7_199_999, 7_200_000)), []);
        assert_eq!(severities(&RULE, &idle(100, 7_200_000, 7_199_999)), []);
    }

    #[test]
    fn a_tenth_of_the_descriptors_is_too() {
        let mut snapshot = idle(26, 9_000_000, 9_000_000);
        assert_eq!(severities(&RULE, &snapshot), []);
        if let Some(facts) = snapshot.processes.get_mut(&4321) {
            facts.soft_limit = Some(256);
        }
        assert_eq!(severities(&RULE, &snapshot), [Severity::Notice]);
    }

    #[test]
    fn a_hundred_of_a_hidden_owner_are_one() {
        let mut snapshot = idle(100, 7_200_000, 7_200_000);
        (snapshot.holders, snapshot.processes) = (None, Default::default());
        assert_eq!(severities(&RULE, &snapshot), [Severity::Notice]);
    }

    #[test]
    fn owners_are_asked_for_where_descriptors_may_be_few() {
        let asked = |count| {
            let mut snapshot = idle(count, 7_200_000, 7_200_000);
            (snapshot.holders, snapshot.processes) = (None, Default::default());
            snapshot
        };
        assert_eq!(severities(&RULE, &asked(7)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &asked(6)), []);
        let mut refused = asked(7);
        refused.gaps.push(Gap { what: What::Owners, why: Why::Unreadable(String::new()) });
        assert_eq!(severities(&RULE, &refused), []);
    }

    #[test]
    fn keepalive_and_peers_on_this_host_are_no_fault() {
        let mut snapshot = idle(100, 9_000_000, 9_000_000);
        for seen in &mut snapshot.now.sockets {
            seen.socket.timer = Timer::Keepalive;
        }
        assert_eq!(severities(&RULE, &snapshot), []);
        let mut snapshot = idle(100, 9_000_000, 9_000_000);
        for seen in &mut snapshot.now.sockets {
            seen.socket.peer = ten(1);
        }
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn the_systems_time_is_lowered_only_where_it_is_long() {
        let mut snapshot = idle(100, 9_000_000, 9_000_000);
        let command = |snapshot: &Snapshot| findings(&RULE, snapshot)[0].remedies.get(1)?.command.clone();
        assert_eq!(command(&snapshot).as_deref(), Some("sysctl -w net.ipv4.tcp_keepalive_time=300"));
        snapshot.sysctls.insert("net.ipv4.tcp_keepalive_time".to_owned(), "60".to_owned());
        assert_eq!(command(&snapshot), None);
    }
}
