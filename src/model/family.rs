//! Address families and protocols, with the words `ss` uses for them.

use crate::model::uapi;

/// The address family of a socket.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Family {
    /// `AF_INET`.
    Inet,
    /// `AF_INET6`, also where it speaks IPv4 (v4-mapped).
    Inet6,
    /// `AF_UNIX`.
    Unix,
    /// `AF_PACKET`, which `ss` calls link.
    Packet,
    /// `AF_NETLINK`.
    Netlink,
    /// `AF_VSOCK`.
    Vsock,
    /// `AF_TIPC`.
    Tipc,
    /// `AF_XDP`.
    Xdp,
}

impl Family {
    /// The word used in output, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Family::Inet => "inet",
            Family::Inet6 => "inet6",
            Family::Unix => "unix",
            Family::Packet => "link",
            Family::Netlink => "netlink",
            Family::Vsock => "vsock",
            Family::Tipc => "tipc",
            Family::Xdp => "xdp",
        }
    }

    /// The `AF_*` number.
    pub fn number(self) -> u8 {
        match self {
            Family::Unix => uapi::AF_UNIX,
            Family::Inet => uapi::AF_INET,
            Family::Inet6 => uapi::AF_INET6,
            Family::Netlink => uapi::AF_NETLINK,
            Family::Packet => uapi::AF_PACKET,
            Family::Tipc => uapi::AF_TIPC,
            Family::Vsock => uapi::AF_VSOCK,
            Family::Xdp => uapi::AF_XDP,
        }
    }

    /// The family of an `AF_*` number, if this program reads it.
    #[inline]
    pub fn from_number(number: u8) -> Option<Family> {
        match number {
            uapi::AF_UNIX => Some(Family::Unix),
            uapi::AF_INET => Some(Family::Inet),
            uapi::AF_INET6 => Some(Family::Inet6),
            uapi::AF_NETLINK => Some(Family::Netlink),
            uapi::AF_PACKET => Some(Family::Packet),
            uapi::AF_TIPC => Some(Family::Tipc),
            uapi::AF_VSOCK => Some(Family::Vsock),
            uapi::AF_XDP => Some(Family::Xdp),
            _ => None,
        }
    }
}

/// A table of the kernel: selected by `-t`, `-u`, `-w`, `-x` and similar options.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// UDP-Lite, which left Linux in 7.1.
    UdpLite,
    /// Raw IP.
    Raw,
    /// UNIX domain sockets of all types.
    Unix,
    /// Multipath TCP.
    Mptcp,
    /// SCTP.
    Sctp,
    /// DCCP, which left Linux in 6.16.
    Dccp,
    /// Packet sockets.
    Packet,
    /// Netlink sockets.
    Netlink,
    /// Sockets between a virtual machine and its host.
    Vsock,
    /// TIPC.
    Tipc,
    /// XDP.
    Xdp,
}

impl Protocol {
    /// All of them, in the order they are listed.
    pub const ALL: [Protocol; 13] = [
        Protocol::Netlink,
        Protocol::Packet,
        Protocol::Unix,
        Protocol::Raw,
        Protocol::Udp,
        Protocol::UdpLite,
        Protocol::Tcp,
        Protocol::Mptcp,
        Protocol::Dccp,
        Protocol::Sctp,
        Protocol::Vsock,
        Protocol::Tipc,
        Protocol::Xdp,
    ];

    /// Those of the overview, in its order.
    pub const OVERVIEW: [Protocol; 4] = [Protocol::Tcp, Protocol::Udp, Protocol::Raw, Protocol::Unix];

    /// The name for people and messages, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
            Protocol::UdpLite => "UDP-Lite",
            Protocol::Raw => "raw",
            Protocol::Unix => "UNIX",
            Protocol::Mptcp => "MPTCP",
            Protocol::Sctp => "SCTP",
            Protocol::Dccp => "DCCP",
            Protocol::Packet => "packet",
            Protocol::Netlink => "netlink",
            Protocol::Vsock => "vsock",
            Protocol::Tipc => "TIPC",
            Protocol::Xdp => "XDP",
        }
    }
}

/// The first column of `ss`: protocol, and for some families the socket type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Netid {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// UDP-Lite, which `ss` does not list.
    UdpLite,
    /// Raw IP.
    Raw,
    /// UNIX stream.
    UnixStream,
    /// UNIX datagram.
    UnixDatagram,
    /// UNIX sequenced packets.
    UnixSeqpacket,
    /// Multipath TCP.
    Mptcp,
    /// SCTP.
    Sctp,
    /// DCCP.
    Dccp,
    /// Packet, raw.
    PacketRaw,
    /// Packet, without link-level headers.
    PacketDatagram,
    /// Netlink.
    Netlink,
    /// Vsock stream.
    VsockStream,
    /// Vsock datagram.
    VsockDatagram,
    /// Vsock sequenced packets.
    VsockSeqpacket,
    /// TIPC stream.
    TipcStream,
    /// TIPC datagram.
    TipcDatagram,
    /// TIPC reliable datagram.
    TipcReliable,
    /// TIPC sequenced packets.
    TipcSeqpacket,
    /// XDP.
    Xdp,
}

impl Netid {
    /// The word of `ss`.
    pub fn name(self) -> &'static str {
        match self {
            Netid::Tcp => "tcp",
            Netid::Udp => "udp",
            Netid::UdpLite => "udpl",
            Netid::Raw => "raw",
            Netid::UnixStream => "u_str",
            Netid::UnixDatagram => "u_dgr",
            Netid::UnixSeqpacket => "u_seq",
            Netid::Mptcp => "mptcp",
            Netid::Sctp => "sctp",
            Netid::Dccp => "dccp",
            Netid::PacketRaw => "p_raw",
            Netid::PacketDatagram => "p_dgr",
            Netid::Netlink => "nl",
            Netid::VsockStream => "v_str",
            Netid::VsockDatagram => "v_dgr",
            Netid::VsockSeqpacket => "v_seq",
            Netid::TipcStream => "ti_st",
            Netid::TipcDatagram => "ti_dg",
            Netid::TipcReliable => "ti_rd",
            Netid::TipcSeqpacket => "ti_sq",
            Netid::Xdp => "xdp",
        }
    }

    /// The protocol it belongs to.
    pub fn protocol(self) -> Protocol {
        match self {
            Netid::Tcp => Protocol::Tcp,
            Netid::Udp => Protocol::Udp,
            Netid::UdpLite => Protocol::UdpLite,
            Netid::Raw => Protocol::Raw,
            Netid::UnixStream | Netid::UnixDatagram | Netid::UnixSeqpacket => Protocol::Unix,
            Netid::Mptcp => Protocol::Mptcp,
            Netid::Sctp => Protocol::Sctp,
            Netid::Dccp => Protocol::Dccp,
            Netid::PacketRaw | Netid::PacketDatagram => Protocol::Packet,
            Netid::Netlink => Protocol::Netlink,
            Netid::VsockStream | Netid::VsockDatagram | Netid::VsockSeqpacket => Protocol::Vsock,
            Netid::TipcStream | Netid::TipcDatagram | Netid::TipcReliable | Netid::TipcSeqpacket => Protocol::Tipc,
            Netid::Xdp => Protocol::Xdp,
        }
    }
}
