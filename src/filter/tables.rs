//! The words of `-A` and `-f`: the selected tables.

use super::{WordError, suggest::nearest};
use crate::model::family::{Family, Netid};

/// TCP, UDP and the other protocols over IP.
pub const INTERNET: &[Netid] = &[Netid::Tcp, Netid::Mptcp, Netid::Udp, Netid::Raw, Netid::Dccp, Netid::Sctp];
const UNIX: &[Netid] = &[Netid::UnixStream, Netid::UnixDatagram, Netid::UnixSeqpacket];
const PACKET: &[Netid] = &[Netid::PacketRaw, Netid::PacketDatagram];
const VSOCK: &[Netid] = &[Netid::VsockStream, Netid::VsockDatagram, Netid::VsockSeqpacket];
/// TIPC, which is listed only when it is asked for.
pub const TIPC: &[Netid] = &[Netid::TipcStream, Netid::TipcDatagram, Netid::TipcReliable, Netid::TipcSeqpacket];

/// Everything that is listed without a word about it; `ss` leaves TIPC out, too, and has no UDP-Lite.
pub const ALL: &[Netid] = &[
    Netid::Netlink,
    Netid::PacketRaw,
    Netid::PacketDatagram,
    Netid::UnixStream,
    Netid::UnixDatagram,
    Netid::UnixSeqpacket,
    Netid::Raw,
    Netid::Udp,
    Netid::UdpLite,
    Netid::Tcp,
    Netid::Mptcp,
    Netid::Dccp,
    Netid::Sctp,
    Netid::VsockStream,
    Netid::VsockDatagram,
    Netid::VsockSeqpacket,
    Netid::Xdp,
];

/// The switches that choose tables, by their long names.
pub const SWITCHES: &[(&str, &[Netid])] = &[
    ("tcp", &[Netid::Tcp]),
    ("udp", &[Netid::Udp]),
    ("udplite", &[Netid::UdpLite]),
    ("raw", &[Netid::Raw]),
    ("unix", UNIX),
    ("packet", PACKET),
    ("mptcp", &[Netid::Mptcp]),
    ("sctp", &[Netid::Sctp]),
    ("dccp", &[Netid::Dccp]),
    ("vsock", VSOCK),
    ("tipc", TIPC),
    ("xdp", &[Netid::Xdp]),
];

/// The words of `-A`.
const QUERIES: &[(&str, &[Netid])] = &[
    ("all", ALL),
    ("inet", INTERNET),
    ("tcp", &[Netid::Tcp]),
    ("udp", &[Netid::Udp]),
    ("udplite", &[Netid::UdpLite]),
    ("raw", &[Netid::Raw]),
    ("dccp", &[Netid::Dccp]),
    ("sctp", &[Netid::Sctp]),
    ("mptcp", &[Netid::Mptcp]),
    ("unix", UNIX),
    ("unix_stream", &[Netid::UnixStream]),
    ("u_str", &[Netid::UnixStream]),
    ("unix_dgram", &[Netid::UnixDatagram]),
    ("u_dgr", &[Netid::UnixDatagram]),
    ("unix_seqpacket", &[Netid::UnixSeqpacket]),
    ("u_seq", &[Netid::UnixSeqpacket]),
    ("packet", PACKET),
    ("packet_raw", &[Netid::PacketRaw]),
    ("p_raw", &[Netid::PacketRaw]),
    ("packet_dgram", &[Netid::PacketDatagram]),
    ("p_dgr", &[Netid::PacketDatagram]),
    ("netlink", &[Netid::Netlink]),
    ("tipc", TIPC),
    ("vsock", VSOCK),
    ("vsock_stream", &[Netid::VsockStream]),
    ("v_str", &[Netid::VsockStream]),
    ("vsock_dgram", &[Netid::VsockDatagram]),
    ("v_dgr", &[Netid::VsockDatagram]),
    ("xdp", &[Netid::Xdp]),
];

/// The selection of a word of `-f`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chosen {
    /// One internet family of the selected tables.
    Internet(Family),
    /// The tables of another family.
    Tables(&'static [Netid]),
}

/// The words of `-f`.
const FAMILIES: &[(&str, Chosen)] = &[
    ("inet", Chosen::Internet(Family::Inet)),
    ("inet6", Chosen::Internet(Family::Inet6)),
    ("link", Chosen::Tables(PACKET)),
    ("unix", Chosen::Tables(UNIX)),
    ("netlink", Chosen::Tables(&[Netid::Netlink])),
    ("vsock", Chosen::Tables(VSOCK)),
    ("tipc", Chosen::Tables(TIPC)),
    ("xdp", Chosen::Tables(&[Netid::Xdp])),
];

/// The words of `-A` to offer when one is not known.
pub fn queries() -> impl Iterator<Item = &'static str> {
    QUERIES.iter().map(|(name, _)| *name)
}

/// The words of `-f` to offer when one is not known.
pub fn families() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().map(|(name, _)| *name)
}

/// Reads a word of `-f`.
///
/// # Errors
/// A word that names no family.
pub fn family(word: &str) -> Result<Chosen, WordError> {
    let found = FAMILIES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
    found
        .map(|(_, chosen)| *chosen)
        .ok_or_else(|| WordError::UnknownFamily(word.to_owned(), nearest(&word.to_ascii_lowercase(), families())))
}

/// The tables of one word of `-A`.
pub fn queried(name: &str) -> Option<&'static [Netid]> {
    QUERIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, tables)| *tables)
}

/// The tables of a list of `-A` that are named there by themselves.
pub fn named(list: &str) -> impl Iterator<Item = Netid> + '_ {
    let own = |word: &&str| !matches!(word.to_ascii_lowercase().as_str(), "all" | "inet");
    let words = list.split(',').map(str::trim).filter(own);
    words.filter_map(queried).flatten().copied()
}

/// Reads a list of `-A` and adds to, or with `!` takes from, the tables.
///
/// # Errors
/// The first word that names no table.
pub fn query(list: &str, netids: &mut Vec<Netid>) -> Result<(), WordError> {
    for word in list.split(',').map(str::trim) {
        let (name, takes) = match word.strip_prefix('!') {
            Some(name) => (name, true),
            None => (word, false),
        };
        let Some(tables) = queried(name) else {
            let near = nearest(&name.to_ascii_lowercase(), queries());
            return Err(WordError::UnknownQuery(word.to_owned(), near));
        };
        if takes {
            // Alone, `!unix` means everything else.
            if netids.is_empty() {
                netids.extend(ALL);
            }
            netids.retain(|netid| !tables.contains(netid));
        } else {
            netids.extend(tables);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_adds_and_an_exclamation_mark_takes_away() {
        let mut netids = Vec::new();
        query("inet,!udp", &mut netids).unwrap();
        assert!(netids.contains(&Netid::Tcp) && !netids.contains(&Netid::Udp));
        let mut others = Vec::new();
        query("!unix", &mut others).unwrap();
        assert!(others.contains(&Netid::Tcp) && !others.contains(&Netid::UnixStream));
    }

    #[test]
    fn a_wrong_table_or_family_is_named() {
        let wrong = query("tcp,unxi", &mut Vec::new());
        assert_eq!(wrong, Err(WordError::UnknownQuery("unxi".into(), Some("unix"))));
        assert_eq!(family("inet7"), Err(WordError::UnknownFamily("inet7".into(), Some("inet"))));
    }
}
