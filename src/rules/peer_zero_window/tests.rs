//! Connections held up by their receivers, and by slow clients.

use super::{
    super::fixture::{findings, listener, severities, snapshot, socket, ten, with_info},
    *,
};
use crate::model::{finding::Runtime, snapshot::Snapshot};

/// A connection that this host made, held up for this number of doublings.
fn held_up(number: u32, backoff: u64) -> Seen {
    let mut seen = with_info(socket(State::ESTABLISHED, number), &tcp_info::BACKOFF, backoff);
    (seen.socket.timer, seen.socket.wqueue) = (Timer::Persist, 50_000);
    (seen.socket.peer, seen.socket.peer_port, seen.socket.local_port) = (ten(9), 5432, 50_000);
    seen = with_info(seen, &tcp_info::NOTSENT_BYTES, 50_000);
    with_info(seen, &tcp_info::BYTES_ACKED, 1)
}

/// A connection made to us.
fn client(number: u32, backoff: u64) -> Seen {
    let mut seen = with_info(held_up(number, backoff), &tcp_info::BYTES_ACKED, 0);
    (seen.socket.local_port, seen.socket.peer_port) = (443, 40_000);
    seen
}

fn host(sockets: impl IntoIterator<Item = Seen>) -> Snapshot {
    let mut snapshot = snapshot();
    snapshot.before = None;
    snapshot.now.add(sockets);
    snapshot.now.listeners.push(listener(443, 9_999));
    snapshot
}

#[test]
fn a_service_that_does_not_read_is_a_notice_and_after_a_minute_a_warning() {
    assert_eq!(severities(&RULE, &host([held_up(1, 3)])), []);
    assert_eq!(severities(&RULE, &host([held_up(1, 4)])), [Severity::Notice]);
    assert_eq!(severities(&RULE, &host([held_up(1, 7)])), [Severity::Notice]);
    assert_eq!(severities(&RULE, &host([held_up(1, 8)])), [Severity::Warning]);
}

#[test]
fn a_connection_that_waited_half_of_its_busy_time_is_a_warning() {
    let timed = |busy, held| {
        let seen = with_info(held_up(1, 4), &tcp_info::BUSY_TIME, busy);
        host([with_info(seen, &tcp_info::RWND_LIMITED, held)])
    };
    assert_eq!(severities(&RULE, &timed(10_000_000, 5_000_000)), [Severity::Warning]);
    assert_eq!(severities(&RULE, &timed(10_000_000, 4_999_999)), [Severity::Notice]);
    assert_eq!(severities(&RULE, &timed(9_999_999, 9_999_999)), [Severity::Notice]);
}

#[test]
fn one_slow_client_is_no_news_and_twenty_are() {
    assert_eq!(severities(&RULE, &host([client(1, 12)])), []);
    assert_eq!(severities(&RULE, &host((1..=19).map(|n| client(n, 12)))), []);
    let found = findings(&RULE, &host((1..=20).map(|n| client(n, 4))));
    assert_eq!((found.len(), found[0].severity, found[0].subject.kind()), (1, Severity::Warning, "listener"));
}

#[test]
fn twenty_of_a_large_service_are_no_news() {
    let open = |count: u32| {
        let healthy = (1..=count).map(|n| {
            let mut seen = socket(State::ESTABLISHED, 10_000 + n);
            seen.socket.local_port = 443;
            seen
        });
        host((1..=20).map(|n| client(n, 6)).chain(healthy))
    };
    assert_eq!(severities(&RULE, &open(1_980)), [Severity::Warning]);
    assert_eq!(severities(&RULE, &open(1_981)), []);
}

#[test]
fn without_all_connections_the_whole_table_is_the_measure() {
    let mut snapshot = host((1..=20).map(|n| client(n, 6)));
    snapshot.now.all_established = false;
    let mut tcp = snapshot.now.tcp.take().unwrap();
    for _ in 0..1_981 {
        tcp.count(State::ESTABLISHED, Timer::None, 1);
    }
    snapshot.now.tcp = Some(tcp);
    assert_eq!(severities(&RULE, &snapshot), []);
}

#[test]
fn a_closed_socket_and_another_timer_are_other_rules() {
    let mut orphan = held_up(1, 9);
    (orphan.socket.state, orphan.socket.inode) = (State::FIN_WAIT1, 0);
    let mut resent = held_up(2, 9);
    resent.socket.timer = Timer::Retransmit;
    assert_eq!(severities(&RULE, &host([orphan, resent])), []);
}

#[test]
fn a_peer_that_answers_no_probe_may_be_gone() {
    let mut gone = held_up(1, 8);
    gone.socket.retrans = 5;
    let found = findings(&RULE, &host([gone])).remove(0);
    assert_eq!((found.confidence, found.limit), (Confidence::Likely, None));
}

#[test]
fn a_reader_on_this_host_is_named() {
    let mut reader = socket(State::ESTABLISHED, 2);
    (reader.socket.local, reader.socket.local_port) = (ten(9), 5432);
    (reader.socket.peer, reader.socket.peer_port) = (ten(1), 50_000);
    let mut snapshot = host([held_up(1, 8), reader]);
    snapshot.hold(77, "slow", Runtime::Native, [2]);
    let found = findings(&RULE, &snapshot).remove(0);
    assert_eq!(found.remedies[0].text.id, "fix-here");
    assert_eq!(found.inodes, [1, 2]);
}

/// The other end of a connection on this host.
fn other_end(of: &Seen, number: u32) -> Seen {
    let mut far = socket(State::ESTABLISHED, number);
    let (socket, near) = (&mut far.socket, &of.socket);
    (socket.local, socket.local_port) = (near.peer, near.peer_port);
    (socket.peer, socket.peer_port) = (near.local, near.local_port);
    far
}

#[test]
fn a_proxy_whose_service_reads_slowly_is_not_at_fault() {
    let judged = |onward: Seen, pid: u32| {
        let near = held_up(1, 8);
        let mut onward = onward;
        onward.socket.peer_port = 9_000;
        let mut snapshot = host([other_end(&near, 2), near, onward]);
        snapshot.hold(50, "upload", Runtime::Native, [1]);
        snapshot.hold(pid, "other", Runtime::Native, [3]);
        snapshot.hold(77, "relay", Runtime::Native, if pid == 77 { vec![2, 3] } else { vec![2] });
        severities(&RULE, &snapshot)
    };
    assert_eq!(judged(held_up(3, 3), 77), []);
    assert_eq!(judged(held_up(3, 3), 78), [Severity::Warning], "of another program");
    let sent = with_info(held_up(3, 3), &tcp_info::NOTSENT_BYTES, 0);
    assert_eq!(judged(sent, 77), [Severity::Warning], "all is sent");
    assert_eq!(judged(client(3, 3), 77), [Severity::Warning], "a client that downloads slowly holds no uploads up");
}

#[test]
fn the_connections_of_slow_receivers_are_asked_for() {
    let near = held_up(1, 8);
    let mut onward = held_up(3, 0);
    onward.socket.peer_port = 9_000;
    let mut snapshot = host([other_end(&near, 2), near, onward]);
    (snapshot.holders, snapshot.processes) = (None, Default::default());
    assert_eq!(findings(&RULE, &snapshot).remove(0).inodes, [1, 2, 3]);
}

#[test]
fn clients_that_are_proxies_of_slow_clients_are_not_at_fault() {
    let judged = |pid: u32| {
        let near = (1..=20).map(|number| {
            let mut near = client(number, 6);
            near.socket.peer_port = 40_000 + number as u16;
            near
        });
        let mut end = client(300, 3);
        end.socket.local_port = 8_080;
        let far = near.clone().map(|near| other_end(&near, 100 + near.socket.inode));
        let mut snapshot = host(near.clone().chain(far).chain([end]));
        snapshot.hold(pid, "proxy", Runtime::Native, [300]);
        snapshot.hold(77, "proxy", Runtime::Native, (101..=120).chain((pid == 77).then_some(300)));
        severities(&RULE, &snapshot)
    };
    assert_eq!((judged(77), judged(78)), (vec![], vec![Severity::Warning]));
}
