//! `list -s`: how many sockets of each kind there are, in this namespace by the dump itself.
//!
//! `ss -s` subtracts this namespace's sockets from the whole host's to get its "closed", which is right only where there
//! is one namespace (`net/ipv4/proc.c`: `orphan`, `alloc` and `mem` are the host's, `inuse` and `tw` the namespace's).
//! Here every figure says whose it is.

use super::{Run, print};
use crate::{
    collect,
    model::{
        census::Census,
        counted::Counted,
        family::{Family, Netid, Protocol},
        selection::Selection,
        state::{State, StateSet},
    },
    source::Source,
    text::{grouped, messages, words},
};

impl Run {
    /// Prints the summary.
    pub(super) fn summary(&self, source: &mut dyn Source) -> anyhow::Result<()> {
        self.only(&[crate::cli::Format::Table], "list -s")?;
        let mut scope = self.scope(source)?;
        let look = |source: &mut dyn Source, family: Option<Family>| {
            let mut selection = Selection::tcp(StateSet::ALL).with_protocols(&Protocol::OVERVIEW);
            selection.family = family;
            collect::count::count(source, &selection, None)
        };
        let answers = scope.each(source, &|source, _| {
            (look(source, None), look(source, Some(Family::Inet)), look(source, Some(Family::Inet6)))
        })?;
        let (mut all, mut v4, mut v6) = (Counted::default(), Counted::default(), Counted::default());
        for (_, (one, one_v4, one_v6)) in answers {
            all.merge(one);
            v4.merge(one_v4);
            v6.merge(one_v6);
        }
        self.refuse_losses(&all.gaps)?;
        let host = sockstat(source);
        let tcp = all.census(Netid::Tcp).cloned().unwrap_or_default();
        print(|out| {
            let text = |figure: Option<u64>| figure.map_or_else(|| "-".to_owned(), grouped);
            writeln!(out, "{}", self.words.say(messages::SUMMARY_TOTAL, &[("count", words(grouped(all.total())))]))?;
            let values = [
                ("count", words(grouped(tcp.total()))),
                ("established", words(grouped(tcp.sockets(State::ESTABLISHED)))),
                ("listen", words(grouped(tcp.sockets(State::LISTEN)))),
                ("timewait", words(grouped(tcp.sockets(State::TIME_WAIT)))),
            ];
            writeln!(out, "{}", self.words.say(messages::SUMMARY_TCP, &values))?;
            let values = [("orphaned", words(text(host.orphan))), ("allocated", words(text(host.alloc)))];
            writeln!(out, "{}\n", self.words.say(messages::SUMMARY_HOST, &values))?;
            writeln!(out, "{:<10}{:>12}{:>12}{:>12}", "Transport", "Total", "IPv4", "IPv6")?;
            let of = |counted: &Counted, netid| counted.census(netid).map(Census::total);
            for (name, netid) in [("RAW", Netid::Raw), ("UDP", Netid::Udp), ("TCP", Netid::Tcp)] {
                let figures = [&all, &v4, &v6].map(|counted| text(of(counted, netid)));
                writeln!(out, "{name:<10}{:>12}{:>12}{:>12}", figures[0], figures[1], figures[2])?;
            }
            writeln!(out, "{:<10}{:>12}", "UNIX", text(all.protocol(Protocol::Unix)))
        })
    }
}

/// The figures of `/proc/net/sockstat` that are the whole host's.
#[derive(Default)]
struct HostWide {
    orphan: Option<u64>,
    alloc: Option<u64>,
}

fn sockstat(source: &dyn Source) -> HostWide {
    let mut text = String::new();
    let read = source.open("/proc/thread-self/net/sockstat").and_then(|mut file| file.read_to_string(&mut text));
    if read.is_err() {
        return HostWide::default();
    }
    let line = text.lines().find_map(|line| line.strip_prefix("TCP:")).unwrap_or_default();
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let after = |name: &str| {
        let place = fields.iter().position(|field| *field == name)?;
        fields.get(place + 1)?.parse().ok()
    };
    HostWide { orphan: after("orphan"), alloc: after("alloc") }
}
