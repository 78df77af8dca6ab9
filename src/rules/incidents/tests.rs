//! Findings that are folded below others, and findings that are not.

use std::{collections::BTreeSet, net::IpAddr};

use super::{
    super::{
        Rule, Settings,
        catalogue::RULES,
        examine::examine,
        fixture::{listener, snapshot, socket, ten, with_info},
    },
    *,
};
use crate::model::{
    finding::{Figure, Program, Runtime, Severity},
    snapshot::{Sample, Snapshot},
    socket::Timer,
    state::State,
    tcp_info,
};

fn finding(rule: &'static str, subject: Subject) -> Finding {
    Finding::new(rule, Severity::Critical, subject)
}

fn of_listener(rule: &'static str, port: u16) -> Finding {
    finding(rule, Subject::Listener { address: ten(1), port, path: None, program: None })
}

/// A process that uses this number of 100 descriptors.
fn descriptors(used: u64) -> Finding {
    let program = Program {
        pid: 7,
        processes: 1,
        name: "orders".to_owned(),
        user: None,
        unit: None,
        container: None,
        runtime: Runtime::Native,
    };
    finding("fd-near-limit", Subject::Process(program)).evidence("descriptors", Figure::Count(used), "").evidence(
        "descriptor_limit",
        Figure::Count(100),
        "",
    )
}

fn folded(findings: Vec<Finding>) -> Vec<Finding> {
    let mut findings = findings;
    fold(&mut findings, &RuleInputs::new(&snapshot(), &Settings::default()));
    findings
}

/// Each finding with the one it is folded beneath.
fn folds(findings: &[Finding]) -> Vec<(&str, Option<&str>)> {
    findings.iter().map(|one| (one.rule, one.fold.as_ref().map(|fold| fold.into.as_str()))).collect()
}

#[test]
fn relations_name_rules_and_have_no_circle() {
    let effects = |rule: &Rule| -> Vec<&'static Rule> {
        let relations = rule.relations.iter().filter(|one| one.link != Link::Contributes);
        relations
            .map(|one| find(one.effect).unwrap_or_else(|| panic!("{}: no rule {}", rule.name, one.effect)))
            .collect()
    };
    for rule in RULES {
        assert!(rule.relations.iter().all(|one| find(one.effect).is_some()), "{}", rule.name);
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut next = effects(rule);
        while let Some(one) = next.pop() {
            assert_ne!(one.name, rule.name, "it leads to itself");
            if reached.insert(one.name) {
                next.extend(effects(one));
            }
        }
    }
    assert!(RULES.iter().map(|rule| rule.relations.len()).sum::<usize>() > 30);
}

#[test]
fn what_shares_a_listener_with_its_cause_is_folded_and_nothing_else() {
    let found = folded(vec![
        of_listener("accept-queue-full", 80),
        of_listener("listen-drops", 80),
        of_listener("listen-drops", 81),
    ]);
    assert_eq!(
        folds(&found),
        [
            ("accept-queue-full", None),
            ("listen-drops", Some("accept-queue-full:listener:10.0.0.1:80")),
            ("listen-drops", None)
        ]
    );
}

#[test]
fn a_chain_is_one_incident_and_the_nearest_cause_counts() {
    let full = |rule| {
        let mut one = of_listener(rule, 80);
        one.touches.pids.insert(7);
        one
    };
    let limit = descriptors(100);
    let found = folded(vec![limit, full("accept-queue-full"), full("listen-drops")]);
    assert_eq!(
        folds(&found),
        [
            ("fd-near-limit", None),
            ("accept-queue-full", Some("fd-near-limit:process:7")),
            ("listen-drops", Some("accept-queue-full:listener:10.0.0.1:80"))
        ]
    );
}

#[test]
fn a_cause_that_is_too_weak_explains_nothing() {
    let weak = |used| {
        let limit = descriptors(used);
        let mut full = of_listener("accept-queue-full", 80);
        full.touches.pids.insert(7);
        folded(vec![limit, full]).remove(1).fold
    };
    assert_eq!(weak(90), None);
    assert!(weak(99).is_some());
}

#[test]
fn of_two_possible_causes_neither_is_named() {
    let flow = |port: u16| Flow { local: (ten(1), port), peer: (ten(2), 90), inode: 0 };
    let back = |port: u16| Flow { local: (ten(2), 90), peer: (ten(1), port), inode: 0 };
    let user = |name: &str| Subject::User(name.to_owned());
    let leak = |rule, name| finding(rule, user(name)).over([flow(1)]);
    let other = finding("fin-wait2-peer", Subject::Host).over([back(1)]);
    let found = folded(vec![leak("close-wait-leak", "a"), leak("close-wait-unread", "b"), other]);
    assert_eq!(found[2].fold, None);
    assert_eq!(found[2].may_relate_to, ["close-wait-leak:user:a", "close-wait-unread:user:b"]);
}

#[test]
fn what_is_only_inferred_causes_nothing() {
    let mut drops = of_listener("listen-drops", 80);
    drops.confidence = Confidence::Inferred;
    let found = folded(vec![of_listener("accept-queue-full", 80), drops]);
    assert_eq!((&found[1].fold, found[1].may_relate_to.len()), (&None, 1));
}

#[test]
fn what_contributes_is_beneath_what_it_contributes_to() {
    let route = Flow { local: (ten(1), 0), peer: (ten(9), 443), inode: 0 };
    let other = Flow { local: (ten(1), 0), peer: (ten(8), 443), inode: 0 };
    let destination = |address| Subject::Destination { source: Some(ten(1)), address, port: Some(443), program: None };
    let found = folded(vec![
        finding("port-exhaustion", destination(ten(9))).over([route]),
        finding("tw-reuse-blocked", Subject::Host).over([other, route]),
        finding("time-wait-client", destination(ten(8))).over([other]),
    ]);
    let cause = "port-exhaustion:destination:10.0.0.9:443:from:10.0.0.1";
    assert_eq!(
        folds(&found),
        [("port-exhaustion", None), ("tw-reuse-blocked", Some(cause)), ("time-wait-client", None)]
    );
    assert_eq!(found[1].fold.as_ref().map(|fold| fold.link), Some(Link::Contributes));
}

#[test]
fn what_one_host_has_in_common_joins_nothing() {
    let found = folded(vec![finding("tcp-memory", Subject::Host), finding("rcv-prune", Subject::Host)]);
    assert_eq!(found[1].fold, None);
    assert_eq!(found[0].may_relate_to, ["rcv-prune:host"]);
}

/// `count` connections from 10.0.0.1 to a service at 10.0.0.9:90 whose window is closed; of the first `here` the other
/// end is on this host, held by a program that does not read.
fn blocked(count: u32, here: u32) -> Snapshot {
    let mut snapshot = snapshot();
    let service: IpAddr = ten(9);
    let (mut first, mut now) = (Sample::default(), Vec::new());
    for number in 1..=count {
        let local_port = 40_000 + number as u16;
        // One byte more acknowledged than sent: its own SYN, so it connected.
        let sender = with_info(socket(State::ESTABLISHED, number), &tcp_info::BACKOFF, 9);
        let mut sender = with_info(sender, &tcp_info::BYTES_ACKED, 1);
        sender.socket.timer = Timer::Persist;
        (sender.socket.local_port, sender.socket.peer, sender.socket.peer_port) = (local_port, service, 90);
        now.push(sender);
        if number <= here {
            let reader = socket(State::ESTABLISHED, 100 + number);
            let mut reader = with_info(reader, &tcp_info::BYTES_RECEIVED, 1_000);
            (reader.socket.local, reader.socket.local_port) = (service, 90);
            (reader.socket.peer, reader.socket.peer_port) = (ten(1), local_port);
            reader.socket.rqueue = 500;
            first.add([reader.clone()]);
            now.push(reader);
        }
    }
    snapshot.before = Some(first);
    snapshot.now.listeners.push(listener(90, 99));
    snapshot.now.add(now);
    snapshot.hold(77, "reader", Runtime::Native, 101..=100 + here);
    snapshot.hold(78, "sender", Runtime::Native, 1..=count);
    snapshot
}

fn rules(names: &[&str]) -> Vec<&'static Rule> {
    names.iter().filter_map(|name| find(name)).collect()
}

#[test]
fn the_other_end_of_a_program_that_does_not_read_is_its_result() {
    let snapshot = blocked(4, 4);
    let verdict = examine(&snapshot, &rules(&["slow-reader", "peer-zero-window"]), &Settings::default());
    assert_eq!(folds(&verdict.findings), [("slow-reader", None), ("peer-zero-window", Some("slow-reader:process:77"))]);
    // Its cause was not asked for: it is a finding like any other.
    let alone = examine(&snapshot, &rules(&["peer-zero-window"]), &Settings::default());
    assert_eq!(folds(&alone.findings), [("peer-zero-window", None)]);
}

#[test]
fn of_what_is_explained_in_part_the_rest_stays() {
    let snapshot = blocked(10, 4);
    let verdict = examine(&snapshot, &rules(&["slow-reader", "peer-zero-window"]), &Settings::default());
    let sockets = |one: &Finding| one.count_of("sockets").unwrap_or(0);
    let mut counted: Vec<(&str, u64, bool)> =
        verdict.findings.iter().map(|one| (one.rule, sockets(one), one.fold.is_some())).collect();
    counted.sort_unstable();
    assert_eq!(counted, [("peer-zero-window", 4, true), ("peer-zero-window", 6, false), ("slow-reader", 4, false)]);
    let ids: BTreeSet<&str> = verdict.findings.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids.len(), 3, "each has a name of its own: {ids:?}");
}
