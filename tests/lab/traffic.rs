//! Connections from ports of the kernel's choice, made and ended one at a time in this process.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::{AsFd, OwnedFd};

use rustix::net::{SocketFlags, bind, connect, sockopt};

use super::counts::Inet;
use super::namespace::set_sysctl;
use super::sockets;

/// Which end of a connection hangs up first: there the TIME_WAIT stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum First {
    Client,
    Server,
}

/// A listener on all addresses, at a port below those that the kernel chooses from.
pub(crate) fn server(port: u16) -> OwnedFd {
    let address = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), port);
    sockets::listener_at(address, 4096).expect("a listener")
}

/// A loopback address by its last byte, with a port.
pub(crate) fn loopback(last: u8, port: u16) -> SocketAddr {
    SocketAddr::new(Ipv4Addr::new(127, 0, 0, last).into(), port)
}

/// A connection from a port of the kernel's choice.
pub(crate) fn connect_to(to: SocketAddr) -> io::Result<OwnedFd> {
    let client = sockets::tcp(Inet::V4, SocketFlags::empty())?;
    connect(&client, &to)?;
    Ok(client)
}

/// The begin of a connection that need not succeed.
pub(crate) fn knock(to: SocketAddr) -> io::Result<OwnedFd> {
    let inet = if to.is_ipv4() { Inet::V4 } else { Inet::V6 };
    let client = sockets::tcp(inet, SocketFlags::NONBLOCK)?;
    match connect(&client, &to) {
        Ok(()) | Err(rustix::io::Errno::INPROGRESS) => Ok(client),
        Err(error) => Err(error.into()),
    }
}

/// A connection from a port that the program insists on, left over or not.
pub(crate) fn connect_from(from: SocketAddr, to: SocketAddr) -> io::Result<OwnedFd> {
    let client = sockets::tcp(Inet::V4, SocketFlags::empty())?;
    sockopt::set_socket_reuseaddr(&client, true)?;
    bind(&client, &from)?;
    connect(&client, &to)?;
    Ok(client)
}

/// Makes a connection and ends it, the given end first.
pub(crate) fn one(listener: impl AsFd, to: SocketAddr, first: First) -> io::Result<()> {
    let client = connect_to(to)?;
    end(client, sockets::accepted(listener)?, first);
    Ok(())
}

/// Ends a connection, the given end first.
pub(crate) fn end(client: OwnedFd, server: OwnedFd, first: First) {
    let (first, second) = match first {
        First::Client => (client, server),
        First::Server => (server, client),
    };
    drop(first);
    drop(second);
}

/// How many of `n` connections in a row can be made and ended before one fails, and with what it fails.
pub(crate) fn in_a_row(listener: impl AsFd, to: SocketAddr, first: First, n: usize) -> (usize, Option<io::ErrorKind>) {
    for i in 0..n {
        if let Err(error) = one(listener.as_fd(), to, first) {
            return (i, Some(error.kind()));
        }
    }
    (n, None)
}

/// Leaves the kernel only this many ports to choose from.
pub(crate) fn only_ports(n: u16) {
    let range = format!("40000 {}", 40_000 + n - 1);
    set_sysctl("net.ipv4.ip_local_port_range", &range).expect("a small range of ports");
}

/// How many descriptors this process has.
pub(crate) fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("/proc/self/fd").count()
}
