//! A packet socket on the near end of the cable: every TCP segment that leaves this host.

#![allow(unsafe_code, reason = "packet sockets have no safe wrapper")]

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use rustix::net::{RecvFlags, recv};

/// Hears everything from now on.
pub(crate) struct Tap(OwnedFd);

/// A segment that was sent: the destination's port, its flags, and how much data it had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Segment {
    pub(crate) port: u16,
    pub(crate) flags: u8,
    pub(crate) data: usize,
}

impl Tap {
    pub(crate) fn open() -> Self {
        let every = i32::from(u16::to_be(libc::ETH_P_ALL as u16));
        // SAFETY: a system call without pointers.
        let socket = unsafe { libc::socket(libc::AF_PACKET, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, every) };
        assert!(socket >= 0, "a packet socket: {}", io::Error::last_os_error());
        // SAFETY: the kernel has just made this descriptor, so it has no other owner.
        Self(unsafe { OwnedFd::from_raw_fd(socket) })
    }

    /// The TCP segments over IPv4 that were sent since it was opened, in their order.
    pub(crate) fn sent(&self) -> Vec<Segment> {
        let mut segments = vec![];
        loop {
            let mut packet = [0_u8; 2048];
            // SAFETY: `sockaddr_ll` is plain data, for which all zeroes is a value.
            let mut from: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
            let mut length = size_of::<libc::sockaddr_ll>() as libc::socklen_t;
            // SAFETY: the descriptor is open; the kernel writes no more than the lengths given.
            let received = unsafe {
                let to = packet.as_mut_ptr().cast();
                let sender = (&raw mut from).cast();
                libc::recvfrom(self.0.as_raw_fd(), to, packet.len(), libc::MSG_DONTWAIT, sender, &mut length)
            };
            let Ok(received) = usize::try_from(received) else { return segments };
            if from.sll_pkttype == libc::PACKET_OUTGOING {
                segments.extend(segment(&packet[..received]));
            }
        }
    }

    /// Throws away what it heard so far.
    pub(crate) fn forget(&self) {
        while recv(&self.0, &mut [0_u8; 2048][..], RecvFlags::DONTWAIT).is_ok() {}
    }
}

/// The TCP segment in an IPv4 packet.
fn segment(packet: &[u8]) -> Option<Segment> {
    const TCP: u8 = 6;
    let header = usize::from(packet.first()? & 0x0f) * 4;
    let total = usize::from(u16::from_be_bytes([*packet.get(2)?, *packet.get(3)?]));
    if packet[0] >> 4 != 4 || packet.get(9) != Some(&TCP) {
        return None;
    }
    let tcp = packet.get(header..total)?;
    let data = total - header - usize::from(tcp.get(12)? >> 4) * 4;
    Some(Segment { port: u16::from_be_bytes([tcp[2], tcp[3]]), flags: tcp[13], data })
}
