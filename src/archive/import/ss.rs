//! Text of `ss`, of any version and with any of its options: a row a socket, what `-e -i -m -o -p` add behind it and on
//! the lines below.

use super::{info::Info, prelude::*, row::OtherRow, states::glued_state, timer::timer};
use crate::model::netlink;

/// The first column of the sockets that are read.
const NETIDS: [(&str, Netid); 13] = [
    ("tcp", Netid::Tcp),
    ("udp", Netid::Udp),
    ("udpl", Netid::UdpLite),
    ("raw", Netid::Raw),
    ("mptcp", Netid::Mptcp),
    ("sctp", Netid::Sctp),
    ("dccp", Netid::Dccp),
    ("u_str", Netid::UnixStream),
    ("u_dgr", Netid::UnixDatagram),
    ("u_seq", Netid::UnixSeqpacket),
    ("nl", Netid::Netlink),
    ("p_raw", Netid::PacketRaw),
    ("p_dgr", Netid::PacketDatagram),
];

/// The first column of other sockets, and their names.
const ELSEWHERE: [(&str, &str); 10] = [
    ("v_str", "vsock"),
    ("v_dgr", "vsock"),
    ("v_seq", "vsock"),
    ("ti_st", "TIPC"),
    ("ti_dg", "TIPC"),
    ("ti_rd", "TIPC"),
    ("ti_sq", "TIPC"),
    ("xdp", "XDP"),
    ("icmp6", "ICMP"),
    ("???", "?"),
];

/// The columns of all rows under one heading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    /// The protocol of rows without the Netid column.
    pub(super) netid: Netid,
    /// The state of rows without the column State.
    pub(super) state: Option<State>,
    /// Whether rows may lack it.
    pub(super) is_stateless: bool,
    pub(super) shown: ShownColumns,
}

/// The kind of a line, by its first words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Begin {
    /// The beginning of a row.
    Row,
    /// More of the row before.
    More,
    /// Neither.
    No,
}

/// The first words of a row that identify it.
const KNOWN_BY: usize = 5;

/// The first words of a row, at most this many, split where columns touch.
fn head(text: &str, most: usize) -> Vec<&str> {
    let mut words = Vec::with_capacity(most.min(16));
    for word in text.split_ascii_whitespace().take(most) {
        if words.len() >= 2 {
            words.push(word);
            continue;
        }
        let netid = NETIDS.iter().map(|(name, _)| *name).find(|name| {
            word.strip_prefix(name).is_some_and(|rest| state(rest).is_some() || glued_state(rest).is_some())
        });
        let rest = match netid {
            Some(name) => {
                words.push(name);
                word.get(name.len()..).unwrap_or_default()
            }
            None => word,
        };
        match glued_state(rest) {
            Some((state, figures)) => words.extend([state, figures]),
            None => words.push(rest),
        }
    }
    words
}

/// The figure of a queue; a dash, which sockdoc writes, where it is unknown.
fn figure(word: &str) -> Option<Option<u32>> {
    if word == "-" { Some(None) } else { word.parse().ok().map(Some) }
}

/// Whether two ends are those of a netlink socket: `rtnl:kernel *`.
fn are_of_netlink(local: &str, peer: &str) -> bool {
    let Some((protocol, _)) = local.split_once(':') else { return false };
    let is_named = netlink::number(protocol).is_some();
    (is_named && end(local).is_none()) || ((is_named || is_number(protocol)) && is_group(peer))
}

/// Whether a word is the other end of a netlink or packet socket: nothing, or a group with a port.
fn is_group(word: &str) -> bool {
    word == "*" || word.split_once(':').is_some_and(|(group, _)| is_number(group))
}

/// How a line begins; an SCTP association follows a branch mark.
pub(super) fn begin(text: &str, columns: &Columns) -> Begin {
    let trimmed = text.trim_start();
    let words = head(trimmed.strip_prefix("`- ").unwrap_or(trimmed), KNOWN_BY);
    let is_netid =
        |word: &str| NETIDS.iter().any(|(name, _)| *name == word) || ELSEWHERE.iter().any(|(name, _)| *name == word);
    let is_row = match *words.as_slice() {
        [netid, word, ..] if is_netid(netid) && state(word).is_some() => true,
        [word, received, ..] if state(word).is_some() && figure(received).is_some() => true,
        [word] => state(word).is_some() && columns.is_stateless,
        [netid, received, sent, ..] if is_netid(netid) && columns.is_stateless => {
            is_number(received) && is_number(sent)
        }
        [received, sent, local, peer, ..] if columns.is_stateless => {
            let are_ends = end(local).is_some() && end(peer).is_some();
            is_number(received) && is_number(sent) && (are_ends || are_of_netlink(local, peer))
        }
        _ => false,
    };
    const MORE: [&str; 10] =
        ["users:((", "timer:(", "skmem:(", "mem:(", "ino:", "uid:", "sk:", "cgroup:", "cubic ", "bbr "];
    match () {
        () if is_row => Begin::Row,
        () if text.starts_with([' ', '\t']) || MORE.iter().any(|more| trimmed.starts_with(more)) => Begin::More,
        () => Begin::No,
    }
}

/// Whether a row can go without a heading: it has a state and its queues.
pub(super) fn is_row(text: &str) -> bool {
    let words = head(text, KNOWN_BY);
    let words = match words.as_slice() {
        [netid, rest @ ..] if NETIDS.iter().chain(&[]).any(|(name, _)| name == netid) => rest,
        [netid, rest @ ..] if ELSEWHERE.iter().any(|(name, _)| name == netid) => rest,
        all => all,
    };
    matches!(words, [word, received, _, ..] if state(word).is_some() && figure(received).is_some())
}

/// Whether a row breaks off before its peer, or before both ends: a mail may have broken it.
pub(super) fn wants_more(text: &str) -> bool {
    let words = head(text.trim_start(), KNOWN_BY + 1);
    let rest = match words.as_slice() {
        [netid, rest @ ..] if NETIDS.iter().any(|(name, _)| name == netid) => rest,
        all => all,
    };
    matches!(rest, [word, _, _] | [word, _, _, _] if state(word).is_some())
}

/// Whether a row ends within the programs that hold the socket.
pub(super) fn is_open(row: &str) -> bool {
    row.rfind("users:((").is_some_and(|at| !row.get(at..).is_some_and(|users| users.contains("))")))
}

/// Reads a row with all its continuations, in one line; `before` is the row before.
pub(super) fn row<'a>(text: &'a str, joined: &'a mut String, columns: &Columns, before: Option<Netid>) -> Item<'a> {
    // Names of programs may have blanks.
    let users = split_users(text.trim_start(), joined);
    let text = joined.trim_start();
    let (text, is_branch) = text.strip_prefix("`- ").map_or((text, false), |text| (text, true));
    let words = head(text, usize::MAX);
    let (netid, rest) = match words.as_slice() {
        [first, rest @ ..] => match NETIDS.iter().find(|(name, _)| name == first) {
            Some((_, netid)) => (Some(*netid), rest),
            None => match ELSEWHERE.iter().find(|(name, _)| name == first) {
                Some((_, name)) => return Item::Elsewhere(name),
                None => (None, words.as_slice()),
            },
        },
        [] => return Item::Prose,
    };
    let (shown_state, rest) = match rest {
        [word, rest @ ..] if state(word).is_some() => (state(word), rest),
        rest => (None, rest),
    };
    let [received, sent, rest @ ..] = rest else { return Item::Unread(UnreadReason::Cut) };
    let (Some(received), Some(sent)) = (figure(received), figure(sent)) else {
        return Item::Unread(UnreadReason::Figures);
    };
    let shown = ShownColumns { queues: received.is_some(), limits: sent.is_some(), ..columns.shown };
    let (received, sent) = (received.unwrap_or(0), sent.unwrap_or(0));
    let is_named = netid.is_some();
    let netid = netid.or(before.filter(|_| is_branch)).unwrap_or(columns.netid);
    let kind = match netid {
        Netid::UnixStream => 1,
        Netid::UnixDatagram => 2,
        Netid::UnixSeqpacket => 5,
        _ => 0,
    };
    if kind != 0 {
        let Some(state) = shown_state.or(columns.state) else { return Item::Unread(UnreadReason::NoState) };
        return unix(kind, state, (received, sent), rest, users);
    }
    // Only netlink sockets have no column with their kind.
    let is_netlink = matches!(rest, [local, peer, ..] if !is_named && are_of_netlink(local, peer));
    let netid = if is_netlink { Netid::Netlink } else { netid };
    if matches!(netid, Netid::Netlink | Netid::PacketRaw | Netid::PacketDatagram) {
        return other(netid, (received, sent), rest, users);
    }
    let [local, peer, words @ ..] = rest else { return Item::Unread(UnreadReason::Cut) };
    // The column of processes may be glued to the peer.
    let (peer, glued) = peer.find("timer:(").map_or((*peer, ""), |at| peer.split_at(at));
    let (Some(_), Some(far)) = (end(local), end(peer)) else { return Item::Unread(UnreadReason::Cut) };
    // Without a state: only a listener of TCP has no peer, and the others have no other states.
    let state = shown_state.or(columns.state).or(match (netid, far.is_any()) {
        (Netid::Tcp | Netid::Mptcp | Netid::Sctp | Netid::Dccp, true) => Some(State::LISTEN),
        (Netid::Udp | Netid::Raw, true) => Some(State::CLOSE),
        (Netid::Udp | Netid::Raw, false) => Some(State::ESTABLISHED),
        _ => None,
    });
    let Some(state) = state else { return Item::Unread(UnreadReason::NoState) };
    let is_protocol = local.ends_with(":icmp") || local.ends_with(":ipv6-icmp");
    let netid = if is_protocol { Netid::Raw } else { netid };
    let more = std::iter::once(glued).filter(|word| !word.is_empty()).chain(words.iter().copied());
    let extras = extras(more, users, state);
    Item::Inet(TextRow { netid, state, received, sent, local, peer, is_v6: false, shown, extras })
}

/// `nl UNCONN 0 0 rtnl:a program/812 *`, `p_raw UNCONN 0 0 ip:eth0 *`: the words before the peer are the local end.
fn other<'a>(netid: Netid, (received, sent): (u32, u32), words: &[&'a str], users: &'a str) -> Item<'a> {
    let Some(at) = words.iter().skip(1).position(|word| is_group(word)) else { return Item::Unread(UnreadReason::Cut) };
    let (local, rest) = words.split_at(at + 1);
    let extras = extras(rest.iter().skip(1).copied(), users, State::CLOSE);
    Item::Other(OtherRow { netid, local: local.join(" "), received, sent, extras })
}

/// `u_str LISTEN 0 4096 /run/a b 12345 * 0`: names with blanks, each with its inode behind it.
fn unix<'a>(kind: u8, state: State, queues: (u32, u32), words: &[&'a str], users: &'a str) -> Item<'a> {
    let named = |words: &[&str]| {
        let is_inode = |at: usize| words.get(at).is_some_and(|word| is_number(word));
        // A name may contain numbers: the inode is the number before an unnamed peer, or else the last number in a row.
        let is_before_peer = |&at: &usize| is_inode(at) && words.get(at + 1) == Some(&"*") && is_inode(at + 2);
        let is_last = |&at: &usize| is_inode(at) && !is_inode(at + 1);
        let at = (1..words.len()).find(is_before_peer).or_else(|| (1..words.len()).find(is_last))?;
        let inode = words.get(at)?.parse::<u32>().ok()?;
        Some((words.get(..at)?.join(" "), inode, at + 1))
    };
    let Some((name, inode, next)) = named(words) else { return Item::Unread(UnreadReason::Cut) };
    let words = words.get(next..).unwrap_or_default();
    let (peer, next) = named(words).map_or((0, 0), |(_, peer, next)| (peer, next));
    let rest = words.get(next..).unwrap_or_default();
    let mut extras = extras(rest.iter().copied(), users, state);
    extras.inode = Some(inode);
    let name = Some(name).filter(|name| name != "*");
    Item::Unix(UnixRow { kind, state, queues: Some(queues), name, peer, extras })
}

/// Puts the row without `users:((…))` into `rest`, and gives that.
fn split_users<'a>(row: &'a str, rest: &mut String) -> &'a str {
    const MARK: &str = "users:((";
    rest.clear();
    let Some(at) = row.find(MARK) else {
        rest.push_str(row);
        return "";
    };
    let (before, inside) = row.split_at(at);
    let inside = inside.get(MARK.len() - 1..).unwrap_or_default();
    // A program may call itself anything; of several ends the last before another token is meant.
    let length =
        inside.find(")) ").or_else(|| inside.find("))\t")).or_else(|| inside.rfind("))")).unwrap_or(inside.len());
    let users = inside.get(..(length + 1).min(inside.len())).unwrap_or(inside);
    rest.extend([before, " ", inside.get(length + 2..).unwrap_or_default()]);
    users
}

/// `("nginx",pid=12,fd=3),("nginx",pid=13,fd=3)`, or without the words as before iproute2 4.
fn holders(text: &str) -> Vec<User<'_>> {
    let mut users = Vec::new();
    let mut rest = text;
    while let Some(begin) = rest.find("(\"") {
        let Some(inside) = rest.get(begin + 2..) else { break };
        // The name ends before the first number.
        let Some(end) = inside.find("\",") else { break };
        let program = inside.get(..end).unwrap_or_default();
        let after = inside.get(end + 2..).unwrap_or_default();
        let fields = after.split(')').next().unwrap_or_default();
        let mut numbers = Vec::new();
        for field in fields.split(',') {
            match field.split_once('=') {
                Some(("pid" | "fd", number)) => numbers.extend(number.parse::<u32>().ok()),
                None => numbers.extend(field.parse::<u32>().ok()),
                _ => {}
            }
        }
        if let [pid, fd, ..] = numbers[..] {
            users.push(User { program, pid, fd });
        }
        rest = after.get(fields.len()..).unwrap_or_default();
    }
    users
}

fn extras<'a>(words: impl Iterator<Item = &'a str>, users: &'a str, state: State) -> Extras<'a> {
    let mut extras = Extras { users: holders(users), ..Extras::default() };
    let mut info = Info::new();
    let mut words = words.peekable();
    // The congestion control is the name before the figures.
    let mut name = None;
    while let Some(word) = words.next() {
        if let Some(text) = word.strip_prefix("timer:(") {
            extras.timer = timer(text.trim_end_matches(')'));
        } else if let Some(text) = word.strip_prefix("skmem:(") {
            extras.memory = Some(memory(text.trim_end_matches(')')));
        } else if let Some(text) = word.strip_prefix("uid:") {
            extras.uid = text.parse().ok();
        } else if let Some(text) = word.strip_prefix("ino:") {
            extras.inode = text.parse().ok();
        } else if let Some(text) = word.strip_prefix("sk:") {
            extras.cookie = u64::from_str_radix(text, 16).ok();
        } else if let Some(text) = word.strip_prefix("v6only:") {
            extras.v6only = Some(text != "0");
        } else if let Some(mask) = SHUT_DOWN.iter().position(|shown| *shown == word) {
            extras.shutdown = u8::try_from(mask).ok();
        } else if let Some(text) = word.strip_prefix("cgroup:") {
            extras.cgroup = Some(text).filter(|path| path.starts_with('/'));
        } else if info.take(word, words.peek().copied()) {
            extras.congestion = extras.congestion.or_else(|| name.filter(|_| word.contains(':')));
        } else if is_name(word) {
            name = Some(word);
        }
    }
    extras.info = info.finish(state.number());
    extras.congestion = extras.congestion.filter(|_| extras.info.is_some());
    extras
}

/// Which directions are shut down, by the bits of the kernel: receiving, sending.
const SHUT_DOWN: [&str; 4] = ["<->", "-->", "<--", "---"];

/// Whether a word may be the name of a congestion control.
fn is_name(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && word.starts_with(|c: char| c.is_alphabetic())
}

/// `r0,rb131072,t0,tb16384,f0,w0,o0,bl0,d0`, in the order of the kernel.
fn memory(text: &str) -> [u32; 9] {
    const ORDER: [&str; 9] = ["r", "rb", "t", "tb", "f", "w", "o", "bl", "d"];
    let mut memory = [0; 9];
    for part in text.split(',') {
        let name = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let value = part.get(name.len()..).and_then(|digits| digits.parse().ok());
        let place = ORDER.iter().position(|known| *known == name);
        if let (Some(place), Some(value)) = (place.and_then(|place| memory.get_mut(place)), value) {
            *place = value;
        }
    }
    memory
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holders_are_read_whatever_a_program_calls_itself() {
        let read = |text| holders(text).into_iter().map(|user| (user.program, user.pid, user.fd)).collect::<Vec<_>>();
        assert_eq!(read("(\"nginx\",pid=12,fd=3),(\"a b)\",pid=13,fd=4)"), [("nginx", 12, 3), ("a b)", 13, 4)]);
        assert_eq!(read("(\"old\",12,3)"), [("old", 12, 3)]);
        assert_eq!(read("(\"t\",pid=12,tid=15,fd=3)"), [("t", 12, 3)]);
        assert_eq!(read("(\"cut\",pid=1"), []);
        let mut rest = String::new();
        let users = split_users("ESTAB 0 0 a:1 b:2 users:((\"x y\",pid=1,fd=2)) timer:(on,1sec,0)", &mut rest);
        assert_eq!((rest.as_str(), users), ("ESTAB 0 0 a:1 b:2   timer:(on,1sec,0)", "(\"x y\",pid=1,fd=2)"));
    }

    #[test]
    fn columns_that_are_glued_together_come_apart() {
        let head = |text| head(text, KNOWN_BY);
        assert_eq!(head("LISTEN0 128 *:22"), ["LISTEN", "0", "128", "*:22"]);
        assert_eq!(head("tcp FIN-WAIT-20 1"), ["tcp", "FIN-WAIT-2", "0", "1"]);
        assert_eq!(head("u_strESTAB0 0 *"), ["u_str", "ESTAB", "0", "0", "*"]);
    }
}
