//! Figures that a record does not give as such: ages, idle times, whether keepalive is on.

use super::prelude::*;
use crate::model::{
    family::Netid,
    field::Field,
    socket::{Kind, Timer},
    tcp_info,
};

/// `TCP_TIMEWAIT_LEN`: no sysctl changes it.
const TIME_WAIT_US: u64 = 60_000_000;

/// The states in which something is known about the age.
pub(super) const AGE_STATES: [State; 2] = [State::TIME_WAIT, State::CLOSE_WAIT];

/// The states in which data can have flowed either way, so that `tcp_info` has its times. On a listener the fields are
/// empty, and before the end of the handshake they count from boot.
pub(super) const DATA_STATES: [State; 6] =
    [State::ESTABLISHED, State::FIN_WAIT1, State::FIN_WAIT2, State::CLOSE_WAIT, State::LAST_ACK, State::CLOSING];

/// A value, or its minimum.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Measured {
    Is(u64),
    AtLeast(u64),
}

/// Whether it is one of the kernel's small records, which keep no owner, no mark and no cgroup.
pub(super) fn is_small(entry: &Entry) -> bool {
    matches!(entry.kind(), Kind::MiniSock | Kind::RequestSock)
}

/// Microseconds in this state. `TIME_WAIT` has a countdown. In `CLOSE_WAIT` the peer's FIN was the last segment that
/// came, unless something of ours, such as a keepalive probe, made the peer answer since: then it is older than that.
/// Other states have no age: the kernel keeps none, and the back-off of a SYN depends on too many settings.
pub(super) fn age(entry: &Entry) -> Option<Measured> {
    if entry.netid != Netid::Tcp {
        return None;
    }
    match (entry.state, entry.timer) {
        (State::TIME_WAIT, _) => Some(Measured::Is(TIME_WAIT_US.saturating_sub(u64::from(entry.expires_ms) * 1000))),
        (State::CLOSE_WAIT, Timer::None) => Some(Measured::Is(millis(entry, &tcp_info::LAST_ACK_RECV)?)),
        (State::CLOSE_WAIT, _) => Some(Measured::AtLeast(millis(entry, &tcp_info::LAST_ACK_RECV)?)),
        _ => None,
    }
}

/// Microseconds since data went either way, or since the connection was made.
pub(super) fn idle(entry: &Entry) -> Option<u64> {
    has_data_fields(entry).then_some(())?;
    Some(millis(entry, &tcp_info::LAST_DATA_SENT)?.min(millis(entry, &tcp_info::LAST_DATA_RECV)?))
}

/// The smoothed round trip in microseconds, once there is one.
pub(super) fn rtt(entry: &Entry) -> Option<u64> {
    has_data_fields(entry).then_some(())?;
    info(entry, &tcp_info::RTT).filter(|rtt| *rtt != 0)
}

/// Whether keepalive is on. Its timer shows it, but on an orphan in `FIN_WAIT2` the same number has another meaning,
/// and a retransmission or a probe hides it (`inet_sk_diag_fill`).
pub(super) fn keepalive(entry: &Entry) -> Option<bool> {
    let is_connected = matches!(entry.state, State::ESTABLISHED | State::CLOSE_WAIT);
    match (entry.timer, entry.kind()) {
        _ if entry.netid != Netid::Tcp => None,
        (Timer::Keepalive, Kind::Full | Kind::NotAccepted) => Some(true),
        (Timer::None, _) if is_connected => Some(false),
        _ => None,
    }
}

/// Timeouts in a row, or probes without an answer, of the protocols that have them.
pub(super) fn retrans(entry: &Entry) -> Option<u64> {
    matches!(entry.netid, Netid::Tcp | Netid::Dccp | Netid::Sctp).then(|| u64::from(entry.retrans))
}

/// The firewall mark. Small records of the kernel have none, which its own filter takes for 0, but where they are given
/// one; of others it is known to CAP_NET_ADMIN only.
pub(super) fn mark(entry: &Entry) -> Option<u32> {
    entry.mark.or_else(|| (is_internet(entry) && is_small(entry)).then_some(0))
}

/// The id of the cgroup; 0, in the kernel's filter too, of small records.
pub(super) fn cgroup(entry: &Entry) -> Option<u64> {
    entry.cgroup_id.or_else(|| (is_internet(entry) && is_small(entry)).then_some(0))
}

fn is_internet(entry: &Entry) -> bool {
    matches!(entry.family, Family::Inet | Family::Inet6)
}

fn has_data_fields(entry: &Entry) -> bool {
    entry.netid == Netid::Tcp && DATA_STATES.contains(&entry.state)
}

fn millis(entry: &Entry, field: &Field) -> Option<u64> {
    info(entry, field).map(|millis| millis * 1000)
}

/// A field of `tcp_info`, where it was asked for and is as long.
fn info(entry: &Entry, field: &Field) -> Option<u64> {
    entry.detail.as_ref()?.tcp_info.as_ref()?.get(field)
}
