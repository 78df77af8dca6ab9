//! Proofs of the figures, on made-up snapshots.

use super::*;
use crate::{
    book,
    model::finding::Runtime,
    rules::fixture::{listener, snapshot, socket, time_waits},
    text::Lang,
};

fn told(name: &str, snapshot: &Snapshot) -> HostFigures {
    let topic = book::search::find(name, Lang::En).unwrap();
    sockets(&topic, snapshot, &Verdict::default())
}

fn messages_of(live: &HostFigures) -> Vec<&'static str> {
    let id = |line: &Remark| match line {
        Remark::Said(message, _) => messages::ALL.iter().find(|one| one.message == *message).unwrap().id,
        Remark::Share(..) => "share",
        Remark::More(_) => "more",
    };
    live.lines.iter().map(id).collect()
}

#[test]
fn a_state_is_reported_with_its_largest_shares() {
    let mut snapshot = snapshot();
    assert_eq!(messages_of(&told("CLOSE_WAIT", &snapshot)), ["live-none"]);
    snapshot.now.add((1..=5).map(|number| socket(State::CLOSE_WAIT, number)));
    snapshot.hold(4321, "java", Runtime::Java, [1, 2, 3]);
    snapshot.hold(77, "python3", Runtime::Python, [4]);
    let live = told("CLOSE_WAIT", &snapshot);
    assert_eq!(live.figures[0].value, Figure::Count(5));
    let shares: Vec<u64> = live
        .lines
        .iter()
        .filter_map(|line| match line {
            Remark::Share(_, count) => Some(*count),
            _ => None,
        })
        .collect();
    assert_eq!(shares, [3, 1, 1]);
    let topic = book::search::find("CLOSE_WAIT", Lang::En).unwrap();
    assert_eq!(inodes(&topic, &snapshot), [1, 2, 3, 4, 5]);
}

#[test]
fn time_wait_is_reported_with_its_rate_and_its_ports() {
    let mut snapshot = snapshot();
    for _ in 0..600 {
        let census = snapshot.now.tcp.as_mut().unwrap();
        census.count(State::TIME_WAIT, crate::model::socket::Timer::TimeWait, 0);
    }
    snapshot.now.listeners.push(listener(443, 5));
    snapshot.now.time_wait_inbound.insert(443, time_waits(600));
    let live = told("TIME_WAIT", &snapshot);
    assert_eq!(messages_of(&live), ["live-count", "live-rate", "live-shares", "share"]);
    assert_eq!(live.figures[1].value, Figure::PerSecond(10.0));
}

#[test]
fn a_listener_is_reported_with_the_fullest_queue() {
    let mut snapshot = snapshot();
    snapshot.now.tcp.as_mut().unwrap().count(State::LISTEN, crate::model::socket::Timer::None, 5);
    snapshot.now.listeners.push(listener(443, 5));
    let mut full = listener(80, 6);
    full.queue = full.limit.unwrap() + 1;
    snapshot.now.listeners.push(full);
    assert_eq!(messages_of(&told("LISTEN", &snapshot)), ["live-count", "live-queue"]);
}

#[test]
fn every_rule_that_speaks_of_a_state_is_there() {
    for (name, rules) in RULES_OF {
        assert!(book::search::find(name, Lang::En).is_some_and(|topic| topic.kind == TopicKind::State), "{name}");
        for rule in *rules {
            assert!(rules::find(rule).is_some(), "{rule}");
        }
    }
}
