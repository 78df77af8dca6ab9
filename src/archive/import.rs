//! Text of other tools, made into the tables of `/proc/net` that it was drawn from: `ss`, `netstat` of Linux, and
//! those tables themselves.
//!
//! A text has no inodes (but for the tables), and an inode of 0 says that no program has the socket. So sockets that must
//! have one are given numbers from the last one down, which no kernel has reached.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{model::state::State, source::held::Held};

/// More lines are read of no text.
const MOST_LINES: usize = 4_000_000;

/// No line is longer.
const LONGEST: usize = 64 << 10;

/// How the states are spelled, by `ss` and by `netstat`.
const STATES: [(&str, State); 23] = [
    ("ESTAB", State::ESTABLISHED),
    ("ESTABLISHED", State::ESTABLISHED),
    ("SYN-SENT", State::SYN_SENT),
    ("SYN_SENT", State::SYN_SENT),
    ("SYN-RECV", State::SYN_RECV),
    ("SYN_RECV", State::SYN_RECV),
    ("FIN-WAIT-1", State::FIN_WAIT1),
    ("FIN_WAIT1", State::FIN_WAIT1),
    ("FIN-WAIT-2", State::FIN_WAIT2),
    ("FIN_WAIT2", State::FIN_WAIT2),
    ("TIME-WAIT", State::TIME_WAIT),
    ("TIME_WAIT", State::TIME_WAIT),
    ("UNCONN", State::CLOSE),
    ("CLOSE", State::CLOSE),
    ("CLOSED", State::CLOSE),
    ("CLOSE-WAIT", State::CLOSE_WAIT),
    ("CLOSE_WAIT", State::CLOSE_WAIT),
    ("LAST-ACK", State::LAST_ACK),
    ("LAST_ACK", State::LAST_ACK),
    ("LISTEN", State::LISTEN),
    ("LISTENING", State::LISTEN),
    ("CLOSING", State::CLOSING),
    ("UNKNOWN", State::CLOSE),
];

const TABLE_HEAD: &str = "sl local_address\n";

/// Whether bytes are text.
pub fn is_text(bytes: &[u8]) -> bool {
    let beginning = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    !beginning.trim_ascii().is_empty() && !beginning.contains(&0)
}

/// The tables of `/proc/net` as far as they are told, in the order tcp, tcp6, udp, udp6.
#[derive(Default)]
struct Tables {
    texts: [String; 4],
    has: [bool; 4],
    made_up: u32,
}

/// Reads a text, and says what of; none where it is none of those.
pub fn read(bytes: &[u8]) -> Option<(Held, &'static str)> {
    let text = String::from_utf8_lossy(bytes);
    let mut tables = Tables::default();
    let lines = || text.lines().filter(|line| line.len() < LONGEST).take(MOST_LINES);
    let kind = if lines().any(is_table_head) {
        lines().for_each(|line| tables.line(line));
        "/proc/net"
    } else if lines().take(100).any(is_netstat) {
        lines().for_each(|line| tables.netstat(line));
        "netstat"
    } else {
        lines().for_each(|line| tables.ss(line));
        "ss"
    };
    if !tables.has.contains(&true) && !lines().any(is_heading) {
        return None;
    }
    Some((tables.held(), kind))
}

fn is_table_head(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    words.next() == Some("sl") && words.next() == Some("local_address")
}

fn is_netstat(line: &str) -> bool {
    line.starts_with("Active Internet connections")
        || (line.starts_with("Proto") && line.contains("Foreign Address"))
        || line.split_ascii_whitespace().next().is_some_and(|word| protocol(word).is_some())
            && line.split_ascii_whitespace().nth(1).is_some_and(|word| word.parse::<u32>().is_ok())
}

/// A heading without a row below it: there was nothing to tell.
fn is_heading(line: &str) -> bool {
    is_table_head(line)
        || line.starts_with("Active Internet")
        || (line.contains("Recv-Q") && line.contains("Local Address"))
}

/// Whether it is UDP; none for what is not read here.
fn protocol(word: &str) -> Option<bool> {
    match word {
        "tcp" | "tcp6" => Some(false),
        "udp" | "udp6" => Some(true),
        _ => None,
    }
}

fn state(word: &str) -> Option<State> {
    STATES.iter().find(|(name, _)| *name == word).map(|(_, state)| *state)
}

impl Tables {
    /// A line of a table itself: which one, its addresses tell. UDP has the same columns, and no state but 1 and 7.
    fn line(&mut self, line: &str) {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let digits = words.get(1).and_then(|end| end.split_once(':')).map_or(0, |(digits, _)| digits.len());
        let table = match digits {
            8 => 0,
            32 => 1,
            _ => return,
        };
        // Tables of UDP have a column more, the drops, and a wider slot number.
        let is_udp = words.len() == 13 && matches!(words.get(3), Some(&"01" | &"07"));
        self.push(table + 2 * usize::from(is_udp), line);
    }

    /// `tcp 0 0 127.0.0.1:80 0.0.0.0:* LISTEN 0 12345 12/nginx`.
    fn netstat(&mut self, line: &str) {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let [name, received, sent, local, peer, rest @ ..] = words.as_slice() else { return };
        let Some(is_udp) = protocol(name) else { return };
        let state = rest.first().and_then(|word| state(word));
        let state = if is_udp { state.or(Some(State::CLOSE)) } else { state };
        let is_v6 = name.ends_with('6');
        let (Some(state), Some(local), Some(peer)) = (state, end(local, is_v6), end(peer, is_v6)) else { return };
        self.socket(is_udp, state, [received, sent], [local, peer]);
    }

    /// `ESTAB 0 0 127.0.0.1:80 127.0.0.1:4000`, with the type before it where several were asked for.
    fn ss(&mut self, line: &str) {
        // Lines that go on with details of the socket above are indented.
        if line.starts_with([' ', '\t']) {
            return;
        }
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let (is_udp, words) = match words.as_slice() {
            [name, rest @ ..] if protocol(name).is_some() => (protocol(name) == Some(true), rest),
            words => (false, words),
        };
        let [word, received, sent, local, peer, ..] = words else { return };
        let is_v6 = local.contains('[') || peer.contains('[');
        let (Some(state), Some(local), Some(peer)) = (state(word), end(local, is_v6), end(peer, is_v6)) else { return };
        // No TCP socket is both unconnected and told.
        self.socket(is_udp || state == State::CLOSE, state, [received, sent], [local, peer]);
    }

    fn socket(&mut self, is_udp: bool, state: State, queues: [&str; 2], ends: [(IpAddr, u16); 2]) {
        let [Ok(received), Ok(sent)] = queues.map(str::parse::<u32>) else { return };
        let is_v6 = ends.iter().any(|(address, _)| address.is_ipv6());
        let has_inode = !matches!(state, State::TIME_WAIT | State::SYN_RECV);
        self.made_up += u32::from(has_inode);
        let inode = if has_inode { u32::MAX - self.made_up } else { 0 };
        // Send-Q of a listener is its limit, which the tables do not have.
        let sent = if state == State::LISTEN { 0 } else { sent };
        let [local, peer] = ends.map(|(address, port)| format!("{}:{port:04X}", hexadecimal(address, is_v6)));
        let state = state.number();
        // The user is not told either: this number is nobody's.
        let line = format!(
            "0: {local} {peer} {state:02X} {sent:08X}:{received:08X} 00:00000000 00000000 {} 0 {inode} 1 0",
            u32::MAX
        );
        self.push(usize::from(is_v6) + 2 * usize::from(is_udp), &line);
    }

    fn push(&mut self, table: usize, line: &str) {
        if let (Some(text), Some(has)) = (self.texts.get_mut(table), self.has.get_mut(table)) {
            *has = true;
            text.push_str(line);
            text.push('\n');
        }
    }

    fn held(self) -> Held {
        let mut held = Held::default();
        held.node = ("?".to_owned(), "?".to_owned());
        let has_udp = self.has.iter().skip(2).any(|has| *has);
        for (place, (name, text)) in ["tcp", "tcp6", "udp", "udp6"].into_iter().zip(self.texts).enumerate() {
            if place < 2 || has_udp {
                held.file(&format!("/proc/thread-self/net/{name}"), format!("{TABLE_HEAD}{text}"));
            }
        }
        held
    }
}

/// `127.0.0.1:80`, `[::1]:80`, `*:80`, `:::80`, `0.0.0.0%eth0:68`; ports as numbers alone.
fn end(text: &str, is_v6: bool) -> Option<(IpAddr, u16)> {
    let (address, port) = text.rsplit_once(':')?;
    let port = if port == "*" { 0 } else { port.parse().ok()? };
    let address = address.trim_start_matches('[');
    let address = address.split(['%', ']']).next()?;
    let address = match address {
        "*" if is_v6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        "*" => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        address => address.parse().ok()?,
    };
    Some((address, port))
}

/// As the kernel writes it: words in the order of this machine.
fn hexadecimal(address: IpAddr, is_v6: bool) -> String {
    let octets = match address {
        IpAddr::V4(v4) if !is_v6 => v4.octets().to_vec(),
        IpAddr::V4(v4) if v4.is_unspecified() => vec![0; 16],
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    let words = octets.chunks_exact(4).filter_map(|word| word.first_chunk().map(|word| u32::from_ne_bytes(*word)));
    words.map(|word| format!("{word:08X}")).collect()
}
