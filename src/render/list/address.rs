//! Addresses as text, and both ends of a socket as `ss` writes them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{
    Row, Services,
    digits::{hex, number},
    name::{push_name, push_visible},
};
use crate::model::{
    entry::{End, Entry},
    family::Family,
};

/// `ETH_P_ALL`.
const ALL_PROTOCOLS: u16 = 3;

/// The words for the protocols of packet sockets, as in iproute2.
const ETHERNET: &[(u16, &str)] = &[
    (0x0060, "loop"),
    (0x0800, "ip"),
    (0x0805, "x25"),
    (0x0806, "arp"),
    (0x8035, "rarp"),
    (0x8100, "802.1Q"),
    (0x8137, "ipx"),
    (0x86dd, "ipv6"),
    (0x8847, "mpls_uc"),
    (0x8848, "mpls_mc"),
    (0x8863, "ppp_disc"),
    (0x8864, "ppp_ses"),
    (0x88a8, "802.1ad"),
    (0x88ca, "tipc"),
    (0x0004, "802_2"),
    (0x0001, "802_3"),
];

/// The words for netlink protocols, as in iproute2.
const NETLINK: [&str; 23] = [
    "rtnl",
    "unused",
    "usersock",
    "fw",
    "tcpdiag",
    "nflog",
    "xfrm",
    "selinux",
    "iscsi",
    "audit",
    "fiblookup",
    "connector",
    "nft",
    "ip6fw",
    "dec-rt",
    "uevent",
    "genl",
    "",
    "scsi-trans",
    "ecryptfs",
    "rdma",
    "crypto",
    "smc",
];

/// Which end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Local,
    Peer,
}

impl Side {
    pub(super) fn of(self, entry: &Entry) -> &End {
        match self {
            Side::Local => &entry.local,
            Side::Peer => &entry.peer,
        }
    }
}

/// Each octet with a full stop, and how long that is.
const OCTETS: [([u8; 4], usize); 256] = {
    let mut octets = [([0; 4], 0); 256];
    let mut value = 0;
    while value < octets.len() {
        let hundreds = b'0' + (value / 100) as u8;
        let tens = b'0' + (value / 10 % 10) as u8;
        let ones = b'0' + (value % 10) as u8;
        octets[value] = match value {
            0..10 => ([ones, b'.', 0, 0], 2),
            10..100 => ([tens, ones, b'.', 0], 3),
            _ => ([hundreds, tens, ones, b'.'], 4),
        };
        value += 1;
    }
    octets
};

fn ipv4(out: &mut Vec<u8>, address: Ipv4Addr) {
    for octet in address.octets() {
        // Four bytes at once and the rest taken back is faster than one after the other.
        let (text, length) = &OCTETS[usize::from(octet)];
        let end = out.len() + length;
        out.extend_from_slice(text);
        out.truncate(end);
    }
    out.pop();
}

/// RFC 5952: the longest run of two or more zero groups is left out, the first of equal ones.
fn ipv6(out: &mut Vec<u8>, address: Ipv6Addr) {
    if let Some(address) = address.to_ipv4_mapped() {
        out.extend_from_slice(b"::ffff:");
        return ipv4(out, address);
    }
    let groups = address.segments();
    let (mut longest, mut run) = ((0, 0), (0, 0));
    for (place, group) in groups.iter().enumerate() {
        run = match (*group, run) {
            (0, (_, 0)) => (place, 1),
            (0, (start, length)) => (start, length + 1),
            _ => (0, 0),
        };
        if run.1 > longest.1 {
            longest = run;
        }
    }
    let (start, length) = if longest.1 > 1 { longest } else { (groups.len(), 0) };
    for (place, group) in groups.iter().enumerate() {
        if place == start {
            out.extend_from_slice(b"::");
        } else if place < start || place >= start + length {
            if place > 0 && place != start + length {
                out.push(b':');
            }
            hex(out, u64::from(*group), 1);
        }
    }
}

/// The address alone.
pub(super) fn ip(out: &mut Vec<u8>, address: IpAddr) {
    match address {
        IpAddr::V4(address) => ipv4(out, address),
        IpAddr::V6(address) => ipv6(out, address),
    }
}

/// The protocol of a packet socket.
pub(super) fn ethernet(out: &mut Vec<u8>, protocol: u16) {
    match ETHERNET.iter().find(|(number, _)| *number == protocol) {
        Some((_, name)) => out.extend_from_slice(name.as_bytes()),
        None if protocol == ALL_PROTOCOLS => out.push(b'*'),
        None => {
            out.push(b'[');
            number(out, protocol);
            out.push(b']');
        }
    }
}

/// The protocol of a netlink socket.
pub(super) fn netlink(out: &mut Vec<u8>, protocol: u8) {
    match NETLINK.get(usize::from(protocol)).filter(|name| !name.is_empty()) {
        Some(name) => out.extend_from_slice(name.as_bytes()),
        None => number(out, protocol),
    }
}

/// The name of an interface, or `if7`.
fn interface(out: &mut Vec<u8>, name: Option<&str>, index: u32, unicode: bool) {
    match name {
        Some(name) => push_visible(out, name.as_bytes(), unicode),
        None => {
            out.extend_from_slice(b"if");
            number(out, index);
        }
    }
}

/// All bits set stands for any.
fn number_or_any(out: &mut Vec<u8>, value: u32) {
    if value == u32::MAX { out.push(b'*') } else { number(out, value) }
}

/// The address of an internet socket as `ss` writes it: `*` for any of both families, IPv6 in brackets.
fn inet_address(out: &mut Vec<u8>, entry: &Entry, address: IpAddr) {
    match address {
        IpAddr::V4(address) if entry.family == Family::Inet6 && entry.mapped => {
            out.extend_from_slice(b"[::ffff:");
            ipv4(out, address);
            out.push(b']');
        }
        IpAddr::V4(address) => ipv4(out, address),
        IpAddr::V6(address) if address.is_unspecified() && entry.v6only != Some(true) => out.push(b'*'),
        IpAddr::V6(address) => {
            out.push(b'[');
            ipv6(out, address);
            out.push(b']');
        }
    }
}

/// The part before the port.
pub(super) fn address(out: &mut Vec<u8>, row: &Row<'_>, side: Side, unicode: bool) {
    match side.of(row.entry) {
        End::None => out.push(b'*'),
        End::Inet(address, _) => {
            inet_address(out, row.entry, *address);
            if side == Side::Local && row.entry.interface != 0 {
                out.push(b'%');
                interface(out, row.interface, row.entry.interface, unicode);
            }
        }
        End::Unix { name: Some(name), .. } => push_name(out, name, unicode),
        End::Unix { name: None, .. } => out.push(b'*'),
        End::Packet { protocol, .. } => ethernet(out, *protocol),
        End::Netlink { protocol, .. } => netlink(out, *protocol),
        End::Vsock { cid, .. } => number_or_any(out, *cid),
        End::Tipc { node, .. } => number(out, *node),
        End::Xdp { interface: index, .. } if *index != 0 => interface(out, row.interface, *index, unicode),
        End::Xdp { .. } => out.push(b'*'),
    }
}

/// The part after the colon.
pub(super) fn port(out: &mut Vec<u8>, row: &Row<'_>, side: Side, services: Option<&Services<'_>>, unicode: bool) {
    match side.of(row.entry) {
        End::Inet(_, 0) => out.push(b'*'),
        End::Inet(_, port) => match services.and_then(|name| name(row.entry.netid, *port)) {
            Some(name) => push_visible(out, name.as_bytes(), unicode),
            None => number(out, *port),
        },
        End::Unix { inode, .. } => number(out, *inode),
        End::Packet { interface: 0, .. } => out.push(b'*'),
        End::Packet { interface: index, .. } => interface(out, row.interface, *index, unicode),
        End::Netlink { port: 0, .. } => out.extend_from_slice(b"kernel"),
        End::Netlink { port, .. } | End::Vsock { port, .. } => number_or_any(out, *port),
        End::Tipc { reference, .. } => number(out, *reference),
        End::Xdp { interface: 0, .. } | End::None => {}
        End::Xdp { queue, .. } => {
            out.push(b'q');
            number(out, *queue);
        }
    }
}

/// One end whole: `10.0.0.1:80`, `[::1]:80`, `/run/x 123`, `rtnl:kernel`, `*`.
#[inline]
pub(super) fn end(out: &mut Vec<u8>, row: &Row<'_>, side: Side, services: Option<&Services<'_>>, unicode: bool) {
    // Nearly all sockets of a large listing are of this kind.
    if let End::Inet(IpAddr::V4(address), port) = side.of(row.entry)
        && *port != 0
        && services.is_none()
        && !row.entry.mapped
        && row.entry.interface == 0
    {
        ipv4(out, *address);
        out.push(b':');
        return number(out, *port);
    }
    other_end(out, row, side, services, unicode);
}

fn other_end(out: &mut Vec<u8>, row: &Row<'_>, side: Side, services: Option<&Services<'_>>, unicode: bool) {
    address(out, row, side, unicode);
    match side.of(row.entry) {
        End::None | End::Xdp { interface: 0, .. } => return,
        End::Unix { .. } => out.push(b' '),
        _ => out.push(b':'),
    }
    port(out, row, side, services, unicode);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_the_standard_library_writes_them() {
        for text in [
            "0.0.0.0",
            "10.20.30.255",
            "::",
            "::1",
            "1::",
            "2001:db8::1",
            "2001:db8:0:1:1:1:1:1",
            "2001:0:0:1:0:0:0:1",
            "2001:db8:0:0:1:0:0:1",
            "fe80::1:0:0:2",
            "1:2:3:4:5:6:7:8",
            "0:0:1::",
            "::ffff:10.0.0.1",
            "1:2:3:4:5:6:7:0",
            "0:2:3:4:5:6:7:8",
        ] {
            let address: IpAddr = text.parse().unwrap();
            let mut out = Vec::new();
            ip(&mut out, address);
            assert_eq!(String::from_utf8(out).unwrap(), address.to_string());
        }
    }

    #[test]
    fn protocols_without_a_word_keep_their_number() {
        let text = |write: &dyn Fn(&mut Vec<u8>)| {
            let mut out = Vec::new();
            write(&mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(text(&|out| ethernet(out, 3)), "*");
        assert_eq!(text(&|out| ethernet(out, 0x88cc)), "[35020]");
        assert_eq!(text(&|out| netlink(out, 17)), "17");
        assert_eq!(text(&|out| netlink(out, 200)), "200");
    }
}
