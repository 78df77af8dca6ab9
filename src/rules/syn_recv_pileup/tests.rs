//! Handshakes in every number and age, from few clients and many.

use super::{
    super::fixture::{findings, listener, severities, snapshot, socket, ten},
    *,
};
use crate::model::{
    finding::Subject,
    snapshot::{Listener, Seen, Snapshot},
    socket::Timer,
    state::State,
};

/// A handshake from 10.0.0.N whose answer was sent again this often.
fn half(from: u8, retrans: u8) -> Seen {
    let mut seen = socket(State::SYN_RECV, 0);
    seen.info = None;
    seen.memory = None;
    seen.socket.peer = ten(from);
    seen.socket.timer = Timer::Retransmit;
    seen.socket.retrans = retrans;
    seen
}

/// A listener with such a backlog, and handshakes of as many clients.
fn piled(count: u8, limit: u32, retrans: u8) -> Snapshot {
    let mut snapshot = snapshot();
    snapshot.before = None;
    snapshot.now.listeners = vec![Listener { limit: Some(limit), ..listener(8080, 7) }];
    snapshot.now.add((0..count).map(|from| half(from, retrans)));
    snapshot
}

#[test]
fn as_many_as_the_backlog_are_critical() {
    assert_eq!(severities(&RULE, &piled(17, 16, 1)), [Severity::Critical]);
    assert_eq!(severities(&RULE, &piled(16, 16, 0)), [Severity::Critical]);
    assert_eq!(severities(&RULE, &piled(15, 16, 1)), [Severity::Warning]);
}

#[test]
fn half_the_backlog_is_a_warning_if_an_answer_was_sent_again() {
    assert_eq!(severities(&RULE, &piled(16, 32, 1)), [Severity::Warning]);
    assert_eq!(severities(&RULE, &piled(15, 32, 1)), []);
    assert_eq!(severities(&RULE, &piled(16, 32, 0)), []);
}

#[test]
fn a_tenth_of_the_backlog_is_a_warning_if_old() {
    assert_eq!(severities(&RULE, &piled(12, 120, 3)), [Severity::Warning]);
    assert_eq!(severities(&RULE, &piled(12, 121, 3)), []);
    assert_eq!(severities(&RULE, &piled(12, 120, 2)), []);
}

#[test]
fn one_old_handshake_among_many_young_ones_is_a_scanner() {
    let mut snapshot = piled(59, 511, 0);
    snapshot.now.add([half(200, 5)]);
    assert_eq!(severities(&RULE, &snapshot), []);
}

#[test]
fn nine_are_always_on_their_way() {
    assert_eq!(severities(&RULE, &piled(9, 9, 3)), []);
    assert_eq!(severities(&RULE, &piled(10, 9, 3)), [Severity::Critical]);
}

#[test]
fn deferred_accepts_are_harmless() {
    let mut snapshot = piled(90, 64, 0);
    snapshot.now.counter(DEFERRED, 90);
    let finding = findings(&RULE, &snapshot).remove(0);
    assert_eq!((finding.severity, finding.title.id), (Severity::Ok, "title-deferred"));
    // With two samples the counter must rise.
    snapshot.before = super::super::fixture::snapshot().before;
    assert_eq!(severities(&RULE, &snapshot), [Severity::Ok]);
    snapshot.before.as_mut().unwrap().counter(DEFERRED, 90);
    assert_eq!(severities(&RULE, &snapshot), [Severity::Critical]);
    // While the same ones wait it does not.
    for (seen, cookie) in snapshot.now.sockets.iter_mut().zip(1..) {
        seen.socket.cookie = cookie;
    }
    let sockets = snapshot.now.sockets.clone();
    snapshot.before.as_mut().unwrap().add(sockets);
    assert_eq!(severities(&RULE, &snapshot), [Severity::Ok]);
}

#[test]
fn a_few_deferred_accepts_are_not_worth_a_line() {
    let mut snapshot = piled(20, 511, 0);
    snapshot.now.counter(DEFERRED, 90);
    assert_eq!(severities(&RULE, &snapshot), []);
}

#[test]
fn a_full_accept_queue_is_the_cause() {
    let mut snapshot = piled(17, 16, 1);
    snapshot.now.listeners[0].queue = 17;
    let finding = findings(&RULE, &snapshot).remove(0);
    assert_eq!(finding.why.map(|why| why.id), Some("why-room"));
    assert_eq!(finding.remedies[0].text.id, "accept-own-limit");
}

#[test]
fn few_clients_point_at_the_path_and_many_at_a_flood() {
    let mut snapshot = piled(17, 16, 1);
    let finding = findings(&RULE, &snapshot).remove(0);
    assert_eq!(finding.why.map(|why| why.id), Some("why-many"));
    for seen in &mut snapshot.now.sockets {
        seen.socket.peer = ten(9);
    }
    let finding = findings(&RULE, &snapshot).remove(0);
    assert_eq!(finding.why.map(|why| why.id), Some("why-few"));
    assert_eq!(finding.remedies[0].command.as_deref(), Some("ip route get 10.0.0.9"));
    let last = finding.remedies.last().and_then(|remedy| remedy.command.clone());
    assert_eq!(last.as_deref(), Some("sysctl -w net.ipv4.tcp_synack_retries=3"));
}

#[test]
fn what_is_set_lower_is_left_and_cookies_are_turned_on() {
    let mut snapshot = piled(17, 16, 1);
    snapshot.sysctls.insert("net.ipv4.tcp_synack_retries".to_owned(), "2".to_owned());
    snapshot.sysctls.insert("net.ipv4.tcp_syncookies".to_owned(), "0".to_owned());
    let finding = findings(&RULE, &snapshot).remove(0);
    assert_eq!(finding.limit.map(|limit| limit.id), Some("limit-drops"));
    let commands: Vec<_> = finding.remedies.into_iter().filter_map(|remedy| remedy.command).collect();
    assert_eq!(commands, ["sysctl -w net.ipv4.tcp_syncookies=1"]);
}

#[test]
fn without_cookies_the_limit_is_three_quarters_of_max_syn_backlog() {
    let mut snapshot = piled(12, 128, 1);
    snapshot.sysctls.insert("net.ipv4.tcp_max_syn_backlog".to_owned(), "16".to_owned());
    assert_eq!(severities(&RULE, &snapshot), []);
    snapshot.sysctls.insert("net.ipv4.tcp_syncookies".to_owned(), "0".to_owned());
    let finding = findings(&RULE, &snapshot).remove(0);
    assert_eq!((finding.severity, finding.myths.len()), (Severity::Critical, 0));
}

#[test]
fn each_family_goes_to_its_own_listener() {
    let mut snapshot = piled(17, 16, 1);
    let any: std::net::IpAddr = std::net::Ipv6Addr::UNSPECIFIED.into();
    snapshot.now.listeners.insert(0, Listener { address: any, limit: Some(16), ..listener(8080, 8) });
    let subject = |snapshot: &Snapshot| match findings(&RULE, snapshot).remove(0).subject {
        Subject::Listener { address, .. } => address,
        other => panic!("{other:?}"),
    };
    assert!(subject(&snapshot).is_ipv4());
    for seen in &mut snapshot.now.sockets {
        seen.socket.mapped = true;
    }
    assert!(subject(&snapshot).is_ipv6());
}

#[test]
fn those_that_were_not_kept_count_too() {
    let mut snapshot = piled(20, 511, 1);
    assert_eq!(severities(&RULE, &snapshot), []);
    snapshot.now.beyond.insert(State::SYN_RECV, 480);
    assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
}
