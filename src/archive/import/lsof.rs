//! Text of `lsof -i`, with or without names, or of all files: one row per descriptor. It shows neither queues nor
//! sockets that no program holds.

use super::{foreign::Foreign, prelude::*};
use crate::model::blanks::not_shown;

/// Types of sockets outside these tables, and their names.
const OTHERS: [(&str, &str); 6] =
    [("netlink", "netlink"), ("pack", "packet"), ("raw", "raw"), ("raw6", "raw"), ("vsock", "vsock"), ("TIPC", "TIPC")];

/// Types of open files that are not sockets.
const FILES: [&str; 14] = [
    "REG", "DIR", "CHR", "BLK", "FIFO", "LINK", "a_inode", "unknown", "PIPE", "KQUEUE", "systm", "NPOLICY", "CNT",
    "PSXSHM",
];

/// Whether a line is the heading.
pub(super) fn is_heading(text: &str) -> bool {
    text.trim_start().starts_with("COMMAND") && text.contains(" PID ") && text.contains(" FD ")
}

/// The words of a row from its type on, and the descriptor before it.
fn split<'w, 'a>(words: &'w [&'a str]) -> Option<(u32, &'a str, &'w [&'a str])> {
    let is_type = |word: &str| {
        matches!(word, "IPv4" | "IPv6" | "inet" | "inet6" | "sock" | "unix")
            || FILES.contains(&word)
            || OTHERS.iter().any(|(name, _)| *name == word)
    };
    let at = (3..words.len().min(9)).find(|&at| words.get(at).is_some_and(|word| is_type(word)))?;
    let pid = words.get(1..at)?.iter().find(|word| is_number(word))?.parse().ok()?;
    Some((pid, words.get(at - 1)?, words.get(at..)?))
}

/// Whether a line is a row.
pub(super) fn is_row(text: &str) -> bool {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let is_fd =
        |fd: &str| fd.starts_with(|c: char| c.is_ascii_digit()) || matches!(fd, "cwd" | "rtd" | "txt" | "mem" | "DEL");
    split(&words).is_some_and(|(_, fd, rest)| is_fd(fd) && rest.len() > 3)
}

/// Whether a row breaks off before its ends: a mail may have broken it.
pub(super) fn wants_more(text: &str) -> bool {
    matches!(text.split_ascii_whitespace().next_back(), Some("TCP" | "UDP"))
}

/// Reads a row.
pub(super) fn row(text: &str) -> Item<'_> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let Some((pid, descriptor, rest)) = split(&words) else { return Item::Unread(UnreadReason::Cut) };
    let fd = descriptor.trim_end_matches(|c: char| !c.is_ascii_digit()).parse();
    let [kind, device, others @ ..] = rest else { return Item::Unread(UnreadReason::Cut) };
    if FILES.contains(kind) {
        return Item::Figure;
    }
    if let Some((_, name)) = OTHERS.iter().find(|(name, _)| name == kind) {
        return Item::Elsewhere(name);
    }
    let Ok(fd) = fd else { return Item::Unread(UnreadReason::Figures) };
    if is_thread(&words, rest.len()) {
        return Item::Figure;
    }
    let user = User { program: words.first().copied().unwrap_or_default(), pid, fd };
    match *kind {
        "sock" => closed(others, user),
        "unix" => unix(others, user),
        kind => {
            if device.starts_with("0x") {
                return Item::Foreign(Foreign::BsdLsof);
            }
            let uid = words.get(2).map(|user| user.parse().unwrap_or(not_shown::UID));
            let extras = Extras { inode: device.parse().ok(), uid, users: vec![user.clone()], ..Extras::default() };
            inet(kind.ends_with('6'), others, user, extras)
        }
    }
}

/// Whether a row with this number of words after the descriptor is of a thread (`lsof -K`): the thread's number and
/// name follow those of the process, which has its own row for each descriptor.
fn is_thread(words: &[&str], behind: usize) -> bool {
    let before = words.get(1..words.len().saturating_sub(behind + 1)).unwrap_or_default();
    matches!(before, [pid, tid, name, _user, ..] if is_number(pid) && is_number(tid) && !is_number(name))
}

/// `0t0 TCP 192.0.2.94:45966->203.0.113.88:https (CLOSE_WAIT)`.
fn inet<'a>(is_v6: bool, words: &[&'a str], user: User<'a>, extras: Extras<'a>) -> Item<'a> {
    let at = words.iter().take(3).position(|word| word.bytes().all(|byte| byte.is_ascii_uppercase()));
    let [protocol, name, marks @ ..] = at.and_then(|at| words.get(at..)).unwrap_or_default() else {
        return Item::Unread(UnreadReason::Cut);
    };
    let netid = match *protocol {
        "TCP" => Netid::Tcp,
        "UDP" => Netid::Udp,
        "SCTP" => Netid::Sctp,
        "UDPLITE" => Netid::UdpLite,
        _ => return Item::Elsewhere("raw"),
    };
    // `no PCB, CANTSENDMORE`, `can't identify protocol`.
    if matches!(*name, "no" | "can't") {
        return Item::Closed(user);
    }
    let (local, peer) = name.split_once("->").unwrap_or((name, "*:*"));
    if end(local).is_none() || end(peer).is_none() {
        return Item::Unread(UnreadReason::Cut);
    }
    let marks = || marks.iter().map(|mark| mark.trim_matches(['(', ')']));
    let queue = |name| marks().find_map(|mark| mark.strip_prefix(name)?.parse::<u32>().ok());
    let state = marks().find_map(state).or(match netid {
        Netid::Tcp | Netid::Sctp if peer != "*:*" => None,
        _ if peer == "*:*" => Some(State::CLOSE),
        _ => Some(State::ESTABLISHED),
    });
    let Some(state) = state else { return Item::Unread(UnreadReason::NoState) };
    let (received, sent) = (queue("QR="), queue("QS="));
    let shown = ShownColumns { inodes: true, queues: received.is_some(), ..ShownColumns::default() };
    let (received, sent) = (received.unwrap_or(0), sent.unwrap_or(0));
    Item::Inet(TextRow { netid, state, received, sent, local, peer, is_v6, shown, extras })
}

/// `0,8 0t0 12345 protocol: TCP`, `… can't identify protocol`: the socket is in no table any more.
fn closed<'a>(words: &[&'a str], user: User<'a>) -> Item<'a> {
    let text = words.join(" ");
    match text.split_once("protocol: ") {
        Some((_, "TCP" | "TCPv6")) => Item::Closed(user),
        Some(_) => Item::Elsewhere("?"),
        None if text.contains("identify protocol") => Item::Closed(user),
        None => Item::Unread(UnreadReason::Cut),
    }
}

/// `0t0 12345 /run/x.sock type=STREAM (LISTEN)`.
fn unix<'a>(words: &[&'a str], user: User<'a>) -> Item<'a> {
    let kind = words.iter().find_map(|word| word.strip_prefix("type="));
    let kind = match kind.map(|kind| kind.split(' ').next().unwrap_or(kind)) {
        Some("STREAM") => 1,
        Some("DGRAM") => 2,
        Some("SEQPACKET") => 5,
        // Before lsof 4.89 there was no type.
        _ => return Item::Elsewhere("UNIX"),
    };
    let Some(at) = words.iter().position(|word| is_number(word)) else { return Item::Unread(UnreadReason::Cut) };
    let state = match words.last() {
        Some(&"(LISTEN)") => State::LISTEN,
        Some(&"(CONNECTED)") => State::ESTABLISHED,
        _ => State::CLOSE,
    };
    let name: Vec<&str> = words.iter().skip(at + 1).take_while(|word| !word.starts_with("type=")).copied().collect();
    let name = Some(name.join(" ")).filter(|name| name.starts_with(['/', '@']));
    let inode = words.get(at).and_then(|inode| inode.parse().ok());
    let extras = Extras { inode, users: vec![user], ..Extras::default() };
    Item::Unix(UnixRow { kind, state, queues: None, name, peer: 0, extras })
}
