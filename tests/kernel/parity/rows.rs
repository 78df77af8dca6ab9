//! The fields of what `ss` and sockdoc print.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::os::fd::{AsFd, AsRawFd};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::lab::counts::{Inet, State};
use crate::lab::makers::{self, Hangup, Held, Unread};
use crate::lab::other_families::{raw, udp_connected, udp_unconnected, unix_datagrams, unix_streams};
use crate::lab::program::{Said, run};
use crate::lab::sockets::Family;
use crate::lab::ss;

/// One socket: the columns, and what follows them by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) netid: Option<String>,
    pub(super) state: Option<String>,
    pub(super) queues: [u64; 2],
    pub(super) local: String,
    pub(super) peer: String,
    /// Whether an end is printed as a v4-mapped address.
    pub(super) mapped: bool,
    pub(super) fields: BTreeMap<String, String>,
}

/// Fields that change between two runs, and rates, which are computed.
const MOVING: &[&str] =
    &["rtt", "lastsnd", "lastrcv", "lastack", "busy", "rwnd_limited", "sndbuf_limited", "rto", "app_limited"];
/// Names whose value is the next word.
const RATES: &[&str] = &["send", "pacing_rate", "delivery_rate"];
/// Fields that sockdoc prints and this `ss` does not.
pub(super) const BEYOND_SS: &[&str] =
    &["uid", "rcv_wnd", "rehash", "total_rto", "total_rto_time", "total_rto_recoveries"];

/// Rows by their addresses.
pub(super) type Rows = BTreeMap<(String, String), Row>;

/// Reads a table with its heading; UNIX ends are two words each.
#[track_caller]
pub(super) fn parse(lines: &[String], unix: bool) -> Rows {
    let heading = lines.first().expect("a heading");
    let [has_netid, has_state] = ["Netid", "State"].map(|name| heading.split_whitespace().any(|word| word == name));
    let mut rows = Rows::new();
    for line in lines.iter().skip(1) {
        let row = row(line, has_netid, has_state, unix);
        let before = rows.insert((row.local.clone(), row.peer.clone()), row);
        assert_eq!(before, None, "one row for each pair of ends: {line}");
    }
    rows
}

#[track_caller]
fn row(line: &str, has_netid: bool, has_state: bool, unix: bool) -> Row {
    // Words of sockdoc where ss prints nothing.
    let line = ["never goes away", "- (kernel records none)", "- (not accepted yet)"]
        .iter()
        .fold(line.to_owned(), |line, said| line.replace(said, ""));
    let words = words(&line);
    let mut words = words.iter().map(String::as_str).collect::<Vec<_>>().into_iter();
    let mut next = || words.next().unwrap_or_else(|| panic!("a word more: {line}"));
    let netid = has_netid.then(|| next().to_owned());
    let state = has_state.then(|| ss_state(next()));
    let queues = [next(), next()].map(|queue| queue.parse().unwrap_or_else(|_| panic!("a queue: {line}")));
    let (local, peer) = if unix {
        let local = (next(), next());
        let peer = (next(), words.clone().next());
        (format!("{} {}", local.0, local.1), peer_inode(peer.0, peer.1, &mut words))
    } else {
        (next().to_owned(), next().to_owned())
    };
    let mapped = [&local, &peer].into_iter().any(|end| end.contains("::ffff:"));
    let [local, peer] = [local, peer].map(without_program);
    let mut fields = BTreeMap::new();
    while let Some(word) = words.next() {
        if RATES.contains(&word) {
            words.next();
            continue;
        }
        if word == "goes" {
            // "goes away in 2 min 10 s"
            let time = |word: &&str| {
                ["away", "in", "ms", "s", "min", "h", "d"].contains(word)
                    || word.bytes().all(|byte| byte.is_ascii_digit())
            };
            let after = words.clone().take_while(time).count();
            words = words.clone().skip(after).collect::<Vec<_>>().into_iter();
            continue;
        }
        let end = word.find([':', '=', '(']).unwrap_or(word.len());
        let (name, value) = word.split_at(end);
        if !MOVING.contains(&name) {
            fields.insert(name.to_owned(), value.trim_start_matches([':', '=']).to_owned());
        }
    }
    if let Some(timer) = fields.get_mut("timer") {
        // The kind of timer and its count, not the time.
        let parts: Vec<&str> = timer.split(',').collect();
        *timer = format!("{} {}", parts.first().unwrap_or(&""), parts.last().unwrap_or(&""));
    }
    if let Some(users) = fields.get_mut("users") {
        // Processes in any order.
        let mut each: Vec<&str> = users.trim_matches(['(', ')']).split("),(").collect();
        each.sort_unstable();
        *users = each.join(" ");
    }
    Row { netid, state, queues, local, peer, mapped, fields }
}

/// `* 0` of `ss` and `*` of sockdoc are no peer.
fn peer_inode<'a>(name: &str, inode: Option<&str>, words: &mut (impl Iterator<Item = &'a str> + Clone)) -> String {
    match inode.filter(|word| word.bytes().all(|byte| byte.is_ascii_digit())) {
        None => name.to_owned(),
        Some(inode) => {
            words.next();
            if inode == "0" { name.to_owned() } else { format!("{name} {inode}") }
        }
    }
}

/// `ss` names the program of a netlink port, sockdoc the port alone.
fn without_program(end: String) -> String {
    match (end.split_once(':'), end.rsplit_once('/')) {
        (Some((protocol, _)), Some((_, port))) if !end.starts_with(['/', '@']) => format!("{protocol}:{port}"),
        _ => end,
    }
}

/// Words, with text in parentheses kept together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut depth) = (vec![], String::new(), 0u32);
    for character in line.replace(": (", ":(").chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if character.is_whitespace() {
            if depth == 0 && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            } else if depth > 0 && !word.ends_with(['(', ' ']) {
                word.push(' ');
            }
        } else {
            if character == ')' && word.ends_with(' ') {
                word.pop();
            }
            word.push(character);
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// The state in the spelling of `ss`.
pub(super) fn ss_state(word: &str) -> String {
    let state = State::ALL.into_iter().find(|state| state.name() == word);
    state.map_or_else(|| word.to_owned(), |state| state.ss_name().to_owned())
}

/// The output of both with these options.
#[track_caller]
pub(super) fn both(options: &[&str]) -> (Rows, Rows) {
    let unix = options.iter().any(|option| option.contains('x') || option.contains("unix") || option.contains("u_"));
    let options = [&["-O", "-n"], options].concat();
    let (seen, said) = while_still(|| parse(&ss::lines(&options), unix), || list(&options).stdout);
    let lines: Vec<String> = said.lines().map(str::to_owned).collect();
    (seen, parse(&lines, unix))
}

/// The output of `ss` and of sockdoc, from a time at which `ss` prints the same before and after. A timer may move a
/// socket in between; those that fire again wait longer each time.
#[track_caller]
pub(super) fn while_still<T: PartialEq, U>(by_ss: impl Fn() -> T, ours: impl Fn() -> U) -> (T, U) {
    let end = Instant::now() + Duration::from_secs(60);
    let mut seen = by_ss();
    loop {
        let own = ours();
        let after = by_ss();
        if seen == after {
            return (seen, own);
        }
        assert!(Instant::now() < end, "the sockets do not stay");
        seen = after;
    }
}

/// Both show the same sockets, with the same columns; every field of `ss` is there with the same value, and nothing else
/// but what this `ss` does not know. Gives the rows of `ss`.
#[track_caller]
pub(super) fn same(options: &[&str]) -> Rows {
    let (seen, ours) = both(options);
    let keys = |rows: &Rows| rows.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&ours), keys(&seen), "{options:?}: the sockets");
    for (ends, row) in &seen {
        let own = &ours[ends];
        if row.netid.is_some() && own.netid.is_some() {
            assert_eq!(own.netid, row.netid, "{options:?}: {row:?}");
        }
        if row.state.is_some() && own.state.is_some() {
            assert_eq!(own.state, row.state, "{options:?}: {row:?}");
        }
        assert_eq!(own.queues, row.queues, "{options:?}: {row:?}");
        for (name, value) in &row.fields {
            assert_eq!(own.fields.get(name), Some(value), "{options:?}, {name}:\n{own:?}\n{row:?}");
        }
        for name in own.fields.keys().filter(|name| !row.fields.contains_key(*name)) {
            assert!(BEYOND_SS.contains(&name.as_str()), "{options:?}, {name} is not in ss:\n{own:?}\n{row:?}");
        }
    }
    seen
}

/// The same, with at least this many sockets.
#[track_caller]
pub(super) fn same_some(options: &[&str], least: usize) -> Rows {
    let rows = same(options);
    assert!(rows.len() >= least, "{options:?}: {} sockets", rows.len());
    rows
}

/// `sockdoc list`, run well.
#[track_caller]
pub(super) fn list(options: &[&str]) -> Said {
    let said = run(&[&["list"], options].concat());
    assert_eq!(said.code, Some(0), "{options:?}: {said:?}");
    said
}

/// The documents of `sockdoc list --format jsonl`.
#[track_caller]
pub(super) fn documents(options: &[&str]) -> Vec<Value> {
    let said = list(&[&["--format", "jsonl"], options].concat());
    said.stdout.lines().map(|line| serde_json::from_str(line).expect("a document")).collect()
}

/// The cookies in documents.
pub(super) fn cookies(documents: &[Value]) -> BTreeSet<String> {
    documents.iter().filter_map(|one| one["cookie"].as_str().map(str::to_owned)).collect()
}

/// An internet end as `ss` prints it: the address as it is on the wire, and the port; `None` for nowhere.
pub(super) fn end_of_ss(end: &str) -> Option<(IpAddr, u16)> {
    let (address, port) = end.rsplit_once(':')?;
    let address = address.split('%').next()?.trim_matches(['[', ']']);
    let address: IpAddr = if address == "*" { "::".parse().ok()? } else { address.parse().ok()? };
    Some((address.to_canonical(), if port == "*" { 0 } else { port.parse().ok()? }))
}

/// An internet end of a document.
pub(super) fn end_of_json(end: &Value) -> Option<(IpAddr, u16)> {
    let address: IpAddr = end["address"].as_str()?.parse().ok()?;
    Some((address.to_canonical(), u16::try_from(end["port"].as_u64()?).ok()?))
}

/// Sets `SO_MARK`.
pub(super) fn mark(socket: impl AsFd, mark: u32) {
    set_option(socket, libc::SO_MARK, &mark);
}

/// Sets an option of `SOL_SOCKET`.
#[allow(unsafe_code, reason = "rustix has neither marks nor filters")]
pub(super) fn set_option<T>(socket: impl AsFd, name: i32, value: &T) {
    let length = libc::socklen_t::try_from(size_of::<T>()).expect("an option is small");
    let (fd, value) = (socket.as_fd().as_raw_fd(), std::ptr::from_ref(value).cast());
    // SAFETY: the descriptor is open, and the kernel reads `length` bytes of a value that outlives the call.
    let status = unsafe { libc::setsockopt(fd, libc::SOL_SOCKET, name, value, length) };
    assert_eq!(status, 0, "{:?}", std::io::Error::last_os_error());
}

/// Sockets that do not change during the comparison.
pub(super) fn still() -> Vec<Held> {
    vec![
        makers::listen(Family::V6, 1),
        makers::established(Family::V4, 2),
        makers::established(Family::Mapped, 1),
        makers::established(Family::Dual, 1),
        makers::established(Family::V6, 1),
        makers::not_accepted(Family::V4, 1),
        makers::fin_wait2(Family::V4, 1, Hangup::Held),
        makers::fin_wait2(Family::V4, 1, Hangup::Orphan),
        makers::time_wait(Family::V6, 2),
        makers::time_wait(Family::Mapped, 1),
        makers::close_wait(Family::Dual, 1, Unread::Bytes(9)),
    ]
}

/// Those, and some that wait for an answer that does not come.
pub(super) fn every_state() -> Vec<Held> {
    let mut held = still();
    held.extend([
        makers::syn_recv(Family::V4, 1),
        makers::syn_recv_from_nowhere(Family::Dual, 2),
        makers::fin_wait1(Family::V4, 1, Hangup::Held),
        makers::closing(Family::V6, 1, Hangup::Held),
        makers::last_ack(Family::V4, 1, Hangup::Held),
        makers::syn_sent(Family::V4, 1),
    ]);
    held
}

/// UDP, raw and UNIX sockets.
pub(super) fn other_families() -> Vec<Vec<std::os::fd::OwnedFd>> {
    vec![
        udp_unconnected(Inet::V4, 2),
        udp_unconnected(Inet::V6, 1),
        udp_connected(Inet::V4, 1),
        udp_connected(Inet::V6, 2),
        raw(Inet::V4, 1),
        raw(Inet::V6, 1),
        unix_datagrams(2),
    ]
}

/// UNIX sockets with names and peers; their names hold a blank, which no table can be split at.
pub(super) fn unix_connections() -> Vec<std::os::fd::OwnedFd> {
    unix_streams(2)
}
