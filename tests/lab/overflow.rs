//! Queues that overflow: datagrams that no program reads, UNIX connections that no program accepts.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::SocketAddr as UnixAddress;

use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with, sockopt};

/// A UDP socket at that address whose receive buffer takes about this many bytes.
pub(crate) fn udp_reader(at: SocketAddr, buffer: usize) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(at)?;
    sockopt::set_socket_recv_buffer_size(&socket, buffer)?;
    Ok(socket)
}

/// Sends `n` datagrams of this many bytes.
pub(crate) fn datagrams(to: SocketAddr, n: usize, bytes: usize) -> io::Result<()> {
    let socket = UdpSocket::bind((if to.is_ipv4() { "127.0.0.1" } else { "::1" }, 0))?;
    let data = vec![b'x'; bytes];
    for _ in 0..n {
        socket.send_to(&data, to)?;
    }
    Ok(())
}

/// A UNIX stream listener under an abstract name, with that backlog.
pub(crate) fn unix_listener(name: &str, backlog: i32) -> io::Result<OwnedFd> {
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    rustix::net::bind(&socket, &SocketAddrUnix::new_abstract_name(name.as_bytes())?)?;
    rustix::net::listen(&socket, backlog)?;
    Ok(socket)
}

/// Connects to it until it takes no more (EAGAIN), `most` times at most.
pub(crate) fn unix_clients(name: &str, most: usize) -> io::Result<Vec<OwnedFd>> {
    let address = SocketAddrUnix::new_abstract_name(name.as_bytes())?;
    let mut clients = vec![];
    while clients.len() < most {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let client = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
        match connect(client.as_fd(), &address) {
            Ok(()) => clients.push(client),
            Err(rustix::io::Errno::AGAIN) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(clients)
}

/// The abstract name as sockdoc and `ss` show it.
pub(crate) fn shown(name: &str) -> String {
    let address = UnixAddress::from_abstract_name(name).expect("a name");
    let bytes = address.as_abstract_name().unwrap_or_default();
    format!("@{}", String::from_utf8_lossy(bytes))
}
