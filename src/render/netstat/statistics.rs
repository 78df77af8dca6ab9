//! The counters of `netstat -s`.

use std::{cmp::Ordering, io::Write};

use super::words::put;

/// The phrases of `netstat -s` for each counter, in the order of its tables: group, name, condition, and the phrase, in
/// which `#` is the number.
///
/// Shown always (`=`), where it is not 0 (`?`), under a heading of ICMP (`<` received, `>` sent), or never (`-`).
const SENTENCES: &str = include_str!("statistics.txt");

/// Which groups are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Statistics {
    /// IP and ICMP.
    pub raw: bool,
    /// TCP.
    pub tcp: bool,
    /// UDP.
    pub udp: bool,
    /// SCTP.
    pub sctp: bool,
}

impl Statistics {
    /// Whether a group is shown; those that `netstat` does not know are.
    fn shows(self, group: &str) -> bool {
        match group {
            "Ip" | "Icmp" | "Ip6" | "Icmp6" => self.raw,
            "Tcp" | "TcpExt" => self.tcp,
            "Udp" | "Udp6" => self.udp,
            "Sctp" => self.sctp,
            _ => true,
        }
    }
}

/// A line of [`SENTENCES`].
struct CounterWords {
    name: &'static str,
    shown: &'static str,
    words: &'static str,
}

/// How the lines before were set in, which the next one follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Under {
    Nothing,
    Received,
    Sent,
}

impl Under {
    fn blanks(self) -> usize {
        if self == Under::Nothing { 4 } else { 8 }
    }
}

struct Printer<'a> {
    out: &'a mut Vec<u8>,
    shown: Statistics,
    under: Under,
    group: Vec<CounterWords>,
    is_shown: bool,
}

impl Printer<'_> {
    /// Begins a group; `known` are those that have words.
    fn begin(&mut self, name: &str, known: &[&str]) {
        let is_known = known.contains(&name);
        self.is_shown = !is_known || self.shown.shows(name);
        if self.is_shown {
            put!(self.out, "{name}:\n");
        }
        self.group.clear();
        if is_known {
            self.under = Under::Nothing;
            self.group.extend(SENTENCES.lines().filter_map(|line| {
                let mut parts = line.splitn(4, ' ');
                let sentence = |mut parts: std::str::SplitN<'static, char>| {
                    Some(CounterWords {
                        name: parts.next()?,
                        shown: parts.next()?,
                        words: parts.next().unwrap_or_default(),
                    })
                };
                (parts.next() == Some(name)).then(|| sentence(parts)).flatten()
            }));
        }
    }

    fn counter(&mut self, name: &str, value: u64) {
        if !self.is_shown {
            return;
        }
        let Some(sentence) = find(&self.group, name) else {
            if value != 0 {
                put!(self.out, "{:1$}{name}: {value}\n", "", self.under.blanks());
            }
            return;
        };
        if sentence.shown == "-" || sentence.words.is_empty() {
            return;
        }
        let under = match sentence.shown {
            "<" => Under::Received,
            ">" => Under::Sent,
            _ => Under::Nothing,
        };
        if under != Under::Nothing && under != self.under {
            let heading = if under == Under::Received { "ICMP input histogram:" } else { "ICMP output histogram:" };
            put!(self.out, "{:1$}{heading}\n", "", self.under.blanks());
        }
        self.under = under;
        if sentence.shown == "=" || value != 0 {
            put!(self.out, "{:1$}{2}\n", "", under.blanks(), sentence.words.replace('#', &value.to_string()));
        }
    }

    /// Tables of two lines each, as in `/proc/net/snmp`; of all groups, or of those whose names begin so.
    fn tables(&mut self, text: &str, begin: &str) {
        const KNOWN: [&str; 6] = ["Ip", "Icmp", "Tcp", "Udp", "Sctp", "TcpExt"];
        let mut lines = text.lines().filter(|line| !line.is_empty());
        while let (Some(names), Some(values)) = (lines.next(), lines.next()) {
            let (Some((group, names)), Some((_, values))) = (names.split_once(':'), values.split_once(':')) else {
                return;
            };
            if !group.starts_with(begin) {
                continue;
            }
            self.begin(group, &KNOWN);
            for (name, value) in names.split_ascii_whitespace().zip(values.split_ascii_whitespace()) {
                self.counter(name, number(value));
            }
        }
    }
}

/// A number; a negative one wraps, as in C.
fn number(text: &str) -> u64 {
    text.parse().ok().or_else(|| text.parse::<i64>().ok().map(i64::cast_unsigned)).unwrap_or(0)
}

/// Finds a name as the C library's `bsearch` does: `netstat` misses names that are out of order in its tables.
fn find<'a>(group: &'a [CounterWords], name: &str) -> Option<&'a CounterWords> {
    let (mut from, mut to) = (0, group.len());
    while from < to {
        let middle = usize::midpoint(from, to);
        let sentence = group.get(middle)?;
        match name.cmp(sentence.name) {
            Ordering::Less => to = middle,
            Ordering::Greater => from = middle + 1,
            Ordering::Equal => return Some(sentence),
        }
    }
    None
}

/// The counters of IPv4 and those without an IP version, from `/proc/net/snmp`, `netstat` and `sctp/snmp`.
pub fn statistics(out: &mut Vec<u8>, shown: Statistics, snmp: &str, netstat: &str, sctp: Option<&str>) {
    let mut printer = Printer { out, shown, under: Under::Nothing, group: Vec::new(), is_shown: false };
    printer.tables(snmp, "");
    printer.tables(netstat, "");
    if let Some(sctp) = sctp {
        printer.begin("Sctp", &["Sctp"]);
        for (name, value) in sctp.lines().filter_map(|line| line.split_once(char::is_whitespace)) {
            printer.counter(name, number(value.trim()));
        }
    }
}

/// The counters of IPv6, from `/proc/net/snmp6`, and those of TCP from `snmp`.
pub fn statistics_ipv6(out: &mut Vec<u8>, shown: Statistics, snmp6: &str, snmp: &str) {
    let mut printer = Printer { out, shown, under: Under::Nothing, group: Vec::new(), is_shown: false };
    let mut group = "";
    for (name, value) in snmp6.lines().filter_map(|line| line.split_once(char::is_whitespace)) {
        if group.is_empty() || !name.contains(group) {
            group = name.get(..=name.find('6').unwrap_or(name.len())).unwrap_or(name);
            printer.begin(group, &["Ip6", "Icmp6", "Udp6"]);
        }
        printer.counter(name, number(value.trim()));
    }
    printer.tables(snmp, "Tcp");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_have_words_and_those_without_their_names() {
        let mut out = Vec::new();
        let shown = Statistics { raw: true, tcp: true, udp: false, sctp: false };
        statistics(
            &mut out,
            shown,
            "Ip: Forwarding DefaultTTL InReceives OutTransmits\nIp: 2 64 7 5\nIcmp: InMsgs InDestUnreachs OutErrors\n\
             Icmp: 3 3 0\nIcmpMsg: InType3\nIcmpMsg: 3\nUdp: NoPorts\nUdp: 1\n",
            "TcpExt: TW ListenDrops\nTcpExt: 9 0\n",
            None,
        );
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "Ip:\n    Forwarding: 2\n    7 total packets received\n    OutTransmits: 5\nIcmp:\n    3 ICMP messages received\n    \
             ICMP input histogram:\n        destination unreachable: 3\n    0 ICMP messages failed\nIcmpMsg:\n    InType3: 3\n\
             TcpExt:\n    9 TCP sockets finished time wait in fast timer\n"
        );
    }
}
