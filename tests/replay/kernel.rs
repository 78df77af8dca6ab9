//! A kernel's side of the talk: records and messages as bytes, laid out by `include/uapi/linux/{netlink,inet_diag,
//! unix_diag}.h` and by nothing of the program's own.

use crate::memory::MemorySource;
use std::net::IpAddr;

/// The questions, as [`MemorySource`] tells them apart: message type, family, protocol.
pub(crate) const TCP_ONE_WALK: (u16, u8, u8) = (18, 2, 0);
pub(crate) const TCP4: (u16, u8, u8) = (20, 2, 6);
pub(crate) const TCP6: (u16, u8, u8) = (20, 10, 6);
pub(crate) const UDP4: (u16, u8, u8) = (20, 2, 17);
pub(crate) const UDP6: (u16, u8, u8) = (20, 10, 17);
pub(crate) const RAW4: (u16, u8, u8) = (20, 2, 255);
pub(crate) const RAW6: (u16, u8, u8) = (20, 10, 255);
pub(crate) const UNIX: (u16, u8, u8) = (20, 1, 0);

/// The port id that held answers are addressed to.
pub(crate) const PORT: u32 = 1;
/// The sequence number of the answers built here.
pub(crate) const SEQUENCE: u32 = 0x0102_0304;

pub(crate) const NOOP: u16 = 1;
pub(crate) const ERROR: u16 = 2;
pub(crate) const DONE: u16 = 3;
pub(crate) const OVERRUN: u16 = 4;

pub(crate) const MULTI: u16 = 0x2;
pub(crate) const DUMP_INTR: u16 = 0x10;
pub(crate) const CAPPED: u16 = 0x100;
pub(crate) const ACK_TLVS: u16 = 0x200;

/// `struct inet_diag_msg` and what follows it.
#[derive(Clone, Debug)]
pub(crate) struct Inet {
    pub(crate) family: u8,
    pub(crate) state: u8,
    pub(crate) timer: u8,
    pub(crate) retrans: u8,
    pub(crate) local: (IpAddr, u16),
    pub(crate) peer: (IpAddr, u16),
    pub(crate) cookie: u64,
    pub(crate) expires_ms: u32,
    pub(crate) rqueue: u32,
    pub(crate) wqueue: u32,
    pub(crate) uid: u32,
    pub(crate) inode: u32,
    pub(crate) attributes: Vec<u8>,
}

/// An IPv4 socket in a state, held by a program of user 1000.
pub(crate) fn inet(state: u8) -> Inet {
    Inet {
        family: 2,
        state,
        timer: 0,
        retrans: 0,
        local: (at("10.0.0.1"), 80),
        peer: (at("10.0.0.2"), 40_000),
        cookie: 0,
        expires_ms: 0,
        rqueue: 0,
        wqueue: 0,
        uid: 1000,
        inode: 4711,
        attributes: Vec::new(),
    }
}

/// The same as IPv6.
pub(crate) fn inet6(state: u8) -> Inet {
    Inet { family: 10, ..inet(state).local("2001:db8::1", 80).peer("2001:db8::2", 40_000) }
}

pub(crate) fn at(address: &str) -> IpAddr {
    address.parse().unwrap()
}

impl Inet {
    pub(crate) fn local(self, address: &str, port: u16) -> Inet {
        Inet { local: (at(address), port), ..self }
    }

    pub(crate) fn peer(self, address: &str, port: u16) -> Inet {
        Inet { peer: (at(address), port), ..self }
    }

    pub(crate) fn cookie(self, cookie: u64) -> Inet {
        Inet { cookie, ..self }
    }

    pub(crate) fn inode(self, inode: u32) -> Inet {
        Inet { inode, ..self }
    }

    pub(crate) fn timer(self, timer: u8) -> Inet {
        Inet { timer, ..self }
    }

    /// The kernel's record of a closed connection: neither owner nor queues.
    pub(crate) fn small(self) -> Inet {
        Inet { uid: 0, inode: 0, ..self }
    }

    pub(crate) fn attribute(mut self, kind: u16, value: &[u8]) -> Inet {
        self.attributes.extend_from_slice(&attribute(kind, value));
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.family, self.state, self.timer, self.retrans];
        bytes.extend_from_slice(&self.local.1.to_be_bytes());
        bytes.extend_from_slice(&self.peer.1.to_be_bytes());
        for (address, _) in [self.local, self.peer] {
            let mut octets = [0u8; 16];
            match address {
                IpAddr::V4(v4) => octets[..4].copy_from_slice(&v4.octets()),
                IpAddr::V6(v6) => octets = v6.octets(),
            }
            bytes.extend_from_slice(&octets);
        }
        bytes.extend_from_slice(&0u32.to_ne_bytes());
        bytes.extend_from_slice(&self.cookie.to_ne_bytes());
        for field in [self.expires_ms, self.rqueue, self.wqueue, self.uid, self.inode] {
            bytes.extend_from_slice(&field.to_ne_bytes());
        }
        assert_eq!(bytes.len(), 72, "sizeof(struct inet_diag_msg)");
        bytes.extend_from_slice(&self.attributes);
        bytes
    }
}

/// `struct unix_diag_msg` and what follows it.
pub(crate) fn unix(kind: u8, state: u8, cookie: u64, attributes: &[u8]) -> Vec<u8> {
    let mut bytes = vec![1, kind, state, 0];
    bytes.extend_from_slice(&4711u32.to_ne_bytes());
    bytes.extend_from_slice(&cookie.to_ne_bytes());
    bytes.extend_from_slice(attributes);
    bytes
}

/// `struct nlattr`, its value, and the padding to four bytes.
pub(crate) fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&(4 + value.len() as u16).to_ne_bytes());
    bytes.extend_from_slice(&kind.to_ne_bytes());
    bytes.extend_from_slice(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// `struct tcp_info` of a length, with the figures that tell who connected.
pub(crate) fn tcp_info(length: usize, bytes_acked: u64, bytes_sent: u64) -> Vec<u8> {
    let mut bytes = vec![0; 280];
    bytes[120..128].copy_from_slice(&bytes_acked.to_ne_bytes());
    bytes[200..208].copy_from_slice(&bytes_sent.to_ne_bytes());
    bytes.resize(length, 0);
    bytes
}

/// A message with every part of its header chosen.
pub(crate) fn message(kind: u16, flags: u16, sequence: u32, port: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&(16 + payload.len() as u32).to_ne_bytes());
    bytes.extend_from_slice(&kind.to_ne_bytes());
    bytes.extend_from_slice(&flags.to_ne_bytes());
    bytes.extend_from_slice(&sequence.to_ne_bytes());
    bytes.extend_from_slice(&port.to_ne_bytes());
    bytes.extend_from_slice(payload);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// A message of the answer.
pub(crate) fn ours(kind: u16, payload: &[u8]) -> Vec<u8> {
    message(kind, MULTI, SEQUENCE, PORT, payload)
}

/// A record of the answer; its type is that of the request.
pub(crate) fn record(payload: &[u8]) -> Vec<u8> {
    ours(20, payload)
}

pub(crate) fn done() -> Vec<u8> {
    ours(DONE, &0i32.to_ne_bytes())
}

/// A datagram of records without an end.
pub(crate) fn datagram(records: &[Inet]) -> Vec<u8> {
    records.iter().flat_map(|one| record(&one.bytes())).collect()
}

/// A whole answer: each slice is a datagram, and the end is a separate one, as the kernel sends it.
pub(crate) fn dump(datagrams: &[&[Inet]]) -> Vec<Vec<u8>> {
    datagrams.iter().filter(|records| !records.is_empty()).map(|records| datagram(records)).chain([done()]).collect()
}

/// A whole answer of raw payloads in one datagram.
pub(crate) fn dump_of(payloads: &[Vec<u8>]) -> Vec<Vec<u8>> {
    vec![payloads.iter().flat_map(|payload| record(payload)).collect(), done()]
}

/// `NLMSG_ERROR`: the error number, then the request's header.
pub(crate) fn refusal(errno: i32) -> Vec<u8> {
    let mut payload = (-errno).to_ne_bytes().to_vec();
    payload.extend_from_slice(&request_header(16));
    message(ERROR, CAPPED, SEQUENCE, PORT, &payload)
}

/// The header of the request that an error quotes.
pub(crate) fn request_header(length: u32) -> Vec<u8> {
    let mut header = length.to_ne_bytes().to_vec();
    header.extend_from_slice(&[20, 0, 1, 3]);
    header.extend_from_slice(&SEQUENCE.to_ne_bytes());
    header.extend_from_slice(&0u32.to_ne_bytes());
    header
}

/// A kernel that answers the one walk over all TCP sockets.
pub(crate) fn one_walk(datagrams: Vec<Vec<u8>>) -> MemorySource {
    let mut held = MemorySource::default();
    held.answer(TCP_ONE_WALK, datagrams);
    held
}
