//! SYN_RECV from nowhere: hand-made SYNs from loopback addresses that never complete the handshake.
//!
//! The listener's SYN-ACK must be swallowed, or the kernel would answer it with a reset. A blind listener on the port the
//! SYNs claim to come from does that: the segment finds a socket, and the socket's filter drops it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::os::fd::OwnedFd;

use rustix::net::{SendFlags, sendto};

use super::counts::{Counts, Inet, State};
use super::holder::Holding;
use super::segments;
use super::sockets;

/// How many half-open connections one listener is given: less than half of its backlog, which is the default somaxconn. A
/// fuller listener gives up after two answers instead of five, 7 s instead of 63 (`reqsk_timer_handler`).
const PER_LISTENER: usize = 2_000;

/// The backlog of such a listener.
const BACKLOG: i32 = 4_096;

/// `n` SYN_RECV sockets with sources numbered from `first`, at one listener for each 2 000, and one blind listener.
pub(crate) fn from_nowhere(first: usize, n: usize) -> io::Result<Holding> {
    let made = Counts::of(Inet::V4, State::SynRecv, n);
    let listeners = n.div_ceil(PER_LISTENER);
    let mut sockets = swallow_answers()?;
    let sender = sockets::raw_ipv4_sender()?;
    for number in 0..listeners {
        let [_, a, b, c] = u32::try_from(first + number).expect("fewer than 2^24").to_be_bytes();
        let address = SocketAddrV4::new(Ipv4Addr::new(127, 64 | a, b, c), 8080);
        sockets.push(sockets::listener_at(address.into(), BACKLOG)?);
        let begin = number * PER_LISTENER;
        for i in begin..n.min(begin + PER_LISTENER) {
            send_syn(&sender, source(first + i), address)?;
        }
    }
    let made = made + Counts::of(Inet::V4, State::Listen, sockets.len());
    Ok(Holding { sockets, made })
}

/// `n` SYN_RECV sockets at a listener that exists already, IPv4 or dual-stack, on any loopback address.
/// Returns what has to be kept to keep them.
pub(crate) fn at_listener(port: u16, first: usize, n: usize) -> io::Result<Vec<OwnedFd>> {
    let kept = swallow_answers()?;
    let sender = sockets::raw_ipv4_sender()?;
    for i in first..first + n {
        send_syn(&sender, source(i), SocketAddrV4::new(Ipv4Addr::LOCALHOST, port))?;
    }
    Ok(kept)
}

/// The port from which all these SYNs claim to come.
const SOURCE_PORT: u16 = 999;

fn swallow_answers() -> io::Result<Vec<OwnedFd>> {
    let address = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), SOURCE_PORT);
    match sockets::listener_at(address, 1) {
        Ok(listener) => {
            sockets::blind(&listener)?;
            Ok(vec![listener])
        }
        // Another holder in this namespace swallows them already.
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Ok(vec![]),
        Err(error) => Err(error),
    }
}

fn source(i: usize) -> Ipv4Addr {
    // 127.2.0.0 and up: apart from the addresses that `mass` gives its clients.
    Ipv4Addr::from(0x7f02_0000 + u32::try_from(i).expect("fewer than 2^32"))
}

fn send_syn(sender: &OwnedFd, from: Ipv4Addr, to: SocketAddrV4) -> io::Result<()> {
    let packet = syn(from, *to.ip(), to.port());
    sendto(sender, &packet, SendFlags::empty(), &SocketAddrV4::new(*to.ip(), 0))?;
    Ok(())
}

/// An IPv4 packet with a TCP header that has the SYN bit and an MSS option.
fn syn(from: Ipv4Addr, to: Ipv4Addr, port: u16) -> [u8; 44] {
    let mut packet = [0_u8; 44];
    // Version 4, header of 5 words. The kernel fills in length, identification and checksum (raw(7)).
    packet[0] = 0x45;
    packet[8] = 64;
    packet[9] = 6;
    packet[12..16].copy_from_slice(&from.octets());
    packet[16..20].copy_from_slice(&to.octets());
    packet[20..22].copy_from_slice(&SOURCE_PORT.to_be_bytes());
    packet[22..24].copy_from_slice(&port.to_be_bytes());
    packet[24..28].copy_from_slice(&u32::from(from).to_be_bytes());
    // Header of 6 words, SYN, window 65 535, MSS 1460.
    packet[32] = 0x60;
    packet[33] = 0x02;
    packet[34..36].copy_from_slice(&[0xff, 0xff]);
    packet[40..44].copy_from_slice(&[2, 4, 0x05, 0xb4]);
    let sum = segments::checksum(from, to, &packet[20..]);
    packet[36..38].copy_from_slice(&sum.to_be_bytes());
    packet
}
