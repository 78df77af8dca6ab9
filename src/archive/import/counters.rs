//! Counters and sums without sockets: `nstat`, `netstat -s`, `ss -s`, `/proc/net/sockstat`, `netstat` and `snmp`.

use super::{row::Item, states::is_number};

/// The file of `/proc/net` with a name and a number on each line, for every counter.
const NAMED: &str = "snmp6";

/// Groups of counters, as they begin the names of `nstat`; the longer first.
const GROUPS: [&str; 16] = [
    "TcpExt", "MPTcpExt", "IpExt", "IcmpMsg", "UdpLite6", "UdpLite", "Icmp6", "Icmp", "Ip6", "Udp6", "Sctp", "Tcp",
    "Udp", "Ip", "Mptcp", "Tls",
];

/// The phrases of `netstat -s` for a counter, without its number, in net-tools since 1.60: each line has the group, the
/// name and the phrase.
const SENTENCES: &str = include_str!("netstat-s.txt");

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
    let known = SENTENCES.lines().find_map(|line| {
        let (name, known) = line.strip_prefix(group)?.strip_prefix(' ')?.split_once(' ')?;
        (known == sentence).then_some(name)
    });
    let named = sentence.strip_suffix(':').filter(|name| !name.contains(' '));
    let item = match (known, named) {
        (Some(name), _) | (None, Some(name)) => counter(&format!("{group}{name}"), number),
        (None, None) => Item::Figure,
    };
    Some(("netstat -s", item))
}

/// The counters of `nstat -j`, `{"kernel":{"TcpInSegs":7,…}}`, or of a line of `nstat -jp`, as `nstat` shows them.
pub(super) fn of_json(text: &str) -> Vec<String> {
    let counter = |part: &str| {
        let (name, value) = part.rsplit('{').next()?.split_once(':')?;
        let (name, value) = (name.trim(), value.trim_end_matches('}').trim());
        let name = name.strip_prefix('"')?.strip_suffix('"')?;
        (is_counter(name) && is_number(value)).then(|| format!("{name} {value}"))
    };
    text.trim().split(',').filter_map(counter).collect()
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
            let figures = [("inuse", held), ("orphan", orphans), ("tw", waits), ("alloc", held)];
            let figures = figures.map(|(name, value)| format!(" {name} {value}"));
            Some(Item::File("sockstat", format!("TCP:{}", figures.concat())))
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
        let json = r#"{"kernel":{"TcpInSegs":7,"TcpExtListenOverflows":650010}}"#;
        assert_eq!(of_json(json), ["TcpInSegs 7", "TcpExtListenOverflows 650010"]);
        assert_eq!(of_json(r#"        "IpInReceives": 3,"#), ["IpInReceives 3"]);
        for other in [r#"{"stdout": "TcpInSegs: 7"}"#, r#"{"a":{"TcpInSegs":"x"}}"#, "TcpInSegs 7 0.0", "{}"] {
            assert_eq!(of_json(other), [""; 0], "{other}");
        }
    }
}
