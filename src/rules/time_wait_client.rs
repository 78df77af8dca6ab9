//! This host opens a connection per request to one service, closes first, and each close keeps a local port.
//!
//! Seen: `TIME_WAIT` from one source to one address and port that hold a quarter of the usable ports; those whose port
//! `connect()` may take over do not count. It hurts not yet: it is where `port-exhaustion` comes from. A quarter is
//! churn that no pool of connections makes, and leaves three times the rate until the ports are gone.

use super::{
    prelude::*,
    routes::{self, Load},
};

/// The part of the usable ports that rests in `TIME_WAIT`.
const SHARE: Threshold = Threshold::ratio("share", 0.25);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "time-wait-client",
    severities: &[Severity::Notice],
    thresholds: &[SHARE],
    needs: &[Need::Tcp, Need::Sysctl("net.ipv4.ip_local_port_range")],
    relations: &[Relation::contributes("port-exhaustion", SharedBy::Route)],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let limit = input.limit(&SHARE);
    let share = |load: &Load<'_>| load.resting() as f64 / load.usable.max(1) as f64;
    let heavy = routes::loads(input).filter(|load| load.resting() > 0 && share(load) >= limit);
    heavy.map(|load| describe(input, &load)).collect()
}

fn describe(input: &RuleInput<'_>, load: &Load<'_>) -> Finding {
    let (rate, source, is_all) = load.rate(input);
    let most = load.most_per_second();
    let ratio = (load.resting() as f64 / load.usable.max(1) as f64).min(1.0);
    let proof = Sentence::plain("proof").address("source", load.route.source);
    let limit = Sentence::plain("limit").decimal("most", most).count("usable", load.usable);
    let title = if is_all { "title" } else { "title-at-least" };
    let mut finding = input
        .finding(Severity::Notice, load.subject(input))
        .title(title)
        .count("count", load.resting())
        .decimal("rate", rate)
        .ratio("ratio", ratio)
        .why(Sentence::plain("why").with("peer", load.peer()))
        .proof(proof.with("states", load.states()))
        .limit(Some(limit))
        .evidence("time_wait", Figure::Count(load.time_wait()), "idiag_state")
        .evidence("time_wait_reusable", Figure::Count(load.reusable), "idiag_expires")
        .evidence("close_rate", Figure::PerSecond(rate), source)
        .evidence("ports_usable", Figure::Count(load.usable), "net.ipv4.ip_local_port_range")
        .over([load.flow()])
        .about(load.usage.inodes.clone(), load.resting());
    // That this host connected is concluded from a local port of the range on which nothing listens.
    finding.confidence = Confidence::Inferred;
    let remedies = load.program_remedies(input).into_iter().chain(routes::range_remedies(input));
    finding.remedies.extend(remedies.chain(load.reuse_remedies(input)));
    finding.myth("ports-myth-fin-timeout").myth("ports-myth-recycle").myth("myth-buckets").myth("ports-myth-linger")
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, route, severities, snapshot, ten},
        *,
    };
    use crate::model::{snapshot::Snapshot, state::State};

    /// 100 ports, and this number of sockets of a state to 10.0.0.9:443.
    fn with(state: State, count: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.sysctls.insert("net.ipv4.ip_local_port_range".into(), "40000\t40099".into());
        let (route, usage) = route(ten(9), 443, state, count);
        snapshot.now.outbound.insert(route, usage);
        snapshot
    }

    #[test]
    fn a_quarter_of_the_ports_in_time_wait_is_reported() {
        assert_eq!(severities(&RULE, &with(State::TIME_WAIT, 24)), []);
        assert_eq!(severities(&RULE, &with(State::TIME_WAIT, 25)), [Severity::Notice]);
    }

    #[test]
    fn open_connections_are_no_churn() {
        assert_eq!(severities(&RULE, &with(State::ESTABLISHED, 60)), []);
    }

    #[test]
    fn ports_that_are_reused_do_not_count() {
        let mut snapshot = with(State::TIME_WAIT, 60);
        snapshot.sysctls.insert("net.ipv4.tcp_tw_reuse".into(), "1".into());
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn where_ports_are_taken_over_openings_tell_the_rate() {
        let mut snapshot = with(State::TIME_WAIT, 60);
        snapshot.sysctls.insert("net.ipv4.tcp_tw_reuse".into(), "1".into());
        let fresh = |count: u32| {
            let mut waits = crate::model::snapshot::TimeWaits::default();
            (0..count).for_each(|_| waits.add(59_500));
            waits
        };
        for usage in snapshot.now.outbound.values_mut() {
            usage.time_waits = fresh(60);
        }
        snapshot.before.as_mut().unwrap().counter("TcpActiveOpens", 1_000);
        snapshot.now.counter("TcpActiveOpens", 3_200);
        let titled = |snapshot: &Snapshot| {
            let found = findings(&RULE, snapshot).remove(0);
            let rate = found.evidence.iter().find(|one| one.name == "close_rate").map(|one| one.value.clone());
            (found.title.id, rate)
        };
        assert_eq!(titled(&snapshot), ("title", Some(Figure::PerSecond(220.0))));
        // A third of the last closed connections belonged to another service.
        let (other, mut usage) = route(ten(8), 443, State::TIME_WAIT, 30);
        usage.time_waits = fresh(30);
        snapshot.now.outbound.insert(other, usage);
        let shared = findings(&RULE, &snapshot);
        let rates = shared.iter().flat_map(|one| &one.evidence).filter(|one| one.name == "close_rate");
        let sum: f64 = rates.map(|one| if let Figure::PerSecond(rate) = one.value { rate } else { 0.0 }).sum();
        assert!((sum - 220.0).abs() < 0.01, "{sum}");
        snapshot.before = None;
        assert_eq!(titled(&snapshot).0, "title-at-least");
    }

    #[test]
    fn several_destinations_are_distinguished() {
        let mut snapshot = with(State::TIME_WAIT, 20);
        let (other, usage) = route(ten(8), 443, State::TIME_WAIT, 20);
        snapshot.now.outbound.insert(other, usage);
        assert_eq!(severities(&RULE, &snapshot), []);
        let (other, usage) = route(ten(8), 443, State::TIME_WAIT, 30);
        snapshot.now.outbound.insert(other, usage);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Notice]);
    }

    #[test]
    fn the_first_remedy_is_reuse_of_connections() {
        let finding = findings(&RULE, &with(State::TIME_WAIT, 60)).remove(0);
        assert_eq!(finding.remedies[0].text.id, "ports-fix-pool-native");
        assert!(
            finding
                .remedies
                .iter()
                .any(|remedy| remedy.command.as_deref() == Some("sysctl -w net.ipv4.tcp_tw_reuse=1"))
        );
    }
}
