//! Attempts to connect: the addresses of a name, the end of each attempt, and the kernel's facts about the way there.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

/// Where the addresses of a name come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NameOrigin {
    /// An address was given.
    Literal,
    /// No host was named: this host.
    ThisHost,
    /// A file such as `/etc/hosts`.
    File(String),
    /// A DNS server.
    Server(IpAddr),
}

/// Why a name led nowhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NameFailure {
    /// A server reports that the name does not exist.
    Unknown(IpAddr),
    /// A server says that the name has no address of the families that were asked for.
    NoAddress(IpAddr),
    /// A server answered with an error (`RCODE`).
    Error(IpAddr, u8),
    /// No server answered.
    Silent(Vec<IpAddr>),
    /// This file has the name, with addresses of the other family only, and DNS has none.
    OtherFamily(String, Vec<IpAddr>),
    /// It cannot be a name: empty or longer than 63 bytes between two dots, or not ASCII.
    Invalid,
}

impl NameFailure {
    /// Its word in messages and in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            NameFailure::Unknown(_) => "unknown",
            NameFailure::NoAddress(_) => "no-address",
            NameFailure::Error(..) => "error",
            NameFailure::Silent(_) => "silent",
            NameFailure::OtherFamily(..) => "other-family",
            NameFailure::Invalid => "invalid",
        }
    }

    /// The servers it is about, or the addresses of the other family.
    pub fn addresses(&self) -> &[IpAddr] {
        match self {
            NameFailure::Unknown(server) | NameFailure::NoAddress(server) | NameFailure::Error(server, _) => {
                std::slice::from_ref(server)
            }
            NameFailure::Silent(all) | NameFailure::OtherFamily(_, all) => all,
            NameFailure::Invalid => &[],
        }
    }
}

/// The addresses of a name, or the failure.
pub type NameResult = Result<(NameOrigin, Vec<IpAddr>), NameFailure>;

/// The route that the kernel takes to an address (`RTM_GETROUTE`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hop {
    /// `RTN_*`.
    pub kind: u8,
    /// The index of the interface.
    pub index: u32,
    /// The name of the interface, where it has one.
    pub interface: Option<String>,
    /// The router; `None` where the address is on the link.
    pub gateway: Option<IpAddr>,
    /// The source address.
    pub source: Option<IpAddr>,
}

impl Hop {
    /// `RTN_LOCAL`.
    const LOCAL: u8 = 2;

    /// `RTN_BROADCAST` and `RTN_MULTICAST`.
    const TO_MANY: [u8; 2] = [3, 5];

    /// Whether it leads to more than one host, which TCP cannot.
    pub fn is_to_many(&self) -> bool {
        Hop::TO_MANY.contains(&self.kind)
    }

    /// Whether it ends on this host.
    pub fn is_local(&self) -> bool {
        self.kind == Hop::LOCAL
    }
}

/// The entry of a next hop in the neighbour table (`RTM_GETNEIGH`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Neighbour {
    /// The next hop: the router, or the address itself.
    pub address: IpAddr,
    /// `NUD_*`.
    pub state: u16,
}

impl Neighbour {
    /// The states by their words in `ip neigh`.
    const STATES: [(u16, &'static str); 8] = [
        (0x01, "incomplete"),
        (0x02, "reachable"),
        (0x04, "stale"),
        (0x08, "delay"),
        (0x10, "probe"),
        (0x20, "failed"),
        (0x40, "noarp"),
        (0x80, "permanent"),
    ];

    /// The word of `ip neigh` for its state.
    pub fn state_name(&self) -> &'static str {
        Neighbour::STATES.iter().find(|(state, _)| *state == self.state).map_or("none", |(_, name)| name)
    }

    /// Whether its link-layer address was asked for and is not known.
    pub fn is_unresolved(&self) -> bool {
        matches!(self.state_name(), "incomplete" | "failed")
    }
}

/// An ICMP error that ended an attempt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IcmpError {
    /// Whether it is ICMPv6.
    pub v6: bool,
    /// Its type.
    pub kind: u8,
    /// Its code.
    pub code: u8,
    /// The sender (`SO_EE_OFFENDER`).
    pub sender: Option<IpAddr>,
}

impl IcmpError {
    /// The name of its type and code, in messages and in JSON.
    pub fn name(&self) -> &'static str {
        match (self.v6, self.kind, self.code) {
            (false, 3, 0) | (true, 1, 0) => "net-unreachable",
            (false, 3, 1) | (true, 1, 3) => "host-unreachable",
            (false, 3, 2) => "protocol-unreachable",
            (false, 3, 3) | (true, 1, 4) => "port-unreachable",
            (false, 3, 9) => "net-prohibited",
            (false, 3, 10) => "host-prohibited",
            (false, 3, 13) | (true, 1, 1) => "admin-prohibited",
            (true, 1, 5) => "policy-fail",
            (true, 1, 6) => "reject-route",
            (false, 11, _) | (true, 3, _) => "time-exceeded",
            _ => "other",
        }
    }
}

/// How an attempt ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AttemptEnd {
    /// Connected, and open for as long as it was observed.
    Open,
    /// Connected, and closed by the peer after this time, with a RST (`reset`) or a FIN.
    Closed {
        /// Time from the connection to its end.
        after: Duration,
        /// Whether it was a RST.
        reset: bool,
    },
    /// A RST answered the SYN.
    Refused,
    /// Nothing answered in time.
    Silent,
    /// An ICMP error; `None` where the kernel gave only its error number (before Linux 5.11).
    Rejected(Option<IcmpError>),
    /// A system call failed at once, with this error number.
    Failed,
}

/// One attempt to connect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attempt {
    /// The address and port.
    pub to: SocketAddr,
    /// The local end, once the kernel had chosen one.
    pub from: Option<SocketAddr>,
    /// How it ended.
    pub end: AttemptEnd,
    /// The error number of the kernel.
    pub errno: Option<i32>,
    /// Time until it was connected, refused or given up.
    pub took: Duration,
    /// SYNs sent; `None` where none was.
    pub syns: Option<u32>,
    /// Bytes that the peer sent while the connection was observed.
    pub received: u64,
}

impl Attempt {
    /// The number of the interface that was named with an address of a link.
    pub fn zone(&self) -> Option<u32> {
        match self.to {
            SocketAddr::V6(to) => Some(to.scope_id()).filter(|&zone| zone != 0),
            SocketAddr::V4(_) => None,
        }
    }

    /// Whether the address is one of a link, and no interface was named.
    pub fn lacks_zone(&self) -> bool {
        matches!(self.to, SocketAddr::V6(to) if to.ip().is_unicast_link_local() && to.scope_id() == 0)
    }

    /// Whether the address is one of many hosts, whatever the routes say.
    pub fn is_to_many(&self) -> bool {
        self.to.ip().is_multicast() || self.to.ip() == Ipv4Addr::BROADCAST
    }
}

/// A socket on this host that listens on the port.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PortListener {
    /// Its address.
    pub address: IpAddr,
    /// Its port.
    pub port: u16,
    /// Whether it takes IPv6 only, where the kernel tells.
    pub v6only: Option<bool>,
    /// The program and process that hold it.
    pub program: Option<(String, u32)>,
    /// Connections that wait in its accept queue.
    pub queue: u32,
    /// The limit of that queue; `None` if the table was read from `/proc/net`, which does not show it.
    pub limit: Option<u32>,
    /// Its drops since it was created.
    pub drops: Option<u32>,
}

impl PortListener {
    /// Whether its accept queue takes no more (`sk_acceptq_is_full`).
    pub fn is_full(&self) -> bool {
        self.limit.is_some_and(|limit| self.queue > limit)
    }

    /// Whether it takes connections to that address.
    pub fn takes(&self, to: IpAddr) -> bool {
        let family = match to {
            IpAddr::V4(_) => self.address.is_ipv4() || self.v6only == Some(false),
            IpAddr::V6(_) => self.address.is_ipv6(),
        };
        family && (self.address == to || self.address.is_unspecified())
    }
}

/// The local ports towards one address and port.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PortHeadroom {
    /// Ports of the range that lead there.
    pub used: u64,
    /// The lowest port of `ip_local_port_range`.
    pub low: u16,
    /// The highest.
    pub high: u16,
}

impl PortHeadroom {
    /// Ports of the range.
    pub fn size(&self) -> u64 {
        (u64::from(self.high) + 1).saturating_sub(u64::from(self.low))
    }
}

/// An attempt with facts of this host about it.
#[derive(Clone, PartialEq, Debug)]
pub struct AttemptReport {
    /// The attempt.
    pub attempt: Attempt,
    /// The route, or the kernel's error number.
    pub route: Result<Hop, i32>,
    /// The interface that was named with an address of a link; its number where it has no name.
    pub zone: Option<String>,
    /// The next hop, where it is on a link that resolves addresses.
    pub neighbour: Option<Neighbour>,
    /// The listeners of the port, if the address belongs to this host.
    pub listeners: Vec<PortListener>,
    /// The local ports, where the kernel found none.
    pub ports: Option<PortHeadroom>,
    /// Whether SYNs failed to leave this host meanwhile (`TcpExtTCPRetransFail` rose).
    pub kept_back: bool,
    /// The limit of descriptors of this process, where none was left.
    pub descriptors: Option<u64>,
}

impl AttemptReport {
    /// Whether the address is one of this host.
    pub fn is_local(&self) -> bool {
        self.route.as_ref().is_ok_and(Hop::is_local)
    }
}

/// The kernel's name of an error number that an attempt may end with; `None` for others.
pub fn errno_name(errno: i32) -> Option<&'static str> {
    Some(match errno {
        libc::EACCES => "EACCES",
        libc::EADDRNOTAVAIL => "EADDRNOTAVAIL",
        libc::EAFNOSUPPORT => "EAFNOSUPPORT",
        libc::ECONNABORTED => "ECONNABORTED",
        libc::ECONNREFUSED => "ECONNREFUSED",
        libc::ECONNRESET => "ECONNRESET",
        libc::EHOSTUNREACH => "EHOSTUNREACH",
        libc::EINVAL => "EINVAL",
        libc::EMFILE => "EMFILE",
        libc::ENETDOWN => "ENETDOWN",
        libc::ENETUNREACH => "ENETUNREACH",
        libc::ENFILE => "ENFILE",
        libc::ENOBUFS => "ENOBUFS",
        libc::ENOMEM => "ENOMEM",
        libc::ENOPROTOOPT => "ENOPROTOOPT",
        libc::EPERM => "EPERM",
        libc::EPIPE => "EPIPE",
        libc::EPROTO => "EPROTO",
        libc::ETIMEDOUT => "ETIMEDOUT",
        _ => return None,
    })
}
