//! Protocols of packet and netlink sockets by name or number.

use super::{error::Problem, value};
use crate::model::netlink;

/// Protocols of packet sockets (`ETH_P_*`), under the names iproute2 has for them; others are given by number.
const ETHERNET: [(&str, u16); 14] = [
    ("all", 3),
    ("ip", 0x0800),
    ("ipv4", 0x0800),
    ("arp", 0x0806),
    ("rarp", 0x8035),
    ("802.1q", 0x8100),
    ("ipv6", 0x86dd),
    ("mpls_uc", 0x8847),
    ("mpls_mc", 0x8848),
    ("ppp_disc", 0x8863),
    ("ppp_ses", 0x8864),
    ("lldp", 0x88cc),
    ("802.1ad", 0x88a8),
    ("loop", 0x0060),
];

/// The number of a packet socket's protocol.
///
/// # Errors
/// It is none.
pub(super) fn ethernet(text: &str) -> Result<u16, Problem> {
    let named = ETHERNET.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, number)| *number);
    let number = || value::number(text)?.try_into().ok();
    named.or_else(number).ok_or(Problem::UnknownProtocol)
}

/// The number of a netlink protocol.
///
/// # Errors
/// It is none.
pub(super) fn netlink(text: &str) -> Result<u8, Problem> {
    let number = || value::number(text)?.try_into().ok();
    netlink::number(text).or_else(number).ok_or(Problem::UnknownProtocol)
}
