//! The counters of `/proc/net/netstat`, `snmp` and `snmp6`, by their `nstat` names.
//!
//! Names differ by kernel and come in any order: they are read by the heading, never by their place, and one that is
//! missing is unknown.

use std::collections::BTreeMap;

use super::files::Files;

/// Reads what there is.
pub(super) fn read(files: &mut Files<'_>) -> BTreeMap<String, u64> {
    let mut counters = Vec::with_capacity(ROOM);
    for name in ["netstat", "snmp"] {
        if let Some(text) = files.of_net(name) {
            paired(text, &mut counters);
        }
    }
    if let Some(text) = files.of_net("snmp6") {
        lines(text, &mut counters);
    }
    counters.into_iter().collect()
}

/// More counters than Linux 6.18 has.
const ROOM: usize = 512;

/// `TcpExt: ListenOverflows ListenDrops`, and below it `TcpExt: 3 4`.
fn paired(text: &str, counters: &mut Vec<(String, u64)>) {
    let mut lines = text.lines();
    while let (Some(names), Some(values)) = (lines.next(), lines.next()) {
        let (Some((group, names)), Some((of, values))) = (names.split_once(": "), values.split_once(": ")) else {
            continue;
        };
        if group != of || IGNORED.contains(&group) {
            continue;
        }
        for (name, value) in names.split(' ').zip(values.split(' ')) {
            // `MaxConn` is -1 where there is no limit.
            if let Ok(value) = value.parse() {
                counters.push(([group, name].concat(), value));
            }
        }
    }
}

/// Nothing said about sockets rests on these.
const IGNORED: [&str; 3] = ["Icmp", "IcmpMsg", "MPTcpExt"];

/// A name and its number: `Udp6RcvbufErrors 0`.
fn lines(text: &str, counters: &mut Vec<(String, u64)>) {
    for line in text.lines().filter(|line| !line.starts_with("Icmp6")) {
        let mut fields = line.split_ascii_whitespace();
        if let (Some(name), Some(Ok(value))) = (fields.next(), fields.next().map(str::parse)) {
            counters.push((name.to_owned(), value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    #[test]
    fn counters_are_known_by_name_and_not_by_place() {
        let mut held = MemorySource::default();
        let netstat = "TcpExt: ListenDrops SyncookiesSent\nTcpExt: 7 8\nIpExt: InNoRoutes\nIpExt: 9\n";
        held.file("/proc/thread-self/net/netstat", netstat);
        held.file(
            "/proc/thread-self/net/snmp",
            "Tcp: MaxConn ActiveOpens\nTcp: -1 12\nUdp: RcvbufErrors\nUdp: 4\nlast",
        );
        held.file("/proc/thread-self/net/snmp6", "Udp6RcvbufErrors \t5\nodd\nIcmp6InMsgs \t1\n");
        let counters = read(&mut Files::new(&held));
        let expected = [
            ("IpExtInNoRoutes", 9),
            ("TcpActiveOpens", 12),
            ("TcpExtListenDrops", 7),
            ("TcpExtSyncookiesSent", 8),
            ("Udp6RcvbufErrors", 5),
            ("UdpRcvbufErrors", 4),
        ];
        assert_eq!(counters.iter().map(|(name, value)| (name.as_str(), *value)).collect::<Vec<_>>(), expected);
        assert!(read(&mut Files::new(&MemorySource::default())).is_empty());
    }
}
