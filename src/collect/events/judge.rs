//! How a socket ended, from the figures of its last message alone.
//!
//! The count of acknowledged bytes holds, besides the data, one for a SYN of ours and one for a FIN: 0 is an accepted
//! connection without a FIN of ours, 2 one that we made, with it. A connection without our FIN and with nothing in
//! flight ended by an RST. `tcp_disconnect`, which ends a failed `connect()` and an abortive `close()`, wipes the
//! counters and the peer's port, and leaves the peer's address, its window and the shortest round trip.

use std::time::Duration;

use crate::{
    collect::prelude::*,
    model::{
        ending::{EndKind, figure, is_wiped},
        field::Field,
        group::Direction,
        tcp_info::{
            BYTES_ACKED, BYTES_RECEIVED, BYTES_RETRANS, BYTES_SENT, DATA_SEGS_IN, DATA_SEGS_OUT, DELIVERED,
            LAST_DATA_RECV, LAST_DATA_SENT, MIN_RTT, OPT_FASTOPEN_CHILD, OPT_SYN_DATA, OPTIONS, RETRANSMITS, SEGS_IN,
            SND_WND, TOTAL_RETRANS,
        },
    },
};

/// The evidence of a socket's age in its own figures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum OwnClock {
    Unknown,
    Is(Duration),
    AtLeast(Duration),
}

/// A proven end of a socket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged {
    pub(super) end: EndKind,
    pub(super) direction: Option<Direction>,
    pub(super) lived: OwnClock,
    pub(super) is_wiped: bool,
}

/// No round trip was ever measured.
const NO_RTT: u64 = u32::MAX as u64;

/// The send queue of a socket whose `connect()` failed after its SYN was sent.
const SYN_AND_MORE: u32 = 3;

/// Judges a socket as the kernel reported it; `was_listener` and `connected` say whether a dump saw it listen or connect.
pub(super) fn judge(entry: &Entry, was_listener: bool, connected: bool) -> Judged {
    let of = |end, direction, lived| Judged { end, direction, lived, is_wiped: is_wiped(entry) };
    let outbound = Some(Direction::Outbound);
    let told = outbound.filter(|_| connected);
    if entry.netid != Netid::Tcp {
        return of(EndKind::Closed, None, OwnClock::Unknown);
    }
    if was_listener {
        return of(EndKind::Listener, Some(Direction::Listener), OwnClock::Unknown);
    }
    if matches!(entry.peer, End::Inet(address, _) if address.is_unspecified()) {
        return of(EndKind::Unused, None, OwnClock::Unknown);
    }
    let Some(is_established) = is_established(entry) else {
        return of(EndKind::Closed, told, OwnClock::Unknown);
    };
    let get = |field: &Field| figure(entry, field).unwrap_or(0);
    match (is_established, is_wiped(entry)) {
        // Only `tcp_disconnect` wipes, which sends an RST.
        (true, true) => of(EndKind::Reset, told, OwnClock::Unknown),
        (true, false) => {
            let (end, direction) = of_connection(entry, told);
            of(end, direction, own_clock(entry))
        }
        // It failed before the SYN was sent a second time.
        (false, true) if entry.wqueue == SYN_AND_MORE && get(&RETRANSMITS) == 0 => {
            of(EndKind::Refused, outbound, OwnClock::Unknown)
        }
        (false, true) => of(EndKind::Failed, outbound, OwnClock::Unknown),
        (false, false) if get(&SEGS_IN) > 0 => of(EndKind::Refused, outbound, OwnClock::Unknown),
        // An error of the network, which is not a segment, would have ended it before.
        (false, false) if get(&TOTAL_RETRANS) > 0 => of(EndKind::Unanswered, outbound, OwnClock::Unknown),
        (false, false) => of(EndKind::Failed, outbound, OwnClock::Unknown),
    }
}

/// Whether a connection was ever made; `None` if this kernel shows too little.
fn is_established(entry: &Entry) -> Option<bool> {
    let [window, rtt, delivered, acked, received] =
        [&SND_WND, &MIN_RTT, &DELIVERED, &BYTES_ACKED, &BYTES_RECEIVED].map(|field| figure(entry, field));
    let is_sure =
        rtt.is_some_and(|rtt| rtt != NO_RTT) || [window, delivered, acked, received].iter().flatten().any(|n| *n > 0);
    if is_sure {
        return Some(true);
    }
    [window, rtt, delivered, acked, received].iter().all(Option::is_some).then_some(false)
}

/// How a connection ended, and who made it.
fn of_connection(entry: &Entry, told: Option<Direction>) -> (EndKind, Option<Direction>) {
    let figures = [&BYTES_ACKED, &BYTES_SENT, &BYTES_RETRANS, &OPTIONS].map(|field| figure(entry, field));
    let [Some(acked), Some(sent), Some(again), Some(options)] = figures else { return (EndKind::Closed, told) };
    if entry.wqueue > 0 {
        return (EndKind::Unfinished, told);
    }
    // With Fast Open a SYN carries data.
    if options & (OPT_SYN_DATA | OPT_FASTOPEN_CHILD) != 0 {
        return (EndKind::Closed, told);
    }
    match (sent.checked_sub(again).and_then(|payload| acked.checked_sub(payload)), told) {
        (Some(0), _) => (EndKind::Reset, Some(Direction::Inbound)),
        (Some(1), Some(_)) => (EndKind::Reset, told),
        (Some(2), _) => (EndKind::Closed, Some(Direction::Outbound)),
        _ => (EndKind::Closed, told),
    }
}

/// The times of the last data begin with the connection: where none ever went one way, the time of that way is its age.
fn own_clock(entry: &Entry) -> OwnClock {
    let get = |field| figure(entry, field);
    let (Some(sent), Some(received)) = (get(&LAST_DATA_SENT), get(&LAST_DATA_RECV)) else { return OwnClock::Unknown };
    match (get(&DATA_SEGS_OUT), get(&DATA_SEGS_IN)) {
        (Some(0), _) => OwnClock::Is(Duration::from_millis(sent)),
        (_, Some(0)) => OwnClock::Is(Duration::from_millis(received)),
        _ => OwnClock::AtLeast(Duration::from_millis(sent.max(received))),
    }
}
