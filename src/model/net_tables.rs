//! Routes, interfaces and multicast groups of a network namespace, as the tables of `/proc/net` have them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A line of `/proc/net/route`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ipv4Route {
    /// Where it leads.
    pub destination: Ipv4Addr,
    /// The mask of the network.
    pub mask: Ipv4Addr,
    /// The gateway; unspecified where there is none.
    pub gateway: Ipv4Addr,
    /// `RTF_*`.
    pub flags: u32,
    /// References, which the kernel no longer counts.
    pub references: i32,
    /// Uses, likewise.
    pub uses: i32,
    /// The metric.
    pub metric: i32,
    /// The largest segment, in bytes; 0 where none is set.
    pub mss: i32,
    /// The window, in bytes; 0 where none is set.
    pub window: i32,
    /// The initial round trip time; 0 where none is set.
    pub irtt: i32,
    /// The name of the interface.
    pub interface: String,
}

/// A line of `/proc/net/ipv6_route`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ipv6Route {
    /// Where it leads.
    pub destination: Ipv6Addr,
    /// How many bits of that are the network's.
    pub length: u8,
    /// The next hop; unspecified where there is none.
    pub next_hop: Ipv6Addr,
    /// The metric, which is shown with a sign.
    pub metric: i32,
    /// References.
    pub references: i32,
    /// Uses.
    pub uses: i32,
    /// `RTF_*`.
    pub flags: u32,
    /// The name of the interface.
    pub interface: String,
}

/// An interface.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Interface {
    /// Its name.
    pub name: String,
    /// The longest packet, in bytes.
    pub mtu: u32,
    /// `IFF_*`.
    pub flags: u32,
    /// Packets received, errors, dropped, overruns.
    pub received: [u64; 4],
    /// Packets sent, errors, dropped, overruns.
    pub sent: [u64; 4],
}

/// A multicast group that an interface is in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Membership {
    /// The name of the interface.
    pub interface: String,
    /// How many sockets joined it.
    pub references: u32,
    /// The group.
    pub address: IpAddr,
}
