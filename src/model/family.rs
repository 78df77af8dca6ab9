//! Address families and protocols, with the words `ss` uses for them.

/// The address family of a socket.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Family {
    /// `AF_INET`.
    Inet,
    /// `AF_INET6`, also where it speaks IPv4 (v4-mapped).
    Inet6,
    /// `AF_UNIX`.
    Unix,
}

impl Family {
    /// The word used in output, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Family::Inet => "inet",
            Family::Inet6 => "inet6",
            Family::Unix => "unix",
        }
    }

    /// The `AF_*` number.
    pub fn number(self) -> u8 {
        match self {
            Family::Unix => 1,
            Family::Inet => 2,
            Family::Inet6 => 10,
        }
    }

    /// The family of an `AF_*` number, if this program reads it.
    pub fn from_number(number: u8) -> Option<Family> {
        match number {
            1 => Some(Family::Unix),
            2 => Some(Family::Inet),
            10 => Some(Family::Inet6),
            _ => None,
        }
    }
}

/// What is asked for by `-t`, `-u`, `-w`, `-x`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// Raw IP.
    Raw,
    /// UNIX domain sockets of all types.
    Unix,
}

impl Protocol {
    /// All of them, in the order of the overview.
    pub const ALL: [Protocol; 4] = [Protocol::Tcp, Protocol::Udp, Protocol::Raw, Protocol::Unix];

    /// The name for people and messages, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
            Protocol::Raw => "raw",
            Protocol::Unix => "UNIX",
        }
    }
}

/// The first column of `ss`: protocol, and for UNIX the socket type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Netid {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// Raw IP.
    Raw,
    /// UNIX stream.
    UnixStream,
    /// UNIX datagram.
    UnixDatagram,
    /// UNIX sequenced packets.
    UnixSeqpacket,
}

impl Netid {
    /// All of them, in the order of the overview.
    pub const ALL: [Netid; 6] =
        [Netid::Tcp, Netid::Udp, Netid::Raw, Netid::UnixStream, Netid::UnixDatagram, Netid::UnixSeqpacket];

    /// The word of `ss`.
    pub fn name(self) -> &'static str {
        match self {
            Netid::Tcp => "tcp",
            Netid::Udp => "udp",
            Netid::Raw => "raw",
            Netid::UnixStream => "u_str",
            Netid::UnixDatagram => "u_dgr",
            Netid::UnixSeqpacket => "u_seq",
        }
    }

    /// The protocol it belongs to.
    pub fn protocol(self) -> Protocol {
        match self {
            Netid::Tcp => Protocol::Tcp,
            Netid::Udp => Protocol::Udp,
            Netid::Raw => Protocol::Raw,
            Netid::UnixStream | Netid::UnixDatagram | Netid::UnixSeqpacket => Protocol::Unix,
        }
    }
}
