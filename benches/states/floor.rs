//! The floor: the least any program can spend on counting TCP sockets by state.
//!
//! One walk of the kernel's table (request type 18, `TCPDIAG_GETSOCK`, answers IPv4 and IPv6 together), no attributes
//! asked for, one 32 KiB buffer, one byte read of each record. It runs as its own process (`states --floor`), so that
//! what is compared is start to exit on both sides. It shares no code with the product, on purpose: only so can its
//! counts be held against the product's.

use std::fmt::Write as _;
use std::io;

use rustix::net::netlink::{self, SocketAddrNetlink};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType};

/// Every state but BOUND_INACTIVE (bit 13), which makes the kernel walk another table as well.
pub(crate) const ALL_STATES: u32 = !(1 << 13);
/// The mask of TIME_WAIT alone (state 6).
pub(crate) const TIME_WAIT_ONLY: u32 = 1 << 6;

/// Sockets by the kernel's state number.
pub(crate) type Counts = [u64; 16];

const TCPDIAG_GETSOCK: u16 = 18;
const NLM_F_REQUEST: u16 = 0x1;
const NLM_F_DUMP: u16 = 0x300;
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;
/// `struct nlmsghdr`: length, type, flags, sequence, port.
const HEADER: usize = 16;
/// `struct inet_diag_req` of linux/inet_diag.h: four bytes, the 48-byte socket id, states, dbs.
const REQUEST: usize = 60;
/// The offset of the states in the request.
const STATES: usize = HEADER + 4 + 48;
/// `idiag_state`, the second byte of `struct inet_diag_msg`.
const STATE: usize = HEADER + 1;
/// The kernel makes no larger dump message than this; a larger buffer gains nothing.
const BUFFER: usize = 32 * 1024;

/// Counts the sockets of the states in `mask`.
pub(crate) fn count(mask: u32) -> io::Result<Counts> {
    let socket = rustix::net::socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        Some(netlink::SOCK_DIAG),
    )?;
    let mut request = [0_u8; HEADER + REQUEST];
    request[0..4].copy_from_slice(&((HEADER + REQUEST) as u32).to_ne_bytes());
    request[4..6].copy_from_slice(&TCPDIAG_GETSOCK.to_ne_bytes());
    request[6..8].copy_from_slice(&(NLM_F_REQUEST | NLM_F_DUMP).to_ne_bytes());
    request[STATES..STATES + 4].copy_from_slice(&mask.to_ne_bytes());
    rustix::net::sendto(&socket, &request, SendFlags::empty(), &SocketAddrNetlink::new(0, 0))?;

    let mut counts = Counts::default();
    let mut buffer = vec![0_u8; BUFFER];
    loop {
        let (taken, whole) = rustix::net::recv(&socket, buffer.as_mut_slice(), RecvFlags::TRUNC)?;
        if whole > taken {
            return Err(io::Error::other("a dump message larger than the buffer"));
        }
        let mut rest = &buffer[..taken];
        while rest.len() >= HEADER {
            let length = u32::from_ne_bytes([rest[0], rest[1], rest[2], rest[3]]) as usize;
            if length < HEADER || length > rest.len() {
                return Err(io::Error::other("a dump message with a wrong length"));
            }
            match u16::from_ne_bytes([rest[4], rest[5]]) {
                NLMSG_DONE => return Ok(counts),
                NLMSG_ERROR => return Err(io::Error::other("the kernel refused the dump")),
                _ if length > STATE => counts[usize::from(rest[STATE] & 15)] += 1,
                _ => {}
            }
            rest = &rest[length.next_multiple_of(4).min(rest.len())..];
        }
    }
}

/// The counts as the floor process prints them: a state number and its sockets on each line.
pub(crate) fn print(counts: &Counts) -> String {
    let mut text = String::new();
    for (state, sockets) in counts.iter().enumerate().filter(|&(_, &n)| n > 0) {
        let _ = writeln!(text, "{state} {sockets}");
    }
    text
}
