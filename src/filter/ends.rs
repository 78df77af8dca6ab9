//! The ends of a socket against patterns, in the way of the kernel (`inet_diag_bc_run`) and of `ss`.

use super::{
    glob::{self, LetterCase},
    prelude::*,
};
use crate::model::entry::End;

impl Side {
    /// The end of a socket; of the local one where either would do.
    fn of(self, entry: &Entry) -> &End {
        match self {
            Side::Local | Side::Either => &entry.local,
            Side::Peer => &entry.peer,
        }
    }
}

/// Whether the end, or either of them, is of the pattern.
pub(super) fn is_at(entry: &Entry, side: Side, host: &HostPattern) -> bool {
    if side != Side::Either {
        return end_is(entry, side.of(entry), host);
    }
    // A bare number is a port where there are ports; elsewhere `ss` shows something else in their place.
    let has_ports = is_inet(entry.family) || entry.family == Family::Vsock;
    if matches!(host, HostPattern::Any(Some(_))) && !has_ports {
        return false;
    }
    end_is(entry, &entry.local, host) || end_is(entry, &entry.peer, host)
}

fn end_is(entry: &Entry, end: &End, host: &HostPattern) -> bool {
    match host {
        HostPattern::Any(port) => port.is_none_or(|port| number_of(end) == port),
        HostPattern::Inet { address, port } => {
            let Some(found) = address_of(entry, end) else { return false };
            is_in(found, *address) && port.is_none_or(|port| number_of(end) == u32::from(port))
        }
        HostPattern::Unix(pattern) => {
            entry.family == Family::Unix && glob::matches(pattern, &shown_name(end), LetterCase::Alike)
        }
        HostPattern::Packet { protocol, interface } => match (entry.family, end) {
            (Family::Packet, End::Packet { protocol: own, interface: index }) => {
                protocol.is_none_or(|protocol| protocol == *own)
                    && interface.is_none_or(|interface| interface == *index)
            }
            (Family::Packet, _) => protocol.is_none() && interface.is_none(),
            _ => false,
        },
        HostPattern::Netlink { protocol, port } => match (entry.family, end) {
            (Family::Netlink, End::Netlink { protocol: own, port: id, .. }) => {
                protocol.is_none_or(|protocol| protocol == *own) && port.is_none_or(|port| port == *id)
            }
            (Family::Netlink, _) => protocol.is_none() && port.is_none(),
            _ => false,
        },
        HostPattern::Vsock { cid, port } => match (entry.family, end) {
            (Family::Vsock, End::Vsock { cid: own, port: number }) => {
                cid.is_none_or(|cid| cid == *own) && port.is_none_or(|port| port == *number)
            }
            (Family::Vsock, _) => cid.is_none() && port.is_none(),
            _ => false,
        },
    }
}

/// The port of an end if its socket is of the family, where one is asked for.
pub(super) fn port(entry: &Entry, side: Side, family: Option<Family>) -> Option<u32> {
    let end = side.of(entry);
    family.is_none_or(|family| entry.family == family).then(|| number_of(end))
}

/// The number that `ss` shows where internet sockets have a port; 0 if there is none.
fn number_of(end: &End) -> u32 {
    match end {
        End::None => 0,
        End::Inet(_, port) => u32::from(*port),
        End::Unix { inode, .. } => *inode,
        End::Packet { interface, .. } => *interface,
        End::Netlink { port, .. } | End::Vsock { port, .. } => *port,
        End::Tipc { reference, .. } => *reference,
        End::Xdp { queue, .. } => *queue,
    }
}

/// The address of an internet socket's end, as the kernel holds it: that of an IPv6 socket is an IPv6 one.
fn address_of(entry: &Entry, end: &End) -> Option<IpAddr> {
    let address = match end {
        End::Inet(address, _) => *address,
        _ if entry.family == Family::Inet => IpAddr::from([0u8; 4]),
        _ => IpAddr::from([0u8; 16]),
    };
    match (entry.family, address) {
        (Family::Inet, _) => Some(address),
        (Family::Inet6, IpAddr::V4(v4)) => Some(IpAddr::V6(v4.to_ipv6_mapped())),
        (Family::Inet6, IpAddr::V6(_)) => Some(address),
        _ => None,
    }
}

/// Whether an address is in a network; the IPv4 side of an IPv6 socket is in one of IPv4.
fn is_in(address: IpAddr, network: (IpAddr, u8)) -> bool {
    match (address, network.0) {
        (IpAddr::V6(v6), IpAddr::V4(_)) => v6.to_ipv4_mapped().is_some_and(|v4| has_bits_of(IpAddr::V4(v4), network)),
        _ => has_bits_of(address, network),
    }
}

/// Whether the first bits are the same.
fn has_bits_of(address: IpAddr, (network, length): (IpAddr, u8)) -> bool {
    let (own, other, bits) = match (address, network) {
        (IpAddr::V4(own), IpAddr::V4(other)) => (u128::from(own.to_bits()), u128::from(other.to_bits()), 32),
        (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits(), other.to_bits(), 128u32),
        _ => return false,
    };
    (own ^ other).checked_shr(bits.saturating_sub(u32::from(length))).unwrap_or(0) == 0
}

/// The name of a UNIX socket as `ss` shows it: each zero byte is an `@`; nothing where it has none.
fn shown_name(end: &End) -> Vec<u8> {
    match end {
        End::Unix { name: Some(name), .. } => name.iter().map(|byte| if *byte == 0 { b'@' } else { *byte }).collect(),
        _ => Vec::new(),
    }
}

fn is_inet(family: Family) -> bool {
    matches!(family, Family::Inet | Family::Inet6)
}

/// Whether the kernel chose the local port.
///
/// Only the kernel knows (`SOCK_BINDPORT_LOCK`), and a record does not show it: do not test again what bytecode has
/// tested. If necessary, this makes the guess of `ss`: the port is in the range that the kernel assigns. Mini-socks and
/// half-open ones record nothing about it and count as chosen by the kernel, as in `ss`.
pub(super) fn is_autobound(entry: &Entry, ephemeral: Option<(u16, u16)>) -> Option<bool> {
    match (entry.family, &entry.local) {
        (Family::Inet | Family::Inet6, _) if super::measure::is_small(entry) => Some(true),
        (Family::Inet | Family::Inet6, End::Inet(_, port)) => {
            ephemeral.map(|(first, last)| (first..=last).contains(port))
        }
        (Family::Unix, end) => {
            let name = shown_name(end);
            let is_automatic = matches!(name.split_first(), Some((b'@', digits))
                if digits.len() == 5 && digits.iter().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')));
            Some(name.is_empty() || is_automatic)
        }
        (Family::Packet, End::Packet { protocol, interface }) => Some(*protocol == 0 && *interface == 0),
        // The kernel gives out negative port ids where a program's own id is taken.
        (Family::Netlink, End::Netlink { port, .. }) => Some(*port > i32::MAX.cast_unsigned()),
        (Family::Vsock, End::Vsock { port, .. }) => Some(*port > 1023),
        _ => None,
    }
}
