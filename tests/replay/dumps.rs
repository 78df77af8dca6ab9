//! Raw TCP dumps in a file: repeated, joined and damaged ones.

use std::{fs, path::PathBuf, process};

use proptest::prelude::*;
use sockdoc::{
    collect::count::count,
    model::{
        family::{Family, Netid},
        needs::Needs,
        selection::Selection,
        state::{State, StateSet},
    },
    source::dump::DumpSource,
    system::files::OpenFile,
    wire::{dump::copy, dump::walk, inet::Record, request::Request},
};

use crate::kernel::{Inet, MULTI, NOOP, PORT, SEQUENCE, done, inet, inet6, message, record};

/// The output of `-D` for these records: a message each, and the end.
fn dump_of(records: &[Inet]) -> Vec<u8> {
    records.iter().flat_map(|one| record(&one.bytes())).chain(done()).collect()
}

/// Sockets that differ as real ones do.
fn sockets(numbers: std::ops::Range<u16>) -> Vec<Inet> {
    numbers.map(|number| inet(1).cookie(u64::from(number)).peer("10.0.0.2", number)).collect()
}

fn counted(bytes: &[u8]) -> u64 {
    count(&mut &DumpSource::of_bytes(bytes).expect("a dump"), &Selection::tcp(StateSet::ALL), None).total()
}

/// Cookie and state of each record, in order.
fn walked(mut dump: &DumpSource, request: &Request) -> Vec<(u64, u8)> {
    let mut seen = Vec::new();
    walk(&mut dump, request, |payload| {
        let socket = Record::new(payload).and_then(|record| record.socket()).expect("whole records only");
        seen.push((socket.cookie, socket.state.number()));
    })
    .expect("a whole answer");
    seen
}

fn one_walk() -> Request {
    Request::tcp_one_walk(StateSet::ALL, Needs::empty())
}

#[test]
fn a_socket_that_one_dump_tells_again_counts_once_and_as_it_came_last() {
    let mut records = sockets(1..400);
    let closing = Inet { state: 8, ..records[199].clone() };
    // The last three of one datagram come again at the start of the next.
    let again = [records[197].clone(), records[198].clone(), closing];
    records.splice(200..200, again);
    let seen = walked(&DumpSource::of_bytes(&dump_of(&records)).unwrap(), &one_walk());
    let expected: Vec<(u64, u8)> = (1..400).map(|cookie| (cookie, if cookie == 200 { 8 } else { 1 })).collect();
    assert_eq!(seen, expected);
}

#[test]
fn dumps_that_were_put_together_count_each_for_itself() {
    // Of any size: whether a datagram's edge falls between them must not matter.
    for sockets_of_each in [1, 2, 3, 15, 16, 17, 40, 64, 65, 170, 400, 3000] {
        let one = dump_of(&sockets(1..sockets_of_each + 1));
        assert_eq!(counted(&one), u64::from(sockets_of_each));
        assert_eq!(counted(&[one.clone(), one.clone()].concat()), 2 * u64::from(sockets_of_each));
        assert_eq!(counted(&[one.clone(), one.clone(), one].concat()), 3 * u64::from(sockets_of_each));
    }
}

#[test]
fn dumps_without_an_end_are_distinguished_by_their_sequence_number() {
    let of = |sequence| message(20, MULTI, sequence, PORT, &inet(1).cookie(7).bytes());
    assert_eq!(counted(&[of(SEQUENCE), of(SEQUENCE)].concat()), 1);
    assert_eq!(counted(&[of(SEQUENCE), of(SEQUENCE + 1)].concat()), 2);
}

#[test]
fn only_the_same_cookie_with_the_same_ends_is_the_same_socket() {
    let one = inet(1).cookie(7);
    for other in [one.clone().cookie(8), one.clone().peer("10.0.0.3", 40_000), inet6(1).cookie(7)] {
        assert_eq!(counted(&dump_of(&[one.clone(), other])), 2);
    }
    assert_eq!(counted(&dump_of(&[one.clone(), one])), 1);
    let without = inet(6);
    assert_eq!(counted(&dump_of(&[without.clone(), without.clone(), without])), 3, "the kernel gave no cookie");
}

#[test]
fn a_dump_answers_by_family_and_bound_unused_sockets_apart() {
    let bytes = [dump_of(&[inet(1).cookie(1), inet(7).cookie(2)]), dump_of(&[inet6(10).cookie(3)])].concat();
    let dump = DumpSource::of_bytes(&bytes).unwrap();
    for (family, sockets) in [(None, 3), (Some(Family::Inet), 2), (Some(Family::Inet6), 1)] {
        let mut selection = Selection::tcp(StateSet::ALL);
        selection.family = family;
        assert_eq!(count(&mut &dump, &selection, None).total(), sockets, "{family:?}");
    }
    let mut bound = Selection::tcp(StateSet::EMPTY);
    bound.bound_inactive = true;
    let bound = count(&mut &dump, &bound, None);
    assert_eq!(bound.census(Netid::Tcp).map(|census| census.sockets(State::BOUND_INACTIVE)), Some(1));
}

#[test]
fn a_dump_that_is_written_again_reads_the_same() {
    let bytes = dump_of(&sockets(1..1000));
    let dump = DumpSource::of_bytes(&bytes).unwrap();
    let mut copied = Vec::new();
    copy(&mut &dump, &one_walk(), &mut |datagram| {
        copied.extend_from_slice(datagram);
        Ok(())
    })
    .unwrap();
    let again = walked(&DumpSource::of_bytes(&copied).unwrap(), &one_walk());
    assert_eq!(again, walked(&dump, &one_walk()));
    assert_eq!(again.len(), 999);
}

#[test]
fn a_file_is_read_as_its_bytes_are_and_as_often_as_it_is_asked() {
    struct Removed(PathBuf);
    impl Drop for Removed {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
        }
    }
    let file = Removed(std::env::temp_dir().join(format!("sockdoc-dump-{}", process::id())));
    fs::write(&file.0, dump_of(&sockets(1..2000))).unwrap();
    let dump = DumpSource::of_file(&OpenFile::open(file.0.to_str().unwrap()).unwrap()).unwrap();
    for _ in 0..3 {
        assert_eq!(walked(&dump, &one_walk()).len(), 1999);
    }
}

#[test]
fn what_is_no_dump_is_refused_with_the_place() {
    let good = dump_of(&sockets(1..3));
    let at = |bytes: Vec<u8>| DumpSource::of_bytes(&bytes).unwrap_err().to_string();
    assert_eq!(at(b"#!/bin/sh\necho this is no dump at all\n".to_vec()), "no netlink message at byte 0");
    assert_eq!(at([good.as_slice(), &[1, 2, 3]].concat()), format!("no netlink message at byte {}", good.len()));
    let cut = good.len() - 30;
    assert!(at(good[..cut].to_vec()).starts_with("no netlink message at byte "));
    let unix = message(20, MULTI, SEQUENCE, PORT, &[1; 72]);
    assert_eq!(at(unix), "no netlink message at byte 0");
    let endless = [u32::MAX.to_ne_bytes().as_slice(), &[0; 100]].concat();
    assert_eq!(at(endless), "no netlink message at byte 0");
    assert_eq!(counted(&[]), 0);
    assert_eq!(counted(&[message(NOOP, 0, SEQUENCE, PORT, &[]), good].concat()), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn damaged_dumps_end_without_a_panic(
        numbers in 1..120_u16,
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..12),
        cut in any::<proptest::sample::Index>(),
    ) {
        let mut bytes = [dump_of(&sockets(1..numbers + 1)), dump_of(&[inet6(10).attribute(2, &[0; 40])])].concat();
        for (place, value) in damage {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        bytes.truncate(cut.index(bytes.len() + 1));
        if let Ok(dump) = DumpSource::of_bytes(&bytes) {
            let counted = count(&mut &dump, &Selection::tcp(StateSet::ALL), None);
            prop_assert!(counted.total() <= bytes.len() as u64 / 16);
        }
    }
}
