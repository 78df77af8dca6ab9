//! TCP segments made by hand, and the sequence numbers they need.

#![allow(unsafe_code, reason = "TCP_REPAIR has no safe wrapper")]

use std::io;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rustix::net::{SendFlags, sendto};

use super::sockets;

/// The SYN bit of the flags byte.
pub(crate) const SYN: u8 = 0x02;
/// The RST bit.
pub(crate) const RST: u8 = 0x04;

/// Sends one segment without data, as if it came from `from`.
pub(crate) fn send(from: SocketAddrV4, to: SocketAddrV4, flags: u8, sequence: u32) -> io::Result<()> {
    let sender: OwnedFd = sockets::raw_ipv4_sender()?;
    let packet = segment(from, to, flags, sequence);
    sendto(&sender, &packet, SendFlags::empty(), &SocketAddrV4::new(*to.ip(), 0))?;
    Ok(())
}

/// The sequence number of the next byte that a connected socket will send. Needs `CAP_NET_ADMIN` over the namespace.
pub(crate) fn next_to_send(socket: impl AsFd) -> io::Result<u32> {
    const TCP_SEND_QUEUE: i32 = 2;
    // Off again without the window probe that otherwise follows (TCP_REPAIR_OFF_NO_WP).
    const OFF: i32 = -1;
    set(&socket, libc::TCP_REPAIR, 1)?;
    set(&socket, libc::TCP_REPAIR_QUEUE, TCP_SEND_QUEUE)?;
    let mut sequence = 0_u32;
    let mut length = libc::socklen_t::try_from(size_of::<u32>()).expect("4 fits");
    // SAFETY: the descriptor is open, and the kernel writes at most `length` bytes of a value that outlives the call.
    let status = unsafe {
        let value = std::ptr::from_mut(&mut sequence).cast();
        libc::getsockopt(socket.as_fd().as_raw_fd(), libc::IPPROTO_TCP, libc::TCP_QUEUE_SEQ, value, &mut length)
    };
    let error = io::Error::last_os_error();
    set(&socket, libc::TCP_REPAIR, OFF)?;
    if status == 0 { Ok(sequence) } else { Err(error) }
}

/// Connections that wait in a listener's accept queue, and the most that may: one more than this fits.
pub(crate) fn accept_queue(listener: impl AsFd) -> io::Result<(u32, u32)> {
    // SAFETY: tcp_info is plain data, for which all zeroes is a value.
    let mut info: libc::tcp_info = unsafe { std::mem::zeroed() };
    let mut length = libc::socklen_t::try_from(size_of::<libc::tcp_info>()).expect("it is small");
    // SAFETY: as above, for the structure.
    let status = unsafe {
        let value = std::ptr::from_mut(&mut info).cast();
        libc::getsockopt(listener.as_fd().as_raw_fd(), libc::IPPROTO_TCP, libc::TCP_INFO, value, &mut length)
    };
    if status == 0 { Ok((info.tcpi_unacked, info.tcpi_sacked)) } else { Err(io::Error::last_os_error()) }
}

fn set(socket: impl AsFd, name: i32, value: i32) -> io::Result<()> {
    let length = libc::socklen_t::try_from(size_of::<i32>()).expect("4 fits");
    // SAFETY: the descriptor is open, and the kernel reads `length` bytes of a value that outlives the call.
    let status = unsafe {
        let value = std::ptr::from_ref(&value).cast();
        libc::setsockopt(socket.as_fd().as_raw_fd(), libc::IPPROTO_TCP, name, value, length)
    };
    if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn segment(from: SocketAddrV4, to: SocketAddrV4, flags: u8, sequence: u32) -> [u8; 40] {
    let mut packet = [0_u8; 40];
    // Version 4, header of 5 words. The kernel fills in length, identification and checksum (raw(7)).
    packet[0] = 0x45;
    packet[8] = 64;
    packet[9] = 6;
    packet[12..16].copy_from_slice(&from.ip().octets());
    packet[16..20].copy_from_slice(&to.ip().octets());
    packet[20..22].copy_from_slice(&from.port().to_be_bytes());
    packet[22..24].copy_from_slice(&to.port().to_be_bytes());
    packet[24..28].copy_from_slice(&sequence.to_be_bytes());
    // Header of 5 words.
    packet[32] = 0x50;
    packet[33] = flags;
    let sum = checksum(*from.ip(), *to.ip(), &packet[20..]);
    packet[36..38].copy_from_slice(&sum.to_be_bytes());
    packet
}

/// The TCP checksum over pseudo header and segment (RFC 9293 section 3.1), for a segment whose checksum field is 0.
pub(crate) fn checksum(from: Ipv4Addr, to: Ipv4Addr, segment: &[u8]) -> u16 {
    let addresses = [from.octets(), to.octets()].concat();
    let words = addresses.chunks_exact(2).chain(segment.chunks_exact(2));
    let mut sum: u32 = words.map(|word| u32::from(word[0]) << 8 | u32::from(word[1])).sum();
    sum += 6 + u32::try_from(segment.len()).expect("a short segment");
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).expect("folded to 16 bits")
}
