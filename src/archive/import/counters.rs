//! Counters and sums without sockets: `nstat`, `netstat -s`, `ss -s`, `/proc/net/sockstat`, `netstat` and `snmp`.

use super::row::{Item, is_number};

/// The file of `/proc/net` with a name and a number on each line, whatever the counter.
const NAMED: &str = "snmp6";

/// Groups of counters, as they begin the names of `nstat`; the longer first.
const GROUPS: [&str; 16] = [
    "TcpExt", "MPTcpExt", "IpExt", "IcmpMsg", "UdpLite6", "UdpLite", "Icmp6", "Icmp", "Ip6", "Udp6", "Sctp", "Tcp",
    "Udp", "Ip", "Mptcp", "Tls",
];

/// What `netstat -s` says of a counter, without its number, in the versions of net-tools since 1.60.
const SENTENCES: [(&str, &str, &str); 40] = [
    ("Tcp", "ActiveOpens", "active connections openings"),
    ("Tcp", "ActiveOpens", "active connection openings"),
    ("Tcp", "PassiveOpens", "passive connection openings"),
    ("Tcp", "AttemptFails", "failed connection attempts"),
    ("Tcp", "EstabResets", "connection resets received"),
    ("Tcp", "CurrEstab", "connections established"),
    ("Tcp", "InSegs", "segments received"),
    ("Tcp", "OutSegs", "segments send out"),
    ("Tcp", "OutSegs", "segments sent out"),
    ("Tcp", "RetransSegs", "segments retransmited"),
    ("Tcp", "RetransSegs", "segments retransmitted"),
    ("Tcp", "InErrs", "bad segments received"),
    ("Tcp", "InErrs", "bad segments received."),
    ("Tcp", "OutRsts", "resets sent"),
    ("Udp", "InDatagrams", "packets received"),
    ("Udp", "NoPorts", "packets to unknown port received"),
    ("Udp", "NoPorts", "packets to unknown port received."),
    ("Udp", "InErrors", "packet receive errors"),
    ("Udp", "OutDatagrams", "packets sent"),
    ("Udp", "RcvbufErrors", "receive buffer errors"),
    ("Udp", "SndbufErrors", "send buffer errors"),
    ("Udp", "InCsumErrors", "packets with invalid checksum"),
    ("TcpExt", "ListenOverflows", "times the listen queue of a socket overflowed"),
    ("TcpExt", "ListenDrops", "SYNs to LISTEN sockets dropped"),
    ("TcpExt", "ListenDrops", "SYNs to LISTEN sockets ignored"),
    ("TcpExt", "SyncookiesSent", "SYN cookies sent"),
    ("TcpExt", "SyncookiesRecv", "SYN cookies received"),
    ("TcpExt", "SyncookiesFailed", "invalid SYN cookies received"),
    ("TcpExt", "PruneCalled", "packets pruned from receive queue because of socket buffer overrun"),
    ("TcpExt", "RcvPruned", "packets pruned from receive queue"),
    ("TcpExt", "OfoPruned", "packets dropped from out-of-order queue because of socket buffer overrun"),
    ("TcpExt", "TCPRcvCollapsed", "packets collapsed in receive queue due to low socket buffer"),
    ("TcpExt", "TCPAbortOnData", "connections reset due to unexpected data"),
    ("TcpExt", "TCPAbortOnClose", "connections reset due to early user close"),
    ("TcpExt", "TCPAbortOnMemory", "connections aborted due to memory pressure"),
    ("TcpExt", "TCPAbortOnTimeout", "connections aborted due to timeout"),
    ("TcpExt", "TCPAbortOnLinger", "connections aborted after user close in linger timeout"),
    ("TcpExt", "TCPTimeouts", "other TCP timeouts"),
    ("TcpExt", "TCPMemoryPressures", "TCP ran low on memory times"),
    ("TcpExt", "EmbryonicRsts", "resets received for embryonic SYN_RECV sockets"),
];

/// The group of `netstat -s` that a line begins: `TcpExt:` alone.
pub(super) fn group(text: &str) -> Option<&'static str> {
    let name = text.trim_end().strip_suffix(':')?;
    GROUPS.into_iter().find(|group| *group == name)
}

/// A counter, a sum, or the heading of some; `group` is that of `netstat -s`. Gives whose text it is, too.
pub(super) fn item(text: &str, group: Option<&str>) -> Option<(&'static str, Item<'static>)> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let counter = |name: &str, value: &str| Item::File(NAMED, format!("{name} {value}"));
    match *words.as_slice() {
        ["#kernel"] | ["#24", ..] => return Some(("nstat", Item::Figure)),
        [name, value] | [name, value, _] if is_number(value) && is_counter(name) => {
            return Some(("nstat", counter(name, value)));
        }
        [first, "inuse" | "used" | "inuse:", ..] if first.ends_with(':') => {
            let file = if first.ends_with("6:") { "sockstat6" } else { "sockstat" };
            return Some(("sockstat", Item::File(file, text.trim().to_owned())));
        }
        // `TcpExt: SyncookiesSent …`, and below it the numbers, as in /proc/net/netstat and snmp.
        [first, _, _, ..] if GROUPS.iter().any(|group| first.strip_suffix(':') == Some(group)) => {
            let file = if matches!(first, "TcpExt:" | "IpExt:" | "MPTcpExt:") { "netstat" } else { "snmp" };
            return Some(("nstat", Item::File(file, text.trim().to_owned())));
        }
        _ => {}
    }
    if let Some(sums) = sums(text) {
        return Some(("ss -s", sums));
    }
    let group = group?;
    let number = words.iter().find(|word| is_number(word.trim_end_matches([':', ',', '.'])))?;
    let sentence: Vec<&str> = words.iter().filter(|word| *word != number).copied().collect();
    let sentence = sentence.join(" ");
    let known = SENTENCES.iter().find(|(of, _, known)| *of == group && *known == sentence);
    let named = sentence.strip_suffix(':').filter(|name| !name.contains(' '));
    let item = match (known, named) {
        (Some((_, name, _)), _) => counter(&format!("{group}{name}"), number),
        (None, Some(name)) => counter(&format!("{group}{name}"), number),
        (None, None) => Item::Figure,
    };
    Some(("netstat -s", item))
}

fn is_counter(name: &str) -> bool {
    let rest = GROUPS.iter().find_map(|group| name.strip_prefix(group));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase() || c == '_'))
}

/// The lines of `ss -s`: the one of TCP holds what `/proc/net/sockstat` tells.
fn sums(text: &str) -> Option<Item<'static>> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    match *words.as_slice() {
        ["Total:", ..] | ["Transport", "Total", "IP", "IPv6"] => Some(Item::Figure),
        ["TCP:", total, ..] if is_number(total) => {
            let (_, inside) = text.split_once('(')?;
            let field = |name: &str| {
                let part = inside.split([',', ')']).find_map(|part| part.trim().strip_prefix(name))?;
                part.trim().split('/').next()?.parse::<u64>().ok()
            };
            let (waits, orphans) = (field("timewait")?, field("orphaned")?);
            let held = total.parse::<u64>().ok()?.saturating_sub(waits);
            Some(Item::File("sockstat", format!("TCP: inuse {held} orphan {orphans} tw {waits} alloc {held}")))
        }
        [name, a, b, c] => {
            let is_row = matches!(name, "*" | "RAW" | "UDP" | "TCP" | "INET" | "FRAG" | "MPTCP" | "SCTP" | "DCCP");
            let is_figure = |word: &str| word == "-" || is_number(word);
            (is_row && [a, b, c].iter().all(|word| is_figure(word))).then_some(Item::Figure)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, group: Option<&str>) -> Option<String> {
        match item(text, group)?.1 {
            Item::File(_, line) => Some(line),
            _ => None,
        }
    }

    #[test]
    fn counters_have_one_name_whoever_tells_them() {
        let overflows = Some("TcpExtListenOverflows 650010".to_owned());
        assert_eq!(read("TcpExtListenOverflows           650010             0.0", None), overflows);
        assert_eq!(read("    650010 times the listen queue of a socket overflowed", Some("TcpExt")), overflows);
        assert_eq!(
            read("    TCP ran low on memory 3 times", Some("TcpExt")).as_deref(),
            Some("TcpExtTCPMemoryPressures 3")
        );
        assert_eq!(
            read("    TCPTimeWaitOverflow: 28000", Some("TcpExt")).as_deref(),
            Some("TcpExtTCPTimeWaitOverflow 28000")
        );
        assert_eq!(
            read("TCP:   84321 (estab 45100, closed 12000, orphaned 340, synrecv 0, timewait 27500/0), ports 0", None)
                .as_deref(),
            Some("TCP: inuse 56821 orphan 340 tw 27500 alloc 56821")
        );
        assert_eq!(read("TIME_WAIT 44", None), None);
    }
}
