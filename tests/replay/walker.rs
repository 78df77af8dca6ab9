//! The walker of a dump: datagrams, messages, ends, errors, repeats.

use crate::memory::MemorySource;
use sockdoc::{
    model::{needs::Needs, state::StateSet},
    wire::{WireError, dump::walk, inet::Record, request::Request},
};

use crate::kernel::{
    ACK_TLVS, CAPPED, DONE, DUMP_INTR, ERROR, Inet, MULTI, NOOP, OVERRUN, PORT, SEQUENCE, attribute, datagram, done,
    dump, inet, message, one_walk, ours, record, refusal, request_header,
};

/// The result of a walk: cookie and state of each record, in order.
fn walked(held: &mut MemorySource) -> Result<Vec<(u64, u8)>, WireError> {
    let request = Request::tcp_one_walk(StateSet::ALL, Needs::empty());
    let mut seen = Vec::new();
    walk(held, &request, |payload| {
        let socket = Record::new(payload).and_then(|record| record.socket()).expect("whole records only");
        seen.push((socket.cookie, socket.state.number()));
    })?;
    Ok(seen)
}

fn walked_over(datagrams: Vec<Vec<u8>>) -> Result<Vec<(u64, u8)>, WireError> {
    walked(&mut one_walk(datagrams))
}

fn cookies(range: std::ops::Range<u64>) -> Vec<Inet> {
    range.map(|cookie| inet(1).cookie(cookie)).collect()
}

fn malformed(datagrams: Vec<Vec<u8>>) {
    let outcome = walked_over(datagrams);
    assert!(matches!(outcome, Err(WireError::Malformed(_))), "{outcome:?}");
}

fn interrupted(datagrams: Vec<Vec<u8>>) {
    let outcome = walked_over(datagrams);
    assert!(matches!(outcome, Err(WireError::Interrupted)), "{outcome:?}");
}

#[test]
fn an_answer_of_nothing_but_its_end_is_empty() {
    assert_eq!(walked_over(vec![done()]).unwrap(), []);
}

#[test]
fn every_record_of_several_datagrams_is_given_once_and_in_order() {
    let (first, second, third) = (cookies(1..41), cookies(41..42), cookies(42..100));
    let seen = walked_over(dump(&[&first, &second, &third])).unwrap();
    assert_eq!(seen, (1..100).map(|cookie| (cookie, 1)).collect::<Vec<_>>());
}

#[test]
fn the_end_may_stand_behind_records_in_the_same_datagram() {
    let both = [datagram(&cookies(1..4)), done()].concat();
    assert_eq!(walked_over(vec![both]).unwrap(), [(1, 1), (2, 1), (3, 1)]);
}

#[test]
fn what_stands_behind_the_end_is_not_read() {
    let late = [done(), datagram(&cookies(1..4))].concat();
    assert_eq!(walked_over(vec![late, datagram(&cookies(4..5))]).unwrap(), []);
}

#[test]
fn a_record_repeated_at_a_datagram_boundary_counts_once() {
    let repeated = dump(&[&cookies(1..30), &cookies(28..50)]);
    assert_eq!(walked_over(repeated).unwrap(), (1..50).map(|cookie| (cookie, 1)).collect::<Vec<_>>());
}

#[test]
fn a_repeat_across_every_boundary_of_short_datagrams_counts_once() {
    let short = dump(&[&cookies(1..3), &cookies(2..4), &cookies(3..5), &cookies(4..6)]);
    assert_eq!(walked_over(short).unwrap(), [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)]);
}

#[test]
fn of_a_socket_that_comes_twice_the_later_state_wins() {
    let (before, after) = ([inet(1).cookie(8), inet(1).cookie(9)], [inet(6).cookie(9), inet(1).cookie(10)]);
    assert_eq!(walked_over(dump(&[&before, &after])).unwrap(), [(8, 1), (9, 6), (10, 1)]);
}

#[test]
fn sockets_without_a_cookie_are_never_taken_for_one() {
    let same = [inet(6), inet(6), inet(6)];
    assert_eq!(walked_over(dump(&[&same, &same])).unwrap(), vec![(0, 6); 6]);
}

#[test]
fn messages_of_another_request_are_skipped() {
    let foreign = message(20, MULTI, SEQUENCE + 1, PORT, &inet(1).cookie(99).bytes());
    let end = message(DONE, MULTI, SEQUENCE - 1, PORT, &(-5i32).to_ne_bytes());
    let datagrams = vec![[datagram(&cookies(1..2)), foreign.clone(), end].concat(), foreign, done()];
    assert_eq!(walked_over(datagrams).unwrap(), [(1, 1)]);
}

#[test]
fn messages_for_another_port_are_skipped() {
    let foreign = message(20, MULTI, SEQUENCE, PORT + 1, &inet(1).cookie(99).bytes());
    let refusal = message(ERROR, 0, SEQUENCE, 0, &(-13i32).to_ne_bytes());
    let datagrams = vec![[datagram(&cookies(1..2)), foreign, refusal].concat(), done()];
    assert_eq!(walked_over(datagrams).unwrap(), [(1, 1)]);
}

#[test]
fn a_foreign_message_does_not_interrupt_us() {
    let foreign = message(20, MULTI | DUMP_INTR, SEQUENCE + 1, PORT, &inet(1).bytes());
    assert_eq!(walked_over(vec![[datagram(&cookies(1..2)), foreign].concat(), done()]).unwrap(), [(1, 1)]);
}

#[test]
fn a_message_that_says_nothing_is_passed_over() {
    let nothing = ours(NOOP, b"whatever");
    let datagrams = vec![[nothing.clone(), datagram(&cookies(1..2)), nothing].concat(), done()];
    assert_eq!(walked_over(datagrams).unwrap(), [(1, 1)]);
}

#[test]
fn an_empty_datagram_is_no_end() {
    assert_eq!(walked_over(vec![datagram(&cookies(1..2)), Vec::new(), done()]).unwrap(), [(1, 1)]);
}

#[test]
fn an_end_without_a_status_is_an_end() {
    assert_eq!(walked_over(vec![datagram(&cookies(1..2)), ours(DONE, &[])]).unwrap(), [(1, 1)]);
}

#[test]
fn an_error_number_inside_the_end_is_an_error() {
    let failed = walked_over(vec![datagram(&cookies(1..3)), ours(DONE, &(-libc::EIO).to_ne_bytes())]).unwrap_err();
    assert_eq!(failed.to_string(), "sock_diag: Input/output error");
    assert!(matches!(failed, WireError::Kernel(..)), "{failed:?}");
}

#[test]
fn the_text_behind_the_status_of_an_end_is_reported() {
    let mut payload = (-libc::EIO).to_ne_bytes().to_vec();
    payload.extend_from_slice(&attribute(1, b"the table is on fire\0"));
    let end = message(DONE, MULTI | ACK_TLVS, SEQUENCE, PORT, &payload);
    let failed = walked_over(vec![end]).unwrap_err();
    assert_eq!(failed.to_string(), "sock_diag: Input/output error: the table is on fire");
}

#[test]
fn an_error_message_is_an_error() {
    let failed = walked_over(vec![refusal(libc::ENOMEM)]).unwrap_err();
    assert_eq!(failed.to_string(), "sock_diag: Cannot allocate memory");
}

#[test]
fn an_error_message_for_what_the_kernel_lacks_is_distinguished() {
    for errno in [libc::ENOENT, libc::EINVAL, libc::EOPNOTSUPP] {
        let failed = walked_over(vec![refusal(errno)]).unwrap_err();
        assert!(matches!(failed, WireError::NotAvailable(_)), "{failed:?}");
    }
}

#[test]
fn the_text_of_a_capped_error_is_reported() {
    let mut payload = (-libc::ENOMEM).to_ne_bytes().to_vec();
    payload.extend_from_slice(&request_header(76));
    payload.extend_from_slice(&attribute(2, &7u32.to_ne_bytes()));
    payload.extend_from_slice(&attribute(1, b"no room\0"));
    let failed = walked_over(vec![message(ERROR, CAPPED | ACK_TLVS, SEQUENCE, PORT, &payload)]).unwrap_err();
    assert_eq!(failed.to_string(), "sock_diag: Cannot allocate memory: no room");
}

/// Unless `NETLINK_CAP_ACK` is set, an error quotes the whole request, and the text follows it
/// (`net/netlink/af_netlink.c`, `netlink_ack`).
#[test]
fn the_text_of_an_error_stands_behind_the_whole_quoted_request() {
    let mut payload = (-libc::ENOMEM).to_ne_bytes().to_vec();
    payload.extend_from_slice(&request_header(76));
    payload.extend_from_slice(&[2; 60]);
    payload.extend_from_slice(&attribute(1, b"no room\0"));
    let failed = walked_over(vec![message(ERROR, ACK_TLVS, SEQUENCE, PORT, &payload)]).unwrap_err();
    assert_eq!(failed.to_string(), "sock_diag: Cannot allocate memory: no room");
}

#[test]
fn an_error_number_of_zero_is_an_end() {
    assert_eq!(walked_over(vec![refusal(0)]).unwrap(), []);
}

#[test]
fn whatever_breaks_a_dump_off_asks_for_another() {
    let flagged = message(20, MULTI | DUMP_INTR, SEQUENCE, PORT, &inet(1).bytes());
    let flagged_end = message(DONE, MULTI | DUMP_INTR, SEQUENCE, PORT, &0i32.to_ne_bytes());
    interrupted(vec![[datagram(&cookies(1..4)), flagged].concat(), done()]);
    interrupted(vec![datagram(&cookies(1..4)), flagged_end]);
    interrupted(vec![datagram(&cookies(1..4)), ours(OVERRUN, &[])]);
    interrupted(vec![datagram(&cookies(1..4)), ours(DONE, &(-libc::EINTR).to_ne_bytes())]);
    interrupted(vec![refusal(libc::EINTR)]);
}

#[test]
fn an_answer_without_an_end_is_no_answer() {
    malformed(vec![]);
    malformed(vec![datagram(&cookies(1..40))]);
}

#[test]
fn a_datagram_larger_than_the_buffer_is_refused() {
    malformed(vec![datagram(&cookies(1..400)), done()]);
}

#[test]
fn a_datagram_that_fills_the_buffer_is_read() {
    // A record without attributes takes 88 bytes; 32 KiB hold 372 of them.
    let seen = walked_over(dump(&[&cookies(1..373), &cookies(373..745)])).unwrap();
    assert_eq!(seen.len(), 744);
}

#[test]
fn a_length_beyond_the_datagram_is_refused() {
    for length in [105u32, 1 << 16, u32::MAX - 3, u32::MAX] {
        let mut lie = datagram(&cookies(1..2));
        let first = lie.clone();
        lie[..4].copy_from_slice(&length.to_ne_bytes());
        malformed(vec![[first, lie].concat(), done()]);
    }
}

#[test]
fn a_length_shorter_than_a_header_is_refused() {
    for length in 0..16u32 {
        let mut lie = datagram(&cookies(1..2));
        let first = lie.clone();
        lie[..4].copy_from_slice(&length.to_ne_bytes());
        malformed(vec![[first, lie].concat(), done()]);
    }
}

#[test]
fn a_datagram_cut_short_anywhere_is_never_a_full_answer() {
    let whole = [datagram(&cookies(1..20)), done()].concat();
    for length in 0..whole.len() {
        let outcome = walked_over(vec![whole[..length].to_vec()]);
        assert!(outcome.is_err(), "{length} of {} bytes: {outcome:?}", whole.len());
    }
}

#[test]
fn padding_after_a_message_belongs_to_no_record() {
    let mut odd = inet(1).cookie(5).bytes();
    odd.extend_from_slice(&[9, 9, 9]);
    let datagrams = vec![[record(&odd), datagram(&cookies(6..7))].concat(), done()];
    assert_eq!(walked_over(datagrams).unwrap(), [(5, 1), (6, 1)]);
}
