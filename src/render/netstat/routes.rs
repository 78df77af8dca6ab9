//! The routing tables.

use std::{
    io::Write,
    net::{IpAddr, Ipv4Addr},
};

use super::words::{NetstatWords, host, padded, put};
use crate::model::net_tables::{Ipv4Route, Ipv6Route};

/// Which columns an IPv4 route has: `-e` and `-ee` add to them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RouteColumns {
    /// Flags, MSS, window and round trip.
    Window,
    /// `-e`: flags, metric, references and use.
    Metric,
    /// `-ee`: both.
    Both,
    /// More letters: none.
    Nothing,
}

/// `RTF_CACHE` (include/uapi/linux/ipv6_route.h).
const ROUTE_CACHE: u32 = 0x0100_0000;
/// `RTF_UP`, `RTF_HOST` and `RTF_REJECT` (include/uapi/linux/route.h).
const UP: u32 = 0x1;
const HOST: u32 = 0x4;
const REJECT: u32 = 0x200;

/// The letters of an IPv4 route's flags, in their order.
const IPV4_FLAGS: [(u32, char); 17] = [
    (HOST, 'H'),
    (0x8, 'R'),
    (0x10, 'D'),
    (0x20, 'M'),
    (0x0001_0000, 'd'),
    (0x0002_0000, 'a'),
    (0x0004_0000, 'c'),
    (0x0020_0000, 'o'),
    (0x0040_0000, 'e'),
    (ROUTE_CACHE, 'c'),
    (0x0200_0000, 'f'),
    (0x0400_0000, 'p'),
    (0x8000_0000, 'l'),
    (0x40, 'u'),
    (0x80, 'w'),
    (0x100, 'i'),
    (0x400, 'n'),
];

/// The letters of an IPv6 route's flags, in their order.
const IPV6_FLAGS: [(u32, char); 12] = [
    (UP, 'U'),
    (REJECT, '!'),
    (0x2, 'G'),
    (HOST, 'H'),
    (0x0001_0000, 'D'),
    (0x0004_0000, 'A'),
    (ROUTE_CACHE, 'C'),
    (0x0002_0000, 'a'),
    (0x0040_0000, 'e'),
    (0x20, 'm'),
    (0x0020_0000, 'n'),
    (0x0200_0000, 'f'),
];

fn letters(flags: u32, of: &[(u32, char)]) -> String {
    of.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, letter)| *letter).collect()
}

/// The routes of IPv4, under their heading.
pub fn ipv4_routes(out: &mut Vec<u8>, routes: &[Ipv4Route], columns: RouteColumns, words: &NetstatWords<'_>) {
    out.extend_from_slice(b"Kernel IP routing table\n");
    out.extend_from_slice(match columns {
        RouteColumns::Window => {
            b"Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n".as_slice()
        }
        RouteColumns::Metric => b"Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n",
        RouteColumns::Both => {
            b"Destination     Gateway         Genmask         Flags Metric Ref    Use Iface    MSS   Window irtt\n"
        }
        RouteColumns::Nothing => b"",
    });
    for route in routes.iter().filter(|route| route.flags & UP != 0 && columns != RouteColumns::Nothing) {
        let is_rejected = route.flags & REJECT != 0;
        let flags = match is_rejected {
            true => "!",
            false if route.flags & 0x2 != 0 => "UG",
            false => "U",
        };
        let flags = format!("{flags}{}", letters(route.flags, &IPV4_FLAGS));
        cell(out, |out| destination(out, route, words));
        match is_rejected {
            true => put!(out, "{:<15} ", "-"),
            false => cell(out, |out| match route.gateway {
                Ipv4Addr::UNSPECIFIED => out.extend_from_slice(b"0.0.0.0"),
                gateway => host(out, words, IpAddr::V4(gateway)),
            }),
        }
        put!(out, "{:<15} {flags:<5} ", route.mask);
        let Ipv4Route { metric, references, uses, mss, window, irtt, interface, .. } = route;
        match (columns, is_rejected) {
            (RouteColumns::Window, true) => put!(out, "    - -          - -"),
            (RouteColumns::Window, false) => put!(out, "{mss:>5} {window:<5} {irtt:>6} {interface}"),
            (RouteColumns::Metric, true) => put!(out, "{metric:<6} -  {uses:>7} -"),
            (RouteColumns::Metric, false) => put!(out, "{metric:<6} {references:<2} {uses:>7} {interface}"),
            (_, true) => put!(out, "{metric:<6} -  {uses:>7} -        -     -      -"),
            (_, false) => {
                put!(out, "{metric:<6} {references:<3} {uses:>6} {interface:<6.6}   {mss:<5} {window:<6} {irtt}");
            }
        }
        out.push(b'\n');
    }
}

/// The rest of the IPv4 routing cache, which Linux removed in 3.6: its heading.
pub fn ipv4_cache(out: &mut Vec<u8>, columns: RouteColumns) {
    out.extend_from_slice(b"Kernel IP routing cache\n");
    out.extend_from_slice(match columns {
        RouteColumns::Window => {
            b"Source          Destination     Gateway         Flags   MSS Window  irtt Iface\n".as_slice()
        }
        RouteColumns::Metric => b"Source          Destination     Gateway         Flags Metric Ref    Use Iface\n",
        RouteColumns::Both => {
            b"Source          Destination     Gateway         Flags Metric Ref    Use Iface    MSS   Window irtt  TOS HHRef HHUptod     SpecDst\n"
        }
        RouteColumns::Nothing => b"",
    });
}

/// A cell with an address; text beyond its width is cut.
fn cell(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let begin = out.len();
    padded(out, 15, write);
    out.truncate(begin + 15);
    out.push(b' ');
}

/// The destination of a route: a host if the flag says so or the address is one in its network, else a network.
fn destination(out: &mut Vec<u8>, route: &Ipv4Route, words: &NetstatWords<'_>) {
    let (address, mask) = (route.destination, route.mask);
    let name = match address {
        _ if !words.names_hosts => None,
        Ipv4Addr::UNSPECIFIED => mask.is_unspecified().then_some("default"),
        _ if route.flags & HOST != 0 || address & !mask != Ipv4Addr::UNSPECIFIED => (words.host)(IpAddr::V4(address)),
        _ => (words.network)(address),
    };
    match name {
        Some(name) => out.extend_from_slice(name.as_bytes()),
        None => put!(out, "{address}"),
    }
}

/// The routes of IPv6, or those that the kernel keeps of each (`-C`), under their heading.
pub fn ipv6_routes(out: &mut Vec<u8>, routes: &[Ipv6Route], is_cache: bool, words: &NetstatWords<'_>) {
    out.extend_from_slice(match is_cache {
        true => b"Kernel IPv6 routing cache\n".as_slice(),
        false => b"Kernel IPv6 routing table\n",
    });
    out.extend_from_slice(b"Destination                    Next Hop                   Flag Met Ref  Use If\n");
    for route in routes.iter().filter(|route| (route.flags & ROUTE_CACHE != 0) == is_cache) {
        padded(out, 30, |out| {
            host(out, words, IpAddr::V6(route.destination));
            put!(out, "/{}", route.length);
        });
        out.push(b' ');
        padded(out, 26, |out| host(out, words, IpAddr::V6(route.next_hop)));
        let flags = letters(route.flags, &IPV6_FLAGS);
        let Ipv6Route { metric, references, uses, interface, .. } = route;
        put!(out, " {flags:<4} {metric:<3} {references} {uses:>6} {interface}\n");
    }
}
