//! The tables of `/proc/net`, with their headings and without.

use super::row::Item;
use crate::{
    model::{
        family::Netid,
        gap::UnreadReason,
        uapi::{
            AF_NETLINK, AF_PACKET, AF_UNIX, IPPROTO_DCCP, IPPROTO_RAW, IPPROTO_SCTP, IPPROTO_TCP, IPPROTO_UDP,
            IPPROTO_UDPLITE,
        },
    },
    source::text::RecordTable,
};

/// The tables that only their name distinguishes: their columns are those of UDP.
const NAMED: [(&str, &str); 9] = [
    ("net/raw6", "raw6"),
    ("net/raw", "raw"),
    ("net/udplite6", "udplite6"),
    ("net/udplite", "udplite"),
    ("net/icmp", "ICMP"),
    ("net/netlink", "netlink"),
    ("net/packet", "packet"),
    ("net/udp", ""),
    ("net/tcp", ""),
];

/// The tool of a heading, and the table that is below it.
pub(super) type TableHeading = (&'static str, RecordTable);

/// The properties of a table besides its rows.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct TableName {
    /// Its name, if its columns do not distinguish it from another.
    name: Option<&'static str>,
    /// Whether its heading is that of UDP, where it has one.
    is_udp: Option<bool>,
}

impl TableName {
    /// The table that a command or a separator names.
    pub(super) fn of(command: &str) -> TableName {
        let name = NAMED.iter().find(|(path, _)| command.contains(path)).map(|(_, name)| *name);
        TableName { name: name.filter(|name| !name.is_empty()), is_udp: None }
    }

    /// The columns of a heading; `None` for another line.
    pub(super) fn heading(text: &str) -> Option<TableName> {
        let words: Vec<&str> = text.split_ascii_whitespace().take(3).collect();
        Some(match *words.as_slice() {
            ["sl", "local_address", ..] => TableName { name: None, is_udp: Some(text.contains("drops")) },
            ["Num", "RefCount", ..] => TableName::default(),
            ["sk", "RefCnt", ..] => TableName { name: Some("packet"), is_udp: None },
            ["sk", "Eth", ..] => TableName { name: Some("netlink"), is_udp: None },
            _ => return None,
        })
    }

    /// The table that records of it are asked for by.
    pub(super) fn table(self) -> RecordTable {
        match (self.name, self.is_udp) {
            (Some("packet"), _) => (AF_PACKET, 0),
            (Some("netlink"), _) => (AF_NETLINK, 0),
            (Some("raw" | "raw6"), _) => (0, IPPROTO_RAW),
            (Some("udplite" | "udplite6"), _) => (0, IPPROTO_UDPLITE),
            (_, Some(true)) => (0, IPPROTO_UDP),
            (_, Some(false)) => (0, IPPROTO_TCP),
            (_, None) => (AF_UNIX, 0),
        }
    }

    /// Both together.
    pub(super) fn or(self, other: TableName) -> TableName {
        TableName { name: self.name.or(other.name), is_udp: self.is_udp.or(other.is_udp) }
    }
}

/// The table that a dump asks for, by `IPPROTO_*`; MPTCP, which is beyond 255, asks for 0.
pub(super) fn protocol(netid: Netid) -> u8 {
    match netid {
        Netid::Udp => IPPROTO_UDP,
        Netid::UdpLite => IPPROTO_UDPLITE,
        Netid::Raw => IPPROTO_RAW,
        Netid::Sctp => IPPROTO_SCTP,
        Netid::Dccp => IPPROTO_DCCP,
        Netid::Mptcp => 0,
        _ => IPPROTO_TCP,
    }
}

/// How many hexadecimal digits an end of a line has: 8, or 32 of IPv6.
fn digits(word: Option<&&str>) -> usize {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let ends = word.and_then(|end| end.split_once(':')).filter(|(_, port)| port.len() == 4 && is_hex(port));
    ends.map_or(0, |(digits, _)| if is_hex(digits) { digits.len() } else { 0 })
}

/// Whether a line is of a table.
pub(super) fn is_row(text: &str, named: TableName) -> bool {
    let words: Vec<&str> = text.split_ascii_whitespace().take(3).collect();
    let is_hex = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match *words.as_slice() {
        [slot, ref rest @ ..] if slot.strip_suffix(':').is_some_and(is_hex) => {
            matches!(digits(rest.first()), 8 | 32) || rest.first().is_some_and(|word| word.len() == 8 && is_hex(word))
        }
        [first, ..] => matches!(named.name, Some("packet" | "netlink")) && first.len() >= 8 && is_hex(first),
        [] => false,
    }
}

/// Reads a line: UDP has the columns of TCP and one more for the drops, and no state but 1 and 7.
pub(super) fn row(text: &str, named: TableName) -> Item<'_> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let width = digits(words.get(1));
    let is_udp = named.is_udp.unwrap_or(words.len() == 13 && matches!(words.get(3), Some(&"01" | &"07")));
    match (width, named.name) {
        (_, Some(name @ ("ICMP" | "netlink" | "packet"))) => Item::Elsewhere(name),
        (8 | 32, _) if words.len() < 10 || digits(words.get(2)) != width => Item::Unread(UnreadReason::Cut),
        (8, Some("udplite" | "udplite6")) => Item::Table("udplite", text),
        (32, Some("udplite" | "udplite6")) => Item::Table("udplite6", text),
        (8, Some(_)) if is_udp => Item::Table("raw", text),
        (32, Some(_)) if is_udp => Item::Table("raw6", text),
        (8, _) if is_udp => Item::Table("udp", text),
        (32, _) if is_udp => Item::Table("udp6", text),
        (8, _) => Item::Table("tcp", text),
        (32, _) => Item::Table("tcp6", text),
        _ if words.len() > 6 => Item::Table("unix", text),
        _ => Item::Unread(UnreadReason::Cut),
    }
}
