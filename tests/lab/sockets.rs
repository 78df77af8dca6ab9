//! Single sockets and connected pairs, and the two tricks that bring them into rare states on a plain loopback.
//!
//! *Blind*: a socket filter that drops everything. The kernel runs it before TCP sees a segment (`tcp_filter` in
//! `tcp_v4_rcv`), so a blind socket neither hears nor acknowledges anything, as if its peer's packets were lost on the way.
//! *Vanish*: a socket closed in repair mode sends nothing, as if its host had lost power.

#![allow(unsafe_code, reason = "SO_ATTACH_FILTER and TCP_REPAIR have no safe wrapper")]

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rustix::net::{
    AddressFamily, SendFlags, Shutdown, SocketFlags, SocketType, accept_with, bind, connect, getsockname, ipproto,
    listen, send, shutdown, socket_with, sockopt,
};

use super::counts::Inet;

/// Which records the two ends of a connection get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// IPv4 at both ends.
    V4,
    /// IPv6 at both ends.
    V6,
    /// An IPv4 client of a dual-stack server, whose record is IPv6 with a v4-mapped address.
    Dual,
    /// v4-mapped addresses on IPv6 sockets at both ends.
    Mapped,
}

impl Family {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::V4, Self::V6, Self::Dual, Self::Mapped];

    /// The family of the listener's record and of what it accepts.
    pub(crate) fn server(self) -> Inet {
        match self {
            Self::V4 => Inet::V4,
            Self::V6 | Self::Dual | Self::Mapped => Inet::V6,
        }
    }

    /// The family of the connecting socket's record.
    pub(crate) fn client(self) -> Inet {
        match self {
            Self::V4 | Self::Dual => Inet::V4,
            Self::V6 | Self::Mapped => Inet::V6,
        }
    }

    /// The address that a server binds.
    pub(crate) fn listen_address(self) -> IpAddr {
        match self {
            Self::V4 => Ipv4Addr::LOCALHOST.into(),
            Self::V6 => Ipv6Addr::LOCALHOST.into(),
            Self::Dual | Self::Mapped => Ipv6Addr::UNSPECIFIED.into(),
        }
    }

    /// The address that a client connects to.
    pub(crate) fn connect_address(self) -> IpAddr {
        match self {
            Self::V4 | Self::Dual => Ipv4Addr::LOCALHOST.into(),
            Self::V6 => Ipv6Addr::LOCALHOST.into(),
            Self::Mapped => Ipv4Addr::LOCALHOST.to_ipv6_mapped().into(),
        }
    }
}

/// A TCP socket, dual-stack where it is IPv6.
pub(crate) fn tcp(inet: Inet, flags: SocketFlags) -> io::Result<OwnedFd> {
    let family = match inet {
        Inet::V4 => AddressFamily::INET,
        Inet::V6 => AddressFamily::INET6,
    };
    let socket = socket_with(family, SocketType::STREAM, flags | SocketFlags::CLOEXEC, None)?;
    if inet == Inet::V6 {
        sockopt::set_ipv6_v6only(&socket, false)?;
    }
    Ok(socket)
}

/// A listener at that address (port 0: any) with that backlog.
pub(crate) fn listener_at(address: SocketAddr, backlog: i32) -> io::Result<OwnedFd> {
    let inet = if address.is_ipv4() { Inet::V4 } else { Inet::V6 };
    let socket = tcp(inet, SocketFlags::empty())?;
    sockopt::set_socket_reuseaddr(&socket, true)?;
    bind(&socket, &address)?;
    listen(&socket, backlog)?;
    Ok(socket)
}

/// A listener for that family on a port of the kernel's choice.
pub(crate) fn listener(family: Family, backlog: i32) -> io::Result<OwnedFd> {
    listener_at(SocketAddr::new(family.listen_address(), 0), backlog)
}

/// The local address of a socket.
pub(crate) fn local_address(socket: impl AsFd) -> io::Result<SocketAddr> {
    Ok(SocketAddr::try_from(getsockname(socket)?)?)
}

/// A client's connection to a listener of that family, complete when this returns.
pub(crate) fn connected(family: Family, listener: impl AsFd) -> io::Result<OwnedFd> {
    let client = tcp(family.client(), SocketFlags::empty())?;
    connect(&client, &target(family, listener)?)?;
    Ok(client)
}

/// Begins a connection whose handshake need not succeed; `prepare` may make the socket blind before the first packet.
pub(crate) fn connecting(
    family: Family,
    listener: impl AsFd,
    prepare: impl FnOnce(&OwnedFd) -> io::Result<()>,
) -> io::Result<OwnedFd> {
    let client = tcp(family.client(), SocketFlags::NONBLOCK)?;
    prepare(&client)?;
    match connect(&client, &target(family, listener)?) {
        Ok(()) | Err(rustix::io::Errno::INPROGRESS) => Ok(client),
        Err(error) => Err(error.into()),
    }
}

/// Where a client of that family reaches a listener.
pub(crate) fn target(family: Family, listener: impl AsFd) -> io::Result<SocketAddr> {
    let port = local_address(listener)?.port();
    Ok(SocketAddr::new(family.connect_address(), port))
}

/// Takes the next connection from a listener, waiting for it.
pub(crate) fn accepted(listener: impl AsFd) -> io::Result<OwnedFd> {
    Ok(accept_with(listener, SocketFlags::CLOEXEC)?)
}

/// The two ends of one connection.
pub(crate) struct Pair {
    pub(crate) client: OwnedFd,
    pub(crate) server: OwnedFd,
}

/// `n` accepted connections to a listener.
pub(crate) fn pairs(family: Family, listener: impl AsFd, n: usize) -> io::Result<Vec<Pair>> {
    (0..n)
        .map(|_| {
            let client = connected(family, listener.as_fd())?;
            let server = accepted(listener.as_fd())?;
            Ok(Pair { client, server })
        })
        .collect()
}

/// Sends a FIN and keeps the descriptor.
pub(crate) fn finish(socket: impl AsFd) -> io::Result<()> {
    Ok(shutdown(socket, Shutdown::Write)?)
}

/// Writes until neither side's buffer takes more.
pub(crate) fn fill(socket: impl AsFd) -> io::Result<()> {
    loop {
        match send(&socket, &[b'x'; 65_536], SendFlags::DONTWAIT) {
            Ok(_) => {}
            Err(rustix::io::Errno::AGAIN) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// A TCP socket bound to a port of the kernel's choice, and nothing more.
pub(crate) fn bound(inet: Inet) -> io::Result<OwnedFd> {
    let socket = tcp(inet, SocketFlags::empty())?;
    let address = match inet {
        Inet::V4 => IpAddr::V4(Ipv4Addr::LOCALHOST),
        Inet::V6 => Ipv6Addr::LOCALHOST.into(),
    };
    bind(&socket, &SocketAddr::new(address, 0))?;
    Ok(socket)
}

/// Attaches a filter that drops every segment before TCP sees it.
pub(crate) fn blind(socket: impl AsFd) -> io::Result<()> {
    // BPF_RET | BPF_K with 0 bytes to keep.
    attach(socket, &mut [filter(0x06, 0, 0, 0)])
}

/// Attaches a filter to a listener that lets only SYNs through, so that no handshake to it completes.
pub(crate) fn hear_only_syn(socket: impl AsFd) -> io::Result<()> {
    attach(
        socket,
        &mut [
            // BPF_LD | BPF_B | BPF_ABS: the flags byte; a TCP socket's filter sees the segment from its TCP header.
            filter(0x30, 0, 0, 13),
            // BPF_JMP | BPF_JSET | BPF_K: the SYN bit.
            filter(0x45, 0, 1, 0x02),
            filter(0x06, 0, 0, 0xffff),
            filter(0x06, 0, 0, 0),
        ],
    )
}

/// Attaches a filter that drops this many of a hundred segments, each by chance: a path that loses them.
pub(crate) fn lossy(socket: impl AsFd, percent: u32) -> io::Result<()> {
    // SKF_AD_OFF + SKF_AD_RANDOM (linux/filter.h): a random number instead of bytes of the packet.
    const RANDOM: u32 = 0xffff_f000 + 56;
    attach(
        socket,
        &mut [
            // BPF_LD | BPF_W | BPF_ABS.
            filter(0x20, 0, 0, RANDOM),
            // BPF_JMP | BPF_JGE | BPF_K.
            filter(0x35, 1, 0, u32::MAX / 100 * percent),
            filter(0x06, 0, 0, 0),
            filter(0x06, 0, 0, u32::MAX),
        ],
    )
}

/// Has a listener accept only when data came (TCP_DEFER_ACCEPT), for this many seconds.
pub(crate) fn defer_accept(listener: impl AsFd, seconds: i32) -> io::Result<()> {
    set_option(listener, libc::IPPROTO_TCP, libc::TCP_DEFER_ACCEPT, &seconds)
}

/// Takes the filter off again.
pub(crate) fn see(socket: impl AsFd) -> io::Result<()> {
    set_option(socket, libc::SOL_SOCKET, libc::SO_DETACH_FILTER, &0_i32)
}

/// Closes a connected socket without a word to its peer. Needs `CAP_NET_ADMIN` over the namespace.
pub(crate) fn vanish(socket: OwnedFd) -> io::Result<()> {
    set_option(&socket, libc::IPPROTO_TCP, libc::TCP_REPAIR, &1_i32)
}

/// A raw socket that is handed whole IPv4 packets.
pub(crate) fn raw_ipv4_sender() -> io::Result<OwnedFd> {
    Ok(socket_with(AddressFamily::INET, SocketType::RAW, SocketFlags::CLOEXEC, Some(ipproto::RAW))?)
}

fn filter(code: u16, jt: u8, jf: u8, k: u32) -> libc::sock_filter {
    libc::sock_filter { code, jt, jf, k }
}

fn attach(socket: impl AsFd, code: &mut [libc::sock_filter]) -> io::Result<()> {
    let program =
        libc::sock_fprog { len: u16::try_from(code.len()).expect("a short program"), filter: code.as_mut_ptr() };
    set_option(socket, libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, &program)
}

fn set_option<T>(socket: impl AsFd, level: i32, name: i32, value: &T) -> io::Result<()> {
    let length = libc::socklen_t::try_from(size_of::<T>()).expect("an option is small");
    // SAFETY: the descriptor is open, and the kernel reads `length` bytes of a value that outlives the call.
    let status =
        unsafe { libc::setsockopt(socket.as_fd().as_raw_fd(), level, name, std::ptr::from_ref(value).cast(), length) };
    if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
