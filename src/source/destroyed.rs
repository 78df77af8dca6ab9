//! Messages of the kernel about sockets as it destroys them: the multicast groups of `sock_diag`, which any user may
//! join in his own network namespace.
//!
//! A thread reads them, so that the kernel's buffer has to hold only the messages that arrive while this thread is not
//! scheduled. On overflow the kernel drops messages and reports it (`ENOBUFS`); the socket counts the drops.

#![allow(unsafe_code, reason = "no safe crate asks for SO_MEMINFO")]

use std::{
    io,
    os::fd::AsRawFd,
    sync::{Arc, Mutex, PoisonError, mpsc::SyncSender},
    thread::Builder,
    time::{Instant, SystemTime},
};

use netlink_sys::{Socket, protocols::NETLINK_SOCK_DIAG};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    net::sockopt,
};

use super::kernel::receive;
use crate::model::{
    family::{Family, Netid},
    state_change::StateChange,
};

/// The size that is asked for the kernel's buffer, in bytes; without privileges it gets at most `net.core.rmem_max`.
const BUFFER: usize = 32 * 1024 * 1024;

/// Longer than any message about a destroyed socket.
const LONGEST: usize = 4096;

/// The groups (`SKNLGRP_*`).
const GROUPS: [(Family, Netid, u32); 4] = [
    (Family::Inet, Netid::Tcp, 1),
    (Family::Inet, Netid::Udp, 2),
    (Family::Inet6, Netid::Tcp, 3),
    (Family::Inet6, Netid::Udp, 4),
];

/// `SK_MEMINFO_DROPS`: its index among the figures.
const DROPS: usize = 8;

/// A message of the thread.
#[derive(Debug)]
pub enum DestroyEvent {
    /// A datagram about a socket that was destroyed, and when it was read.
    Socket(Vec<u8>, SystemTime, Instant),
    /// Messages were lost between the one before and the next; how many, where the kernel counts them (Linux 4.12).
    Lost(Option<u64>, SystemTime),
    /// A change of the state of a TCP socket; apart, because the messages of this channel stay small.
    Changed(Box<StateChange>),
    /// Nothing more can be read.
    Failed(io::Error),
    /// The run was asked to end.
    Stopped,
}

/// A socket that has joined the groups.
pub struct Destroyed {
    socket: Socket,
    /// Held while a message is on its way from the kernel to the channel.
    on_its_way: Mutex<()>,
}

/// The messages that the kernel holds for the thread which reads them.
pub struct Backlog(Arc<Destroyed>);

impl Backlog {
    /// Whether all messages that the kernel had sent before this call are in the channel.
    pub fn is_read(&self) -> bool {
        let Ok(_none) = self.0.on_its_way.try_lock() else { return false };
        self.0.wait(Some(&Timespec::default())).is_ok_and(|is_readable| !is_readable)
    }
}

impl Destroyed {
    /// Joins the groups of these families and protocols in the network namespace of the calling thread; `None` if they
    /// have no group.
    ///
    /// # Errors
    /// A kernel without `sock_diag` or without the groups (before Linux 4.2), and a sandbox that forbids them.
    pub fn join(families: &[Family], netids: &[Netid]) -> io::Result<Option<Destroyed>> {
        let wanted = GROUPS.iter().filter(|(family, netid, _)| families.contains(family) && netids.contains(netid));
        let mut socket = Socket::new(NETLINK_SOCK_DIAG)?;
        socket.bind_auto()?;
        // Refused without CAP_NET_ADMIN; then as much as everyone may have.
        if sockopt::set_socket_recv_buffer_size_force(&socket, BUFFER).is_err() {
            sockopt::set_socket_recv_buffer_size(&socket, BUFFER)?;
        }
        let mut joined = 0;
        for (.., group) in wanted {
            socket.add_membership(*group)?;
            joined += 1;
        }
        Ok((joined > 0).then_some(Destroyed { socket, on_its_way: Mutex::default() }))
    }

    /// Reads in a thread, until the other end of the channel is gone.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn listen(self, to: SyncSender<DestroyEvent>) -> io::Result<Backlog> {
        let shared = Arc::new(self);
        let read = shared.clone();
        Builder::new().spawn(move || read.read(&to))?;
        Ok(Backlog(shared))
    }

    fn read(&self, to: &SyncSender<DestroyEvent>) {
        let mut buffer = [0; LONGEST];
        let (mut counted, mut has_lost) = (self.drops(), false);
        loop {
            let on_its_way = self.on_its_way.lock().unwrap_or_else(PoisonError::into_inner);
            let heard = match receive(&self.socket, &mut buffer, libc::MSG_DONTWAIT) {
                Ok(length) => {
                    let datagram = buffer.get(..length).unwrap_or_default().to_vec();
                    DestroyEvent::Socket(datagram, SystemTime::now(), Instant::now())
                }
                Err(error) if error.raw_os_error() == Some(libc::ENOBUFS) => {
                    has_lost = true;
                    continue;
                }
                // After a loss the kernel adds nothing before all that it holds is read: the loss belongs behind that.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && has_lost => {
                    has_lost = false;
                    let now = self.drops();
                    let lost = now.zip(counted).map(|(now, before)| u64::from(now.wrapping_sub(before)));
                    counted = now;
                    DestroyEvent::Lost(lost, SystemTime::now())
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    drop(on_its_way);
                    match self.wait(None) {
                        Ok(_) => continue,
                        Err(error) => DestroyEvent::Failed(error),
                    }
                }
                Err(error) => DestroyEvent::Failed(error),
            };
            let is_end = matches!(heard, DestroyEvent::Failed(_));
            if to.send(heard).is_err() || is_end {
                return;
            }
        }
    }

    /// Waits for a message, without a limit if none is given; whether there is one.
    fn wait(&self, limit: Option<&Timespec>) -> io::Result<bool> {
        match poll(&mut [PollFd::new(&self.socket, PollFlags::IN)], limit) {
            Ok(ready) => Ok(ready > 0),
            Err(rustix::io::Errno::INTR) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// How many messages did not fit into the buffer of the socket, since it was made.
    fn drops(&self) -> Option<u32> {
        let mut figures = [0u32; DROPS + 1];
        let mut length = size_of_val(&figures) as libc::socklen_t;
        // SAFETY: the kernel writes at most `length` bytes to `figures`, which are that long.
        let status = unsafe {
            let place = figures.as_mut_ptr().cast();
            libc::getsockopt(self.socket.as_raw_fd(), libc::SOL_SOCKET, libc::SO_MEMINFO, place, &mut length)
        };
        (status == 0 && length as usize == size_of_val(&figures)).then_some(figures[DROPS])
    }
}
