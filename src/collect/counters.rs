//! Reads the kernel's network counters, in the order of its files.

use std::time::Duration;

use super::net_tables::text;
use crate::{
    model::counter::{Counter, CounterKind, CounterRow},
    source::Source,
};

/// Settings that `snmp` lists among its counters.
const SETTINGS: [&str; 6] = ["IpForwarding", "IpDefaultTTL", "TcpRtoAlgorithm", "TcpRtoMin", "TcpRtoMax", "TcpMaxConn"];

/// Figures that say how many there are now.
const GAUGES: [&str; 2] = ["TcpCurrEstab", "MPTcpExtMPCurrEstab"];

/// The counters of the calling thread's network namespace; empty where none can be read.
pub fn read(source: &dyn Source) -> Vec<Counter> {
    let mut counters = Vec::new();
    for file in ["snmp", "snmp6", "netstat"] {
        let Ok(text) = text(source, file) else { continue };
        let mut take = |group: &str, name: &str, value: &str| {
            let name = [group, name].concat();
            let kind = match name.as_str() {
                name if SETTINGS.contains(&name) => CounterKind::Setting,
                name if GAUGES.contains(&name) => CounterKind::Gauge,
                _ => CounterKind::Counter,
            };
            counters.extend(value.parse().ok().map(|value| Counter { name, value, file, kind }));
        };
        match file {
            "snmp6" => lines(&text, &mut |name, value| take("", name, value)),
            _ => paired(&text, &mut take),
        }
    }
    for file in ["sockstat", "sockstat6"] {
        let Ok(text) = text(source, file) else { continue };
        figures(&text, &mut |line, name, value| {
            counters.push(Counter { name: format!("{line}.{name}"), value, file, kind: CounterKind::Gauge });
        });
    }
    counters
}

/// The counters of the last sample, with their changes since an earlier one and its age.
pub fn rows(now: Vec<Counter>, before: Option<(&[Counter], Duration)>) -> Vec<CounterRow> {
    let row = |counter: Counter| {
        let earlier = before.and_then(|(before, _)| before.iter().find(|one| one.name == counter.name));
        let rise = earlier.map(|earlier| counter.value - earlier.value);
        let seconds = before.map(|(_, time)| time.as_secs_f64()).filter(|seconds| *seconds > 0.0);
        let per_second = rise.zip(seconds).filter(|_| counter.kind == CounterKind::Counter);
        CounterRow { per_second: per_second.map(|(rise, seconds)| rise as f64 / seconds), rise, counter }
    };
    now.into_iter().map(row).collect()
}

/// `TcpExt: ListenOverflows ListenDrops`, and below it `TcpExt: 3 4`: gives group, name and value.
pub(super) fn paired(text: &str, take: &mut dyn FnMut(&str, &str, &str)) {
    let mut lines = text.lines();
    while let (Some(names), Some(values)) = (lines.next(), lines.next()) {
        let (Some((group, names)), Some((of, values))) = (names.split_once(": "), values.split_once(": ")) else {
            continue;
        };
        if group == of {
            names.split(' ').zip(values.split(' ')).for_each(|(name, value)| take(group, name, value));
        }
    }
}

/// A name and its number on each line: `Udp6RcvbufErrors 0`.
pub(super) fn lines(text: &str, take: &mut dyn FnMut(&str, &str)) {
    for line in text.lines() {
        let mut fields = line.split_ascii_whitespace();
        if let (Some(name), Some(value)) = (fields.next(), fields.next()) {
            take(name, value);
        }
    }
}

/// `TCP: inuse 5 orphan 0`: gives line, name and value.
pub(super) fn figures(text: &str, take: &mut dyn FnMut(&str, &str, i64)) {
    for (line, figures) in text.lines().filter_map(|line| line.split_once(':')) {
        let words: Vec<&str> = figures.split_ascii_whitespace().collect();
        for (name, figure) in words.chunks(2).filter_map(|pair| Some((*pair.first()?, pair.get(1)?.parse().ok()?))) {
            take(line, name, figure);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    fn kernel(drops: i64) -> MemorySource {
        let mut held = MemorySource::default();
        let file = |name: &str| format!("/proc/thread-self/net/{name}");
        held.file(&file("snmp"), "Tcp: MaxConn CurrEstab\nTcp: -1 12\nIcmpMsg: InType3\nIcmpMsg: 4\nlast");
        held.file(&file("netstat"), format!("TcpExt: ListenDrops\nTcpExt: {drops}\nodd: a\nother: 1\n"));
        held.file(&file("snmp6"), "Icmp6InMsgs \t7\nodd\nworse x\n");
        held.file(&file("sockstat"), "sockets: used 3\nTCP: inuse 1 mem x\n");
        held
    }

    #[test]
    fn every_figure_of_every_file_is_read() {
        let read = read(&kernel(9));
        let told: Vec<(&str, i64, &str)> =
            read.iter().map(|one| (one.name.as_str(), one.value, one.kind.name())).collect();
        assert_eq!(
            told,
            [
                ("TcpMaxConn", -1, "setting"),
                ("TcpCurrEstab", 12, "gauge"),
                ("IcmpMsgInType3", 4, "counter"),
                ("Icmp6InMsgs", 7, "counter"),
                ("TcpExtListenDrops", 9, "counter"),
                ("sockets.used", 3, "gauge"),
                ("TCP.inuse", 1, "gauge"),
            ]
        );
    }

    #[test]
    fn a_rise_is_that_of_the_same_name_and_only_counters_have_a_rate() {
        let before = read(&kernel(5));
        let rows = rows(read(&kernel(9)), Some((&before, Duration::from_secs(2))));
        let of = |name: &str| rows.iter().find(|row| row.counter.name == name).unwrap();
        let drops = of("TcpExtListenDrops");
        assert_eq!((drops.rise, drops.per_second, drops.is_still()), (Some(4), Some(2.0), false));
        let open = of("TcpCurrEstab");
        assert_eq!((open.rise, open.per_second, open.is_still()), (Some(0), None, true));
        assert!(!super::rows(read(&kernel(5)), None).iter().any(CounterRow::is_still));
    }
}
