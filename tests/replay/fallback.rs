//! Kernels that lack a request: one walk, then one walk per family, then `/proc/net`, then an error.
//!
//! The files under `tests/fixtures/proc` have the form in which Linux 6.18 writes them.

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
    DUMP_INTR, MULTI, PORT, RAW4, SEQUENCE, TCP_ONE_WALK, TCP4, TCP6, UDP4, UNIX, datagram, dump, inet, inet6, message,
    ours,
};

/// How kernels say that they lack something.
const LACKS: [i32; 3] = [libc::ENOENT, libc::EINVAL, libc::EOPNOTSUPP];

/// Holds files of `tests/fixtures/proc/net`, under the names by which a thread reads them.
pub(crate) fn with_files(held: &mut MemorySource, names: &[&str]) {
    for name in names {
        let path = format!("{}/tests/fixtures/proc/net/{name}", env!("CARGO_MANIFEST_DIR"));
        held.file(&format!("/proc/thread-self/net/{name}"), std::fs::read(path).unwrap());
    }
}

fn tcp(held: &mut MemorySource) -> Counted {
    count(held, &Selection::tcp(StateSet::ALL), None)
}

fn of(held: &mut MemorySource, protocol: Protocol) -> Counted {
    count(held, &Selection::tcp(StateSet::ALL).with_protocols(&[protocol]), None)
}

fn sockets(counted: &Counted, state: State) -> u64 {
    counted.census(Netid::Tcp).expect("a census").sockets(state)
}

fn from_proc(protocol: Protocol, why: &str) -> Gap {
    Gap { what: What::Sockets(protocol), why: Why::ReadFromProc(why.into()) }
}

#[test]
fn where_the_one_walk_is_refused_each_family_is_asked_for() {
    for errno in LACKS {
        let mut held = MemorySource::default();
        held.refuse(TCP_ONE_WALK, errno);
        held.answer(TCP4, dump(&[&[inet(1), inet(10)]]));
        held.answer(TCP6, dump(&[&[inet6(1)]]));
        let counted = tcp(&mut held);
        assert_eq!((sockets(&counted, State::ESTABLISHED), sockets(&counted, State::LISTEN)), (2, 1));
        assert_eq!(counted.gaps, [], "nothing is lost");
    }
}

#[test]
fn what_the_one_walk_gave_before_it_was_refused_counts_for_nothing() {
    let mut held = MemorySource::default();
    let refused_late = vec![datagram(&[inet(1), inet(1)]), ours(3, &(-libc::EOPNOTSUPP).to_ne_bytes())];
    held.answer(TCP_ONE_WALK, refused_late);
    held.answer(TCP4, dump(&[&[inet(1)]]));
    held.answer(TCP6, dump(&[&[]]));
    assert_eq!(tcp(&mut held).total(), 1);
}

#[test]
fn where_sock_diag_is_missing_the_files_are_read_and_the_gap_is_reported() {
    for errno in LACKS {
        let mut held = MemorySource::default();
        for question in [TCP_ONE_WALK, TCP4, TCP6] {
            held.refuse(question, errno);
        }
        with_files(&mut held, &["tcp", "tcp6"]);
        let counted = tcp(&mut held);
        let figures = State::ALL.map(|state| sockets(&counted, state));
        assert_eq!(figures, [5, 1, 1, 1, 2, 4, 0, 2, 1, 3, 1]);
        let why = std::io::Error::from_raw_os_error(errno).to_string();
        let why = format!("sock_diag: {}", why.split(" (os error").next().unwrap());
        assert_eq!(counted.gaps, [from_proc(Protocol::Tcp, &why)]);
        assert!(!counted.gaps[0].is_loss(), "a poorer answer is an answer");
    }
}

#[test]
fn the_files_tell_kinds_apart_too() {
    let mut held = MemorySource::default();
    with_files(&mut held, &["tcp", "tcp6"]);
    let counted = tcp(&mut held);
    let census = counted.census(Netid::Tcp).unwrap();
    let figures = |state: State| {
        let tally = census.tally(state);
        (tally.sockets, tally.not_accepted, tally.orphans, tally.small)
    };
    assert_eq!(figures(State::ESTABLISHED), (5, 1, 0, 0));
    assert_eq!(figures(State::SYN_RECV), (1, 0, 0, 1));
    assert_eq!(figures(State::FIN_WAIT1), (1, 0, 1, 0));
    assert_eq!(figures(State::FIN_WAIT2), (2, 0, 1, 0));
    assert_eq!(figures(State::TIME_WAIT), (4, 0, 0, 4));
    assert_eq!(figures(State::LAST_ACK), (1, 0, 1, 0));
}

#[test]
fn one_family_refused_is_read_from_its_own_file_alone() {
    let mut held = MemorySource::default();
    held.answer(TCP4, dump(&[&[inet(1), inet(1), inet(1), inet(1)]]));
    held.refuse(TCP6, libc::ENOENT);
    with_files(&mut held, &["tcp", "tcp6"]);
    let counted = tcp(&mut held);
    assert_eq!(counted.total(), 4 + 4, "the kernel's and those of tcp6, not the 17 of tcp");
    assert_eq!(counted.gaps, [from_proc(Protocol::Tcp, "sock_diag: No such file or directory")]);
}

#[test]
fn a_host_without_ipv6_has_no_file_of_it() {
    let mut held = MemorySource::default();
    with_files(&mut held, &["tcp"]);
    let counted = tcp(&mut held);
    assert_eq!((counted.total(), counted.gaps.len()), (17, 1));
    assert!(!counted.gaps[0].is_loss());
}

#[test]
fn only_the_wanted_states_and_family_of_the_files_are_counted() {
    let mut held = MemorySource::default();
    with_files(&mut held, &["tcp", "tcp6"]);
    let wanted = StateSet::of(State::TIME_WAIT);
    assert_eq!(count(&mut held, &Selection::tcp(wanted), None).total(), 4);
    for (family, sockets) in [(Family::Inet, 3), (Family::Inet6, 1)] {
        let mut selection = Selection::tcp(wanted);
        selection.family = Some(family);
        assert_eq!(count(&mut held, &selection, None).total(), sockets, "{family:?}");
    }
}

#[test]
fn where_nothing_can_be_read_there_is_an_error_and_no_zero() {
    let protocols = [
        (Protocol::Tcp, "/proc/thread-self/net/tcp"),
        (Protocol::Udp, "/proc/thread-self/net/udp"),
        (Protocol::Raw, "/proc/thread-self/net/raw"),
        (Protocol::Unix, "/proc/thread-self/net/unix"),
    ];
    for (protocol, path) in protocols {
        let counted = of(&mut MemorySource::default(), protocol);
        assert_eq!(counted.protocol(protocol), None);
        let [Gap { what, why: Why::Unreadable(why) }] = &counted.gaps[..] else { panic!("{:?}", counted.gaps) };
        assert_eq!(*what, What::Sockets(protocol));
        assert!(why.contains("sock_diag: No such file or directory"), "{why}");
        assert!(why.contains(path), "{why}");
        assert!(counted.gaps[0].is_loss());
    }
}

#[test]
fn the_file_of_one_family_alone_is_not_the_answer() {
    let mut held = MemorySource::default();
    with_files(&mut held, &["tcp6"]);
    let counted = tcp(&mut held);
    assert_eq!((counted.census(Netid::Tcp), counted.gaps.len()), (None, 1), "IPv4 was not read");
}

#[test]
fn a_kernel_that_fails_is_not_asked_by_other_ways() {
    let mut held = MemorySource::default();
    held.refuse(TCP_ONE_WALK, libc::ENOMEM);
    held.answer(TCP4, dump(&[&[inet(1)]]));
    held.answer(TCP6, dump(&[&[]]));
    with_files(&mut held, &["tcp", "tcp6"]);
    let counted = tcp(&mut held);
    assert_eq!(counted.census(Netid::Tcp), None);
    assert!(matches!(&counted.gaps[..], [Gap { why: Why::Unreadable(_), .. }]), "{:?}", counted.gaps);
}

#[test]
fn dumps_that_are_broken_off_every_time_do_not_turn_to_the_files() {
    let mut held = MemorySource::default();
    held.answer(UDP4, vec![message(20, MULTI | DUMP_INTR, SEQUENCE, PORT, &inet(7).bytes())]);
    with_files(&mut held, &["udp", "udp6"]);
    let counted = of(&mut held, Protocol::Udp);
    assert_eq!(counted.protocol(Protocol::Udp), None);
    let why = Why::Unreadable("sock_diag: the table changed under every try".into());
    assert_eq!(counted.gaps, [Gap { what: What::Sockets(Protocol::Udp), why }]);
}

#[test]
fn udp_is_read_from_its_files() {
    let mut held = MemorySource::default();
    held.refuse(UDP4, libc::EINVAL);
    with_files(&mut held, &["udp", "udp6"]);
    let counted = of(&mut held, Protocol::Udp);
    let census = counted.census(Netid::Udp).unwrap();
    assert_eq!((census.sockets(State::CLOSE), census.sockets(State::ESTABLISHED)), (3, 1));
    assert_eq!(counted.gaps, [from_proc(Protocol::Udp, "sock_diag: Invalid argument")]);
}

#[test]
fn raw_sockets_are_read_from_their_files() {
    let mut held = MemorySource::default();
    held.refuse(RAW4, libc::ENOENT);
    with_files(&mut held, &["raw", "raw6"]);
    let counted = of(&mut held, Protocol::Raw);
    assert_eq!(counted.protocol(Protocol::Raw), Some(3));
    assert_eq!(counted.gaps, [from_proc(Protocol::Raw, "sock_diag: No such file or directory")]);
}

#[test]
fn unix_sockets_are_read_from_their_file() {
    let mut held = MemorySource::default();
    held.refuse(UNIX, libc::ENOENT);
    with_files(&mut held, &["unix"]);
    let counted = of(&mut held, Protocol::Unix);
    let figures = |netid| {
        let census = counted.census(netid).unwrap();
        (census.sockets(State::LISTEN), census.sockets(State::ESTABLISHED), census.sockets(State::CLOSE))
    };
    assert_eq!(figures(Netid::UnixStream), (2, 2, 0));
    assert_eq!(figures(Netid::UnixDatagram), (0, 1, 1));
    assert_eq!(figures(Netid::UnixSeqpacket), (0, 1, 0));
    assert_eq!(counted.gaps, [from_proc(Protocol::Unix, "sock_diag: No such file or directory")]);
    let listening = Selection::tcp(StateSet::of(State::LISTEN)).with_protocols(&[Protocol::Unix]);
    assert_eq!(count(&mut held, &listening, None).total(), 2);
}

/// A finished handshake that no program has accepted has no `struct socket`: its state column says
/// `SS_CONNECTING` (2), and that of one being torn down `SS_DISCONNECTING` (4) (`unix_seq_show`).
#[test]
fn a_unix_connection_in_an_accept_queue_is_established() {
    let mut held = MemorySource::default();
    let text = "Num       RefCount Protocol Flags    Type St Inode Path\n\
        00000000a1b2c3d4: 00000002 00000000 00000000 0001 02     0 /run/app.sock\n\
        00000000a1b2c3d5: 00000002 00000000 00000000 0001 04     0\n";
    held.file("/proc/thread-self/net/unix", text);
    let counted = of(&mut held, Protocol::Unix);
    let census = counted.census(Netid::UnixStream).unwrap();
    assert_eq!((census.sockets(State::ESTABLISHED), census.sockets(State::CLOSE)), (1, 1));
}

#[test]
fn a_file_of_a_heading_alone_is_empty_and_no_error() {
    let mut held = MemorySource::default();
    let heading = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    held.file("/proc/thread-self/net/tcp", heading);
    let counted = tcp(&mut held);
    assert_eq!((counted.protocol(Protocol::Tcp), counted.gaps.len()), (Some(0), 1));
}

#[test]
fn a_last_line_without_a_newline_counts() {
    let mut held = MemorySource::default();
    with_files(&mut held, &["tcp"]);
    let path = format!("{}/tests/fixtures/proc/net/tcp", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    held.file("/proc/thread-self/net/tcp", text.trim_end());
    assert_eq!(tcp(&mut held).total(), 17);
}
