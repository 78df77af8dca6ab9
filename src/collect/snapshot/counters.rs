//! The counters of `/proc/net/netstat`, `snmp` and `snmp6`, by their `nstat` names.
//!
//! Names differ by kernel and come in any order: they are read by the heading, never by their place, and one that is
//! missing is unknown.

use std::collections::BTreeMap;

use super::files::Files;
use crate::{
    collect::counters::{lines, paired},
    model::sorted,
};

/// Reads the available counters.
pub(super) fn read(files: &mut Files<'_>) -> BTreeMap<String, u64> {
    let mut counters = Vec::with_capacity(ROOM);
    // `MaxConn` is -1 without a limit.
    let mut take = |group: &str, name: &str, value: &str| {
        if !IGNORED.contains(&group) && !name.starts_with("Icmp6") {
            counters.extend(value.parse().ok().map(|value| ([group, name].concat(), value)));
        }
    };
    for name in ["netstat", "snmp"] {
        if let Some(text) = files.of_net(name) {
            paired(text, &mut take);
        }
    }
    if let Some(text) = files.of_net("snmp6") {
        lines(text, &mut |name, value| take("", name, value));
    }
    sorted::map(counters)
}

/// More counters than Linux 6.18 has.
const ROOM: usize = 512;

/// Nothing said about sockets rests on these.
const IGNORED: [&str; 3] = ["Icmp", "IcmpMsg", "MPTcpExt"];

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
