//! The kernel's own text files, `/proc/self/net/tcp` and its siblings, read in the namespace of the main thread.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use super::counts::{Counts, Inet, State};

/// One line of `/proc/net/tcp` or `tcp6`.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) inet: Inet,
    pub(crate) local: SocketAddr,
    pub(crate) peer: SocketAddr,
    pub(crate) state: State,
    /// Bytes sent and not acknowledged, a SYN or FIN counting 1.
    pub(crate) tx: u32,
    /// Bytes received and not read, a FIN counting 1; the queue's length for LISTEN.
    pub(crate) rx: u32,
    /// 0 none, 1 retransmission, 2 keepalive, 3 TIME_WAIT, 4 zero window probe.
    pub(crate) timer: u8,
    /// When that timer ends.
    pub(crate) expires: Duration,
    /// Timeouts in a row, or unanswered probes.
    pub(crate) retransmits: u32,
    pub(crate) uid: u32,
    /// 0 when no descriptor holds the socket.
    pub(crate) inode: u64,
}

/// All TCP sockets of the namespace.
pub(crate) fn tcp() -> Vec<Row> {
    let mut rows = read("tcp", Inet::V4);
    rows.extend(read("tcp6", Inet::V6));
    rows
}

/// The rows in that state.
pub(crate) fn tcp_in(state: State) -> Vec<Row> {
    tcp().into_iter().filter(|row| row.state == state).collect()
}

/// All TCP sockets of the namespace, counted.
pub(crate) fn tcp_counts() -> Counts {
    let mut counts = Counts::default();
    for row in tcp() {
        counts.note(row.inet, row.state, 1);
    }
    counts
}

/// The lines of another table of `/proc/net` (`udp`, `raw6`, `unix` …), its heading left out.
pub(crate) fn lines(table: &str) -> Vec<String> {
    fs::read_to_string(format!("/proc/self/net/{table}"))
        .unwrap_or_default()
        .lines()
        .skip(1)
        .map(str::to_owned)
        .collect()
}

/// How many TCP connections were begun in the namespace so far.
pub(crate) fn connections_opened() -> u64 {
    counter("TcpActiveOpens").expect("ActiveOpens")
}

/// A counter of the namespace by the name that `nstat` gives it, `TcpExtListenDrops`; `None` where the kernel has none.
pub(crate) fn counter(name: &str) -> Option<u64> {
    ["netstat", "snmp"].iter().find_map(|table| {
        let text = fs::read_to_string(format!("/proc/self/net/{table}")).ok()?;
        let mut rows = text.lines().filter_map(|line| line.split_once(": "));
        while let (Some((group, names)), Some((_, numbers))) = (rows.next(), rows.next()) {
            let mut columns = names.split_whitespace().zip(numbers.split_whitespace());
            if let Some(number) = name.strip_prefix(group).and_then(|rest| columns.find(|(known, _)| *known == rest)) {
                return number.1.parse().ok();
            }
        }
        None
    })
}

/// How long something may take that happens by itself: on a slow machine that pauses now and then.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until something holds, for a minute at most, and names it when it does not.
#[track_caller]
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "not within {PATIENCE:?}: {what}; the kernel shows {:?}", tcp_counts());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The rows of a listing as `/proc/net/tcp` has it.
pub(crate) fn rows(listing: &str, inet: Inet) -> Vec<Row> {
    let lines = listing.lines().skip(1);
    lines.map(|line| parse(line, inet).unwrap_or_else(|| panic!("a line of the table: {line}"))).collect()
}

/// Waits until the namespace has exactly these TCP sockets: segments are handled a moment after the call that sent them.
#[track_caller]
pub(crate) fn settle(expected: &Counts) {
    let end = Instant::now() + PATIENCE;
    loop {
        let seen = tcp_counts();
        if seen == *expected {
            return;
        }
        assert!(Instant::now() < end, "the kernel did not get there:\n made {expected:?}\n seen {seen:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn read(table: &str, inet: Inet) -> Vec<Row> {
    lines(table).iter().map(|line| parse(line, inet).unwrap_or_else(|| panic!("a line of {table}: {line}"))).collect()
}

/// `sl local rem st tx:rx tr:when retrnsmt uid timeout inode …` (Documentation/networking/proc_net_tcp.rst).
fn parse(line: &str, inet: Inet) -> Option<Row> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (tx, rx) = fields.get(4)?.split_once(':')?;
    let (timer, when) = fields.get(5)?.split_once(':')?;
    // In hundredths of a second, for every clock of the kernel (USER_HZ).
    let expires = Duration::from_millis(u64::from_str_radix(when, 16).ok()?.saturating_mul(10));
    Some(Row {
        inet,
        local: address(fields.get(1)?)?,
        peer: address(fields.get(2)?)?,
        state: State::from_number(u8::from_str_radix(fields.get(3)?, 16).ok()?)?,
        tx: u32::from_str_radix(tx, 16).ok()?,
        rx: u32::from_str_radix(rx, 16).ok()?,
        timer: u8::from_str_radix(timer, 16).ok()?,
        expires,
        retransmits: u32::from_str_radix(fields.get(6)?, 16).ok()?,
        uid: fields.get(7)?.parse().ok()?,
        inode: fields.get(9)?.parse().ok()?,
    })
}

/// Hexadecimal words in the byte order of the machine, each holding four bytes in network order.
fn address(text: &str) -> Option<SocketAddr> {
    let (words, port) = text.split_once(':')?;
    let mut bytes = vec![];
    for at in (0..words.len()).step_by(8) {
        let word = u32::from_str_radix(words.get(at..at + 8)?, 16).ok()?;
        bytes.extend(word.to_ne_bytes());
    }
    let ip: IpAddr = match <[u8; 16]>::try_from(bytes.as_slice()) {
        Ok(bytes) => Ipv6Addr::from(bytes).into(),
        Err(_) => Ipv4Addr::from(<[u8; 4]>::try_from(bytes.as_slice()).ok()?).into(),
    };
    Some(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?))
}
