//! Both ends of a socket as `ss` writes them.

use std::net::IpAddr;

use super::{
    digits::number,
    ip::{ipv4, ipv6},
    name::{push_name, push_visible},
    row::SocketRow,
    shown::PortNames,
};
use crate::model::{
    blanks::not_shown,
    entry::{End, Entry},
    ethernet as ethernet_protocols, netlink as protocols,
};

/// Which end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Endpoint {
    Local,
    Peer,
}

impl Endpoint {
    pub(super) fn of(self, entry: &Entry) -> &End {
        match self {
            Endpoint::Local => &entry.local,
            Endpoint::Peer => &entry.peer,
        }
    }
}

/// The protocol of a packet socket.
pub(super) fn ethernet(out: &mut Vec<u8>, protocol: u16) {
    match ethernet_protocols::name(protocol) {
        Some(name) => out.extend_from_slice(name.as_bytes()),
        None if protocol == ethernet_protocols::ALL => out.push(b'*'),
        None => {
            out.push(b'[');
            number(out, protocol);
            out.push(b']');
        }
    }
}

/// The protocol of a netlink socket.
pub(super) fn netlink(out: &mut Vec<u8>, protocol: u8) {
    match protocols::name(protocol) {
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

/// The address of an internet socket as `ss` writes it: `*` for any of both families, IPv6 in brackets,
/// `[::ffff:10.0.0.1]` where an IPv6 socket speaks IPv4.
pub(super) fn inet_address(out: &mut Vec<u8>, entry: &Entry, address: IpAddr) {
    match address {
        address if not_shown::is_address(address) => out.push(b'?'),
        IpAddr::V4(address) if entry.mapped => {
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
pub(super) fn address(out: &mut Vec<u8>, row: &SocketRow<'_>, side: Endpoint, unicode: bool) {
    match side.of(row.entry) {
        End::None => out.push(b'*'),
        End::Inet(address, _) => {
            match row.hosts[usize::from(side == Endpoint::Peer)] {
                Some(name) => push_visible(out, name.as_bytes(), unicode),
                None => inet_address(out, row.entry, *address),
            }
            if side == Endpoint::Local && row.entry.interface != 0 {
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
pub(super) fn port(
    out: &mut Vec<u8>,
    row: &SocketRow<'_>,
    side: Endpoint,
    services: Option<&PortNames<'_>>,
    unicode: bool,
) {
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
        End::Netlink { port, .. } => match row.hosts[usize::from(side == Endpoint::Peer)] {
            Some(program) => push_visible(out, program.as_bytes(), unicode),
            None => number_or_any(out, *port),
        },
        End::Vsock { port, .. } => number_or_any(out, *port),
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
pub(super) fn end(
    out: &mut Vec<u8>,
    row: &SocketRow<'_>,
    side: Endpoint,
    services: Option<&PortNames<'_>>,
    unicode: bool,
) {
    // Nearly all sockets of a large listing are of this kind.
    if let End::Inet(IpAddr::V4(address), port) = side.of(row.entry)
        && *port != 0
        && services.is_none()
        && !row.entry.mapped
        && row.entry.interface == 0
        && row.hosts[usize::from(side == Endpoint::Peer)].is_none()
        && !not_shown::is_address(IpAddr::V4(*address))
    {
        ipv4(out, *address);
        out.push(b':');
        return number(out, *port);
    }
    other_end(out, row, side, services, unicode);
}

fn other_end(out: &mut Vec<u8>, row: &SocketRow<'_>, side: Endpoint, services: Option<&PortNames<'_>>, unicode: bool) {
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
