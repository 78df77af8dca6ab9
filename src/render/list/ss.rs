//! A listing as `ss` of iproute2 6.1 prints it, byte for byte, for programs that read its output.
//!
//! Names come as they are: `ss` escapes nothing.

mod details;
mod names;
mod summary;
mod table;

use std::{
    borrow::Cow,
    io,
    net::{IpAddr, Ipv6Addr},
};

pub use self::summary::summary;

use self::{
    details::details,
    names::{netid, state},
    table::{SsColumn, Table},
};
use super::{
    address::{self, Endpoint, inet_address},
    bytes::Sink,
    digits::number,
    ip::ipv4,
    row::SocketRow,
    shown::Shown,
};
use crate::{
    model::{
        entry::{End, Entry},
        family::{Family, Netid, Protocol},
        sctp_info,
    },
    render::screen::Screen,
};

/// A table in the way of `ss` under way.
pub(super) struct SsTable<'a> {
    shown: Shown<'a>,
    table: Table,
    /// The inode of the SCTP socket whose associations may follow.
    sctp: u32,
}

impl<'a> SsTable<'a> {
    pub(super) fn new(shown: Shown<'a>, screen: &Screen) -> SsTable<'a> {
        let shows = |column| match column {
            SsColumn::Netid => shown.several,
            SsColumn::State => !shown.one_state,
            SsColumn::RecvQ | SsColumn::SendQ => !shown.no_queues,
            _ => true,
        };
        let table = Table::new(shows, !shown.no_header, Some(screen.width).filter(|_| screen.terminal));
        SsTable { shown, table, sctp: 0 }
    }

    pub(super) fn row(&mut self, sink: &mut Sink<'_>, row: &SocketRow<'_>) -> io::Result<()> {
        let entry = row.entry;
        let table = &mut self.table;
        table.row(sink)?;
        let is_association = entry.netid == Netid::Sctp && self.sctp != 0 && self.sctp == entry.inode;
        let state = match is_association {
            true => {
                table.end(SsColumn::Netid);
                table.out().extend_from_slice(b"`- ");
                sctp_info::STATES.get(usize::from(entry.state.number())).copied().unwrap_or_default()
            }
            false => {
                if self.shown.several {
                    table.out().extend_from_slice(netid(entry).as_bytes());
                }
                table.end(SsColumn::Netid);
                // `ss` does not show that a netlink socket is connected.
                if entry.family == Family::Netlink { "UNCONN" } else { state(entry.state) }
            }
        };
        table.out().extend_from_slice(state.as_bytes());
        table.end(SsColumn::State);
        for (column, queue) in [(SsColumn::RecvQ, entry.rqueue), (SsColumn::SendQ, entry.wqueue)] {
            let out = table.out();
            if queue == 0 {
                out.extend_from_slice(b"0     ");
            } else {
                let end = out.len() + 6;
                signed(out, queue);
                out.resize(end.max(out.len()), b' ');
            }
            table.end(column);
        }
        for (side, columns) in [
            (Endpoint::Local, [SsColumn::Address, SsColumn::Port]),
            (Endpoint::Peer, [SsColumn::PeerAddress, SsColumn::PeerPort]),
        ] {
            address(table.out(), row, side, &self.shown);
            table.end(columns[0]);
            port(table.out(), row, side, &self.shown);
            table.end(columns[1]);
        }
        details(table.out(), row, &self.shown);
        table.end(SsColumn::Details);
        if matches!(entry.family, Family::Inet | Family::Inet6) {
            self.sctp = entry.inode;
        }
        Ok(())
    }

    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) -> io::Result<()> {
        self.table.write(sink)
    }
}

/// A number that `ss` prints with a sign.
fn signed(out: &mut Vec<u8>, value: u32) {
    let value = value.cast_signed();
    if value < 0 {
        out.push(b'-');
    }
    number(out, value.unsigned_abs());
}

/// A number of which all bits set stand for any.
fn number_or_any(out: &mut Vec<u8>, value: u32) {
    if value == u32::MAX { out.push(b'*') } else { number(out, value) }
}

/// The name of an interface as it is, or `if7`.
fn interface<'a>(row: &SocketRow<'a>, index: u32) -> Cow<'a, str> {
    row.interface.map_or_else(|| format!("if{index}").into(), Cow::from)
}

/// The name of a UNIX socket: that of an abstract one begins with a zero byte, and every such byte is an `@`; a path ends
/// at one.
fn unix_name(out: &mut Vec<u8>, name: &[u8]) {
    match name.first() {
        Some(0) => out.extend(name.iter().map(|byte| if *byte == 0 { b'@' } else { *byte })),
        _ => out.extend(name.iter().take_while(|byte| **byte != 0)),
    }
}

/// An address as the C library writes it: after six groups of zeros the end is written like an IPv4 address.
fn written(out: &mut Vec<u8>, entry: &Entry, address: IpAddr) {
    match address {
        IpAddr::V6(v6) if is_compatible(v6) => {
            out.extend_from_slice(b"[::");
            ipv4(out, (v6.to_bits() as u32).into());
            out.push(b']');
        }
        address => inet_address(out, entry, address),
    }
}

fn is_compatible(address: Ipv6Addr) -> bool {
    let bits = address.to_bits();
    bits >> 32 == 0 && bits >> 16 != 0
}

/// The column of the address, with the separator before the port.
fn address(out: &mut Vec<u8>, row: &SocketRow<'_>, side: Endpoint, shown: &Shown<'_>) {
    let entry = row.entry;
    match side.of(entry) {
        End::Inet(address, _) => {
            match row.hosts[usize::from(side == Endpoint::Peer)] {
                Some(name) => out.extend_from_slice(name.as_bytes()),
                None => written(out, entry, *address),
            }
            if side == Endpoint::Local && entry.interface != 0 {
                out.push(b'%');
                out.extend_from_slice(interface(row, entry.interface).as_bytes());
            }
            out.push(b':');
        }
        End::Unix { name, .. } if side == Endpoint::Local => {
            unix_name(out, name.as_deref().unwrap_or(b"*"));
            out.push(b' ');
        }
        End::None if entry.netid.protocol() == Protocol::Tipc => out.push(b'-'),
        End::None if entry.family != Family::Unix => out.push(b'*'),
        End::None | End::Unix { .. } => out.extend_from_slice(b"* "),
        End::Packet { protocol, .. } => {
            address::ethernet(out, *protocol);
            out.push(b':');
        }
        End::Netlink { group, .. } if side == Endpoint::Peer => {
            signed(out, *group);
            out.push(b':');
        }
        End::Netlink { protocol, .. } => {
            if shown.numeric {
                number(out, *protocol);
            } else {
                address::netlink(out, *protocol);
            }
            out.push(b':');
        }
        End::Vsock { cid, .. } => {
            number_or_any(out, *cid);
            out.push(b':');
        }
        End::Tipc { node, .. } => {
            number(out, *node);
            out.push(b':');
        }
        End::Xdp { interface: 0, .. } => out.push(b'*'),
        End::Xdp { interface: index, .. } => {
            out.extend_from_slice(interface(row, *index).as_bytes());
            out.push(b':');
        }
    }
}

/// The column of the port.
fn port(out: &mut Vec<u8>, row: &SocketRow<'_>, side: Endpoint, shown: &Shown<'_>) {
    let netid = row.entry.netid;
    match side.of(row.entry) {
        End::Inet(_, 0) => out.push(b'*'),
        End::Inet(_, port) => match shown.services.and_then(|name| name(netid, *port)) {
            Some(name) => out.extend_from_slice(name.as_bytes()),
            None => {
                if netid == Netid::Raw && !shown.numeric {
                    out.extend_from_slice(b"ipproto-");
                }
                number(out, *port);
            }
        },
        End::Unix { inode, .. } => signed(out, *inode),
        End::None if row.entry.family == Family::Unix => out.push(b'0'),
        End::Packet { interface: 0, .. } => out.push(b'*'),
        End::Packet { interface: index, .. } => out.extend_from_slice(interface(row, *index).as_bytes()),
        End::Netlink { port, .. } if side == Endpoint::Peer => signed(out, *port),
        End::Netlink { port: u32::MAX, .. } => out.push(b'*'),
        End::Netlink { port: 0, .. } if !shown.numeric => out.extend_from_slice(b"kernel"),
        End::Netlink { port, .. } => match row.hosts[0].filter(|_| !shown.numeric) {
            Some(program) => out.extend_from_slice(program.as_bytes()),
            None => signed(out, *port),
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
