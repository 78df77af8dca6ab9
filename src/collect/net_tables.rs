//! Reads routes, interfaces and multicast groups of the calling thread's network namespace from `/proc/net`.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use crate::{
    model::{
        net_tables::{Interface, Ipv4Route, Ipv6Route, Membership},
        sorted,
    },
    source::Source,
};

/// A file of `/proc/net`.
pub fn text(source: &dyn Source, name: &str) -> io::Result<String> {
    let mut bytes = Vec::new();
    source.open(&format!("/proc/thread-self/net/{name}"))?.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// `/proc/net/route`.
pub fn ipv4_routes(source: &dyn Source) -> io::Result<Vec<Ipv4Route>> {
    Ok(text(source, "route")?.lines().skip(1).filter_map(ipv4_route).collect())
}

fn ipv4_route(line: &str) -> Option<Ipv4Route> {
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let [interface, destination, gateway, flags, references, uses, metric, mask, mss, window, irtt, ..] =
        *fields.as_slice()
    else {
        return None;
    };
    let number = |text: &str| text.parse().ok();
    Some(Ipv4Route {
        destination: in_memory(destination)?,
        mask: in_memory(mask)?,
        gateway: in_memory(gateway)?,
        flags: u32::from_str_radix(flags, 16).ok()?,
        references: number(references)?,
        uses: number(uses)?,
        metric: number(metric)?,
        mss: number(mss)?,
        window: number(window)?,
        irtt: number(irtt)?,
        interface: interface.to_owned(),
    })
}

/// An IPv4 address as the number that its bytes are in memory.
fn in_memory(digits: &str) -> Option<Ipv4Addr> {
    u32::from_str_radix(digits, 16).ok().map(|word| Ipv4Addr::from(word.to_ne_bytes()))
}

/// 32 digits in the order they are sent.
fn ipv6(digits: &str) -> Option<Ipv6Addr> {
    u128::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 32).map(Ipv6Addr::from_bits)
}

/// `/proc/net/ipv6_route`.
pub fn ipv6_routes(source: &dyn Source) -> io::Result<Vec<Ipv6Route>> {
    Ok(text(source, "ipv6_route")?.lines().filter_map(ipv6_route).collect())
}

fn ipv6_route(line: &str) -> Option<Ipv6Route> {
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let [destination, length, _, _, next_hop, metric, references, uses, flags, interface] = *fields.as_slice() else {
        return None;
    };
    let hex = |text: &str| u32::from_str_radix(text, 16).ok();
    Some(Ipv6Route {
        destination: ipv6(destination)?,
        length: hex(length)?.try_into().ok()?,
        next_hop: ipv6(next_hop)?,
        metric: hex(metric)?.cast_signed(),
        references: hex(references)?.cast_signed(),
        uses: hex(uses)?.cast_signed(),
        flags: hex(flags)?,
        interface: interface.to_owned(),
    })
}

/// The interfaces by name, with numbers in names in numeric order, from `/proc/net/dev` and a query for each.
///
/// # Errors
///
/// The error in reading the file.
pub fn interfaces(source: &dyn Source) -> io::Result<Vec<Interface>> {
    let mut all: Vec<Interface> =
        text(source, "dev")?.lines().skip(2).filter_map(|line| interface(source, line)).collect();
    sorted::sort_by(&mut all, |one, other| in_order(&one.name).cmp(&in_order(&other.name)));
    Ok(all)
}

fn interface(source: &dyn Source, line: &str) -> Option<Interface> {
    let (name, figures) = line.rsplit_once(':')?;
    let name = name.trim();
    let figures: Vec<u64> = figures.split_ascii_whitespace().map_while(|figure| figure.parse().ok()).collect();
    let [_, received, errors, dropped, overruns, _, _, _, _, sent, send_errors, send_dropped, send_overruns, ..] =
        *figures.as_slice()
    else {
        return None;
    };
    let (mtu, flags) = source.interface_state(name)?;
    Some(Interface {
        name: name.to_owned(),
        mtu,
        flags,
        received: [received, errors, dropped, overruns],
        sent: [sent, send_errors, send_dropped, send_overruns],
    })
}

/// The name without the number at its end, and that.
fn in_order(name: &str) -> (&str, u64) {
    let word = name.trim_end_matches(|c: char| c.is_ascii_digit());
    (word, name.get(word.len()..).and_then(|number| number.parse().ok()).unwrap_or(0))
}

/// The multicast groups of IPv4, from `/proc/net/igmp`.
pub fn ipv4_groups(source: &dyn Source) -> io::Result<Vec<Membership>> {
    let mut interface = String::new();
    let mut all = Vec::new();
    for line in text(source, "igmp")?.lines().skip(1) {
        let mut fields = line.split_ascii_whitespace();
        if !line.starts_with('\t') {
            interface = fields.nth(1).unwrap_or_default().trim_end_matches(':').to_owned();
            continue;
        }
        let (group, references) = (fields.next().and_then(in_memory), fields.next().and_then(|text| text.parse().ok()));
        if let (Some(group), Some(references)) = (group, references) {
            all.push(Membership { interface: interface.clone(), references, address: IpAddr::V4(group) });
        }
    }
    Ok(all)
}

/// The multicast groups of IPv6, from `/proc/net/igmp6`; none on a host without IPv6.
pub fn ipv6_groups(source: &dyn Source) -> Vec<Membership> {
    let group = |line: &str| {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let [_, interface, address, references, ..] = *fields.as_slice() else { return None };
        let address = IpAddr::V6(ipv6(address)?);
        Some(Membership { interface: interface.to_owned(), references: references.parse().ok()?, address })
    };
    text(source, "igmp6").unwrap_or_default().lines().filter_map(group).collect()
}
