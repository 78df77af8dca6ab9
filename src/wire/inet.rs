//! Records of `inet_diag`: `struct inet_diag_msg` and the attributes after it.
//!
//! The crate's `InetResponseHeader` loses the time left in `TIME_WAIT` and the number of unanswered
//! probes; those bytes are read here. Counting needs three bytes of a record and reads no more.

use std::net::IpAddr;

use netlink_packet_core::Parseable;
use netlink_packet_sock_diag::inet::InetResponseHeader;

use super::prelude::*;
use crate::model::{
    blanks::not_shown,
    socket::Socket,
    uapi::{INET_DIAG_MSG, inet_diag},
};

/// One record, read where it lies.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    head: &'a [u8; INET_DIAG_MSG],
    bytes: &'a [u8],
    state: State,
}

impl<'a> Record<'a> {
    /// A view of a record's payload; `None` where it is shorter than the kernel's structure.
    #[inline]
    pub fn new(bytes: &'a [u8]) -> Option<Record<'a>> {
        let head: &[u8; INET_DIAG_MSG] = bytes.first_chunk()?;
        Some(Record { head, bytes, state: State::from_kernel(head[1]) })
    }

    /// The same record in another state: in a dump of bound, unused sockets the kernel writes `CLOSE`.
    pub fn in_state(self, state: State) -> Record<'a> {
        Record { state, ..self }
    }

    /// `idiag_family`; `None` for one this program does not read.
    #[inline]
    pub fn family(&self) -> Option<Family> {
        Family::from_number(self.head[0])
    }

    /// `idiag_state`, unless it was replaced.
    #[inline]
    pub fn state(&self) -> State {
        self.state
    }

    /// `idiag_timer`.
    #[inline]
    pub fn timer(&self) -> Timer {
        Timer::from_kernel(self.head[2])
    }

    /// `idiag_retrans`, also for keepalive and zero-window probes.
    #[inline]
    pub fn retrans(&self) -> u8 {
        self.head[3]
    }

    /// `idiag_expires`, milliseconds, also for `TIME_WAIT`.
    pub fn expires_ms(&self) -> u32 {
        u32_at(self.head, 52).unwrap_or(0)
    }

    /// `idiag_inode`.
    #[inline]
    pub fn inode(&self) -> u32 {
        u32::from_ne_bytes([self.head[68], self.head[69], self.head[70], self.head[71]])
    }

    /// `idiag_sport`, in host order.
    #[inline]
    pub fn local_port(&self) -> u16 {
        u16::from_be_bytes([self.head[4], self.head[5]])
    }

    /// `idiag_dport`, in host order.
    #[inline]
    pub fn peer_port(&self) -> u16 {
        u16::from_be_bytes([self.head[6], self.head[7]])
    }

    /// Both addresses, the local one first; v4-mapped ones are given as IPv4.
    pub fn addresses(&self) -> Option<(IpAddr, IpAddr)> {
        let (local, peer) = (self.head.get(8..24)?, self.head.get(24..40)?);
        match self.family()? {
            Family::Inet => Some((IpAddr::from(*local.first_chunk::<4>()?), IpAddr::from(*peer.first_chunk::<4>()?))),
            _ => {
                let of = |octets: &[u8]| Some(unmapped(IpAddr::from(*octets.first_chunk::<16>()?)).0);
                Some((of(local)?, of(peer)?))
            }
        }
    }

    /// The bytes of the family, the peer's port and both addresses: equal only where those are equal.
    #[inline]
    pub fn route_bytes(&self) -> [u64; 5] {
        let word = |at: usize| u64_at(self.head, at).unwrap_or(0);
        let family_and_port = u32::from_ne_bytes([self.head[0], 0, self.head[6], self.head[7]]);
        [family_and_port.into(), word(8), word(16), word(24), word(32)]
    }

    /// `idiag_cookie`.
    pub fn cookie(&self) -> u64 {
        u64_at(self.head, 44).unwrap_or(0)
    }

    /// `idiag_rqueue`.
    #[inline]
    pub fn rqueue(&self) -> u32 {
        u32_at(self.head, 56).unwrap_or(0)
    }

    /// `idiag_wqueue`.
    #[inline]
    pub fn wqueue(&self) -> u32 {
        u32_at(self.head, 60).unwrap_or(0)
    }

    /// All common fields; `None` for a family this program does not read.
    pub fn socket(&self) -> Option<Socket> {
        let header = InetResponseHeader::parse(self.bytes).ok()?;
        let (local, local_mapped) = unmapped(header.socket_id.source_address);
        let (peer, peer_mapped) = unmapped(header.socket_id.destination_address);
        Some(Socket {
            family: self.family()?,
            state: self.state(),
            timer: self.timer(),
            retrans: self.retrans(),
            expires_ms: self.expires_ms(),
            local,
            local_port: header.socket_id.source_port,
            peer,
            peer_port: header.socket_id.destination_port,
            mapped: local_mapped || peer_mapped,
            interface: header.socket_id.interface_id,
            cookie: u64::from_ne_bytes(header.socket_id.cookie),
            rqueue: header.recv_queue,
            wqueue: header.send_queue,
            raw_uid: Some(header.uid).filter(|&uid| uid != not_shown::UID),
            inode: header.inode,
        })
    }

    /// The attributes after the common fields, kind and value.
    pub fn attributes(&self) -> impl Iterator<Item = (u16, &'a [u8])> {
        let bytes: &'a [u8] = self.bytes.get(INET_DIAG_MSG..).unwrap_or_default();
        attributes(bytes)
    }

    /// The value of an attribute, if the record has it.
    pub fn attribute(&self, kind: u16) -> Option<&'a [u8]> {
        self.attributes().find(|(one, _)| *one == kind).map(|(_, value)| value)
    }
}

/// The attribute of a record that was read from `/proc/net/udp`, which has the drops alone of all memory figures.
pub fn drops_attribute(drops: u32) -> [u8; 8] {
    let [[length, of_length], [kind, of_kind]] = [8, inet_diag::PROC_DROPS].map(u16::to_ne_bytes);
    let [a, b, c, d] = drops.to_ne_bytes();
    [length, of_length, kind, of_kind, a, b, c, d]
}

/// The payload of a record without attributes, for a socket that was read elsewhere.
pub fn payload(socket: &Socket) -> [u8; INET_DIAG_MSG] {
    let mut bytes = [0; INET_DIAG_MSG];
    let mut put = |offset: usize, value: &[u8]| {
        for (place, byte) in bytes.iter_mut().skip(offset).zip(value) {
            *place = *byte;
        }
    };
    let is_v6 = socket.family == Family::Inet6;
    let mut address = |offset: usize, address: IpAddr| match address {
        IpAddr::V4(v4) if is_v6 => put(offset, &v4.to_ipv6_mapped().octets()),
        IpAddr::V4(v4) => put(offset, &v4.octets()),
        IpAddr::V6(v6) => put(offset, &v6.octets()),
    };
    address(8, socket.local);
    address(24, socket.peer);
    put(0, &[socket.family.number(), socket.state.number(), socket.timer.number(), socket.retrans]);
    put(4, &socket.local_port.to_be_bytes());
    put(6, &socket.peer_port.to_be_bytes());
    put(40, &socket.interface.to_ne_bytes());
    put(44, &socket.cookie.to_ne_bytes());
    for (offset, word) in [
        (52, socket.expires_ms),
        (56, socket.rqueue),
        (60, socket.wqueue),
        (64, socket.raw_uid.unwrap_or(not_shown::UID)),
        (68, socket.inode),
    ] {
        put(offset, &word.to_ne_bytes());
    }
    bytes
}

/// The address as people know it: IPv4 where an IPv6 socket speaks IPv4.
fn unmapped(address: IpAddr) -> (IpAddr, bool) {
    match address {
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => (IpAddr::V4(v4), true),
            None => (address, false),
        },
        IpAddr::V4(_) => (address, false),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;

    fn bytes(family: u8, state: u8, timer: u8) -> Vec<u8> {
        let mut bytes = vec![0; INET_DIAG_MSG];
        bytes[..4].copy_from_slice(&[family, state, timer, 3]);
        bytes[4..8].copy_from_slice(&[0x1f, 0x90, 0x00, 0x35]);
        bytes[52..56].copy_from_slice(&53_000u32.to_ne_bytes());
        bytes[68..72].copy_from_slice(&77u32.to_ne_bytes());
        bytes
    }

    #[test]
    fn the_time_left_and_the_probes_are_kept() {
        let bytes = bytes(2, 6, 3);
        let socket = Record::new(&bytes).unwrap().socket().unwrap();
        assert_eq!((socket.expires_ms, socket.retrans), (53_000, 3));
        assert_eq!((socket.local_port, socket.peer_port), (8080, 53));
        assert_eq!((socket.timer, socket.inode), (Timer::TimeWait, 77));
    }

    #[test]
    fn a_mapped_address_is_shown_as_ipv4() {
        let mut bytes = bytes(10, 1, 0);
        let mapped: Ipv6Addr = "::ffff:10.0.0.7".parse().unwrap();
        bytes[8..24].copy_from_slice(&mapped.octets());
        bytes[24..40].copy_from_slice(&mapped.octets());
        let socket = Record::new(&bytes).unwrap().socket().unwrap();
        assert_eq!(socket.local, IpAddr::V4(Ipv4Addr::new(10, 0, 0, 7)));
        assert!(socket.mapped);
        assert_eq!(socket.family, Family::Inet6);
    }

    #[test]
    fn attributes_are_found_and_a_damaged_one_ends_the_list() {
        let mut bytes = bytes(2, 1, 0);
        bytes.extend_from_slice(&[6, 0, 8, 0, 1, 2, 0, 0]);
        bytes.extend_from_slice(&[200, 0, 9, 0]);
        let record = Record::new(&bytes).unwrap();
        assert_eq!(record.attribute(8), Some(&[1u8, 2][..]));
        assert_eq!(record.attribute(9), None);
    }

    #[test]
    fn a_socket_put_into_a_record_is_read_back_the_same() {
        let plain = bytes(2, 10, 4);
        let mut mapped = bytes(10, 1, 200);
        for place in [8, 24] {
            mapped[place + 10..place + 16].copy_from_slice(&[0xff, 0xff, 10, 0, 0, 7]);
        }
        let mut v6 = bytes(10, 7, 0);
        (8..72).for_each(|place| v6[place] = place as u8);
        for bytes in [plain, mapped, v6] {
            let socket = Record::new(&bytes).unwrap().socket().unwrap();
            assert_eq!(payload(&socket)[..], bytes[..]);
        }
    }

    #[test]
    fn a_short_or_foreign_record_is_none() {
        assert!(Record::new(&[0; 71]).is_none());
        assert!(Record::new(&bytes(77, 1, 0)).unwrap().socket().is_none());
    }
}
