//! An implementation of `INET_DIAG_REQ_BYTECODE` for tests: it checks and runs programs as Linux does
//! (`inet_diag_bc_audit` and `inet_diag_bc_run` in `net/ipv4/inet_diag.c`), written independently from their rules.

#![allow(dead_code, reason = "each test program takes what it needs")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "test code outside of test functions")]

use std::net::IpAddr;

use sockdoc::model::{
    entry::{End, Entry},
    family::Family,
    socket::Kind,
};

const NOP: u8 = 0;
const JMP: u8 = 1;

/// The fields of a socket that the kernel tests.
pub(crate) struct Seen {
    addresses: [Vec<u8>; 2],
    ports: [u16; 2],
    family: Family,
    interface: u32,
    mark: u32,
    cgroup: u64,
    is_bound: bool,
}

impl Seen {
    /// An internet socket as the kernel has it; whether a program chose its port follows from the range of those the
    /// kernel gives out, which records do not tell.
    pub(crate) fn new(entry: &Entry, ephemeral: (u16, u16)) -> Seen {
        let is_full = !matches!(entry.kind(), Kind::MiniSock | Kind::RequestSock);
        let raw = |end: &End| match (end, entry.family) {
            (End::Inet(IpAddr::V4(address), port), Family::Inet) => (address.octets().to_vec(), *port),
            (End::Inet(IpAddr::V4(address), port), _) => (address.to_ipv6_mapped().octets().to_vec(), *port),
            (End::Inet(IpAddr::V6(address), port), _) => (address.octets().to_vec(), *port),
            _ => (vec![0; if entry.family == Family::Inet { 4 } else { 16 }], 0),
        };
        let (local, peer) = (raw(&entry.local), raw(&entry.peer));
        Seen {
            ports: [local.1, peer.1],
            is_bound: is_full && !(ephemeral.0..=ephemeral.1).contains(&local.1),
            addresses: [local.0, peer.0],
            family: entry.family,
            interface: entry.interface,
            mark: entry.mark.unwrap_or(0),
            cgroup: entry.cgroup_id.unwrap_or(0),
        }
    }
}

/// `struct inet_diag_bc_op` at a place.
#[derive(Clone, Copy)]
struct Op {
    code: u8,
    yes: usize,
    no: usize,
}

fn op(bytes: &[u8], at: usize) -> Op {
    Op { code: bytes[at], yes: bytes[at + 1].into(), no: u16_at(bytes, at + 2).into() }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_ne_bytes(bytes[at..at + 2].try_into().unwrap())
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_ne_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// Whether the kernel takes the program.
pub(crate) fn audit(bytes: &[u8]) -> Result<(), String> {
    if bytes.len() < 4 || bytes.len() + 4 > usize::from(u16::MAX) {
        return Err(format!("{} bytes", bytes.len()));
    }
    // The places that following `yes` leads to: jumps have to end at one of them.
    let mut places = vec![false; bytes.len() + 1];
    let mut at = 0;
    while at < bytes.len() {
        places[at] = true;
        let yes = op(bytes, at).yes;
        if yes < 4 || !yes.is_multiple_of(4) {
            return Err(format!("yes of {yes} at {at}"));
        }
        at += yes;
    }
    let mut at = 0;
    while at < bytes.len() {
        let left = bytes.len() - at;
        let Op { code, yes, no } = op(bytes, at);
        let least = match code {
            NOP | JMP | 6 => 4,
            2..=5 | 9 | 11 | 12 => 8,
            10 | 13 => 12,
            7 | 8 => {
                if left < 12 {
                    return Err(format!("no room at {at}"));
                }
                let room = match bytes[at + 4] {
                    0 => 0,
                    2 => 4,
                    10 => 16,
                    family => return Err(format!("family {family} at {at}")),
                };
                if usize::from(bytes[at + 5]) > 8 * room {
                    return Err(format!("prefix length at {at}"));
                }
                12 + room
            }
            code => return Err(format!("operation {code} at {at}")),
        };
        if left < least || yes < least || yes > left + 4 {
            return Err(format!("yes of {yes} at {at} of {left}"));
        }
        if code != NOP {
            if no < least || no > left + 4 || !no.is_multiple_of(4) {
                return Err(format!("no of {no} at {at} of {left}"));
            }
            if no < left && !places[at + no] {
                return Err(format!("no of {no} at {at} leads between operations"));
            }
        }
        at += yes;
    }
    if at == bytes.len() { Ok(()) } else { Err("ends behind its end".into()) }
}

/// Whether the program accepts the socket; an empty one accepts all.
pub(crate) fn run(bytes: &[u8], seen: &Seen) -> bool {
    let mut at = 0;
    while at < bytes.len() {
        let Op { code, yes, no } = op(bytes, at);
        let data = at + 4;
        let port = || u16_at(bytes, at + 6);
        let holds = match code {
            NOP => true,
            JMP => false,
            2 => seen.ports[0] >= port(),
            3 => seen.ports[0] <= port(),
            4 => seen.ports[1] >= port(),
            5 => seen.ports[1] <= port(),
            6 => !seen.is_bound,
            7 => host(bytes, data, seen, 0),
            8 => host(bytes, data, seen, 1),
            9 => seen.interface == u32_at(bytes, data),
            10 => seen.mark & u32_at(bytes, data + 4) == u32_at(bytes, data),
            11 => seen.ports[0] == port(),
            12 => seen.ports[1] == port(),
            13 => seen.cgroup == u64::from_ne_bytes(bytes[data..data + 8].try_into().unwrap()),
            code => panic!("operation {code}"),
        };
        at += if holds { yes } else { no };
    }
    at == bytes.len()
}

/// `struct inet_diag_hostcond`.
fn host(bytes: &[u8], at: usize, seen: &Seen, side: usize) -> bool {
    let (family, bits, port) = (bytes[at], usize::from(bytes[at + 1]), u32_at(bytes, at + 4) as i32);
    if port != -1 && port != i32::from(seen.ports[side]) {
        return false;
    }
    let own = &seen.addresses[side];
    let wanted = &bytes[at + 8..];
    if family != 0 && family != seen.family.number() {
        let is_mapped = own.len() == 16 && own[..12] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
        return family == 2 && is_mapped && same_bits(&own[12..], wanted, bits);
    }
    same_bits(own, wanted, bits)
}

fn same_bits(a: &[u8], b: &[u8], bits: usize) -> bool {
    (0..bits).all(|bit| {
        let mask = 0x80 >> (bit % 8);
        a[bit / 8] & mask == b[bit / 8] & mask
    })
}
