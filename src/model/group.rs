//! Group keys, and the rows of a grouped count.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::model::{family::Family, socket::Timer, state::State};

/// A key to group sockets by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Key {
    /// The state.
    State,
    /// `inet`, `inet6` or `unix`.
    Family,
    /// Local address, or the path of a UNIX socket.
    Local,
    /// Local port.
    LocalPort,
    /// Peer address.
    Peer,
    /// Peer network of the given prefix lengths.
    PeerNetwork {
        /// Prefix length for IPv4.
        v4: u8,
        /// Prefix length for IPv6.
        v6: u8,
    },
    /// Peer port.
    PeerPort,
    /// Peer address and port together.
    Service,
    /// The side that connected.
    Direction,
    /// The running timer.
    Timer,
    /// The user who owns the socket.
    User,
    /// The program that holds it.
    Program,
    /// The process that holds it.
    Pid,
    /// The systemd unit it belongs to.
    Unit,
    /// The container it belongs to.
    Container,
    /// The congestion control.
    Congestion,
    /// The interface it is bound to.
    Device,
    /// The network namespace.
    Netns,
}

/// A key and the name it was asked for by.
pub type NamedKey = (String, Key);

/// The keys by the names they have on the command line; `peer/N` is written as `peer/24`.
pub const KEYS: &[(&str, Key)] = &[
    ("state", Key::State),
    ("family", Key::Family),
    ("local", Key::Local),
    ("lport", Key::LocalPort),
    ("peer", Key::Peer),
    ("peer/24", Key::PeerNetwork { v4: 24, v6: 64 }),
    ("pport", Key::PeerPort),
    ("service", Key::Service),
    ("direction", Key::Direction),
    ("timer", Key::Timer),
    ("user", Key::User),
    ("proc", Key::Program),
    ("pid", Key::Pid),
    ("unit", Key::Unit),
    ("container", Key::Container),
    ("cc", Key::Congestion),
    ("dev", Key::Device),
    ("netns", Key::Netns),
];

/// The side that opened the connection.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Direction {
    /// The peer connected to us.
    Inbound,
    /// We connected to the peer.
    Outbound,
    /// It waits for connections.
    Listener,
}

impl Direction {
    /// The word used in output, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Inbound => "inbound",
            Direction::Outbound => "outbound",
            Direction::Listener => "listener",
        }
    }
}

/// The value of one key for one socket.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Value {
    /// The kernel keeps none for this socket.
    Unknown,
    /// A state.
    State(State),
    /// A family.
    Family(Family),
    /// An address.
    Address(IpAddr),
    /// A network: its first address and the prefix length.
    Network(IpAddr, u8),
    /// A port.
    Port(u16),
    /// Address and port.
    Endpoint(IpAddr, u16),
    /// The side that connected.
    Direction(Direction),
    /// A timer.
    Timer(Timer),
    /// A user id.
    Uid(u32),
    /// The path or abstract name of a UNIX socket.
    Path(Box<[u8]>),
    /// The name of a program, unit, container, interface, namespace or congestion control.
    Name(Box<[u8]>),
    /// A process id.
    Pid(u32),
}

/// A finished grouping, most sockets first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Groups {
    /// The rows: one value for each key, and how many sockets share them.
    pub rows: Vec<(Box<[Value]>, u64)>,
    /// Sockets of the rows that were cut off.
    pub other: u64,
    /// How many rows were cut off.
    pub other_rows: u64,
    /// All sockets counted.
    pub total: u64,
}

impl Groups {
    /// Puts the largest first, then cuts what `--min` and `--top` leave out.
    pub fn new(rows: Vec<(Box<[Value]>, u64)>, min: u64, top: Option<usize>) -> Groups {
        let mut rows = rows;
        // Equal counts are put in the order of their keys, so that the output is always the same.
        rows.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let total = rows.iter().map(|row| row.1).sum();
        let above_min = rows.partition_point(|row| row.1 >= min);
        let kept = top.map_or(above_min, |top| top.min(above_min));
        let other = rows.iter().skip(kept).map(|row| row.1).sum();
        let other_rows = (rows.len() - kept) as u64;
        rows.truncate(kept);
        Groups { rows, other, other_rows, total }
    }
}

/// The network an address lies in: its host bits cleared, and the prefix length used.
pub fn network(address: IpAddr, v4: u8, v6: u8) -> (IpAddr, u8) {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(v4.min(32))).unwrap_or(0);
            (IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask)), v4)
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(v6.min(128))).unwrap_or(0);
            (IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask)), v6)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(counts: &[u64]) -> Vec<(Box<[Value]>, u64)> {
        let row = |(port, &count): (usize, &u64)| (Box::from([Value::Port(port as u16)]), count);
        counts.iter().enumerate().map(row).collect()
    }

    #[test]
    fn what_top_and_min_leave_out_is_counted_as_other() {
        let groups = Groups::new(rows(&[1, 9, 5, 5]), 2, Some(2));
        let ports: Vec<_> = groups.rows.iter().map(|row| row.0[0].clone()).collect();
        assert_eq!(ports, [Value::Port(1), Value::Port(2)], "equal counts: by key");
        assert_eq!((groups.other, groups.other_rows, groups.total), (6, 2, 20));
    }

    #[test]
    fn networks_of_every_length_are_cut_right() {
        let at = |text: &str| -> IpAddr { text.parse().unwrap() };
        assert_eq!(network(at("10.1.2.3"), 24, 64), (at("10.1.2.0"), 24));
        assert_eq!(network(at("10.1.2.3"), 0, 64), (at("0.0.0.0"), 0));
        assert_eq!(network(at("10.1.2.3"), 32, 64), (at("10.1.2.3"), 32));
        assert_eq!(network(at("2001:db8::1"), 24, 64), (at("2001:db8::"), 64));
        assert_eq!(network(at("2001:db8::1"), 24, 0), (at("::"), 0));
    }
}
