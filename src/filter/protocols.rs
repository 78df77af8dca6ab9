//! Protocols of packet and netlink sockets by name.

use super::{error::Kind, value};

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

/// Netlink protocols, under the names of iproute2 and of the kernel's header.
const NETLINK: [(&str, u8); 29] = [
    ("rtnl", 0),
    ("route", 0),
    ("unused", 1),
    ("usersock", 2),
    ("fw", 3),
    ("firewall", 3),
    ("tcpdiag", 4),
    ("inet_diag", 4),
    ("sock_diag", 4),
    ("nflog", 5),
    ("xfrm", 6),
    ("selinux", 7),
    ("iscsi", 8),
    ("audit", 9),
    ("fiblookup", 10),
    ("fib_lookup", 10),
    ("connector", 11),
    ("nft", 12),
    ("netfilter", 12),
    ("ip6fw", 13),
    ("dec-rt", 14),
    ("uevent", 15),
    ("genl", 16),
    ("generic", 16),
    ("scsi-trans", 18),
    ("ecryptfs", 19),
    ("rdma", 20),
    ("crypto", 21),
    ("smc", 22),
];

/// The number of a packet socket's protocol.
///
/// # Errors
/// It is none.
pub(super) fn ethernet(text: &str) -> Result<u16, Kind> {
    let named = ETHERNET.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, number)| *number);
    let number = || value::number(text)?.try_into().ok();
    named.or_else(number).ok_or(Kind::UnknownProtocol)
}

/// The number of a netlink protocol.
///
/// # Errors
/// It is none.
pub(super) fn netlink(text: &str) -> Result<u8, Kind> {
    let named = NETLINK.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, number)| *number);
    let number = || value::number(text)?.try_into().ok();
    named.or_else(number).ok_or(Kind::UnknownProtocol)
}
