//! The tables of sockets.

use std::{io::Write, net::IpAddr};

use super::words::{NetstatWords, host, numeric, padded, put, right};
use crate::{
    model::{
        entry::{End, Entry},
        family::Netid,
        socket::Timer,
        state::State,
    },
    render::list::digits::number,
};

/// Which sockets are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SocketScope {
    /// Those with a peer.
    Connected,
    /// `-l`: those without.
    Listening,
    /// `-a`.
    All,
}

impl SocketScope {
    fn words(self) -> &'static str {
        match self {
            SocketScope::Connected => "(w/o servers)",
            SocketScope::Listening => "(only servers)",
            SocketScope::All => "(servers and established)",
        }
    }

    fn takes(self, is_connected: bool) -> bool {
        match self {
            SocketScope::Connected => is_connected,
            SocketScope::Listening => !is_connected,
            SocketScope::All => true,
        }
    }
}

/// The details of each socket.
#[derive(Clone, Copy, Debug)]
pub struct SocketColumns {
    /// Which sockets.
    pub scope: SocketScope,
    /// Addresses are not cut.
    pub wide: bool,
    /// User and inode.
    pub extended: bool,
    /// The program.
    pub programs: bool,
    /// The timer.
    pub timers: bool,
}

/// The longest address with its port before it is cut, and the longest name of a program.
const SHORT: usize = 22;
const PROGRAM: usize = 20;
const ENDS: usize = 23;

/// The heading of internet sockets.
pub fn internet_heading(out: &mut Vec<u8>, columns: SocketColumns) {
    put!(out, "Active Internet connections {}\n", columns.scope.words());
    out.extend_from_slice(b"Proto Recv-Q Send-Q Local Address           Foreign Address         State      ");
    if columns.extended {
        out.extend_from_slice(b" User       Inode     ");
    }
    if columns.programs {
        put!(out, " {:<PROGRAM$}", "PID/Program name");
    }
    if columns.timers {
        out.extend_from_slice(b" Timer");
    }
    out.push(b'\n');
}

/// The heading of UNIX sockets.
pub fn unix_heading(out: &mut Vec<u8>, columns: SocketColumns) {
    put!(out, "Active UNIX domain sockets {}\n", columns.scope.words());
    out.extend_from_slice(b"Proto RefCnt Flags       Type       State         I-Node  ");
    if columns.programs {
        put!(out, " {:<PROGRAM$}", "PID/Program name");
    }
    out.extend_from_slice(b" Path\n");
}

/// A row of an internet socket, if it is among those that are shown; `is_v6` where it is of a table of IPv6.
pub fn socket(out: &mut Vec<u8>, entry: &Entry, is_v6: bool, columns: SocketColumns, words: &NetstatWords<'_>) {
    let (End::Inet(local, local_port), End::Inet(peer, peer_port)) = (&entry.local, &entry.peer) else { return };
    let is_tcp = entry.netid == Netid::Tcp;
    let is_connected = if is_tcp { *peer_port != 0 } else { !peer.is_unspecified() };
    if !columns.scope.takes(is_connected) {
        return;
    }
    padded(out, 5, |out| {
        out.extend_from_slice(entry.netid.name().as_bytes());
        out.extend_from_slice(if is_v6 { b"6" } else { b"" });
    });
    // The limit of a listener's queue is not a queue.
    let sent = if is_tcp && entry.is_listener() { 0 } else { entry.wqueue };
    for queue in [entry.rqueue, sent] {
        out.push(b' ');
        right(out, 6, queue);
    }
    out.push(b' ');
    // No peer of a raw socket has a port.
    let peer_port = if entry.netid == Netid::Raw { 0 } else { *peer_port };
    for (address, port) in [(*local, *local_port), (*peer, peer_port)] {
        padded(out, ENDS, |out| end(out, (address, port, entry.netid), (is_v6, columns.wide), words));
        out.push(b' ');
    }
    padded(out, 11, |out| match entry.netid {
        Netid::Raw => put!(out, "{}", entry.state.number()),
        Netid::Tcp => out.extend_from_slice(entry.state.name().unwrap_or_default().as_bytes()),
        _ => out.extend_from_slice(match entry.state {
            State::ESTABLISHED => b"ESTABLISHED",
            State::CLOSE => b"",
            _ => b"UNKNOWN",
        }),
    });
    finish(out, entry.raw_uid.unwrap_or(0), entry.inode, columns, words, |out| {
        if is_tcp { timer(out, entry) } else { out.extend_from_slice(b"off (0.00/0/0)") }
    });
}

/// Address and port, cut to the width of the column unless it may be wide.
fn end(
    out: &mut Vec<u8>,
    (address, port, netid): (IpAddr, u16, Netid),
    (is_v6, wide): (bool, bool),
    words: &NetstatWords<'_>,
) {
    let begin = out.len();
    // An IPv4 address of an IPv6 socket has no name.
    match is_v6 && address.is_ipv4() {
        true => numeric(out, address),
        false => host(out, words, address),
    }
    let middle = out.len();
    out.push(b':');
    match (port, (words.port)(netid, port)) {
        (0, _) => out.push(b'*'),
        (_, Some(name)) => out.extend_from_slice(name.as_bytes()),
        (_, None) => number(out, port),
    }
    let shown = out.len() - middle - 1;
    if !wide && middle - begin + shown > SHORT {
        let shown = shown.min(SHORT - 4);
        out.truncate(middle + 1 + shown);
        // The end of the address goes.
        out.drain(begin + SHORT - shown..middle);
    }
}

/// Writes the columns after the state.
fn finish(
    out: &mut Vec<u8>,
    uid: u32,
    inode: u32,
    columns: SocketColumns,
    words: &NetstatWords<'_>,
    timer: impl FnOnce(&mut Vec<u8>),
) {
    if columns.extended {
        match (words.user)(uid) {
            Some(name) => put!(out, " {name:<10} "),
            None => put!(out, " {uid:<10} "),
        }
        put!(out, "{inode:<10}");
    }
    if columns.programs {
        program(out, inode, words);
    }
    if columns.timers {
        out.push(b' ');
        timer(out);
    }
    out.push(b'\n');
}

fn program(out: &mut Vec<u8>, inode: u32, words: &NetstatWords<'_>) {
    out.push(b' ');
    padded(out, PROGRAM, |out| {
        let text = (words.program)(inode).unwrap_or(b"-");
        out.extend_from_slice(text.get(..PROGRAM - 1).unwrap_or(text));
    });
}

/// `keepalive (7195.93/0/0)`: when it fires in seconds, timeouts in a row, unanswered probes.
fn timer(out: &mut Vec<u8>, entry: &Entry) {
    // The kernel counts these in hundredths of a second.
    let (seconds, hundredths) = (entry.expires_ms / 1000, entry.expires_ms / 10 % 100);
    let tries = entry.retrans;
    match entry.timer {
        Timer::None => out.extend_from_slice(b"off (0.00/0/0)"),
        Timer::Retransmit => put!(out, "on ({seconds}.{hundredths:02}/{tries}/0)"),
        Timer::Keepalive => put!(out, "keepalive ({seconds}.{hundredths:02}/0/{tries})"),
        Timer::TimeWait => put!(out, "timewait ({seconds}.{hundredths:02}/0/0)"),
        Timer::Persist => put!(out, "probe ({seconds}.{hundredths:02}/0/{tries})"),
        other => put!(out, "unkn-{} ({seconds}.{hundredths:02}/0/{tries})", other.number()),
    }
}

/// A row of a UNIX socket, from a line of `/proc/net/unix`, the only source of the reference count and of connecting sockets.
pub fn unix_socket(out: &mut Vec<u8>, line: &[u8], columns: SocketColumns, words: &NetstatWords<'_>) {
    let mut fields = line.split(u8::is_ascii_whitespace).filter(|field| !field.is_empty());
    let _address = fields.next();
    let mut number = |radix| {
        let text = fields.next().and_then(|field| str::from_utf8(field).ok())?;
        u64::from_str_radix(text, radix).ok()
    };
    let (Some(references), Some(protocol), Some(flags), Some(kind), Some(state), Some(inode)) =
        (number(16), number(16), number(16), number(16), number(16), number(10))
    else {
        return;
    };
    // SO_ACCEPTCON, SO_WAITDATA, SO_NOSPACE (include/linux/net.h).
    let is_listener = state == 1 && flags & 1 << 16 != 0;
    if columns.scope != SocketScope::All && is_listener != (columns.scope == SocketScope::Listening) {
        return;
    }
    let flags: String = [(16, "ACC "), (17, "W "), (18, "N ")]
        .into_iter()
        .filter_map(|(bit, word)| (flags & 1 << bit != 0).then_some(word))
        .collect();
    let kind = match kind {
        1 => "STREAM",
        2 => "DGRAM",
        3 => "RAW",
        4 => "RDM",
        5 => "SEQPACKET",
        _ => "UNKNOWN",
    };
    let state = match state {
        0 => "FREE",
        1 if is_listener => "LISTENING",
        1 => "",
        2 => "CONNECTING",
        3 => "CONNECTED",
        4 => "DISCONNECTING",
        _ => "UNKNOWN",
    };
    let name = if protocol == 0 { "unix" } else { "??" };
    put!(out, "{name:<5} {references:<6} {:<11} {kind:<10} {state:<13} {inode:<8}", format!("[ {flags}]"));
    if columns.programs {
        program(out, u32::try_from(inode).unwrap_or(0), words);
    }
    out.push(b' ');
    out.extend_from_slice(fields.next().unwrap_or_default());
    out.push(b'\n');
}

/// Rows of listening SCTP sockets, from `/proc/net/sctp/eps`, the only source of all their addresses.
pub fn endpoints(out: &mut Vec<u8>, text: &str, columns: SocketColumns, words: &NetstatWords<'_>) {
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let [_, _, _, state, _, port, uid, inode, addresses @ ..] = fields.as_slice() else { continue };
        let port = sctp_port(port, words);
        for (place, address) in addresses.iter().enumerate() {
            put!(out, "{:<20}", if place == 0 { "sctp" } else { "" });
            let mut text = sctp_address(address, words);
            text.push(b':');
            text.extend_from_slice(&port);
            padded(out, 47, |out| out.extend_from_slice(&text));
            put!(out, " {:<11}", if place == 0 { sctp_state(state) } else { "" });
            if place + 1 < addresses.len() {
                out.push(b'\n');
            }
        }
        finish(out, uid.parse().unwrap_or(0), inode.parse().unwrap_or(0), columns, words, |_| {});
    }
}

/// Rows of SCTP associations, from `/proc/net/sctp/assocs`.
pub fn associations(out: &mut Vec<u8>, text: &str, columns: SocketColumns, words: &NetstatWords<'_>) {
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let [_, _, _, state, _, _, _, sent, received, uid, inode, local_port, peer_port, ends @ ..] = fields.as_slice()
        else {
            continue;
        };
        let is_end = |word: &&&str| word.contains(['.', ':']);
        let local: Vec<&&str> = ends.iter().take_while(|word| **word != "<->").filter(is_end).collect();
        let peer: Vec<&&str> = ends.iter().skip_while(|word| **word != "<->").filter(is_end).collect();
        let rows = local.len().max(peer.len());
        for place in 0..rows {
            match place {
                0 => put!(out, "sctp  {received:>6} {sent:>6} "),
                _ => put!(out, "{:<20}", ""),
            }
            for (addresses, port) in [(&local, local_port), (&peer, peer_port)] {
                padded(out, ENDS, |out| {
                    if let Some(address) = addresses.get(place) {
                        out.extend(sctp_address(address.trim_start_matches('*'), words));
                        if place == 0 {
                            out.push(b':');
                            out.extend(sctp_port(port, words));
                        }
                    }
                });
                out.push(b' ');
            }
            padded(out, 11, |out| out.extend_from_slice(if place == 0 { sctp_state(state) } else { "" }.as_bytes()));
            if place + 1 < rows {
                out.push(b'\n');
            }
        }
        finish(out, uid.parse().unwrap_or(0), inode.parse().unwrap_or(0), columns, words, |_| {});
    }
}

fn sctp_address(text: &str, words: &NetstatWords<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    match text.parse() {
        Ok(address) => host(&mut out, words, address),
        Err(_) => out.extend_from_slice(text.as_bytes()),
    }
    out
}

fn sctp_port(text: &str, words: &NetstatWords<'_>) -> Vec<u8> {
    let name = text.parse().ok().and_then(|port| (words.port)(Netid::Sctp, port));
    name.unwrap_or(if text == "0" { "*" } else { text }).as_bytes().to_vec()
}

fn sctp_state(number: &str) -> &'static str {
    number.parse().ok().and_then(|number| State::from_kernel(number).name()).unwrap_or("UNKNOWN")
}
