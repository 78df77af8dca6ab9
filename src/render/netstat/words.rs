//! Shared parts of all tables of `netstat`: names, addresses, cells.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{
    model::family::Netid,
    render::list::{
        digits::{length, number},
        ip::{ipv4, ipv6},
    },
};

/// The names to show; a missing name prints as its number.
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
    /// `1234/nginx: master`, the holder of the socket of an inode.
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

/// A number that ends where its column does.
pub(super) fn right(out: &mut Vec<u8>, width: usize, value: u32) {
    let blanks = width.saturating_sub(length(value));
    out.resize(out.len() + blanks, b' ');
    number(out, value);
}

/// An address: its name where names are wanted and it has one.
pub(super) fn host(out: &mut Vec<u8>, words: &NetstatWords<'_>, address: IpAddr) {
    if words.names_hosts {
        if address == IpAddr::V6(Ipv6Addr::UNSPECIFIED) {
            return out.extend_from_slice(b"[::]");
        }
        if let Some(name) = (words.host)(address).filter(|_| !address.is_unspecified()) {
            return out.extend_from_slice(name.as_bytes());
        }
    }
    numeric(out, address);
}

/// An address as the C library writes it: six groups of zeros end like an IPv4 address. An IPv4 address of an IPv6
/// socket is shown as IPv4.
pub(super) fn numeric(out: &mut Vec<u8>, address: IpAddr) {
    match address {
        IpAddr::V4(v4) => ipv4(out, v4),
        IpAddr::V6(v6) if v6.to_bits() >> 32 == 0 && v6.to_bits() >> 16 != 0 => {
            out.extend_from_slice(b"::");
            ipv4(out, Ipv4Addr::from_bits(v6.to_bits() as u32));
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => ipv4(out, v4),
            None => ipv6(out, v6),
        },
    }
}
