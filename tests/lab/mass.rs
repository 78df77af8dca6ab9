//! Sockets by the ten thousands and up to the million, in as many holder processes as the descriptor limit asks for.
//!
//! Every client has its own loopback address and port, bound explicitly: the kernel's search for a free port would cost
//! more than the connection. Repeated calls in one namespace go on where the last one ended, so they can be added up.
//! The process that calls should have one thread (it forks) and have entered a namespace.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::net::{SocketFlags, bind, connect, sockopt};

use super::counts::{Counts, Inet, State};
use super::half_open;
use super::holder::{Holder, Holding};
use super::namespace::{raise_descriptor_limit, set_sysctl};
use super::sockets;

/// Many sockets, held until this is dropped; TIME_WAIT live on by the kernel's own clock.
#[derive(Default)]
pub(crate) struct Mass {
    holders: Vec<Holder>,
    made: Counts,
}

impl Mass {
    /// The made sockets, including the listeners.
    pub(crate) fn made(&self) -> &Counts {
        &self.made
    }

    /// How many processes hold them.
    pub(crate) fn holders(&self) -> usize {
        self.holders.len()
    }

    /// Holds the sockets of both.
    pub(crate) fn and(mut self, mut other: Self) -> Self {
        self.made += &other.made;
        self.holders.append(&mut other.holders);
        self
    }
}

/// `n` ESTABLISHED sockets: both ends of `n / 2` accepted connections, of the given family.
pub(crate) fn established(inet: Inet, n: usize) -> Mass {
    in_holders(n / 2, 2, move |first, n| {
        let (server, listener) = listen(inet, first)?;
        let mut sockets = vec![];
        for i in first..first + n {
            let client = connection(inet, i, server)?;
            sockets.push(sockets::accepted(&listener)?);
            sockets.push(client);
        }
        sockets.push(listener);
        let made = Counts::of(inet, State::Established, 2 * n) + Counts::of(inet, State::Listen, 1);
        Ok(Holding { sockets, made })
    })
}

/// `n` CLOSE_WAIT sockets whose program has read the end of the stream; their peers are gone without a trace.
pub(crate) fn close_wait(inet: Inet, n: usize) -> Mass {
    in_holders(n, 1, move |first, n| {
        let (server, listener) = listen(inet, first)?;
        let mut sockets = vec![];
        for i in first..first + n {
            let client = connection(inet, i, server)?;
            let accepted = sockets::accepted(&listener)?;
            sockets::finish(&client)?;
            rustix::io::read(&accepted, &mut [0_u8])?;
            // The FIN's acknowledgement may be delayed (40 ms); found by no socket it would be answered with a reset.
            sockopt::set_tcp_quickack(&accepted, true)?;
            sockets::vanish(client)?;
            sockets.push(accepted);
        }
        sockets.push(listener);
        let made = Counts::of(inet, State::CloseWait, n) + Counts::of(inet, State::Listen, 1);
        Ok(Holding { sockets, made })
    })
}

/// `n` TIME_WAIT sockets on the connecting side. No descriptor holds them; each is gone 60 s after it was made.
///
/// Above the default limit (half the hash table) this needs a writable `net.ipv4.tcp_max_tw_buckets`.
pub(crate) fn time_wait(inet: Inet, n: usize) -> Mass {
    time_wait_of(inet, n, false)
}

/// `n` TIME_WAIT sockets on the listening side: the server hung up first.
pub(crate) fn time_wait_at_server(inet: Inet, n: usize) -> Mass {
    time_wait_of(inet, n, true)
}

fn time_wait_of(inet: Inet, n: usize, server_first: bool) -> Mass {
    if n > 30_000 {
        set_sysctl("net.ipv4.tcp_max_tw_buckets", "4000000").expect("room for the TIME_WAIT sockets");
    }
    // Holders of nothing but a listener: as many as there are usually processors, or as the ports of the one IPv6 address ask for.
    let most = match inet {
        Inet::V4 => n.div_ceil(2).max(5_000),
        Inet::V6 => PORTS,
    };
    in_holders_of(n, most, move |first, n| {
        let (server, listener) = listen(inet, first)?;
        for i in first..first + n {
            let client = connection(inet, i, server)?;
            let accepted = sockets::accepted(&listener)?;
            if server_first {
                drop(accepted);
                drop(client);
            } else {
                drop(client);
                drop(accepted);
            }
        }
        let made = Counts::of(inet, State::TimeWait, n) + Counts::of(inet, State::Listen, 1);
        let sockets = vec![listener];
        Ok(Holding { sockets, made })
    })
}

/// `n` LISTEN sockets.
pub(crate) fn listening(inet: Inet, n: usize) -> Mass {
    in_holders(n, 1, move |first, n| {
        let mut sockets = vec![];
        for i in first..first + n {
            let mut address = client_address(inet, i);
            if inet == Inet::V6 {
                // The one IPv6 address is shared with the clients: they bind the ports below.
                address.set_port(address.port() + 22_768);
            }
            sockets.push(sockets::listener_at(address, 16)?);
        }
        let made = Counts::of(inet, State::Listen, n);
        Ok(Holding { sockets, made })
    })
}

/// `n` SYN_RECV sockets from as many spoofed IPv4 sources; each is gone after about 63 s, or with its listener.
pub(crate) fn syn_recv(n: usize) -> Mass {
    in_holders_of(n, 100_000, half_open::from_nowhere)
}

/// The mixture on which sockdoc is measured: of `n` sockets 10 % CLOSE_WAIT, 1 % LISTEN, the rest ESTABLISHED (a tenth
/// of those IPv6).
pub(crate) fn mixture(n: usize) -> Mass {
    let (close_wait_n, listen_n) = (n / 10, n / 100);
    let open = n - close_wait_n - listen_n;
    let mass = established(Inet::V4, open - open / 10)
        .and(established(Inet::V6, open / 10))
        .and(close_wait(Inet::V4, close_wait_n));
    let listeners = mass.made().state(State::Listen);
    mass.and(listening(Inet::V4, listen_n.saturating_sub(listeners)))
}

/// Where the next call goes on: one number for each client that was ever made here.
static NEXT: AtomicUsize = AtomicUsize::new(0);

fn in_holders(n: usize, descriptors_each: usize, make: impl Fn(usize, usize) -> io::Result<Holding>) -> Mass {
    // Half of what the limit allows: a program near its limit is a finding.
    let most = raise_descriptor_limit().min(40_000) / 2 / descriptors_each;
    in_holders_of(n, most.min(PORTS), make)
}

fn in_holders_of(n: usize, most: usize, make: impl Fn(usize, usize) -> io::Result<Holding>) -> Mass {
    let mut mass = Mass::default();
    let mut left = n;
    while left > 0 {
        let share = left.min(most);
        let first = NEXT.fetch_add(share, Ordering::Relaxed);
        mass.holders.push(Holder::start(|| {
            raise_descriptor_limit();
            match make(first, share) {
                Ok(holding) => holding,
                Err(error) => panic!("sockets {first} to {}: {error}", first + share),
            }
        }));
        left -= share;
        // Two at a time: more would only compete for the processors.
        if let Some(earlier) = mass.holders.len().checked_sub(2) {
            mass.holders[earlier].ready();
        }
    }
    for holder in &mut mass.holders {
        mass.made += holder.ready();
    }
    mass
}

/// How many ports of one address are used before the next address: small enough to leave the low ports alone.
const PORTS: usize = 20_000;

/// The listener of the holder that begins with client number `first`.
fn listen(inet: Inet, first: usize) -> io::Result<(SocketAddr, OwnedFd)> {
    let address = match inet {
        Inet::V4 => {
            let [_, a, b, c] = u32::try_from(first).expect("fewer than 2^24").to_be_bytes();
            SocketAddr::new(Ipv4Addr::new(127, 128 | a, b, c).into(), 8080)
        }
        // There is one IPv6 loopback address, so each holder needs its own port, and one that connect() does not choose
        // from. The process id tells holders apart.
        Inet::V6 => SocketAddr::new(Ipv6Addr::LOCALHOST.into(), 2_000 + (std::process::id() % 7_000) as u16),
    };
    let listener = sockets::listener_at(address, 4096)?;
    Ok((sockets::local_address(&listener)?, listener))
}

fn client_address(inet: Inet, i: usize) -> SocketAddr {
    let port = u16::try_from(10_000 + i % PORTS).expect("below 30 000");
    let ip: IpAddr = match inet {
        Inet::V4 => {
            let [_, _, high, low] = u32::try_from(i / PORTS).expect("fewer than 2^32").to_be_bytes();
            Ipv4Addr::new(127, 1, high, low).into()
        }
        Inet::V6 => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, port)
}

/// Client number `i`, connected. A port of the kernel's choice would not do: it might be that of a client that is gone,
/// and its SYN would meet what the earlier one left at the server.
fn connection(inet: Inet, i: usize, server: SocketAddr) -> io::Result<OwnedFd> {
    let client = sockets::tcp(inet, SocketFlags::empty())?;
    // Lets IPv6 clients of different servers share a port.
    sockopt::set_socket_reuseaddr(&client, true)?;
    bind(&client, &client_address(inet, i))?;
    connect(&client, &server)?;
    Ok(client)
}
