//! Records of `tipc_diag`: no structure, only nested attributes (`net/tipc/socket.c`, `tipc_sk_fill_sock_diag`).

use super::prelude::*;
use crate::model::detail::TipcDetail;

/// `TIPC_NLA_SOCK`: all there is of a socket.
const SOCK: u16 = 2;

/// Attribute kinds within it, `TIPC_NLA_SOCK_*`.
mod kind {
    pub(super) const ADDR: u16 = 1;
    pub(super) const REF: u16 = 2;
    pub(super) const CON: u16 = 3;
    pub(super) const HAS_PUBL: u16 = 4;
    pub(super) const STAT: u16 = 5;
    pub(super) const TYPE: u16 = 6;
    pub(super) const INO: u16 = 7;
    pub(super) const UID: u16 = 8;
    pub(super) const TIPC_STATE: u16 = 9;
    pub(super) const COOKIE: u16 = 10;
}

/// Attribute kinds of a connection, `TIPC_NLA_CON_*`.
mod con {
    pub(super) const FLAG: u16 = 1;
    pub(super) const NODE: u16 = 2;
    pub(super) const SOCK: u16 = 3;
    pub(super) const TYPE: u16 = 4;
    pub(super) const INST: u16 = 5;
}

/// Attribute kinds of its figures, `TIPC_NLA_SOCK_STAT_*`.
mod stat {
    pub(super) const RCVQ: u16 = 0;
    pub(super) const SENDQ: u16 = 1;
    pub(super) const LINK_CONG: u16 = 2;
    pub(super) const CONN_CONG: u16 = 3;
    pub(super) const DROP: u16 = 4;
}

/// Puts a record into an entry; `false` where type or state is missing or unknown.
pub fn fill(bytes: &[u8], needs: Needs, entry: &mut Entry) -> bool {
    let Some((_, nest)) = attributes(bytes).find(|(kind, _)| *kind == SOCK) else { return false };
    entry.family = Family::Tipc;
    entry.timer = Timer::None;
    entry.raw_uid = None;
    (entry.rqueue, entry.wqueue, entry.inode, entry.cookie) = (0, 0, 0, 0);
    entry.peer = End::None;
    entry.empty_detail(needs);
    let (mut netid, mut state, mut node, mut reference) = (None, None, 0, 0);
    let mut detail = TipcDetail::default();
    for (kind, value) in attributes(nest) {
        let number = u32_at(value, 0);
        match kind {
            kind::ADDR => node = number.unwrap_or_default(),
            kind::REF => reference = number.unwrap_or_default(),
            kind::CON => {
                entry.peer = connection(value);
                detail.service = service(value);
            }
            kind::HAS_PUBL => detail.published = true,
            kind::STAT => figures(value, entry, &mut detail),
            kind::TYPE => netid = number.and_then(kind_of),
            kind::INO => entry.inode = number.unwrap_or_default(),
            kind::UID => entry.raw_uid = number,
            // Its states are numbered as TCP's (`net/tipc/socket.c`).
            kind::TIPC_STATE => state = number.and_then(|state| u8::try_from(state).ok()),
            kind::COOKIE => entry.cookie = u64_at(value, 0).unwrap_or_default(),
            _ => {}
        }
    }
    let (Some(netid), Some(state)) = (netid, state) else { return false };
    entry.netid = netid;
    entry.state = State::from_kernel(state);
    entry.local = End::Tipc { node, reference };
    if let Some(kept) = entry.detail.as_mut().filter(|_| needs.contains(Needs::EXTENDED)) {
        kept.tipc = Some(detail);
    }
    true
}

fn kind_of(number: u32) -> Option<Netid> {
    match i32::try_from(number).ok()? {
        libc::SOCK_STREAM => Some(Netid::TipcStream),
        libc::SOCK_DGRAM => Some(Netid::TipcDatagram),
        libc::SOCK_RDM => Some(Netid::TipcReliable),
        libc::SOCK_SEQPACKET => Some(Netid::TipcSeqpacket),
        _ => None,
    }
}

/// The peer of a connection.
fn connection(value: &[u8]) -> End {
    match (number(value, con::NODE), number(value, con::SOCK)) {
        (Some(node), Some(reference)) => End::Tipc { node, reference },
        _ => End::None,
    }
}

/// The service a connection was made by, where it was made by one.
fn service(value: &[u8]) -> Option<(u32, u32)> {
    attributes(value).find(|(kind, _)| *kind == con::FLAG)?;
    number(value, con::TYPE).zip(number(value, con::INST))
}

/// Queues are counted in messages, not bytes.
fn figures(value: &[u8], entry: &mut Entry, detail: &mut TipcDetail) {
    let has = |wanted| attributes(value).any(|(kind, _)| kind == wanted);
    entry.rqueue = number(value, stat::RCVQ).unwrap_or_default();
    entry.wqueue = number(value, stat::SENDQ).unwrap_or_default();
    detail.link_congested = has(stat::LINK_CONG);
    detail.connection_congested = has(stat::CONN_CONG);
    detail.drops = number(value, stat::DROP);
}

/// A number within a nest.
fn number(nest: &[u8], wanted: u16) -> Option<u32> {
    attributes(nest).find(|(kind, _)| *kind == wanted).and_then(|(_, value)| u32_at(value, 0))
}
