//! `[FAMILY:]ADDRESS[/LENGTH][:PORT]` in all the families of `ss`.
//!
//! `inet:` and `inet6:` say how the address is read; that they hold for the whole filter is the parser's business.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{error::Problem, names::Names, prelude::*, protocols, value};

/// The family prefixes of an address.
const FAMILIES: [(&str, Family); 6] = [
    ("unix:", Family::Unix),
    ("link:", Family::Packet),
    ("netlink:", Family::Netlink),
    ("vsock:", Family::Vsock),
    ("inet:", Family::Inet),
    ("inet6:", Family::Inet6),
];

/// The family a word begins with, and the rest; a path or an abstract name is of a UNIX socket without a word.
pub(super) fn family(text: &str) -> (Option<Family>, &str) {
    if text.starts_with(['/', '@']) {
        return (Some(Family::Unix), text);
    }
    let found = FAMILIES.iter().find_map(|(name, family)| Some((Some(*family), text.strip_prefix(name)?)));
    found.unwrap_or((None, text))
}

/// The family of an address.
pub(super) fn family_of(address: IpAddr) -> Family {
    if address.is_ipv4() { Family::Inet } else { Family::Inet6 }
}

/// The word before an address of this family.
pub(super) fn prefix(family: Family) -> &'static str {
    FAMILIES.iter().find(|(_, one)| *one == family).map_or("", |(name, _)| name)
}

/// Parses an end; a host name may have several addresses.
///
/// # Errors
///
/// The fault of the word.
pub(super) fn read(text: &str, names: &dyn Names) -> Result<Vec<HostPattern>, Problem> {
    let (family, rest) = family(text);
    let host = match family {
        Some(Family::Unix) => HostPattern::Unix(rest.into()),
        Some(Family::Packet) => {
            let (protocol, interface) = halves(rest);
            HostPattern::Packet {
                protocol: optional(protocol, protocols::ethernet)?,
                interface: optional(interface, |name| {
                    value::number32(name).or_else(|| names.interface(name)).ok_or(Problem::UnknownInterface)
                })?,
            }
        }
        Some(Family::Netlink) => {
            let (protocol, port) = halves(rest);
            HostPattern::Netlink {
                protocol: optional(protocol, protocols::netlink)?,
                port: optional(port, |port| match port {
                    "kernel" => Ok(0),
                    number => value::number32(number).ok_or(Problem::BadNumber),
                })?,
            }
        }
        Some(Family::Vsock) => {
            let (cid, port) = halves(rest);
            let number = |text: &str| value::number32(text).ok_or(Problem::BadNumber);
            HostPattern::Vsock { cid: optional(cid, number)?, port: optional(port, number)? }
        }
        inet => return internet(rest, inet, names),
    };
    Ok(vec![host])
}

/// Whether a bare word is meant as an address, so that it is wrong where it cannot be read as one.
pub(super) fn is_meant(text: &str) -> bool {
    let is_first = |c: char| c.is_ascii_digit() || c == ':';
    let is_of_addresses = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':' | '/');
    family(text).0.is_some()
        || text == "*"
        || text.starts_with(['[', ':'])
        || text.starts_with("*:")
        || parts(text).is_some_and(|parts| literal(parts.address, parts.length.is_some()).is_some())
        || (text.starts_with(is_first) && text.contains(['.', ':', '/']) && text.chars().all(is_of_addresses))
        || text.rsplit_once(':').is_some_and(|(name, port)| is_name(name) && port.parse::<u16>().is_ok())
}

/// Whether a word may be the name of a host.
fn is_name(text: &str) -> bool {
    let is_of_names = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    text.contains(char::is_alphabetic) && text.chars().all(is_of_names)
}

/// Parses a port; `None` for any.
///
/// # Errors
///
/// The fault of the word.
pub(super) fn port(text: &str, names: &dyn Names) -> Result<Option<u32>, Problem> {
    match value::number(text) {
        _ if text.is_empty() || text == "*" => Ok(None),
        Some(number) => number.try_into().map(Some).map_err(|_| Problem::BadPort),
        None if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+')) => Err(Problem::BadPort),
        None => names.service(text).map(|port| Some(port.into())).ok_or(Problem::UnknownService),
    }
}

/// The same, for ports of the internet protocols only.
///
/// # Errors
///
/// The fault of the word.
pub(super) fn port16(text: &str, names: &dyn Names) -> Result<Option<u16>, Problem> {
    port(text, names)?.map(|port| port.try_into().map_err(|_| Problem::BadPort)).transpose()
}

fn internet(text: &str, family: Option<Family>, names: &dyn Names) -> Result<Vec<HostPattern>, Problem> {
    let Parts { address, length, port } = parts(text).ok_or(Problem::BadAddress)?;
    if length.is_none() && (address.is_empty() || address == "*") {
        let port = match family {
            Some(_) => port16(port, names)?.map(u32::from),
            None => self::port(port, names)?,
        };
        return Ok(vec![HostPattern::Any(port)]);
    }
    let found = match literal(address, length.is_some()) {
        Some(found) => vec![found],
        None => {
            // Text without letters, or with a prefix length, is a mistyped address, not a name.
            let is_name = address.contains(char::is_alphabetic) && !address.contains([':', '[', ']', '%']);
            if length.is_some() || !is_name {
                return Err(Problem::BadAddress);
            }
            names.host(address).ok_or(Problem::UnknownHost)?
        }
    };
    let port = port16(port, names)?;
    let of_family = |address: &IpAddr| family.is_none_or(|family| family == family_of(*address));
    let hosts = found.iter().copied().filter(of_family).map(|address| {
        let length = prefix_length(length, if address.is_ipv4() { 32 } else { 128 }).ok_or(Problem::BadPrefix)?;
        Ok(HostPattern::Inet { address: (address, length), port })
    });
    let hosts = hosts.collect::<Result<Vec<HostPattern>, Problem>>()?;
    if hosts.is_empty() { Err(Problem::BadAddress) } else { Ok(hosts) }
}

fn prefix_length(given: Option<&str>, longest: u8) -> Option<u8> {
    match given {
        None => Some(longest),
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse().ok().filter(|&length| length <= longest)
        }
        Some(_) => None,
    }
}

/// The parts of an address on the command line; the port is empty if absent.
struct Parts<'a> {
    address: &'a str,
    length: Option<&'a str>,
    port: &'a str,
}

/// Splits an address. An IPv6 address with a port is in brackets, with its prefix length in them or after them; without
/// brackets it has no port.
fn parts(text: &str) -> Option<Parts<'_>> {
    let (inside, after) = match text.strip_prefix('[') {
        Some(inside) => inside.split_once(']').map(|(inside, after)| (inside, Some(after)))?,
        None => (text, None),
    };
    let (address, length) = match inside.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (inside, None),
    };
    let Some(after) = after else {
        if address.parse::<Ipv6Addr>().is_ok() {
            return Some(Parts { address, length, port: "" });
        }
        // The port is behind the length, if there is one.
        let (address, length, port) = match length {
            Some(length) => {
                let (length, port) = length.split_once(':').unwrap_or((length, ""));
                (address, Some(length), port)
            }
            None => {
                // tcpdump writes a dot before the port.
                let dotted = address.rsplit_once('.').filter(|(address, _)| address.parse::<Ipv4Addr>().is_ok());
                let (address, port) = dotted.or(address.rsplit_once(':')).unwrap_or((address, ""));
                (address, None, port)
            }
        };
        return Some(Parts { address, length, port });
    };
    address.parse::<Ipv6Addr>().ok()?;
    let (behind, port) = after.split_once(':').unwrap_or((after, ""));
    let length = match (length, behind.strip_prefix('/')) {
        (length, None) if behind.is_empty() => length,
        (None, Some(length)) => Some(length),
        _ => return None,
    };
    Some(Parts { address, length, port })
}

/// An address; before a prefix length, IPv4 may leave out parts at its end: `10/8`.
fn literal(text: &str, may_be_short: bool) -> Option<IpAddr> {
    let parts = text.split('.').count();
    if may_be_short && parts < 4 && !text.contains(':') {
        return format!("{text}{}", ".0".repeat(4 - parts)).parse().ok();
    }
    text.parse().ok()
}

/// The text before and after the first colon.
fn halves(text: &str) -> (&str, &str) {
    text.split_once(':').unwrap_or((text, ""))
}

fn optional<T>(text: &str, read: impl Fn(&str) -> Result<T, Problem>) -> Result<Option<T>, Problem> {
    if text.is_empty() || text == "*" { Ok(None) } else { read(text).map(Some) }
}

#[cfg(test)]
mod tests;
