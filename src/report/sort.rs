//! The order of a listing that is not the kernel's.

use std::{cmp::Ordering, net::IpAddr};

use crate::model::{
    entry::{End, Entry},
    field::Field,
    tcp_info,
};

/// The sort key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Order {
    by: By,
    descending: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum By {
    Netid,
    State,
    Rqueue,
    Wqueue,
    Local,
    Peer,
    LocalPort,
    PeerPort,
    Uid,
    Inode,
    Retrans,
    Expires,
    Pid,
    Info(&'static Field),
}

/// The names of orders, which are those of the columns.
const NAMES: &[(&str, By)] = &[
    ("netid", By::Netid),
    ("state", By::State),
    ("recvq", By::Rqueue),
    ("sendq", By::Wqueue),
    ("local", By::Local),
    ("peer", By::Peer),
    ("lport", By::LocalPort),
    ("pport", By::PeerPort),
    ("uid", By::Uid),
    ("user", By::Uid),
    ("inode", By::Inode),
    ("retrans", By::Retrans),
    ("expires", By::Expires),
    ("timer", By::Expires),
    ("process", By::Pid),
    ("pid", By::Pid),
    // Other words for them: those of the filter, of ss and of netstat.
    ("proto", By::Netid),
    ("recv-q", By::Rqueue),
    ("rqueue", By::Rqueue),
    ("send-q", By::Wqueue),
    ("wqueue", By::Wqueue),
    ("src", By::Local),
    ("dst", By::Peer),
    ("sport", By::LocalPort),
    ("dport", By::PeerPort),
    ("proc", By::Pid),
    ("ino", By::Inode),
    ("cwnd", By::Info(&tcp_info::SND_CWND)),
    ("mss", By::Info(&tcp_info::SND_MSS)),
    ("minrtt", By::Info(&tcp_info::MIN_RTT)),
];

/// The names there are.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    NAMES.iter().map(|(name, _)| *name).chain(tcp_info::FIELDS.iter().map(|field| field.name))
}

/// The names to offer: those outside `tcp_info`.
pub fn offered() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

/// Returns the holder of a socket, for the order by process.
pub trait HolderLookup {
    /// The lowest process id that holds the inode.
    fn first_pid(&self, inode: u32) -> Option<u32>;
}

impl<F: Fn(u32) -> Option<u32>> HolderLookup for F {
    fn first_pid(&self, inode: u32) -> Option<u32> {
        self(inode)
    }
}

impl Order {
    /// Reads `recvq` or `recvq:desc`.
    pub fn of_name(word: &str) -> Option<Order> {
        let (name, descending) = match word.split_once(':') {
            None | Some((_, "asc")) => (word.split(':').next().unwrap_or(word), false),
            Some((name, "desc")) => (name, true),
            Some(_) => return None,
        };
        let known = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, by)| *by);
        let is_field = |field: &&Field| [field.name, field.json].iter().any(|one| one.eq_ignore_ascii_case(name));
        let by = known.or_else(|| tcp_info::FIELDS.iter().find(is_field).map(By::Info))?;
        Some(Order { by, descending })
    }

    /// Whether processes must be known.
    pub fn needs_owners(self) -> bool {
        self.by == By::Pid
    }

    /// Whether `tcp_info` must be asked for.
    pub fn needs_info(self) -> bool {
        matches!(self.by, By::Info(_))
    }

    /// Sorts sockets; equal ones keep their order, and unknown values come last in both directions.
    pub fn sort(self, entries: &mut [Entry], held: Option<&dyn HolderLookup>) {
        entries.sort_by_cached_key(|entry| Ranked { key: self.key(entry, held), descending: self.descending });
    }

    fn key(self, entry: &Entry, held: Option<&dyn HolderLookup>) -> Option<SortKey> {
        let number = |value: u32| Some(SortKey::Number(u64::from(value)));
        match self.by {
            By::Netid => Some(SortKey::Text(entry.netid.name().as_bytes().into())),
            By::State => number(u32::from(entry.state.number())),
            By::Rqueue => number(entry.rqueue),
            By::Wqueue => number(entry.wqueue),
            By::Local => end(&entry.local),
            By::Peer => end(&entry.peer),
            By::LocalPort => port(&entry.local),
            By::PeerPort => port(&entry.peer),
            By::Uid => entry.uid().and_then(number),
            By::Inode => number(entry.inode),
            By::Retrans => number(u32::from(entry.retrans)),
            By::Expires => number(entry.expires_ms),
            By::Pid => held?.first_pid(entry.inode).and_then(number),
            By::Info(field) => entry.detail.as_ref()?.tcp_info.as_ref()?.get(field).map(SortKey::Number),
        }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Number(u64),
    Address(IpAddr, u16),
    Text(Box<[u8]>),
}

#[derive(PartialEq, Eq)]
struct Ranked {
    key: Option<SortKey>,
    descending: bool,
}

impl Ord for Ranked {
    fn cmp(&self, other: &Ranked) -> Ordering {
        match (&self.key, &other.key) {
            (Some(a), Some(b)) if self.descending => b.cmp(a),
            (Some(a), Some(b)) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Ranked) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn end(end: &End) -> Option<SortKey> {
    Some(match end {
        End::None => return None,
        End::Inet(address, port) => SortKey::Address(*address, *port),
        End::Unix { name: Some(name), .. } => SortKey::Text(name.clone()),
        End::Unix { name: None, inode } => SortKey::Number(u64::from(*inode)),
        End::Packet { protocol, interface } => pair(u32::from(*protocol), *interface),
        End::Netlink { protocol, port, .. } => pair(u32::from(*protocol), *port),
        End::Vsock { cid, port } => pair(*cid, *port),
        End::Tipc { node, reference } => pair(*node, *reference),
        End::Xdp { interface, queue } => pair(*interface, *queue),
    })
}

fn pair(high: u32, low: u32) -> SortKey {
    SortKey::Number(u64::from(high) << 32 | u64::from(low))
}

fn port(end: &End) -> Option<SortKey> {
    match end {
        End::Inet(_, port) => Some(SortKey::Number(u64::from(*port))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_with_its_direction() {
        assert!(Order::of_name("recvq:desc").is_some_and(|order| order.descending));
        assert!(Order::of_name("recvq").is_some_and(|order| !order.descending));
        assert_eq!(Order::of_name("recvq:down"), None);
        assert_eq!(Order::of_name("colour"), None);
    }

    #[test]
    fn what_is_not_known_comes_last_either_way() {
        let rank = |key: Option<u64>, descending| Ranked { key: key.map(SortKey::Number), descending };
        assert!(rank(Some(9), false) < rank(None, false));
        assert!(rank(Some(9), true) < rank(None, true));
        assert!(rank(Some(9), true) < rank(Some(1), true));
    }
}
