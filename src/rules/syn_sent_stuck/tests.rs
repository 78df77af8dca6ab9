//! The rule on attempts of every age, on its near misses, and on the kernel's schedule.

use super::{
    super::fixture::{findings, listener, severities, snapshot, socket, ten},
    *,
};
use crate::model::{
    finding::Runtime,
    snapshot::{Sample, Snapshot},
};

/// An attempt to 10.0.0.9:5432 with this number of timeouts.
fn attempt(number: u32, retrans: u8) -> Seen {
    let mut seen = socket(State::SYN_SENT, number);
    (seen.socket.peer, seen.socket.peer_port, seen.socket.retrans) = (ten(9), 5432, retrans);
    seen.info = None;
    seen
}

fn with(attempts: impl IntoIterator<Item = Seen>) -> Snapshot {
    let mut snapshot = snapshot();
    snapshot.before = None;
    snapshot.now.add(attempts);
    snapshot
}

#[test]
fn two_timeouts_are_worth_knowing() {
    assert_eq!(severities(&RULE, &with([attempt(1, 1)])), []);
    assert_eq!(severities(&RULE, &with([attempt(1, 2)])), [Severity::Notice]);
}

#[test]
fn three_to_one_destination_or_five_timeouts_are_a_warning() {
    assert_eq!(severities(&RULE, &with([attempt(1, 2), attempt(2, 2)])), [Severity::Notice]);
    assert_eq!(severities(&RULE, &with((1..=3).map(|number| attempt(number, 2)))), [Severity::Warning]);
    assert_eq!(severities(&RULE, &with([attempt(1, 4)])), [Severity::Notice]);
    assert_eq!(severities(&RULE, &with([attempt(1, 5)])), [Severity::Warning]);
}

#[test]
fn attempts_that_are_young_do_not_count_towards_the_three() {
    let mixed = [attempt(1, 2), attempt(2, 2), attempt(3, 1), attempt(4, 0)];
    assert_eq!(severities(&RULE, &with(mixed)), [Severity::Notice]);
}

#[test]
fn destinations_are_distinguished_until_they_are_many() {
    let scattered = |count: u8| {
        with((1..=count).map(|number| {
            let mut seen = attempt(number.into(), 2);
            seen.socket.peer = ten(100 + number);
            seen
        }))
    };
    assert_eq!(findings(&RULE, &scattered(5)).len(), 5);
    let many = findings(&RULE, &scattered(6));
    assert_eq!((many.len(), many[0].title.id), (1, "title-scattered"));
    assert_eq!(many[0].subject, Subject::User("1000".into()));
    assert_eq!(many[0].inodes.len(), 6);
}

#[test]
fn the_program_is_named_once_it_is_looked_up() {
    let mut snapshot = with([attempt(1, 2)]);
    snapshot.hold(44, "orders", Runtime::Java, [1]);
    assert_eq!(findings(&RULE, &snapshot)[0].subject.program().map(|program| program.pid), Some(44));
}

#[test]
fn a_listener_of_this_host_is_a_full_queue_and_no_firewall() {
    let mut here = attempt(1, 2);
    here.socket.peer = ten(1);
    let mut snapshot = with([here]);
    assert_eq!(findings(&RULE, &snapshot)[0].why.as_ref().unwrap().id, "why-filtered");
    snapshot.now.listeners.push(listener(5432, 9));
    let finding = findings(&RULE, &snapshot).remove(0);
    assert_eq!(finding.why.unwrap().id, "why-here");
    assert!(finding.remedies.iter().all(|remedy| remedy.kind != RemedyKind::Sysctl));
}

#[test]
fn a_listener_on_any_address_is_not_that_of_another_host() {
    let mut snapshot = with([attempt(1, 2)]);
    snapshot.now.listeners.push(listener(5432, 9));
    assert_eq!(findings(&RULE, &snapshot)[0].why.as_ref().unwrap().id, "why");
}

#[test]
fn fewer_retries_are_proposed_only_where_there_are_more() {
    let mut snapshot = with([attempt(1, 2)]);
    let command = |snapshot: &Snapshot| findings(&RULE, snapshot)[0].remedies.get(2)?.command.clone();
    assert_eq!(command(&snapshot).as_deref(), Some("sysctl -w net.ipv4.tcp_syn_retries=3"));
    snapshot.sysctls.insert(RETRIES.into(), "3".into());
    assert_eq!(command(&snapshot), None);
}

#[test]
fn attempts_beyond_those_kept_are_counted() {
    let mut snapshot = with([attempt(1, 2), attempt(2, 0)]);
    snapshot.now.beyond.insert(State::SYN_SENT, 4);
    assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
}

#[test]
fn the_schedule_is_that_of_the_kernel() {
    let seconds = |timeouts, linear| elapsed(timeouts, linear).as_secs();
    let linear: Vec<u64> = (0..=11).map(|timeouts| seconds(timeouts, 4)).collect();
    assert_eq!(linear, [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67, 131]);
    let old: Vec<u64> = (0..=7).map(|timeouts| seconds(timeouts, 0)).collect();
    assert_eq!(old, [0, 1, 3, 7, 15, 31, 63, 127]);
    assert_eq!(seconds(255, 255), 255);
}

#[test]
fn an_attempt_is_as_old_as_its_timeouts_and_the_running_one() {
    let mut seen = attempt(1, 6);
    seen.socket.expires_ms = 1_500;
    assert_eq!(age(&seen, 4), Duration::from_millis(9_500));
    seen.socket.expires_ms = 0;
    assert_eq!(age(&seen, 4), Duration::from_secs(11));
}

#[test]
fn attempts_to_a_host_that_does_not_answer_arp_need_not_be_old() {
    let unresolved_by = |hop: IpAddr, attempts: u32| {
        let mut snapshot = with((1..=attempts).map(|number| {
            let mut seen = attempt(number, 0);
            seen.socket.expires_ms = 400;
            seen
        }));
        snapshot.now.unresolved.push((ten(9), hop));
        snapshot
    };
    let unresolved = |attempts| unresolved_by(ten(9), attempts);
    assert_eq!(severities(&RULE, &unresolved(1)), [], "ARP may be asked just now");
    assert_eq!(severities(&RULE, &unresolved(2)), [Severity::Notice]);
    assert_eq!(severities(&RULE, &unresolved(3)), [Severity::Warning]);
    let finding = findings(&RULE, &unresolved(3)).remove(0);
    assert_eq!(finding.why.as_ref().map(|why| why.id), Some("why-no-host"));
    assert!(finding.remedies.iter().any(|one| one.command.as_deref() == Some("ip neigh show 10.0.0.9")));
    assert_eq!(finding.limit.as_ref().map(|limit| limit.id), Some("limit-no-host"));
    assert!(finding.evidence.iter().all(|figure| figure.name != "gives_up_after"));
    let mut elsewhere = unresolved(3);
    elsewhere.now.unresolved = vec![(ten(8), ten(8))];
    assert_eq!(severities(&RULE, &elsewhere), []);
    let mut new = unresolved(3);
    new.now.sockets.iter_mut().for_each(|seen| seen.socket.expires_ms = 600);
    assert_eq!(severities(&RULE, &new), [], "ARP may be asked just now");
    let before = Sample { unresolved: new.now.unresolved.clone(), ..Sample::default() };
    new.before = Some(before);
    assert_eq!(severities(&RULE, &new), [Severity::Warning], "it was asked before");

    let finding = findings(&RULE, &unresolved_by(ten(1), 3)).remove(0);
    assert_eq!(finding.why.as_ref().map(|why| why.id), Some("why-no-gateway"));
    assert!(finding.remedies.iter().any(|one| one.command.as_deref() == Some("ip neigh show 10.0.0.1")));
}

#[test]
fn a_gateway_that_does_not_answer_is_the_cause_of_all_destinations_behind_it() {
    let mut snapshot = with((1..=6_u8).map(|number| {
        let mut seen = attempt(number.into(), 1);
        seen.socket.peer = ten(100 + number);
        seen
    }));
    snapshot.now.unresolved = (1..=6).map(|number| (ten(100 + number), ten(1))).collect();
    let finding = findings(&RULE, &snapshot).remove(0);
    assert_eq!((finding.title.id, finding.severity), ("title-scattered", Severity::Warning));
    assert_eq!(finding.why.map(|why| why.id), Some("why-no-gateway"));
    snapshot.now.unresolved.remove(0);
    assert_eq!(findings(&RULE, &snapshot).len(), 5, "one is waited for otherwise, and young");
}
