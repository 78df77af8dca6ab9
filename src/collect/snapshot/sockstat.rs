//! Host-wide values of one or two lines: `sockstat`, memory pressure, open files, connection tracking.

use super::files::Files;
use crate::{
    collect::counters::figures,
    model::snapshot::{SocketTotals, Sockstat},
};

/// `/proc/net/sockstat`.
pub(super) fn read(files: &mut Files<'_>) -> Option<Sockstat> {
    sockstat(files.of_net("sockstat")?)
}

/// What `sockstat` and `sockstat6` say of the socket tables of a namespace.
pub(super) struct TableUse {
    pub(super) figures: Option<Sockstat>,
    /// The namespace certainly has no UDP socket, so that a walk over the table would find none. The kernel counts a socket
    /// when it gets its place in the table.
    pub(super) no_udp: bool,
    /// The same of raw sockets.
    pub(super) no_raw: bool,
}

/// Reads each of the two files once.
pub(super) fn tables(files: &mut Files<'_>) -> TableUse {
    let v4 = files.of_net("sockstat").unwrap_or_default().to_owned();
    let v6 = files.of_net("sockstat6").unwrap_or_default();
    let has_none = |text: &str, line: &str| field(text, line, "inuse") == Some(0);
    TableUse {
        figures: sockstat(&v4),
        no_udp: has_none(&v4, "UDP: ") && has_none(v6, "UDP6: "),
        no_raw: has_none(&v4, "RAW: ") && has_none(v6, "RAW6: "),
    }
}

/// All figures of `sockstat` and `sockstat6`, and of the TCP lines of `snmp`.
pub(super) fn totals(files: &mut Files<'_>) -> SocketTotals {
    let mut totals = SocketTotals::default();
    for name in ["sockstat", "sockstat6"] {
        figures(files.of_net(name).unwrap_or_default(), &mut |line, name, figure| {
            totals.0.insert((line.to_owned(), name.to_owned()), figure);
        });
    }
    let lines = files.of_net("snmp").unwrap_or_default().lines().filter_map(|line| line.strip_prefix("Tcp: "));
    if let [names, figures] = *lines.collect::<Vec<_>>() {
        for (name, figure) in names.split_ascii_whitespace().zip(figures.split_ascii_whitespace()) {
            totals.0.extend(figure.parse().ok().map(|figure| (("Tcp".to_owned(), name.to_owned()), figure)));
        }
    }
    totals
}

/// The column `press` of `/proc/net/protocols` for TCP; the kernel has one state of pressure for both families.
pub(super) fn tcp_pressure(files: &mut Files<'_>) -> Option<bool> {
    pressure(files.of_net("protocols")?)
}

/// `/proc/sys/fs/file-nr`: files open, and the most.
pub(super) fn files_open(files: &mut Files<'_>) -> Option<(u64, u64)> {
    let mut numbers = files.text("/proc/sys/fs/file-nr")?.split_ascii_whitespace().map(str::parse);
    let open = numbers.next()?.ok()?;
    Some((open, numbers.nth(1)?.ok()?))
}

/// Tracked connections, and the most; `None` where nothing is tracked.
pub(super) fn conntrack(files: &mut Files<'_>) -> Option<(u64, u64)> {
    let count = files.number("/proc/sys/net/netfilter/nf_conntrack_count")?;
    Some((count, files.number("/proc/sys/net/netfilter/nf_conntrack_max")?))
}

/// `TCP: inuse 5 orphan 0 tw 12 alloc 7 mem 3`.
fn sockstat(text: &str) -> Option<Sockstat> {
    Some(Sockstat {
        time_wait: field(text, "TCP: ", "tw")?,
        orphans: field(text, "TCP: ", "orphan")?,
        allocated: field(text, "TCP: ", "alloc")?,
        memory_pages: field(text, "TCP: ", "mem"),
        udp_pages: field(text, "UDP: ", "mem"),
    })
}

/// The figure of a name on the line that begins so.
fn field(text: &str, line: &str, name: &str) -> Option<u64> {
    let mut words = text.lines().find_map(|text| text.strip_prefix(line))?.split_ascii_whitespace();
    words.find(|word| *word == name)?;
    words.next()?.parse().ok()
}

/// `protocol  size sockets  memory press maxhdr …`, and below it `TCP  2368  5  3  no  320 …`.
fn pressure(text: &str) -> Option<bool> {
    let mut lines = text.lines();
    let column = lines.next()?.split_ascii_whitespace().position(|word| word == "press")?;
    let tcp = lines.find(|line| line.split_ascii_whitespace().next() == Some("TCP"))?;
    match tcp.split_ascii_whitespace().nth(column)? {
        "yes" => Some(true),
        "no" => Some(false),
        // `NI`: this protocol has no such thing.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    #[test]
    fn figures_are_found_by_their_names() {
        let mut held = MemorySource::default();
        held.file(
            "/proc/thread-self/net/sockstat",
            "sockets: used 16\nTCP: inuse 1 orphan 3 tw 4 alloc 1 mem 183\nUDP: inuse 0 mem 9\n",
        );
        held.file(
            "/proc/thread-self/net/protocols",
            "protocol  size sockets  memory press maxhdr\nTCPv6 2496 1 3 no 320\nTCP 2368 1 3 yes 320\n",
        );
        held.file("/proc/sys/fs/file-nr", "342\t0\t2466177\n");
        held.file("/proc/sys/net/netfilter/nf_conntrack_count", "5\n");
        let mut files = Files::new(&held);
        assert_eq!(
            read(&mut files),
            Some(Sockstat { time_wait: 4, orphans: 3, allocated: 1, memory_pages: Some(183), udp_pages: Some(9) })
        );
        assert_eq!(tcp_pressure(&mut files), Some(true));
        assert_eq!(files_open(&mut files), Some((342, 2_466_177)));
        assert_eq!(conntrack(&mut files), None, "half of it is nothing");
        held.file("/proc/sys/net/netfilter/nf_conntrack_max", "65536\n");
        assert_eq!(conntrack(&mut Files::new(&held)), Some((5, 65_536)));
    }

    #[test]
    fn a_table_is_empty_where_both_families_say_so() {
        let mut held = MemorySource::default();
        held.file("/proc/thread-self/net/sockstat", "UDP: inuse 0 mem 2\nUDPLITE: inuse 1\nRAW: inuse 0\n");
        assert!(!tables(&mut Files::new(&held)).no_udp, "nothing is known of IPv6");
        held.file("/proc/thread-self/net/sockstat6", "UDP6: inuse 0\nUDPLITE6: inuse 0\nRAW6: inuse 1\n");
        let told = tables(&mut Files::new(&held));
        assert_eq!((told.no_udp, told.no_raw), (true, false));
    }

    #[test]
    fn what_is_not_there_is_unknown() {
        assert_eq!(sockstat("UDP: mem 1\n"), None);
        assert_eq!(sockstat("TCP: inuse 1 orphan 3\n"), None);
        assert_eq!(pressure("protocol press\nUDP NI\n"), None);
        assert_eq!(pressure("TCP no\n"), None);
    }
}
