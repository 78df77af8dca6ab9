//! The words of the language that are neither states nor values.

use super::{lexer::Token, states, suggest, tree::Op};
use crate::model::family::{Family, Protocol};

/// The subject of a condition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Keyword {
    State,
    Exclude,
    Family,
    Protocol,
    Source,
    Destination,
    SourcePort,
    DestinationPort,
    Host,
    Port,
    Device,
    Mark,
    Cgroup,
    Autobound,
    Pid,
    Program,
    User,
    Unit,
    Container,
    Netns,
    ReceiveQueue,
    SendQueue,
    Age,
    Idle,
    Retrans,
    Rtt,
    Keepalive,
    Timer,
}

/// The words of `ss`, then ours. `local`, `lport`, `peer` and `pport` are the keys of groups.
const KEYS: [(&str, Keyword); 33] = [
    ("state", Keyword::State),
    ("exclude", Keyword::Exclude),
    ("excl", Keyword::Exclude),
    ("src", Keyword::Source),
    ("dst", Keyword::Destination),
    ("sport", Keyword::SourcePort),
    ("dport", Keyword::DestinationPort),
    ("local", Keyword::Source),
    ("peer", Keyword::Destination),
    ("lport", Keyword::SourcePort),
    ("pport", Keyword::DestinationPort),
    ("host", Keyword::Host),
    ("port", Keyword::Port),
    ("family", Keyword::Family),
    ("protocol", Keyword::Protocol),
    ("dev", Keyword::Device),
    ("fwmark", Keyword::Mark),
    ("cgroup", Keyword::Cgroup),
    ("autobound", Keyword::Autobound),
    ("pid", Keyword::Pid),
    ("proc", Keyword::Program),
    ("user", Keyword::User),
    ("unit", Keyword::Unit),
    ("container", Keyword::Container),
    ("netns", Keyword::Netns),
    ("recvq", Keyword::ReceiveQueue),
    ("sendq", Keyword::SendQueue),
    ("age", Keyword::Age),
    ("idle", Keyword::Idle),
    ("retrans", Keyword::Retrans),
    ("rtt", Keyword::Rtt),
    ("keepalive", Keyword::Keepalive),
    ("timer", Keyword::Timer),
];

/// Other names of keys, which are not offered: those of tcpdump, lsof, netstat, ps, and of columns.
const OTHER_KEYS: [(&str, Keyword); 18] = [
    ("net", Keyword::Host),
    ("portrange", Keyword::Port),
    ("proto", Keyword::Protocol),
    ("netid", Keyword::Protocol),
    ("remote", Keyword::Destination),
    ("foreign", Keyword::Destination),
    ("rport", Keyword::DestinationPort),
    ("process", Keyword::Program),
    ("program", Keyword::Program),
    ("comm", Keyword::Program),
    ("uid", Keyword::User),
    ("interface", Keyword::Device),
    ("iface", Keyword::Device),
    ("mark", Keyword::Mark),
    ("recv-q", Keyword::ReceiveQueue),
    ("send-q", Keyword::SendQueue),
    ("recv_q", Keyword::ReceiveQueue),
    ("send_q", Keyword::SendQueue),
];

/// Protocols as separate words, with the family that a number at their end means.
const PROTOCOLS: [(&str, Option<Protocol>, Option<Family>); 23] = [
    ("tcp", Some(Protocol::Tcp), None),
    ("udp", Some(Protocol::Udp), None),
    ("udplite", Some(Protocol::UdpLite), None),
    ("raw", Some(Protocol::Raw), None),
    ("unix", Some(Protocol::Unix), None),
    ("mptcp", Some(Protocol::Mptcp), None),
    ("sctp", Some(Protocol::Sctp), None),
    ("dccp", Some(Protocol::Dccp), None),
    ("packet", Some(Protocol::Packet), None),
    ("netlink", Some(Protocol::Netlink), None),
    ("vsock", Some(Protocol::Vsock), None),
    ("tipc", Some(Protocol::Tipc), None),
    ("xdp", Some(Protocol::Xdp), None),
    ("tcp4", Some(Protocol::Tcp), Some(Family::Inet)),
    ("tcp6", Some(Protocol::Tcp), Some(Family::Inet6)),
    ("udp4", Some(Protocol::Udp), Some(Family::Inet)),
    ("udp6", Some(Protocol::Udp), Some(Family::Inet6)),
    ("ip", None, Some(Family::Inet)),
    ("ipv4", None, Some(Family::Inet)),
    ("inet", None, Some(Family::Inet)),
    ("ip6", None, Some(Family::Inet6)),
    ("ipv6", None, Some(Family::Inet6)),
    ("inet6", None, Some(Family::Inet6)),
];

/// A word that joins conditions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Joint {
    Not,
    And,
    Or,
}

/// How alike a bare word must be to a word of the language to be taken for a slip (Jaro-Winkler, 0 to 1), not for a
/// program's name: at 0.9, one letter left out, added, doubled or swapped in a word of five.
const SLIP: f64 = 0.9;
/// Shorter words are too easily alike: `agent` is not a mistyped `age`.
const SHORTEST_SLIP: usize = 4;
/// Longer ones are not compared.
const LONGEST_SLIP: usize = 64;

/// The key a word names.
pub(super) fn key(token: &Token) -> Option<Keyword> {
    key_named(&token.text).filter(|_| token.is_plain)
}

/// The key of this name.
pub(super) fn key_named(word: &str) -> Option<Keyword> {
    let mut known = KEYS.iter().chain(&OTHER_KEYS);
    known.find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, key)| *key)
}

/// The protocol and the family of a word such as `tcp`, `udp6` or `ip`.
pub(super) fn protocol(word: &str) -> Option<(Option<Protocol>, Option<Family>)> {
    let named = PROTOCOLS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(word));
    named.map(|(_, protocol, family)| (*protocol, *family))
}

/// The word of a protocol.
pub(super) fn protocol_name(protocol: Protocol) -> &'static str {
    PROTOCOLS.iter().find(|(_, one, _)| *one == Some(protocol)).map_or("", |(name, ..)| name)
}

/// The words of protocols to offer.
pub(super) fn protocols() -> impl Iterator<Item = &'static str> {
    PROTOCOLS.iter().filter(|(_, protocol, family)| protocol.is_some() && family.is_none()).map(|(name, ..)| *name)
}

/// The names of all keys.
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    KEYS.iter().map(|(name, _)| *name)
}

/// The joint a word is.
pub(super) fn joint(token: &Token) -> Option<Joint> {
    let joint = match token.text.to_ascii_lowercase().as_str() {
        "not" => Joint::Not,
        "and" => Joint::And,
        "or" => Joint::Or,
        _ => return None,
    };
    Some(joint).filter(|_| token.is_plain)
}

/// The comparison a word is.
pub(super) fn comparison(token: &Token) -> Option<Op> {
    let op = match token.text.to_ascii_lowercase().as_str() {
        "eq" => Op::Equal,
        "ne" | "neq" => Op::NotEqual,
        "lt" => Op::Less,
        "le" | "leq" => Op::LessEqual,
        "gt" => Op::Greater,
        "ge" | "geq" => Op::GreaterEqual,
        _ => return None,
    };
    Some(op).filter(|_| token.is_plain)
}

/// The state or key that a bare word is a slip of. One that goes on behind a key is none: `containerd`.
pub(super) fn slip(word: &str) -> Option<&'static str> {
    let keys = keys().filter(|key| !word.starts_with(key));
    alike(word, states::names().chain(keys).filter(|known| known.len() >= SHORTEST_SLIP), SLIP)
}

/// The nearest key, however far the slip.
pub(super) fn nearest_key(word: &str) -> Option<&'static str> {
    alike(word, keys(), suggest::NEAR)
}

/// The nearest state, however far the slip.
pub(super) fn nearest_state(word: &str) -> Option<&'static str> {
    alike(word, states::names(), suggest::NEAR)
}

fn alike(word: &str, known: impl Iterator<Item = &'static str>, likeness: f64) -> Option<&'static str> {
    let as_ss = word.to_ascii_lowercase().replace('_', "-");
    if as_ss.len() > LONGEST_SLIP { None } else { suggest::alike(&as_ss, known, likeness) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_reported_from_programs() {
        for (word, meant) in [
            ("tme-wait", "time-wait"),
            ("TIME_WIAT", "time-wait"),
            ("estblished", "established"),
            ("clos-wait", "close-wait"),
            ("fin-wait2", "fin-wait-2"),
            ("dprt", "dport"),
            ("lsten", "listen"),
            ("keepalve", "keepalive"),
        ] {
            assert_eq!(slip(word), Some(meant), "{word}");
        }
        for program in [
            "nginx",
            "php-fpm",
            "kube-proxy",
            "docker-proxy",
            "systemd-resolve",
            "agent",
            "node",
            "java",
            "sshd",
            "ora",
            "ssh",
            "postgres",
            "python3",
            "chrome",
            "time-sync",
            "containerd-shim",
            "containerd",
            "procd",
            "dockerd",
            "a",
            "*",
        ] {
            assert_eq!(slip(program), None, "{program}");
        }
    }
}
