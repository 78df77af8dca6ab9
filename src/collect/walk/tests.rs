//! Counting and listing see the same table, even if the kernel refuses requests.

use super::{attempt::TRIES, *};
use crate::{
    collect::{count::count, entries::entries},
    model::{family::Netid, selection::Selection},
    source::memory::{MemorySource, message},
};

const DONE: [u8; 4] = [0; 4];

fn record(family: u8, state: u8, inode: u8) -> Vec<u8> {
    let mut bytes = vec![0; 72];
    bytes[..2].copy_from_slice(&[family, state]);
    (bytes[44], bytes[68]) = (inode, inode);
    bytes
}

/// A dump that is given whole, or broken off by an error.
fn dump(records: &[Vec<u8>], end: i32) -> Vec<Vec<u8>> {
    let mut datagrams: Vec<_> = records.iter().map(|record| message(20, record)).collect();
    // A walker holds the last records of a datagram back until it has seen the next.
    datagrams.extend((!records.is_empty()).then(Vec::new));
    datagrams.push(message(3, &if end == 0 { DONE } else { (-end).to_ne_bytes() }));
    datagrams
}

const V4: &str = "heading\n   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 41 1\n";
const V6: &str = "heading\n   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A \
                  00000000:00000000 00:00000000 00000000 0 0 61 1\n";

type Counts = Option<Vec<(State, u64)>>;

/// The results of counting and listing of one source: sockets by state, inodes in their order, and the gaps of each.
fn both(made: &dyn Fn() -> MemorySource) -> (Counts, Vec<u32>, [Vec<Gap>; 2]) {
    let counted = count(&mut made(), &Selection::tcp(StateSet::ALL), None);
    let census = counted.census(Netid::Tcp).map(|census| census.counts().collect());
    let mut inodes = Vec::new();
    let listed = entries(&mut made(), Protocol::Tcp, &DumpQuery::states(StateSet::ALL), &mut |entry| {
        inodes.push(entry.inode);
    });
    (census, inodes, [counted.gaps, listed])
}

fn is_from_proc(gaps: &[Gap]) -> bool {
    matches!(gaps, [Gap { what: What::Sockets(Protocol::Tcp), why: Why::ReadFromProc(_) }])
}

#[test]
fn a_kernel_without_ipv6_diag_is_asked_for_ipv4_and_the_rest_is_read() {
    let (census, inodes, [counted, listed]) = both(&|| {
        let mut held = MemorySource::default();
        held.refuse((18, 2, 0), libc::ENOENT);
        held.answer((20, 2, 6), dump(&[record(2, 1, 4), record(2, 10, 5)], 0));
        held.refuse((20, 10, 6), libc::ENOENT);
        // A table that the kernel listed is not read again.
        held.file("/proc/thread-self/net/tcp", V4);
        held.file("/proc/thread-self/net/tcp6", V6);
        held
    });
    assert_eq!(inodes, [4, 5, 61]);
    assert_eq!(census, Some(vec![(State::ESTABLISHED, 1), (State::LISTEN, 2)]));
    assert!(is_from_proc(&counted), "{counted:?}");
    assert_eq!(counted, listed);
}

#[test]
fn without_sock_diag_both_families_are_read() {
    let (census, inodes, [counted, listed]) = both(&|| {
        let mut held = MemorySource::default();
        for question in [(18, 2, 0), (20, 2, 6), (20, 10, 6)] {
            held.refuse(question, libc::EPERM);
        }
        held.file("/proc/thread-self/net/tcp", V4);
        held.file("/proc/thread-self/net/tcp6", V6);
        held
    });
    assert_eq!((census, inodes), (Some(vec![(State::LISTEN, 2)]), vec![41, 61]));
    assert!(is_from_proc(&counted), "{counted:?}");
    assert_eq!(counted, listed);
}

#[test]
fn a_family_that_nobody_lists_is_missing_from_both() {
    let (census, inodes, [counted, listed]) = both(&|| {
        let mut held = MemorySource::default();
        held.refuse((18, 2, 0), libc::ENOENT);
        held.answer((20, 2, 6), dump(&[record(2, 1, 4)], 0));
        held.refuse((20, 10, 6), libc::ENOENT);
        held
    });
    assert_eq!((census, inodes), (None, vec![4]));
    assert!(matches!(&counted[..], [Gap { why: Why::Unreadable(_), .. }]), "{counted:?}");
    assert_eq!(counted, listed);
}

#[test]
fn a_dump_that_is_broken_off_begins_anew_where_it_can_be_taken_back() {
    let (census, inodes, [counted, listed]) = both(&|| {
        let mut held = MemorySource::default();
        held.answer((18, 2, 0), dump(&[record(2, 1, 4)], libc::EINTR));
        held.answer((18, 2, 0), dump(&[record(2, 1, 4), record(2, 10, 5)], 0));
        held
    });
    assert_eq!(census, Some(vec![(State::ESTABLISHED, 1), (State::LISTEN, 1)]));
    assert_eq!(counted, []);
    assert_eq!(inodes, [4]);
    assert!(matches!(&listed[..], [Gap { why: Why::Unreadable(_), .. }]), "{listed:?}");
}

#[test]
fn a_dump_that_is_broken_off_before_its_first_record_is_asked_for_again_by_both() {
    let (census, inodes, gaps) = both(&|| {
        let mut held = MemorySource::default();
        (1..TRIES).for_each(|_| held.answer((18, 2, 0), dump(&[], libc::EINTR)));
        held.answer((18, 2, 0), dump(&[record(2, 1, 4)], 0));
        held
    });
    assert_eq!((census, inodes), (Some(vec![(State::ESTABLISHED, 1)]), vec![4]));
    assert_eq!(gaps, [[], []]);
}
