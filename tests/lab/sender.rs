//! A program that sends on connections it made: endlessly, or a limited amount at a time.

use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, SocketFlags, connect, recv, send, sockopt};

use super::actor::{Actor, stay};
use super::counts::Inet;
use super::sockets;

/// How much it sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sends {
    /// As much as the connection takes, without end.
    AllItCan,
    /// This many bytes on each, every 20 ms.
    Paced(usize),
    /// This many bytes on each, once.
    Once(usize),
}

/// The plan of a sender.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    pub(crate) name: &'static str,
    /// A connection to each of these.
    pub(crate) to: Vec<SocketAddr>,
    pub(crate) sends: Sends,
    /// SO_SNDBUF.
    pub(crate) send_buffer: Option<usize>,
    /// TCP_USER_TIMEOUT, in ms: with it a connection is given up, and closed.
    pub(crate) gives_up: Option<u32>,
}

impl Sender {
    /// This many connections to one address, and as much on each as it takes.
    pub(crate) fn to(to: SocketAddr, connections: usize) -> Self {
        Self { name: "sender", to: vec![to; connections], sends: Sends::AllItCan, send_buffer: None, gives_up: None }
    }

    /// Starts it, and returns when all are connected.
    #[track_caller]
    pub(crate) fn start(self) -> Actor {
        Actor::start(self.name, None, move |ready| {
            let mut open: Vec<OwnedFd> = self.to.iter().map(|to| self.one(*to).expect("a connection")).collect();
            ready.now();
            if let Sends::Once(bytes) = self.sends {
                open.retain(|socket| put(socket, bytes) != Put::Failed);
            }
            loop {
                self.wait(&open);
                open.retain(|socket| self.attend(socket));
                if open.is_empty() {
                    stay();
                }
            }
        })
    }

    fn one(&self, to: SocketAddr) -> io::Result<OwnedFd> {
        let inet = if to.is_ipv4() { Inet::V4 } else { Inet::V6 };
        let socket = sockets::tcp(inet, SocketFlags::empty())?;
        if let Some(size) = self.send_buffer {
            sockopt::set_socket_send_buffer_size(&socket, size)?;
        }
        if let Some(milliseconds) = self.gives_up {
            sockopt::set_tcp_user_timeout(&socket, milliseconds)?;
        }
        connect(&socket, &to)?;
        Ok(socket)
    }

    fn wait(&self, open: &[OwnedFd]) {
        let wanted = if self.sends == Sends::AllItCan { PollFlags::OUT } else { PollFlags::empty() };
        let mut wanted: Vec<PollFd<'_>> = open.iter().map(|socket| PollFd::new(socket, wanted)).collect();
        let tick = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
        // Interrupted is as good as nothing to do.
        let _ = poll(&mut wanted, Some(&tick));
    }

    /// False when the connection has failed and is to be closed.
    fn attend(&self, socket: &OwnedFd) -> bool {
        let failed = match self.sends {
            Sends::AllItCan => loop {
                match put(socket, 65_536) {
                    Put::All => {}
                    Put::Part => break false,
                    Put::Failed => break true,
                }
            },
            Sends::Paced(bytes) => put(socket, bytes) == Put::Failed,
            Sends::Once(_) => !matches!(recv(socket, &mut [0; 16], RecvFlags::DONTWAIT), Err(Errno::AGAIN)),
        };
        !failed
    }
}

#[derive(PartialEq, Eq)]
enum Put {
    All,
    Part,
    Failed,
}

fn put(socket: &OwnedFd, bytes: usize) -> Put {
    match send(socket, &vec![b'x'; bytes], SendFlags::DONTWAIT | SendFlags::NOSIGNAL) {
        Ok(sent) if sent == bytes => Put::All,
        Ok(_) | Err(Errno::AGAIN) => Put::Part,
        Err(_) => Put::Failed,
    }
}
