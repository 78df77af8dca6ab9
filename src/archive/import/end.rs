//! An end of a socket as people paste it: `127.0.0.1:80`, `[fe80::1%eth0]:443`, `*:ssh`, `db.example.org:5432`.

use std::net::{IpAddr, Ipv6Addr};

/// The address of an end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Address<'a> {
    /// The text shows it.
    Known(IpAddr),
    /// `*`: any, of IPv4 or of both.
    Any,
    /// A name, or an address that was cut or redacted.
    Name(&'a str),
}

/// One end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TextEnd<'a> {
    pub(super) address: Address<'a>,
    /// The number or name of the port; empty for any.
    pub(super) port: &'a str,
    /// The interface, `%eth0`.
    pub(super) zone: Option<&'a str>,
}

/// Reads an end; `None` for a word that is none.
pub(super) fn end(text: &str) -> Option<TextEnd<'_>> {
    let (address, port) = text.rsplit_once(':')?;
    // Those who black an address out do it with signs of any kind.
    let is_name = |c: char| c.is_alphanumeric() || !c.is_ascii() || matches!(c, '.' | '-' | '_' | '*' | '<' | '>');
    let is_port = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '*');
    if port.is_empty() || !port.chars().all(is_port) || port.parse::<u64>().is_ok_and(|port| port > 65_535) {
        return None;
    }
    let (address, zone) = match address.split_once('%') {
        Some((address, zone)) => (address, Some(zone.trim_end_matches(']')).filter(|zone| !zone.is_empty())),
        None => (address, None),
    };
    let address = address.trim_start_matches('[').trim_end_matches(']');
    let address = match address {
        "" => return None,
        "*" => Address::Any,
        // `:::22` of older tools.
        "::" => Address::Known(IpAddr::V6(Ipv6Addr::UNSPECIFIED)),
        _ => match address.parse() {
            Ok(known) => Address::Known(known),
            Err(_) if address.chars().all(|c| is_name(c) || c == ':') => Address::Name(address),
            Err(_) => return None,
        },
    };
    Some(TextEnd { address, port: if port == "*" { "" } else { port }, zone })
}

impl TextEnd<'_> {
    /// Whether it is a wildcard instead of an end: any port.
    pub(super) fn is_any(&self) -> bool {
        self.port.is_empty()
    }

    /// Whether a connection may have it: a port, which is neither any nor blacked out.
    pub(super) fn is_connected(&self) -> bool {
        !self.port.is_empty() && !self.port.bytes().all(|byte| matches!(byte, b'x' | b'X' | b'*' | b'-' | b'_'))
    }

    /// Whether it is of IPv6 by its form.
    pub(super) fn is_v6(&self) -> bool {
        matches!(self.address, Address::Known(IpAddr::V6(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_every_tool_are_read() {
        let known = |text: &str| Address::Known(text.parse().unwrap());
        for (text, address, port, zone) in [
            ("127.0.0.53%lo:53", known("127.0.0.53"), "53", Some("lo")),
            ("[fe80::1]%eth0:546", known("fe80::1"), "546", Some("eth0")),
            ("[fe80::1%br-0a1b2c]:3000", known("fe80::1"), "3000", Some("br-0a1b2c")),
            ("fe80::1%eth0:3001", known("fe80::1"), "3001", Some("eth0")),
            ("*%eth1:179", Address::Any, "179", Some("eth1")),
            (":::22", known("::"), "22", None),
            ("::1:22", known("::1"), "22", None),
            ("::ffff:192.0.2.5:8080", known("::ffff:192.0.2.5"), "8080", None),
            ("*:*", Address::Any, "", None),
            ("db.example.org:postgresql", Address::Name("db.example.org"), "postgresql", None),
            ("2001:db8:aaaa:bbbb:4000", Address::Name("2001:db8:aaaa:bbbb"), "4000", None),
            ("x.x.x.x:10443", Address::Name("x.x.x.x"), "10443", None),
        ] {
            assert_eq!(end(text), Some(TextEnd { address, port, zone }), "{text}");
        }
        for text in ["cubic", "wscale:7,7", "users:((\"x\"", "10.0.0.1:", ":80", "10.0.0.1:99999"] {
            assert_eq!(end(text), None, "{text}");
        }
    }
}
