//! Programs that connect: how they come by their local ports, how many they hold, and how long they try.

#![allow(unsafe_code, reason = "IP_BIND_ADDRESS_NO_PORT has no safe wrapper")]

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::time::Duration;

use rustix::net::{RecvFlags, SendFlags, SocketFlags, bind, connect, recv, send};

use super::actor::{Actor, stay};
use super::check::Finding;
use super::counts::Inet;
use super::path::Far;
use super::server::Server;
use super::sockets;
use super::traffic;

/// Where the local port of a connection comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Port {
    /// connect() chooses it.
    AtConnect,
    /// bind() to an address and port 0 chooses it: it is taken for all destinations.
    AtBind(Ipv4Addr),
    /// bind() takes the address, connect() the port (IP_BIND_ADDRESS_NO_PORT).
    LateAtBind(Ipv4Addr),
}

/// One connection.
pub(crate) fn connected(to: SocketAddr, port: Port) -> io::Result<OwnedFd> {
    let inet = if to.is_ipv4() { Inet::V4 } else { Inet::V6 };
    let socket = sockets::tcp(inet, SocketFlags::empty())?;
    match port {
        Port::AtConnect => {}
        Port::AtBind(from) => bind(&socket, &SocketAddr::new(from.into(), 0))?,
        Port::LateAtBind(from) => {
            bind_without_port(&socket)?;
            bind(&socket, &SocketAddr::new(from.into(), 0))?;
        }
    }
    connect(&socket, &to)?;
    Ok(socket)
}

/// A program that holds `each` connections to each of these services.
#[track_caller]
pub(crate) fn holder(to: &[SocketAddr], each: usize, port: Port) -> Actor {
    Actor::start("holder", None, |ready| {
        let places = to.iter().flat_map(|&to| std::iter::repeat_n(to, each));
        let _held: Vec<OwnedFd> = places.map(|to| connected(to, port).expect("a local port")).collect();
        ready.now();
        stay();
    })
}

/// A program that sends `n` requests over one connection, which it keeps: a pool.
#[track_caller]
pub(crate) fn pool(to: SocketAddr, n: usize) -> Actor {
    Actor::start("client", None, move |ready| {
        let socket = connected(to, Port::AtConnect).expect("a connection");
        for _ in 0..n {
            send(&socket, &[b'?'; 100], SendFlags::NOSIGNAL).expect("a request");
            let mut left = 100_usize;
            while left > 0 {
                let (length, _) = recv(&socket, &mut [0_u8; 100], RecvFlags::empty()).expect("an answer");
                left = left.checked_sub(length).filter(|_| length > 0).expect("the whole answer");
            }
        }
        ready.now();
        stay();
    })
}

/// A program that begins a connection to each of these, and waits for as long as the kernel does.
#[track_caller]
pub(crate) fn attempts(to: &[SocketAddr]) -> Actor {
    Actor::start("caller", None, |ready| {
        let _held: Vec<OwnedFd> = to.iter().map(|&to| traffic::knock(to).expect("a SYN sent")).collect();
        ready.now();
        stay();
    })
}

/// A program that gives up an attempt after this time, and tries again, forever.
#[track_caller]
pub(crate) fn impatient(to: SocketAddr, patience: Duration) -> Actor {
    impatient_with(&[to], patience)
}

/// The same with an attempt to each of these at once.
pub(crate) fn impatient_with(to: &[SocketAddr], patience: Duration) -> Actor {
    Actor::start("caller", None, |ready| {
        ready.now();
        loop {
            let _held: Vec<OwnedFd> = to.iter().map(|&to| traffic::knock(to).expect("a SYN sent")).collect();
            std::thread::sleep(patience);
        }
    })
}

/// The process of the program that holds the listener, or connects to the destination, that a finding is about.
pub(crate) fn program_of(found: &Finding) -> Option<u32> {
    u32::try_from(found.0.pointer("/subject/program/pid")?.as_u64()?).ok()
}

/// Whether a finding is about that address and port: a listener's or a destination's.
pub(crate) fn is_about(found: &Finding, place: SocketAddr) -> bool {
    let subject = &found.0["subject"];
    subject["address"] == place.ip().to_string() && subject["port"] == place.port()
}

/// Whether the evidence of a finding has a figure of that name.
pub(crate) fn has(found: &Finding, name: &str) -> bool {
    found.0["evidence"].as_array().is_some_and(|evidence| evidence.iter().any(|figure| figure["name"] == name))
}

/// Starts a server on another host.
#[track_caller]
pub(crate) fn serve(far: &Far, server: Server) -> Actor {
    far.start(server.name, |ready| {
        let _running = server.start();
        ready.now();
        stay();
    })
}

fn bind_without_port(socket: impl AsFd) -> io::Result<()> {
    let on = 1_i32;
    let length = libc::socklen_t::try_from(size_of::<i32>()).expect("4 fits");
    // SAFETY: the descriptor is open, and the kernel reads `length` bytes of a value that outlives the call.
    let status = unsafe {
        let value = std::ptr::from_ref(&on).cast();
        libc::setsockopt(socket.as_fd().as_raw_fd(), libc::IPPROTO_IP, libc::IP_BIND_ADDRESS_NO_PORT, value, length)
    };
    if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
