//! What all tables of `netstat` are written with: names, addresses, cells.

use std::{
    io::Write,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use crate::model::family::Netid;

/// The names of what is shown; a number stands where there is none.
pub struct NetstatWords<'a> {
    /// Whether addresses may have names.
    pub names_hosts: bool,
    /// The name of a host.
    pub host: Box<dyn Fn(IpAddr) -> Option<&'a str> + 'a>,
    /// The name of a network.
    pub network: Box<dyn Fn(Ipv4Addr) -> Option<&'a str> + 'a>,
    /// The name of a port.
    pub port: Box<dyn Fn(Netid, u16) -> Option<&'a str> + 'a>,
    /// The name of a user.
    pub user: Box<dyn Fn(u32) -> Option<&'a str> + 'a>,
    /// `1234/nginx: master`, of what holds the socket of an inode.
    pub program: Box<dyn Fn(u32) -> Option<&'a [u8]> + 'a>,
}

/// Writes formatted text: memory takes all of it.
macro_rules! put {
    ($out:expr, $($format:tt)*) => {{
        let written: std::io::Result<()> = $out.write_fmt(format_args!($($format)*));
        debug_assert!(written.is_ok());
    }};
}
pub(super) use put;

/// Writes a cell and fills it with blanks.
pub(super) fn padded(out: &mut Vec<u8>, width: usize, write: impl FnOnce(&mut Vec<u8>)) {
    let end = out.len() + width;
    write(out);
    if out.len() < end {
        out.resize(end, b' ');
    }
}

/// An address: its name where names are wanted and it has one.
pub(super) fn host(out: &mut Vec<u8>, words: &NetstatWords<'_>, address: IpAddr) {
    match address {
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) if words.names_hosts => out.extend_from_slice(b"[::]"),
        address => match (words.host)(address).filter(|_| words.names_hosts && !address.is_unspecified()) {
            Some(name) => out.extend_from_slice(name.as_bytes()),
            None => numeric(out, address),
        },
    }
}

/// An address as the C library writes it: what begins with six groups of zeros ends like an IPv4 address.
pub(super) fn numeric(out: &mut Vec<u8>, address: IpAddr) {
    match address {
        IpAddr::V6(v6) if v6.to_bits() >> 32 == 0 && v6.to_bits() >> 16 != 0 => {
            put!(out, "::{}", Ipv4Addr::from_bits(v6.to_bits() as u32));
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => put!(out, "{v4}"),
            None => put!(out, "{v6}"),
        },
        IpAddr::V4(v4) => put!(out, "{v4}"),
    }
}
