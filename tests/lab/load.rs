//! Clients in their own process: the load under which a program is watched.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::net::{RecvFlags, SendFlags, SocketFlags, bind, connect, recv, send, sockopt};

use super::actor::{Actor, stay};
use super::counts::Inet;
use super::sockets;

/// The action of a client after its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    /// Closes.
    Closes,
    /// Closes with a reset (SO_LINGER with 0 s).
    Aborts,
    /// Sends its FIN and keeps the descriptor: a half-close.
    Finishes,
    /// Keeps the connection open.
    Stays,
    /// Waits for the server to hang up, then closes.
    Follows,
    /// Waits for the server to hang up, and never closes: a leak.
    Forgets,
}

/// The plan of a load.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    pub(crate) name: &'static str,
    pub(crate) to: SocketAddr,
    /// The local address; the kernel's choice by default.
    pub(crate) from: Option<Ipv4Addr>,
    /// The number of connections; `usize::MAX` never ends.
    pub(crate) connections: usize,
    /// How many are begun each second, at most.
    pub(crate) per_second: Option<u32>,
    /// Bytes that each sends.
    pub(crate) request: usize,
    /// Whether it waits until as many bytes came back, for 5 s at most.
    pub(crate) awaits_answer: bool,
    pub(crate) ends: Ends,
    /// SO_KEEPALIVE with this idle time.
    pub(crate) keepalive: Option<Duration>,
    /// The soft limit of descriptors.
    pub(crate) descriptors: Option<u64>,
}

impl Load {
    /// This many connections, one after the other, each with a request, its answer, and close().
    pub(crate) fn to(to: SocketAddr, connections: usize) -> Self {
        Self {
            name: "client",
            to,
            from: None,
            connections,
            per_second: None,
            request: 100,
            awaits_answer: true,
            ends: Ends::Closes,
            keepalive: None,
            descriptors: None,
        }
    }

    /// Runs it, and returns when all connections were made and ended as planned; those that stay are held until the
    /// guard is dropped.
    #[track_caller]
    pub(crate) fn complete(self) -> Actor {
        Actor::start(self.name, self.descriptors, move |ready| {
            let kept = self.work().expect("a connection that works");
            ready.now();
            let _kept = kept;
            stay();
        })
    }

    /// Starts it, and returns at once. It ignores errors: an overloaded server is part of the plan.
    #[track_caller]
    pub(crate) fn begin(self) -> Actor {
        Actor::start(self.name, self.descriptors, move |ready| {
            ready.now();
            let begin = Instant::now();
            let mut kept = vec![];
            for i in 0..self.connections {
                self.pace(begin, i);
                kept.extend(self.one().ok().flatten());
            }
            stay();
        })
    }

    fn work(&self) -> io::Result<Vec<OwnedFd>> {
        let begin = Instant::now();
        let mut kept = vec![];
        for i in 0..self.connections {
            self.pace(begin, i);
            kept.extend(self.one()?);
        }
        Ok(kept)
    }

    fn pace(&self, begin: Instant, i: usize) {
        if let Some(rate) = self.per_second {
            let due = begin + Duration::from_secs_f64(i as f64 / f64::from(rate));
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
    }

    /// One connection; returns the part to keep.
    fn one(&self) -> io::Result<Option<OwnedFd>> {
        let inet = if self.to.is_ipv4() { Inet::V4 } else { Inet::V6 };
        let socket = sockets::tcp(inet, SocketFlags::empty())?;
        sockopt::set_socket_timeout(&socket, sockopt::Timeout::Recv, Some(Duration::from_secs(5)))?;
        if let Some(idle) = self.keepalive {
            sockopt::set_socket_keepalive(&socket, true)?;
            sockopt::set_tcp_keepidle(&socket, idle)?;
            sockopt::set_tcp_keepintvl(&socket, idle)?;
        }
        if let Some(from) = self.from {
            // Without IP_BIND_ADDRESS_NO_PORT, as many programs do: the port is taken for all destinations.
            bind(&socket, &SocketAddr::new(from.into(), 0))?;
        }
        connect(&socket, &self.to)?;
        if self.request > 0 {
            send(&socket, &vec![b'?'; self.request], SendFlags::NOSIGNAL)?;
        }
        let mut left = if self.awaits_answer { self.request } else { 0 };
        let mut buffer = [0_u8; 16_384];
        while left > 0 {
            let (length, _) = recv(&socket, &mut buffer, RecvFlags::empty())?;
            if length == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            left = left.saturating_sub(length);
        }
        match self.ends {
            Ends::Closes => Ok(None),
            Ends::Aborts => {
                sockopt::set_socket_linger(&socket, Some(Duration::ZERO))?;
                Ok(None)
            }
            Ends::Finishes => {
                sockets::finish(&socket)?;
                Ok(Some(socket))
            }
            Ends::Stays => Ok(Some(socket)),
            Ends::Follows | Ends::Forgets => {
                while recv(&socket, &mut buffer, RecvFlags::empty())?.0 > 0 {}
                Ok((self.ends == Ends::Forgets).then_some(socket))
            }
        }
    }
}
