//! Queries to the kernel: whole netlink messages, ready to send.

use std::net::IpAddr;

use netlink_packet_core::{Emitable, NLM_F_DUMP, NLM_F_REQUEST, NetlinkHeader};
use netlink_packet_sock_diag::{
    inet::{ExtensionFlags, InetRequest, SocketId, StateFlags},
    unix::{ShowFlags, StateFlags as UnixStateFlags, UnixRequest},
};

use crate::model::{
    entry::{End, Entry},
    family::{Family, Netid},
    needs::Needs,
    socket::Socket,
    state::StateSet,
    uapi::{
        INET_DIAG_REQ, IPPROTO_MPTCP, IPPROTO_TCP, IPPROTO_UDP, NLMSG_HDRLEN, SOCK_DIAG_BY_FAMILY, TCPDIAG_GETSOCK,
    },
};

/// One question to the kernel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    bytes: Vec<u8>,
    /// The offset of the cookie in a reply's payload.
    cookie: usize,
    /// Whether the socket that asks is among the others.
    with_asker: bool,
}

/// The offset of `idiag_cookie` in `struct inet_diag_msg`.
const INET_COOKIE: usize = 44;
/// The offset of `udiag_cookie` in `struct unix_diag_msg`.
const UNIX_COOKIE: usize = 8;
/// The offset in `struct packet_diag_msg` and `struct xdp_diag_msg`.
const PACKET_COOKIE: usize = 8;
/// The offset in `struct netlink_diag_msg`.
const NETLINK_COOKIE: usize = 20;
/// The offset in `struct vsock_diag_msg`.
const VSOCK_COOKIE: usize = 24;
/// Replies of TIPC have no structure to hold one.
const NO_COOKIE: usize = usize::MAX;

/// `NDIAG_PROTO_ALL`.
const EVERY_NETLINK_PROTOCOL: u8 = 0xff;

/// `INET_DIAG_REQ_BYTECODE`.
const BYTECODE: u16 = 1;
/// `INET_DIAG_REQ_SK_BPF_STORAGES` (Linux 5.7).
const BPF_STORAGES: u16 = 2;
/// `SK_DIAG_BPF_STORAGE_REQ_MAP_FD`, within it.
const MAP_FD: u16 = 1;
/// `INET_DIAG_REQ_PROTOCOL` (Linux 5.9), for protocols beyond 255.
const PROTOCOL: u16 = 3;

impl Request {
    /// TCP sockets of both families in one walk of the table.
    pub fn tcp_one_walk(states: StateSet, needs: Needs) -> Request {
        let mut payload = [0u8; INET_DIAG_REQ];
        payload[0] = Family::Inet.number();
        payload[3] = extensions(needs).bits();
        let states = states.mask().to_ne_bytes();
        payload[INET_DIAG_REQ - 8..INET_DIAG_REQ - 4].copy_from_slice(&states);
        Request { bytes: message(TCPDIAG_GETSOCK, &payload), cookie: INET_COOKIE, with_asker: false }
    }

    /// Sockets of one internet family and protocol (`IPPROTO_*`).
    pub fn inet(family: Family, protocol: u8, states: StateSet, needs: Needs) -> Request {
        let request = InetRequest {
            family: family.number(),
            protocol,
            extensions: extensions(needs),
            states: StateFlags::from_bits_retain(states.mask()),
            socket_id: if family == Family::Inet6 { SocketId::new_v6() } else { SocketId::new_v4() },
        };
        Request { bytes: message(SOCK_DIAG_BY_FAMILY, &emitted(&request)), cookie: INET_COOKIE, with_asker: false }
    }

    /// One TCP socket, found without a walk by its addresses, ports and cookie.
    ///
    /// Without the cookie the kernel would answer with the listener where the connection is gone.
    pub fn exact(socket: &Socket, needs: Needs) -> Request {
        let ends = [(socket.local, socket.local_port), (socket.peer, socket.peer_port)];
        let id = socket_id(socket.family, ends, socket.interface, socket.cookie);
        Request::of_one(SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, (socket.family, IPPROTO_TCP), extensions(needs), id)
    }

    /// One TCP or UDP socket as the object of this kind of message; `None` where it is of another protocol or has no
    /// cookie.
    pub(super) fn of_entry(entry: &Entry, kind: u16, flags: u16) -> Option<Request> {
        let protocol = match entry.netid {
            Netid::Tcp => IPPROTO_TCP,
            Netid::Udp => IPPROTO_UDP,
            _ => return None,
        };
        let (End::Inet(local, local_port), End::Inet(peer, peer_port)) = (&entry.local, &entry.peer) else {
            return None;
        };
        let ends = [(*local, *local_port), (*peer, *peer_port)];
        let id = socket_id(entry.family, ends, entry.interface, entry.cookie);
        (entry.cookie != 0).then(|| Request::of_one(kind, flags, (entry.family, protocol), ExtensionFlags::empty(), id))
    }

    fn of_one(
        kind: u16,
        flags: u16,
        (family, protocol): (Family, u8),
        extensions: ExtensionFlags,
        socket_id: SocketId,
    ) -> Request {
        let states = StateFlags::from_bits_retain(StateSet::ALL.mask());
        let request = InetRequest { family: family.number(), protocol, extensions, states, socket_id };
        Request { bytes: asked(kind, flags, &emitted(&request)), cookie: INET_COOKIE, with_asker: false }
    }

    /// UNIX sockets, with the requested details (`UDIAG_SHOW_*`).
    pub fn unix(states: StateSet, show: u32) -> Request {
        let request = UnixRequest {
            state_flags: UnixStateFlags::from_bits_retain(states.mask()),
            inode: 0,
            show_flags: ShowFlags::from_bits_retain(show),
            cookie: [0xff; 8],
        };
        Request { bytes: message(SOCK_DIAG_BY_FAMILY, &emitted(&request)), cookie: UNIX_COOKIE, with_asker: false }
    }

    /// MPTCP connections of one internet family.
    ///
    /// A kernel that does not know the attribute finds nothing registered under protocol 0 and refuses.
    pub fn mptcp(family: Family, states: StateSet, needs: Needs) -> Request {
        Request::inet(family, 0, states, needs).with(PROTOCOL, &IPPROTO_MPTCP.to_ne_bytes())
    }

    /// Packet sockets, with the requested details (`PACKET_SHOW_*`).
    pub fn packet(show: u32) -> Request {
        Request::plain(Family::Packet, 0, &[0, show, 0, 0], PACKET_COOKIE)
    }

    /// Netlink sockets of all protocols, with the requested details (`NDIAG_SHOW_*`).
    pub fn netlink(show: u32) -> Request {
        Request::plain(Family::Netlink, EVERY_NETLINK_PROTOCOL, &[0, show, 0, 0], NETLINK_COOKIE)
    }

    /// The same, the socket that asks among the others or not.
    pub fn with_asker(self, with_asker: bool) -> Request {
        Request { with_asker, ..self }
    }

    /// Whether the socket that asks is among the others.
    pub fn has_asker(&self) -> bool {
        self.with_asker
    }

    /// Vsock sockets.
    pub fn vsock(states: StateSet) -> Request {
        Request::plain(Family::Vsock, 0, &[states.mask(), 0, 0, 0, 0], VSOCK_COOKIE)
    }

    /// TIPC sockets.
    pub fn tipc(states: StateSet) -> Request {
        Request::plain(Family::Tipc, 0, &[states.mask()], NO_COOKIE)
    }

    /// XDP sockets, with the requested details (`XDP_SHOW_*`).
    pub fn xdp(show: u32) -> Request {
        Request::plain(Family::Xdp, 0, &[0, show, 0, 0], PACKET_COOKIE)
    }

    /// Family, protocol, two bytes of padding, then 32-bit words.
    fn plain(family: Family, protocol: u8, words: &[u32], cookie: usize) -> Request {
        let mut payload = vec![family.number(), protocol, 0, 0];
        payload.extend(words.iter().flat_map(|word| word.to_ne_bytes()));
        Request { bytes: message(SOCK_DIAG_BY_FAMILY, &payload), cookie, with_asker: false }
    }

    /// Narrows a dump of an internet protocol with a program of `inet_diag_bc_op`s.
    ///
    /// A program too long for an attribute is omitted: the caller must test the records again in any case.
    #[must_use]
    pub fn with_bytecode(self, program: &[u8]) -> Request {
        self.with(BYTECODE, program)
    }

    /// Requests the storage of BPF programs with each socket, in the maps of these descriptors, or in all; needs
    /// CAP_BPF.
    #[must_use]
    pub fn with_bpf_storages(self, maps: &[i32]) -> Request {
        let mut value = Vec::new();
        for map in maps {
            value.extend(8u16.to_ne_bytes());
            value.extend(MAP_FD.to_ne_bytes());
            value.extend(map.to_ne_bytes());
        }
        self.with(BPF_STORAGES, &value)
    }

    /// Adds an attribute, unless it is too long for one.
    fn with(mut self, kind: u16, value: &[u8]) -> Request {
        let Ok(length) = u16::try_from(value.len() + 4) else { return self };
        self.bytes.extend(length.to_ne_bytes());
        self.bytes.extend(kind.to_ne_bytes());
        self.bytes.extend_from_slice(value);
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        let whole = self.bytes.len() as u32;
        if let Some(place) = self.bytes.get_mut(..4) {
            place.copy_from_slice(&whole.to_ne_bytes());
        }
        self
    }

    /// The netlink message; its sequence number is the source's to set.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The offset of the cookie in the payload of a reply to this request.
    pub fn cookie(&self) -> usize {
        self.cookie
    }
}

/// `struct inet_diag_sockid`. An IPv6 socket that speaks IPv4 has mapped addresses in it.
fn socket_id(family: Family, ends: [(IpAddr, u16); 2], interface_id: u32, cookie: u64) -> SocketId {
    let mapped = |address: IpAddr| match address {
        IpAddr::V4(v4) if family == Family::Inet6 => IpAddr::V6(v4.to_ipv6_mapped()),
        plain => plain,
    };
    let [(local, source_port), (peer, destination_port)] = ends;
    SocketId {
        source_port,
        destination_port,
        source_address: mapped(local),
        destination_address: mapped(peer),
        interface_id,
        cookie: cookie.to_ne_bytes(),
    }
}

fn emitted(request: &impl Emitable) -> Vec<u8> {
    let mut bytes = vec![0; request.buffer_len()];
    request.emit(&mut bytes);
    bytes
}

/// A message that asks for a dump.
fn message(kind: u16, payload: &[u8]) -> Vec<u8> {
    asked(kind, NLM_F_REQUEST | NLM_F_DUMP, payload)
}

/// A message with these flags.
pub(super) fn asked(kind: u16, flags: u16, payload: &[u8]) -> Vec<u8> {
    let mut header = NetlinkHeader::default();
    header.length = (NLMSG_HDRLEN + payload.len()) as u32;
    header.message_type = kind;
    header.flags = flags;
    let mut bytes = emitted(&header);
    bytes.extend_from_slice(payload);
    bytes
}

/// The bits of `idiag_ext`.
fn extensions(needs: Needs) -> ExtensionFlags {
    let mut extensions = ExtensionFlags::empty();
    extensions.set(ExtensionFlags::INFO, needs.contains(Needs::INFO));
    // VEGASINFO asks for the block of whichever congestion control there is.
    extensions.set(ExtensionFlags::CONG | ExtensionFlags::VEGASINFO, needs.contains(Needs::CONGESTION));
    extensions.set(ExtensionFlags::SKMEMINFO, needs.contains(Needs::MEMORY));
    // TCLASS brings CLASS_ID too.
    extensions.set(ExtensionFlags::TOS | ExtensionFlags::TCLASS, needs.contains(Needs::TOS));
    extensions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_need_asks_for_its_own_bits() {
        assert_eq!(extensions(Needs::empty()).bits(), 0);
        assert_eq!(extensions(Needs::INFO).bits(), 1 << 1);
        assert_eq!(extensions(Needs::CONGESTION).bits(), 1 << 3 | 1 << 2);
        assert_eq!(extensions(Needs::MEMORY).bits(), 1 << 6);
        assert_eq!(extensions(Needs::TOS).bits(), 1 << 4 | 1 << 5);
        assert_eq!(extensions(Needs::UNIX_PEERS | Needs::OWNERS).bits(), 0);
    }
    use crate::model::{socket::Timer, state::State};

    #[test]
    fn the_one_walk_request_is_struct_inet_diag_req() {
        let request = Request::tcp_one_walk(StateSet::ALL, Needs::INFO);
        let bytes = request.bytes();
        assert_eq!(bytes.len(), 16 + 60);
        assert_eq!(bytes[4], 18);
        assert_eq!(bytes[16..20], [2, 0, 0, 2]);
        assert_eq!(bytes[68..72], StateSet::ALL.mask().to_ne_bytes());
        assert_eq!(bytes[72..76], [0; 4]);
    }

    #[test]
    fn attributes_stand_after_the_request_and_count_in_its_length() {
        let bare = Request::tcp_one_walk(StateSet::ALL, Needs::empty());
        let asked = bare.clone().with_bytecode(&[1, 4, 8, 0, 9]).with_bpf_storages(&[]);
        let bytes = asked.bytes();
        assert_eq!(bytes[..4], (76u32 + 12 + 4).to_ne_bytes());
        assert_eq!(bytes[76..80], [9, 0, 1, 0]);
        assert_eq!(bytes[80..88], [1, 4, 8, 0, 9, 0, 0, 0]);
        assert_eq!(bytes[88..], [4, 0, 2, 0]);
        assert_eq!(bare.clone().with_bytecode(&vec![0; 70_000]), bare);
        let of_maps = bare.clone().with_bpf_storages(&[5, 6]);
        assert_eq!(of_maps.bytes()[76..], [20, 0, 2, 0, 8, 0, 1, 0, 5, 0, 0, 0, 8, 0, 1, 0, 6, 0, 0, 0]);
    }

    #[test]
    fn each_family_has_the_length_its_handler_checks() {
        let lengths = [
            (Request::packet(0x11), 20),
            (Request::netlink(1), 20),
            (Request::vsock(StateSet::ALL), 24),
            (Request::tipc(StateSet::ALL), 8),
            (Request::xdp(9), 20),
            (Request::mptcp(Family::Inet, StateSet::ALL, Needs::empty()), 56 + 8),
        ];
        for (request, length) in lengths {
            assert_eq!(request.bytes().len(), 16 + length);
            assert_eq!(request.bytes()[..4], (16 + length as u32).to_ne_bytes());
        }
        assert_eq!(Request::netlink(1).bytes()[16..18], [16, 255]);
        assert_eq!(Request::packet(0x11).bytes()[24..28], 0x11u32.to_ne_bytes());
    }

    #[test]
    fn one_socket_is_asked_for_by_all_that_identifies_it() {
        let socket = Socket {
            family: Family::Inet6,
            state: State::ESTABLISHED,
            timer: Timer::None,
            retrans: 0,
            expires_ms: 0,
            local: "10.0.0.1".parse().unwrap(),
            local_port: 0x1234,
            peer: "10.0.0.2".parse().unwrap(),
            peer_port: 80,
            mapped: true,
            interface: 3,
            cookie: 0x0102_0304_0506_0708,
            rqueue: 0,
            wqueue: 0,
            raw_uid: Some(0),
            inode: 7,
        };
        let request = Request::exact(&socket, Needs::INFO);
        let bytes = request.bytes();
        assert_eq!(bytes.len(), 16 + 56);
        assert_eq!(bytes[6..8], NLM_F_REQUEST.to_ne_bytes(), "no dump");
        assert_eq!(bytes[16..20], [10, 6, 2, 0]);
        assert_eq!(bytes[24..28], [0x12, 0x34, 0, 80]);
        assert_eq!(bytes[38..44], [0xff, 0xff, 10, 0, 0, 1], "an IPv6 socket that speaks IPv4");
        assert_eq!(bytes[60..64], 3u32.to_ne_bytes());
        assert_eq!(bytes[64..72], socket.cookie.to_ne_bytes());
    }

    #[test]
    fn a_state_mask_reaches_the_kernel_whole() {
        let bound = Request::inet(Family::Inet6, 6, StateSet::of(State::BOUND_INACTIVE), Needs::empty());
        assert_eq!(bound.bytes().len(), 16 + 56);
        assert_eq!(bound.bytes()[16..20], [10, 6, 0, 0]);
        assert_eq!(bound.bytes()[20..24], (1u32 << 13).to_ne_bytes());
    }
}
