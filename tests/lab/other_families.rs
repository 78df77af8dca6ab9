//! UDP, raw and UNIX sockets.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::OwnedFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr as UnixAddress, UnixDatagram, UnixListener, UnixStream};

use rustix::net::{AddressFamily, Protocol, SocketFlags, SocketType, bind, connect, ipproto, socket_with};

use super::counts::Inet;

fn loopback(inet: Inet) -> IpAddr {
    match inet {
        Inet::V4 => Ipv4Addr::LOCALHOST.into(),
        Inet::V6 => Ipv6Addr::LOCALHOST.into(),
    }
}

/// `n` UDP sockets that are bound and have no peer: the kernel's state CLOSE.
pub(crate) fn udp_unconnected(inet: Inet, n: usize) -> Vec<OwnedFd> {
    (0..n).map(|_| udp(inet).into()).collect()
}

/// `n` UDP sockets connected to the discard port: the kernel's state ESTABLISHED.
pub(crate) fn udp_connected(inet: Inet, n: usize) -> Vec<OwnedFd> {
    (0..n)
        .map(|_| {
            let socket = udp(inet);
            socket.connect(SocketAddr::new(loopback(inet), 9)).expect("a connected UDP socket");
            socket.into()
        })
        .collect()
}

fn udp(inet: Inet) -> UdpSocket {
    UdpSocket::bind(SocketAddr::new(loopback(inet), 0)).expect("a UDP socket")
}

/// A bound UDP-Lite socket; `None` where the kernel has none.
pub(crate) fn udp_lite(inet: Inet) -> Option<OwnedFd> {
    let family = match inet {
        Inet::V4 => AddressFamily::INET,
        Inet::V6 => AddressFamily::INET6,
    };
    let socket = socket_with(family, SocketType::DGRAM, SocketFlags::CLOEXEC, Some(ipproto::UDPLITE)).ok()?;
    bind(&socket, &SocketAddr::new(loopback(inet), 0)).expect("a UDP-Lite socket that is bound");
    Some(socket)
}

/// `n` raw sockets of an unused protocol (253, for experiments: RFC 3692), every second one connected.
pub(crate) fn raw(inet: Inet, n: usize) -> Vec<OwnedFd> {
    let family = match inet {
        Inet::V4 => AddressFamily::INET,
        Inet::V6 => AddressFamily::INET6,
    };
    let protocol = Protocol::from_raw(253.try_into().expect("not 0"));
    (0..n)
        .map(|i| {
            let socket =
                socket_with(family, SocketType::RAW, SocketFlags::CLOEXEC, Some(protocol)).expect("a raw socket");
            if i % 2 == 1 {
                connect(&socket, &SocketAddr::new(loopback(inet), 0)).expect("a connected raw socket");
            }
            socket
        })
        .collect()
}

/// UNIX sockets, three for each of `n`: a listener with an abstract name, a client and the accepted end.
pub(crate) fn unix_streams(n: usize) -> Vec<OwnedFd> {
    let mut sockets: Vec<OwnedFd> = vec![];
    for number in 0..n {
        let name = UnixAddress::from_abstract_name(format!("sockdoc lab {number}")).expect("a name");
        let listener = UnixListener::bind_addr(&name).expect("a UNIX listener");
        let client = UnixStream::connect_addr(&name).expect("a UNIX connection");
        let (server, _) = listener.accept().expect("a UNIX connection");
        sockets.extend([listener.into(), client.into(), server.into()]);
    }
    sockets
}

/// `n` datagram UNIX sockets without a name.
pub(crate) fn unix_datagrams(n: usize) -> Vec<OwnedFd> {
    (0..n).map(|_| UnixDatagram::unbound().expect("a UNIX socket").into()).collect()
}
