//! Ports run out while many of them rest in `TIME_WAIT`, and a kernel setting keeps `connect()` from taking them over.
//!
//! Seen: a destination that `port-exhaustion` warns of, `TIME_WAIT` old enough among its sockets, and `tcp_timestamps`
//! 0, or `tcp_tw_reuse` 0, or 2 (loopback only, the default) on a route that leaves the host. The conditions are those
//! of `tcp_twsk_unique()` in net/ipv4/tcp_ipv4.c. If reuse would give back less than a tenth of the ports it does not
//! help, and the rule is silent.

use super::{
    port_exhaustion,
    prelude::*,
    routes::{Load, Reuse},
};

/// The part of the usable ports that reuse would have to give back.
const SHARE: Threshold = Threshold::ratio("share", 0.10);
/// Destinations that are named.
const NAMED: usize = 3;
/// The settings that decide.
const TIMESTAMPS: &str = "net.ipv4.tcp_timestamps";
const REUSE: &str = "net.ipv4.tcp_tw_reuse";

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "tw-reuse-blocked",
    severities: &[Severity::Notice],
    thresholds: &[SHARE],
    needs: &[Need::Tcp, Need::Sysctl("net.ipv4.ip_local_port_range"), Need::Sysctl(TIMESTAMPS), Need::Sysctl(REUSE)],
    relations: &[Relation::contributes("port-exhaustion", SharedBy::Route)],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let mut blocked: Vec<(u64, Load<'_>)> = port_exhaustion::pressed(input)
        .into_iter()
        .filter(|load| matches!(load.reuse, Reuse::Off | Reuse::LoopbackOnly | Reuse::NoTimestamps))
        .map(|load| (load.old_enough(), load))
        .filter(|(old, load)| *old > 0 && *old as f64 >= input.limit(&SHARE) * load.usable as f64)
        .collect();
    sorted::sort_by_key(&mut blocked, |(old, load)| (std::cmp::Reverse(*old), load.route));
    // The setting is one for the namespace: one finding, about the destination with most.
    let Some((_, first)) = blocked.first() else { return Vec::new() };
    let title = match first.reuse {
        Reuse::NoTimestamps => "title-timestamps",
        Reuse::LoopbackOnly => "title-loopback",
        _ => "title-off",
    };
    let count: u64 = blocked.iter().map(|(old, _)| old).sum();
    let peers = blocked.iter().take(NAMED).map(|(_, load)| load.peer()).collect();
    let proof = if blocked.len() > NAMED { "proof-many" } else { "proof" };
    let proof = Sentence::plain(proof).with("peers", Word::List(peers)).count("count", count);
    let inodes: Vec<u32> = blocked.iter().flat_map(|(_, load)| load.usage.inodes.iter().copied()).collect();
    let value = |name| input.snapshot.sysctls.get(name).map_or("", |text| text.trim()).to_owned();
    let mut finding = input
        .finding(Severity::Notice, Subject::Host)
        .title(title)
        .count("count", count)
        .proof(proof)
        .evidence("time_wait_old", Figure::Count(count), "idiag_expires")
        .evidence("destinations", Figure::Count(blocked.len() as u64), "inet_diag")
        .evidence("tcp_timestamps", Figure::Text(value(TIMESTAMPS)), TIMESTAMPS)
        .evidence("tcp_tw_reuse", Figure::Text(value(REUSE)), REUSE)
        // Whether the peers agreed to timestamps is not to be seen in TIME_WAIT.
        .confidence(Confidence::Likely)
        .over(blocked.iter().map(|(_, load)| load.flow()))
        .about(inodes, count);
    let program = first.program_remedies(input).into_iter().next();
    finding.remedies.extend(program.into_iter().chain(first.reuse_remedies(input)));
    vec![finding.myth("myth-inbound").myth("ports-myth-recycle")]
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, route, severities, snapshot, ten},
        *,
    };
    use crate::model::{snapshot::Snapshot, state::State};

    /// 100 ports: this number in `TIME_WAIT`, the others of 95 open, to 10.0.0.9:443.
    fn with(resting: u64, reuse: &str, timestamps: &str) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.sysctls.insert("net.ipv4.ip_local_port_range".into(), "40000\t40099".into());
        snapshot.sysctls.insert(REUSE.into(), reuse.into());
        snapshot.sysctls.insert(TIMESTAMPS.into(), timestamps.into());
        let (route, mut usage) = route(ten(9), 443, State::TIME_WAIT, resting);
        usage.states.insert(State::ESTABLISHED, 95 - resting);
        snapshot.now.outbound.insert(route, usage);
        snapshot
    }

    fn title(snapshot: &Snapshot) -> &'static str {
        findings(&RULE, snapshot).remove(0).title.id
    }

    #[test]
    fn each_setting_that_blocks_is_named() {
        assert_eq!(title(&with(95, "2", "1")), "title-loopback");
        assert_eq!(title(&with(95, "0", "1")), "title-off");
        assert_eq!(title(&with(95, "1", "0")), "title-timestamps");
    }

    #[test]
    fn timestamps_come_first_and_reuse_only_where_it_is_off() {
        let commands = |snapshot: &Snapshot| -> Vec<ShellCommand> {
            findings(&RULE, snapshot).remove(0).remedies.into_iter().filter_map(|remedy| remedy.command).collect()
        };
        assert_eq!(commands(&with(95, "1", "0")), ["sysctl -w net.ipv4.tcp_timestamps=1"]);
        assert_eq!(
            commands(&with(95, "0", "0")),
            ["sysctl -w net.ipv4.tcp_timestamps=1", "sysctl -w net.ipv4.tcp_tw_reuse=1"]
        );
        assert_eq!(commands(&with(95, "2", "1")), ["sysctl -w net.ipv4.tcp_tw_reuse=1"]);
    }

    #[test]
    fn of_many_destinations_some_are_named() {
        let mut snapshot = with(95, "2", "1");
        for last in 10..14 {
            let (route, usage) = route(ten(last), 443, State::TIME_WAIT, 95);
            snapshot.now.outbound.insert(route, usage);
        }
        let found = findings(&RULE, &snapshot);
        assert_eq!((found.len(), found[0].proof[0].id), (1, "proof-many"));
    }

    #[test]
    fn ports_that_are_open_are_not_given_back_by_reuse() {
        assert_eq!(severities(&RULE, &with(12, "2", "1")), [Severity::Notice]);
        assert_eq!(severities(&RULE, &with(8, "2", "1")), []);
    }

    #[test]
    fn reuse_that_works_or_ports_to_spare_say_nothing() {
        assert_eq!(severities(&RULE, &with(95, "1", "1")), []);
        let mut snapshot = with(95, "2", "1");
        snapshot.sysctls.insert("net.ipv4.ip_local_port_range".into(), "40000\t40199".into());
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
