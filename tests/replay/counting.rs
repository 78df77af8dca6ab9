//! Counts by state and kind, of every protocol, from held answers.

use crate::memory::MemorySource;
use sockdoc::{
    collect::count::count,
    model::{
        counted::Counted,
        family::{Family, Netid, Protocol},
        gap::{Gap, What, Why},
        selection::Selection,
        state::{State, StateSet},
    },
};

use crate::kernel::{
    DUMP_INTR, Inet, MULTI, PORT, RAW4, RAW6, SEQUENCE, TCP_ONE_WALK, TCP4, TCP6, UDP4, UDP6, UNIX, attribute,
    datagram, done, dump, dump_of, inet, inet6, message, one_walk, ours, refusal, unix,
};

fn all() -> Selection {
    Selection::tcp(StateSet::ALL)
}

fn with_bound_inactive(states: StateSet) -> Selection {
    let mut selection = Selection::tcp(states);
    selection.bound_inactive = true;
    selection
}

fn counted(held: &mut MemorySource) -> Counted {
    count(held, &all(), None)
}

fn states(counted: &Counted) -> Vec<(u8, u64)> {
    let census = counted.census(Netid::Tcp).expect("a census");
    let named = State::ALL.into_iter().chain([State::BOUND_INACTIVE]);
    named.map(|state| (state.number(), census.sockets(state))).filter(|(_, sockets)| *sockets > 0).collect()
}

fn interrupted() -> Vec<Vec<u8>> {
    vec![datagram(&[inet(1), inet(1)]), message(20, MULTI | DUMP_INTR, SEQUENCE, PORT, &inet(1).bytes()), done()]
}

#[test]
fn all_eleven_states_are_counted_each_for_itself() {
    let mut records = Vec::new();
    for state in 1..=11u8 {
        records.extend(vec![inet(state); usize::from(state)]);
    }
    let counted = counted(&mut one_walk(dump(&[&records])));
    assert_eq!(states(&counted), (1..=11).map(|state| (state, u64::from(state))).collect::<Vec<_>>());
    assert_eq!((counted.total(), counted.gaps), (66, vec![]));
}

/// A TCP dump of a live kernel never shows it: sockets in CLOSE are in no table.
#[test]
fn close_is_counted_where_a_record_has_it() {
    assert_eq!(states(&counted(&mut one_walk(dump(&[&[inet(7), inet(7)]])))), [(7, 2)]);
}

#[test]
fn both_families_of_the_one_walk_are_counted() {
    let mut held = one_walk(dump(&[&[inet(10), inet6(10), inet6(1)]]));
    assert_eq!(states(&counted(&mut held)), [(1, 1), (10, 2)]);
}

#[test]
fn the_internal_half_open_state_counts_as_syn_recv() {
    assert_eq!(states(&counted(&mut one_walk(dump(&[&[inet(12).small(), inet(3).small()]])))), [(3, 2)]);
}

#[test]
fn kinds_within_a_state_are_distinguished() {
    let records = [
        inet(1),
        inet(1).inode(0),
        inet(8),
        inet(8).inode(0),
        inet(8).inode(0),
        inet(3).timer(1).small(),
        inet(3).timer(1),
        inet(4).timer(1).inode(0),
        inet(4).timer(1),
        inet(5),
        inet(5).timer(2).inode(0),
        inet(5).timer(3).small(),
        inet(6).timer(3).small(),
        inet(9).timer(1).inode(0),
        inet(11).timer(1).inode(0),
    ];
    let counted = counted(&mut one_walk(dump(&[&records])));
    let census = counted.census(Netid::Tcp).unwrap();
    let figures = |state: State| {
        let tally = census.tally(state);
        (tally.sockets, tally.not_accepted, tally.orphans, tally.small, tally.held())
    };
    assert_eq!(figures(State::ESTABLISHED), (2, 1, 0, 0, 1));
    assert_eq!(figures(State::CLOSE_WAIT), (3, 2, 0, 0, 1));
    assert_eq!(figures(State::SYN_RECV), (2, 0, 0, 1, 1), "a request sock, and a Fast Open child");
    assert_eq!(figures(State::FIN_WAIT1), (2, 0, 1, 0, 1));
    assert_eq!(figures(State::FIN_WAIT2), (3, 0, 2, 0, 1), "a closed one waits for its peer, whatever its record");
    assert_eq!(figures(State::TIME_WAIT), (1, 0, 0, 1, 0));
    assert_eq!(figures(State::LAST_ACK), (1, 0, 1, 0, 0));
    assert_eq!(figures(State::CLOSING), (1, 0, 1, 0, 0));
}

#[test]
fn the_owner_is_unknown_where_the_kernel_keeps_none() {
    use sockdoc::{model::socket::Kind, wire::inet::Record};
    let read = |one: Inet| {
        let bytes = one.bytes();
        let socket = Record::new(&bytes).unwrap().socket().unwrap();
        (socket.kind(), socket.uid())
    };
    let nobody = |one: Inet| Inet { uid: 0, ..one };
    assert_eq!(read(inet(1)), (Kind::Full, Some(1000)));
    assert_eq!(read(nobody(inet(1))), (Kind::Full, Some(0)), "root's own");
    assert_eq!(read(inet(6).timer(3).small()), (Kind::MiniSock, None));
    assert_eq!(read(inet(3).timer(1).small()), (Kind::RequestSock, None));
    assert_eq!(read(inet(1).inode(0)), (Kind::NotAccepted, Some(1000)));
    assert_eq!(read(nobody(inet(4).inode(0))), (Kind::Orphan, None), "older kernels report 0 there");
}

#[test]
fn a_state_without_a_name_is_kept() {
    for state in [0, 14, 15, 31] {
        let counted = counted(&mut one_walk(dump(&[&[inet(state), inet(1)]])));
        let census = counted.census(Netid::Tcp).unwrap();
        // Zero is no bit of the mask: the kernel has no such state.
        let expected = if state == 0 { (1, 0) } else { (2, 1) };
        assert_eq!((census.total(), census.unnamed()), expected, "state {state}");
    }
}

#[test]
fn a_family_without_a_name_is_counted_and_in_no_group() {
    let odd = Inet { family: 99, ..inet(1) };
    assert_eq!(states(&counted(&mut one_walk(dump(&[&[odd, inet(1)]])))), [(1, 2)]);
}

#[test]
fn a_record_shorter_than_the_kernels_structure_is_not_counted() {
    for length in [0, 1, 4, 44, 52, 71] {
        let short = inet(1).bytes()[..length].to_vec();
        let mut held = one_walk(dump_of(&[short, inet(1).bytes()]));
        assert_eq!(states(&counted(&mut held)), [(1, 1)], "{length} bytes");
    }
}

#[test]
fn an_answer_that_ignores_the_wanted_states_is_filtered_again() {
    let everything: Vec<Inet> = (1..=11).map(inet).collect();
    let wanted = StateSet::of(State::TIME_WAIT).with(State::CLOSE_WAIT);
    let counted = count(&mut one_walk(dump(&[&everything])), &Selection::tcp(wanted), None);
    assert_eq!(states(&counted), [(6, 1), (8, 1)]);
}

#[test]
fn an_answer_that_ignores_the_wanted_family_is_filtered_again() {
    let mut held = MemorySource::default();
    held.answer(TCP6, dump(&[&[inet(1), inet6(1), inet6(10)]]));
    let mut selection = all();
    selection.family = Some(Family::Inet6);
    assert_eq!(states(&count(&mut held, &selection, None)), [(1, 1), (10, 1)]);
}

#[test]
fn a_mapped_connection_belongs_to_ipv6() {
    let mapped = inet6(1).local("::ffff:10.0.0.1", 80).peer("::ffff:10.0.0.2", 40_000);
    let mut held = MemorySource::default();
    held.answer(TCP4, dump(&[std::slice::from_ref(&mapped)]));
    held.answer(TCP6, dump(&[&[mapped]]));
    for (family, sockets) in [(Family::Inet, 0), (Family::Inet6, 1)] {
        let mut selection = all();
        selection.family = Some(family);
        assert_eq!(count(&mut held, &selection, None).total(), sockets, "{family:?}");
    }
}

#[test]
fn a_dump_that_was_broken_off_is_counted_from_the_start() {
    let breaks: [Vec<Vec<u8>>; 4] = [
        interrupted(),
        vec![datagram(&[inet(1)]), ours(3, &(-libc::EINTR).to_ne_bytes())],
        vec![datagram(&[inet(1)]), ours(4, &[])],
        vec![refusal(libc::EINTR)],
    ];
    for broken in breaks {
        let mut held = one_walk(broken);
        held.answer(TCP_ONE_WALK, dump(&[&[inet(1), inet(10), inet(10)]]));
        let counted = counted(&mut held);
        assert_eq!((states(&counted), counted.gaps), (vec![(1, 1), (10, 2)], vec![]));
    }
}

#[test]
fn a_break_in_the_second_family_counts_the_first_again_too() {
    let mut held = MemorySource::default();
    held.refuse(TCP_ONE_WALK, libc::ENOENT);
    held.answer(TCP4, dump(&[&[inet(1), inet(1), inet(1)]]));
    held.answer(TCP4, dump(&[&[inet(1)]]));
    held.answer(TCP6, interrupted());
    held.answer(TCP6, dump(&[&[inet6(10)]]));
    assert_eq!(states(&counted(&mut held)), [(1, 1), (10, 1)]);
}

#[test]
fn a_dump_that_is_broken_off_every_time_is_an_error_and_no_number() {
    let counted = counted(&mut one_walk(interrupted()));
    assert_eq!(counted.netids, [(Netid::Tcp, None)]);
    let why = Why::Unreadable("sock_diag: the table changed under every try".into());
    assert_eq!(counted.gaps, [Gap { what: What::Sockets(Protocol::Tcp), why }]);
    assert!(counted.gaps[0].is_loss());
}

#[test]
fn an_error_in_mid_dump_is_an_error_and_no_number() {
    let failed = vec![datagram(&[inet(1), inet(1)]), ours(3, &(-libc::ENOMEM).to_ne_bytes())];
    let counted = counted(&mut one_walk(failed));
    assert_eq!(counted.netids, [(Netid::Tcp, None)]);
    let why = Why::Unreadable("sock_diag: Cannot allocate memory".into());
    assert_eq!(counted.gaps, [Gap { what: What::Sockets(Protocol::Tcp), why }]);
}

#[test]
fn an_answer_without_an_end_is_an_error_and_no_number() {
    let counted = counted(&mut one_walk(vec![datagram(&[inet(1), inet(1)])]));
    assert_eq!(counted.census(Netid::Tcp), None);
    assert!(matches!(&counted.gaps[..], [Gap { why: Why::Unreadable(why), .. }] if why.contains("malformed")));
}

/// The kernel reports them in state 7, which is also CLOSE's number.
#[test]
fn bound_and_unused_sockets_are_asked_for_apart_and_are_not_close() {
    let mut held = one_walk(dump(&[&[inet(7), inet(1)]]));
    held.answer(TCP4, dump(&[&[inet(7), inet(7)]]));
    held.answer(TCP6, dump(&[&[inet6(7)]]));
    let without = count(&mut held, &all(), Some((6, 8)));
    assert_eq!(states(&without), [(1, 1), (7, 1)], "only on request");
    let with = count(&mut held, &with_bound_inactive(StateSet::ALL), Some((6, 8)));
    assert_eq!((states(&with), with.gaps), (vec![(1, 1), (7, 1), (13, 3)], vec![]));
}

#[test]
fn bound_and_unused_sockets_alone_need_no_walk_of_the_connections() {
    let mut held = MemorySource::default();
    held.answer(TCP4, dump(&[&[inet(7), inet(7)]]));
    held.answer(TCP6, dump(&[&[]]));
    let counted = count(&mut held, &with_bound_inactive(StateSet::EMPTY), Some((6, 18)));
    assert_eq!((states(&counted), counted.gaps), (vec![(13, 2)], vec![]));
}

#[test]
fn an_answer_that_knows_no_bound_and_unused_sockets_is_filtered_again() {
    let mut held = MemorySource::default();
    held.answer(TCP4, dump(&[&[inet(7), inet(1), inet(10), inet6(7)]]));
    held.answer(TCP6, dump(&[&[inet6(7), inet6(1)]]));
    let counted = count(&mut held, &with_bound_inactive(StateSet::EMPTY), Some((6, 18)));
    let census = counted.census(Netid::Tcp).unwrap();
    let sockets = census.sockets(State::BOUND_INACTIVE);
    // IPv6 records in the answer for IPv4 would be counted twice.
    assert_eq!((sockets, census.total()), (2, 2));
}

#[test]
fn an_old_kernel_is_not_asked_for_bound_and_unused_sockets() {
    let mut held = one_walk(dump(&[&[inet(1)]]));
    held.answer(TCP4, dump(&[&[inet(7)]]));
    held.answer(TCP6, dump(&[&[inet6(7)]]));
    let counted = count(&mut held, &with_bound_inactive(StateSet::ALL), Some((6, 7)));
    assert_eq!(states(&counted), [(1, 1)]);
    assert_eq!(counted.gaps, [Gap { what: What::BoundInactive, why: Why::TooOld("6.8") }]);
}

#[test]
fn bound_and_unused_sockets_that_cannot_be_read_leave_the_rest_and_a_gap() {
    let mut held = one_walk(dump(&[&[inet(1)]]));
    held.refuse(TCP4, libc::EINVAL);
    let counted = count(&mut held, &with_bound_inactive(StateSet::ALL), None);
    assert_eq!(states(&counted), [(1, 1)]);
    assert!(matches!(&counted.gaps[..], [Gap { what: What::BoundInactive, why: Why::Unreadable(_) }]));
}

#[test]
fn udp_is_counted_in_both_families() {
    let mut held = MemorySource::default();
    held.answer(UDP4, dump(&[&[inet(7), inet(7), inet(1)]]));
    held.answer(UDP6, dump(&[&[inet6(7)]]));
    let counted = count(&mut held, &all().with_protocols(&[Protocol::Udp]), None);
    let census = counted.census(Netid::Udp).unwrap();
    assert_eq!((census.sockets(State::CLOSE), census.sockets(State::ESTABLISHED)), (3, 1), "unconnected and connected");
    assert_eq!((counted.protocol(Protocol::Udp), counted.protocol(Protocol::Tcp)), (Some(4), None));
}

#[test]
fn raw_sockets_of_all_protocols_are_counted() {
    let mut held = MemorySource::default();
    held.answer(RAW4, dump(&[&[inet(7)]]));
    held.answer(RAW6, dump(&[&[inet6(7), inet6(7)]]));
    let counted = count(&mut held, &all().with_protocols(&[Protocol::Raw]), None);
    assert_eq!((counted.protocol(Protocol::Raw), counted.gaps), (Some(3), vec![]));
}

#[test]
fn unix_sockets_are_counted_by_type() {
    let records = [
        unix(1, 10, 1, &attribute(0, b"/run/a\0")),
        unix(1, 1, 2, &[]),
        unix(1, 1, 3, &[]),
        unix(2, 7, 4, &attribute(0, b"\0hidden")),
        unix(5, 1, 5, &[]),
    ];
    let mut held = MemorySource::default();
    held.answer(UNIX, dump_of(&records));
    let counted = count(&mut held, &all().with_protocols(&[Protocol::Unix]), None);
    let total = |netid| counted.census(netid).map(sockdoc::model::census::Census::total);
    assert_eq!(total(Netid::UnixStream), Some(3));
    assert_eq!(total(Netid::UnixDatagram), Some(1));
    assert_eq!(total(Netid::UnixSeqpacket), Some(1));
    assert_eq!(counted.protocol(Protocol::Unix), Some(5));
    let listening =
        count(&mut held, &Selection::tcp(StateSet::of(State::LISTEN)).with_protocols(&[Protocol::Unix]), None);
    assert_eq!(listening.total(), 1, "a connected one stands in the answer, and is not wanted");
}

/// The cookie of a UNIX record is at another offset than that of an internet one.
#[test]
fn a_unix_socket_that_comes_twice_counts_once() {
    let one = |cookie| crate::kernel::record(&unix(1, 1, cookie, &[]));
    let mut held = MemorySource::default();
    held.answer(UNIX, vec![[one(1), one(2)].concat(), [one(2), one(3)].concat(), done()]);
    assert_eq!(count(&mut held, &all().with_protocols(&[Protocol::Unix]), None).total(), 3);
}

#[test]
fn protocols_fail_each_for_itself() {
    let mut held = one_walk(dump(&[&[inet(1)]]));
    held.refuse(UDP4, libc::ENOMEM);
    held.answer(UNIX, dump_of(&[unix(1, 1, 1, &[])]));
    let counted = count(&mut held, &all().with_protocols(&[Protocol::Tcp, Protocol::Udp, Protocol::Unix]), None);
    assert_eq!(counted.protocol(Protocol::Tcp), Some(1));
    assert_eq!(counted.protocol(Protocol::Udp), None);
    assert_eq!(counted.protocol(Protocol::Unix), Some(1));
    assert!(matches!(&counted.gaps[..], [Gap { what: What::Sockets(Protocol::Udp), why: Why::Unreadable(_) }]));
}
