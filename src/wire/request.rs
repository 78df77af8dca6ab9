//! What the kernel is asked: whole netlink messages, ready to send.

use std::mem::size_of;

use netlink_packet_core::{Emitable, NLM_F_DUMP, NLM_F_REQUEST, NetlinkHeader};
use netlink_packet_sock_diag::{
    inet::{ExtensionFlags, InetRequest, SocketId, SocketIdBuffer, StateFlags},
    unix::{ShowFlags, StateFlags as UnixStateFlags, UnixRequest},
};

use crate::model::{family::Family, state::StateSet};

/// `SOCK_DIAG_BY_FAMILY`: one family at a time.
pub const SOCK_DIAG_BY_FAMILY: u16 = 20;
/// `TCPDIAG_GETSOCK`: the request of `inet_diag` before 3.3; the only one that walks the TCP
/// table once for both families.
pub const TCPDIAG_GETSOCK: u16 = 18;

const HEADER: usize = 16;

/// `struct inet_diag_req`: family, two prefix lengths, extensions, socket id, states, bucket.
const OLD_REQUEST: usize = 4 + size_of::<SocketIdBuffer>() + 4 + 4;

/// One question to the kernel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    bytes: Vec<u8>,
    /// Where the cookie stands in a reply's payload.
    cookie: usize,
}

/// Where `idiag_cookie` stands in `struct inet_diag_msg`.
const INET_COOKIE: usize = 44;
/// Where `udiag_cookie` stands in `struct unix_diag_msg`.
const UNIX_COOKIE: usize = 8;

impl Request {
    /// TCP sockets of both families in one walk of the table.
    pub fn tcp_one_walk(states: StateSet, extensions: ExtensionFlags) -> Request {
        let mut payload = [0u8; OLD_REQUEST];
        payload[0] = Family::Inet.number();
        payload[3] = extensions.bits();
        let states = states.mask().to_ne_bytes();
        payload[OLD_REQUEST - 8..OLD_REQUEST - 4].copy_from_slice(&states);
        Request { bytes: message(TCPDIAG_GETSOCK, &payload), cookie: INET_COOKIE }
    }

    /// Sockets of one internet family and protocol (`IPPROTO_*`).
    pub fn inet(family: Family, protocol: u8, states: StateSet, extensions: ExtensionFlags) -> Request {
        let request = InetRequest {
            family: family.number(),
            protocol,
            extensions,
            states: StateFlags::from_bits_retain(states.mask()),
            socket_id: if family == Family::Inet6 { SocketId::new_v6() } else { SocketId::new_v4() },
        };
        Request { bytes: message(SOCK_DIAG_BY_FAMILY, &emitted(&request)), cookie: INET_COOKIE }
    }

    /// UNIX sockets, with what is to be shown of each.
    pub fn unix(states: StateSet, show: ShowFlags) -> Request {
        let request = UnixRequest {
            state_flags: UnixStateFlags::from_bits_retain(states.mask()),
            inode: 0,
            show_flags: show,
            cookie: [0xff; 8],
        };
        Request { bytes: message(SOCK_DIAG_BY_FAMILY, &emitted(&request)), cookie: UNIX_COOKIE }
    }

    /// The netlink message; its sequence number is the source's to set.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where the cookie stands in the payload of a reply to this request.
    pub fn cookie(&self) -> usize {
        self.cookie
    }
}

fn emitted(request: &impl Emitable) -> Vec<u8> {
    let mut bytes = vec![0; request.buffer_len()];
    request.emit(&mut bytes);
    bytes
}

fn message(kind: u16, payload: &[u8]) -> Vec<u8> {
    let mut header = NetlinkHeader::default();
    header.length = (HEADER + payload.len()) as u32;
    header.message_type = kind;
    header.flags = NLM_F_REQUEST | NLM_F_DUMP;
    let mut bytes = emitted(&header);
    bytes.extend_from_slice(payload);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_walk_request_is_struct_inet_diag_req() {
        let request = Request::tcp_one_walk(StateSet::ALL, ExtensionFlags::INFO);
        let bytes = request.bytes();
        assert_eq!(bytes.len(), 16 + 60);
        assert_eq!(bytes[4], 18);
        assert_eq!(bytes[16..20], [2, 0, 0, 2]);
        assert_eq!(bytes[68..72], StateSet::ALL.mask().to_ne_bytes());
        assert_eq!(bytes[72..76], [0; 4]);
    }

    #[test]
    fn a_state_mask_reaches_the_kernel_whole() {
        let bound = Request::inet(
            Family::Inet6,
            6,
            StateSet::of(crate::model::state::State::BOUND_INACTIVE),
            ExtensionFlags::empty(),
        );
        assert_eq!(bound.bytes().len(), 16 + 56);
        assert_eq!(bound.bytes()[16..20], [10, 6, 0, 0]);
        assert_eq!(bound.bytes()[20..24], (1u32 << 13).to_ne_bytes());
    }
}
