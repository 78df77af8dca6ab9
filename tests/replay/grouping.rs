//! Groups by every key, from held answers and files.

use crate::memory::MemorySource;
use sockdoc::{
    collect::{
        group::{Grouped, group_where},
        known::Known,
        users,
    },
    filter::Filter,
    model::{
        family::{Family, Protocol},
        gap::{Gap, What, Why},
        group::{Direction, Key, Value},
        selection::Selection,
        socket::Timer,
        state::{State, StateSet},
    },
};

use crate::{
    fallback::with_files,
    kernel::{
        Inet, TCP_ONE_WALK, TCP4, TCP6, UDP4, UDP6, UNIX, at, attribute, dump, dump_of, inet, inet6, one_walk,
        tcp_info, unix,
    },
};

/// Groups all that is selected.
pub(crate) fn group(
    source: &mut MemorySource,
    selection: &Selection,
    keys: &[Key],
    kernel: Option<(u32, u32)>,
) -> Grouped {
    group_where(source, selection, &Filter::everything(), &Known::default(), keys, kernel)
}

/// `INET_DIAG_INFO`.
const INFO: u16 = 2;

/// Rows of all TCP sockets by one key.
fn by(key: Key, records: &[Inet]) -> Vec<(Value, u64)> {
    rows(&mut one_walk(dump(&[records])), key)
}

fn rows(held: &mut MemorySource, key: Key) -> Vec<(Value, u64)> {
    let grouped = group(held, &Selection::tcp(StateSet::ALL), &[key], None);
    one_column(grouped.rows)
}

fn one_column(rows: Vec<(Box<[Value]>, u64)>) -> Vec<(Value, u64)> {
    let mut rows: Vec<_> = rows.into_iter().map(|(values, sockets)| (values[0].clone(), sockets)).collect();
    rows.sort();
    rows
}

#[test]
fn by_state() {
    let rows = by(Key::State, &[inet(1), inet(6), inet(1), inet(8), inet6(1)]);
    let state = |number| Value::State(State::from_kernel(number));
    assert_eq!(rows, [(state(1), 3), (state(6), 1), (state(8), 1)]);
}

#[test]
fn by_family_a_mapped_socket_is_of_ipv6() {
    let mapped = inet6(1).local("::ffff:10.0.0.1", 80).peer("::ffff:10.0.0.2", 1);
    let rows = by(Key::Family, &[inet(1), inet6(1), mapped]);
    assert_eq!(rows, [(Value::Family(Family::Inet), 1), (Value::Family(Family::Inet6), 2)]);
}

#[test]
fn by_address_a_mapped_one_is_the_ipv4_one() {
    let mapped = inet6(1).local("::ffff:10.0.0.1", 80).peer("::ffff:10.0.0.2", 1);
    let records = [inet(1), mapped, inet6(1)];
    let both = |v4: &str, v6: &str| vec![(Value::Address(at(v4)), 2), (Value::Address(at(v6)), 1)];
    assert_eq!(by(Key::Local, &records), both("10.0.0.1", "2001:db8::1"));
    assert_eq!(by(Key::Peer, &records), both("10.0.0.2", "2001:db8::2"));
}

#[test]
fn by_port() {
    let records = [inet(1).local("10.0.0.1", 80).peer("10.0.0.2", 50_000), inet6(1).peer("::1", 65_535), inet(1)];
    assert_eq!(by(Key::LocalPort, &records), [(Value::Port(80), 3)]);
    let ports = [(Value::Port(40_000), 1), (Value::Port(50_000), 1), (Value::Port(65_535), 1)];
    assert_eq!(by(Key::PeerPort, &records), ports);
}

#[test]
fn by_network_each_family_has_its_own_prefix_length() {
    let records = [
        inet(1).peer("10.1.2.3", 1),
        inet(1).peer("10.1.2.250", 1),
        inet(1).peer("10.1.3.1", 1),
        inet6(1).peer("::ffff:10.1.2.9", 1),
        inet6(1).peer("2001:db8:0:1::5", 1),
        inet6(1).peer("2001:db8:0:1:ffff::", 1),
    ];
    let network = |address, length| Value::Network(at(address), length);
    assert_eq!(
        by(Key::PeerNetwork { v4: 24, v6: 64 }, &records),
        [(network("10.1.2.0", 24), 3), (network("10.1.3.0", 24), 1), (network("2001:db8:0:1::", 64), 2)]
    );
    assert_eq!(by(Key::PeerNetwork { v4: 0, v6: 0 }, &records), [(network("0.0.0.0", 0), 4), (network("::", 0), 2)]);
}

#[test]
fn by_service() {
    let mapped = inet6(1).peer("::ffff:10.0.3.7", 5432);
    let rows = by(Key::Service, &[inet(1).peer("10.0.3.7", 5432), mapped, inet6(8).peer("2001:db8::7", 443)]);
    let endpoint = |address, port| Value::Endpoint(at(address), port);
    assert_eq!(rows, [(endpoint("10.0.3.7", 5432), 2), (endpoint("2001:db8::7", 443), 1)]);
}

/// The kernel writes zeros if there is no peer.
#[test]
fn who_has_no_peer_has_none_of_its_keys() {
    let listeners = || [inet(10).peer("0.0.0.0", 0), inet6(10).peer("::", 0)];
    let keys = [Key::Peer, Key::PeerPort, Key::Service, Key::PeerNetwork { v4: 24, v6: 64 }];
    let peer = [
        Value::Address(at("10.0.0.9")),
        Value::Port(443),
        Value::Endpoint(at("10.0.0.9"), 443),
        Value::Network(at("10.0.0.0"), 24),
    ];
    for (key, peer) in keys.into_iter().zip(peer) {
        let connected = || inet(1).peer("10.0.0.9", 443);
        let records = [&listeners()[..], &[connected(), inet(7).peer("0.0.0.0", 0)]].concat();
        assert_eq!(by(key, &records), [(Value::Unknown, 3), (peer.clone(), 1)], "{key:?}");
        let mut held = MemorySource::default();
        held.answer(UDP4, dump(&[&[inet(7).peer("0.0.0.0", 0), connected()]]));
        held.answer(UDP6, dump(&[&[inet6(7).peer("::", 0)]]));
        let selection = Selection::tcp(StateSet::ALL).with_protocols(&[Protocol::Udp]);
        let rows = one_column(group(&mut held, &selection, &[key], None).rows);
        assert_eq!(rows, [(Value::Unknown, 2), (peer, 1)], "{key:?}, UDP");
    }
}

#[test]
fn by_timer() {
    let records: Vec<Inet> = [0, 1, 2, 3, 4, 9, 0].map(|timer| inet(1).timer(timer)).into();
    let rows = by(Key::Timer, &records);
    let timers = [Timer::None, Timer::Retransmit, Timer::Keepalive, Timer::TimeWait, Timer::Persist, Timer::Other(9)];
    let expected: Vec<_> = timers.map(|timer| (Value::Timer(timer), if timer == Timer::None { 2 } else { 1 })).into();
    assert_eq!(rows, expected);
}

#[test]
fn by_user_what_the_kernel_keeps_no_owner_of_is_roots_in_no_case() {
    let root = Inet { uid: 0, ..inet(1) };
    let rows = by(Key::User, &[inet(1), root, inet(6).timer(3).small(), inet(3).small(), inet(5).timer(3).small()]);
    assert_eq!(rows, [(Value::Unknown, 3), (Value::Uid(0), 1), (Value::Uid(1000), 1)]);
}

#[test]
fn by_several_keys_at_once() {
    let records = [inet(1), inet(8), inet(8), inet(8).local("10.0.0.1", 81)];
    let keys = [Key::State, Key::LocalPort];
    let mut held = one_walk(dump(&[&records]));
    let mut rows = group(&mut held, &Selection::tcp(StateSet::ALL), &keys, None).rows;
    rows.sort();
    let row = |state, port, sockets| (Box::from([Value::State(state), Value::Port(port)]), sockets);
    let expected = [row(State::ESTABLISHED, 80, 1), row(State::CLOSE_WAIT, 80, 2), row(State::CLOSE_WAIT, 81, 1)];
    assert_eq!(rows, expected);
}

#[test]
fn only_the_wanted_states_are_in_the_groups() {
    let mut held = one_walk(dump(&[&[inet(1), inet(8), inet(6)]]));
    let selection = Selection::tcp(StateSet::of(State::CLOSE_WAIT));
    let rows = one_column(group(&mut held, &selection, &[Key::State], None).rows);
    assert_eq!(rows, [(Value::State(State::CLOSE_WAIT), 1)]);
}

fn told(state: u8, length: usize, acked: u64, sent: u64) -> Inet {
    inet(state).local("10.0.0.1", 35_000).peer("10.0.0.2", 443).attribute(INFO, &tcp_info(length, acked, sent))
}

fn directions(records: &[Inet], range: Option<&str>) -> (Vec<(Value, u64)>, u64) {
    let mut held = one_walk(dump(&[records]));
    if let Some(range) = range {
        held.file("/proc/sys/net/ipv4/ip_local_port_range", range);
    }
    let grouped = group(&mut held, &Selection::tcp(StateSet::ALL), &[Key::Direction], None);
    (one_column(grouped.rows), grouped.inferred)
}

const INBOUND: Value = Value::Direction(Direction::Inbound);
const OUTBOUND: Value = Value::Direction(Direction::Outbound);
const LISTENER: Value = Value::Direction(Direction::Listener);

#[test]
fn the_kernels_own_count_tells_who_connected() {
    for length in [216, 232, 248, 280, 400] {
        for state in [1, 8] {
            let ours = told(state, length, 101, 100);
            let theirs = told(state, length, 100, 100);
            let (rows, inferred) = directions(&[ours.clone(), ours, theirs], None);
            assert_eq!((rows, inferred), (vec![(INBOUND, 1), (OUTBOUND, 2)], 0), "state {state}, {length} bytes");
        }
    }
}

/// Even where a listener has the port: a program may connect from the port it listens on.
#[test]
fn the_kernels_own_count_outweighs_a_listener() {
    let (rows, inferred) = directions(&[inet(10).local("0.0.0.0", 35_000), told(1, 280, 1, 0)], None);
    assert_eq!((rows, inferred), (vec![(OUTBOUND, 1), (LISTENER, 1)], 0));
}

#[test]
fn an_old_kernels_short_tcp_info_leaves_the_direction_to_the_listeners() {
    for length in [0, 104, 128, 144, 152, 208, 215] {
        let listener = inet(10).local("0.0.0.0", 35_000);
        let (rows, inferred) = directions(&[listener, told(1, length, 101, 100)], None);
        assert_eq!((rows, inferred), (vec![(INBOUND, 1), (LISTENER, 1)], 1), "{length} bytes");
    }
}

#[test]
fn without_tcp_info_a_port_that_listens_was_connected_to() {
    let listeners = [inet(10).local("0.0.0.0", 443), inet6(10).local("::", 80)];
    let connections = [
        inet(1).local("10.0.0.1", 443),
        inet(6).small().local("10.0.0.1", 80),
        inet6(8).local("::ffff:10.0.0.1", 443).peer("::ffff:10.0.0.2", 1),
        inet(1).local("10.0.0.1", 40_000).peer("10.0.0.3", 443),
    ];
    let (rows, inferred) = directions(&[&listeners[..], &connections].concat(), Some("32768\t60999\n"));
    assert_eq!((rows, inferred), (vec![(INBOUND, 3), (OUTBOUND, 1), (LISTENER, 2)], 4));
}

#[test]
fn a_port_outside_the_ephemeral_range_was_connected_to_though_its_listener_is_gone() {
    let records = [999, 20_000, 20_001, 20_010, 20_011].map(|port| inet(6).small().local("10.0.0.1", port));
    let (rows, inferred) = directions(&records, Some("20000\t20010\n"));
    assert_eq!((rows, inferred), (vec![(INBOUND, 2), (OUTBOUND, 3)], 5));
}

#[test]
fn an_unreadable_or_odd_ephemeral_range_harms_nothing() {
    let record = [inet(6).small().local("10.0.0.1", 999)];
    for range in [None, Some(""), Some("1024"), Some("many more"), Some("99999 999999")] {
        assert_eq!(directions(&record, range), (vec![(OUTBOUND, 1)], 1), "{range:?}");
    }
}

#[test]
fn states_that_say_it_themselves_need_no_inference() {
    let records = [inet(2), inet(3).small(), inet(10), inet(7)];
    let (rows, inferred) = directions(&records, Some("32768 60999"));
    assert_eq!((rows, inferred), (vec![(Value::Unknown, 1), (INBOUND, 1), (OUTBOUND, 1), (LISTENER, 1)], 0));
}

#[test]
fn listeners_out_of_the_wanted_states_are_used_and_not_counted() {
    let records = [inet(10).local("0.0.0.0", 80), inet(6).small().local("10.0.0.1", 80)];
    let mut held = one_walk(dump(&[&records]));
    let selection = Selection::tcp(StateSet::of(State::TIME_WAIT));
    let grouped = group(&mut held, &selection, &[Key::Direction], None);
    assert_eq!((one_column(grouped.rows), grouped.inferred), (vec![(INBOUND, 1)], 1));
}

#[test]
fn udp_has_no_direction_and_its_listeners_are_not_looked_for() {
    let mut held = MemorySource::default();
    held.answer(UDP4, dump(&[&[inet(7), inet(1)]]));
    held.answer(UDP6, dump(&[&[]]));
    let selection = Selection::tcp(StateSet::ALL).with_protocols(&[Protocol::Udp]);
    let grouped = group(&mut held, &selection, &[Key::Direction], None);
    assert_eq!((one_column(grouped.rows), grouped.gaps, grouped.inferred), (vec![(Value::Unknown, 2)], vec![], 0));
}

#[test]
fn unix_sockets_have_a_name_a_user_and_a_family() {
    let uid = |uid: u32| attribute(7, &uid.to_ne_bytes());
    let records = [
        unix(1, 10, 1, &[attribute(0, b"/run/a\0"), uid(0)].concat()),
        unix(1, 1, 2, &[attribute(0, b"/run/a\0"), uid(0)].concat()),
        unix(2, 7, 3, &[attribute(0, b"\0hidden\0x"), uid(33)].concat()),
        unix(1, 1, 4, &[]),
    ];
    let by = |key| {
        let mut held = MemorySource::default();
        held.answer(UNIX, dump_of(&records));
        let selection = Selection::tcp(StateSet::ALL).with_protocols(&[Protocol::Unix]);
        one_column(group(&mut held, &selection, &[key], None).rows)
    };
    let path = |bytes: &[u8]| Value::Path(bytes.into());
    assert_eq!(by(Key::Local), [(Value::Unknown, 1), (path(b"\0hidden\0x"), 1), (path(b"/run/a"), 2)]);
    assert_eq!(by(Key::User), [(Value::Unknown, 1), (Value::Uid(0), 2), (Value::Uid(33), 1)]);
    assert_eq!(by(Key::Family), [(Value::Family(Family::Unix), 4)]);
    for key in [Key::LocalPort, Key::Peer, Key::PeerPort, Key::Service, Key::Timer, Key::Direction] {
        assert_eq!(by(key), [(Value::Unknown, 4)], "{key:?}");
    }
}

#[test]
fn equal_rows_of_several_protocols_become_one() {
    let mut held = one_walk(dump(&[&[inet(1), inet(7)]]));
    held.answer(UDP4, dump(&[&[inet(7), inet(7)]]));
    held.answer(UDP6, dump(&[&[]]));
    let selection = Selection::tcp(StateSet::ALL).with_protocols(&[Protocol::Tcp, Protocol::Udp]);
    let rows = one_column(group(&mut held, &selection, &[Key::State], None).rows);
    assert_eq!(rows, [(Value::State(State::ESTABLISHED), 1), (Value::State(State::CLOSE), 3)]);
}

#[test]
fn bound_and_unused_sockets_are_a_row_of_their_own() {
    let mut held = one_walk(dump(&[&[inet(1)]]));
    held.answer(TCP4, dump(&[&[inet(7)]]));
    held.answer(TCP6, dump(&[&[]]));
    let mut selection = Selection::tcp(StateSet::ALL);
    selection.bound_inactive = true;
    let rows = one_column(group(&mut held, &selection, &[Key::State], Some((6, 8))).rows);
    assert_eq!(rows, [(Value::State(State::ESTABLISHED), 1), (Value::State(State::BOUND_INACTIVE), 1)]);
}

#[test]
fn the_files_of_proc_give_the_same_groups() {
    let mut held = MemorySource::default();
    with_files(&mut held, &["tcp", "tcp6"]);
    held.file("/proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
    let rows_by = |key| {
        let mut held = held.clone();
        one_column(group(&mut held, &Selection::tcp(StateSet::of(State::CLOSE_WAIT)), &[key], None).rows)
    };
    assert_eq!(rows_by(Key::Service), [(Value::Endpoint(at("10.0.3.7"), 5432), 2)]);
    assert_eq!(rows_by(Key::Local), [(Value::Address(at("10.0.0.1")), 2)]);
    assert_eq!(rows_by(Key::User), [(Value::Uid(1000), 2)]);
    assert_eq!(rows_by(Key::Direction), [(OUTBOUND, 2)]);
    let peers = rows(&mut held.clone(), Key::PeerNetwork { v4: 24, v6: 64 });
    let network = |address, length| Value::Network(at(address), length);
    assert!(peers.contains(&(network("192.0.2.0", 24), 1)), "mapped: {peers:?}");
    assert!(peers.contains(&(network("2001:db8:5::", 64), 1)), "{peers:?}");
    let directions = rows(&mut held.clone(), Key::Direction);
    assert_eq!(directions, [(INBOUND, 10), (OUTBOUND, 8), (LISTENER, 3)]);
    let gaps = group(&mut held, &Selection::tcp(StateSet::ALL), &[Key::Direction], None).gaps;
    let why = Why::ReadFromProc("sock_diag: No such file or directory".into());
    assert_eq!(gaps, [Gap { what: What::Sockets(Protocol::Tcp), why }], "told once");
}

#[test]
fn the_files_of_proc_hold_unix_names_of_any_bytes() {
    let mut held = MemorySource::default();
    with_files(&mut held, &["unix"]);
    let selection = Selection::tcp(StateSet::of(State::LISTEN)).with_protocols(&[Protocol::Unix]);
    let rows = one_column(group(&mut held, &selection, &[Key::Local], None).rows);
    let path = |bytes: &[u8]| Value::Path(bytes.into());
    assert_eq!(rows, [(path(b"\0/tmp/.X11-unix/X0"), 1), (path(b"/run/app dir/s\xff.sock"), 1)]);
}

#[test]
fn a_group_that_was_broken_off_begins_again() {
    let mut held = one_walk(vec![crate::kernel::datagram(&[inet(8)]), crate::kernel::ours(4, &[])]);
    held.answer(TCP_ONE_WALK, dump(&[&[inet(1)]]));
    assert_eq!(rows(&mut held, Key::State), [(Value::State(State::ESTABLISHED), 1)]);
}

#[test]
fn what_cannot_be_read_has_no_rows_and_a_gap() {
    let grouped = group(&mut MemorySource::default(), &Selection::tcp(StateSet::ALL), &[Key::Direction], None);
    assert_eq!(grouped.rows, []);
    assert!(!grouped.gaps.is_empty() && grouped.gaps.iter().all(Gap::is_loss), "{:?}", grouped.gaps);
}

#[test]
fn users_have_the_names_of_the_password_file() {
    let mut held = MemorySource::default();
    held.file("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/:/bin/false\n");
    let names = users::names(&held);
    assert_eq!(names.get(&33).map(String::as_str), Some("www-data"));
    assert_eq!(names.get(&1000), None);
}

#[test]
fn a_path_that_begins_with_blanks_keeps_them() {
    let mut held = MemorySource::default();
    let line = "Num\n00000000a1b2c3d4: 00000002 00000000 00010000 0001 01 20731   odd\n";
    held.file("/proc/thread-self/net/unix", line);
    let selection = Selection::tcp(StateSet::ALL).with_protocols(&[Protocol::Unix]);
    let rows = one_column(group(&mut held, &selection, &[Key::Local], None).rows);
    assert_eq!(rows, [(Value::Path(b"  odd"[..].into()), 1)]);
}
