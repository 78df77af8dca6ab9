//! `netstat`: from its options to its tables.

mod names;

use std::{
    io::{BufRead, Write},
    mem, thread,
};

use self::names::NetstatNames;

use super::{prelude::*, program::tell, stdout};
use crate::{
    cli::netstat::{NetstatError, NetstatOptions, NetstatShow, NetstatTable},
    collect::{entries::entries, net_tables, query::DumpQuery},
    model::family::Family,
    render::netstat::{self as render, NetstatWords, RouteColumns, SocketColumns, SocketScope, Statistics},
};

const NAME: &str = "netstat";

/// A command line that is not understood.
const MISUSED: u8 = 3;

/// Exit status for an unsupported request.
const REFUSED: u8 = 1;

/// How long `-c` waits.
const PAUSE: Duration = Duration::from_secs(1);

/// Bytes of IPv6 rows that are kept until those of IPv4 are written.
const MOST_WAITING: usize = 2 << 20;

/// Bytes that are written at once.
const WRITTEN_AT_ONCE: usize = 64 << 10;

impl Task for NetstatOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        match self {
            NetstatOptions::Version => {
                let version = env!("CARGO_PKG_VERSION");
                print(|out| writeln!(out, "{NAME} of sockdoc {version} (net-tools 2.10)")).map(|()| DONE)
            }
            NetstatOptions::Wrong(error) => {
                tell(NAME, &run.about_netstat(error));
                Ok(match error {
                    NetstatError::Family(_) | NetstatError::Context => REFUSED,
                    _ => MISUSED,
                })
            }
            NetstatOptions::Table(show) => Tables::new(&run, show).write(),
        }
    }
}

impl Run {
    fn about_netstat(&self, error: &NetstatError) -> String {
        match error {
            NetstatError::Option(misread) => misread.text(&self.words, self.screen.unicode),
            NetstatError::Family(name) => {
                let shown = words(visible(name.as_bytes(), self.screen.unicode));
                self.words.say(messages::ERROR_UNKNOWN_FAMILY, &[("word", shown)])
            }
            NetstatError::Tables => self.words.text(messages::NETSTAT_TABLES),
            NetstatError::Context => self.words.text(messages::ERROR_NO_CONTEXTS),
        }
    }
}

/// The sections of sockets over IP, in their order.
const INTERNET: [(&str, Protocol); 4] =
    [("tcp", Protocol::Tcp), ("udp", Protocol::Udp), ("udplite", Protocol::UdpLite), ("raw", Protocol::Raw)];

/// The families that are not read, and their names in `netstat`.
const OTHERS: [(&str, &str); 5] =
    [("ipx", "AF IPX"), ("ax25", "AF AX25"), ("x25", "AF X25"), ("netrom", "AF NETROM"), ("rose", "AF ROSE")];

/// The output of `netstat`.
struct Tables<'a> {
    run: &'a Run,
    show: &'a NetstatShow,
    /// Whether something was written before (`-c`).
    is_again: bool,
}

impl<'a> Tables<'a> {
    fn new(run: &'a Run, show: &'a NetstatShow) -> Tables<'a> {
        Tables { run, show, is_again: false }
    }

    /// Writes the table, with `-c` again and again.
    fn write(mut self) -> anyhow::Result<u8> {
        let mut out = stdout::open()?;
        loop {
            let mut text = Vec::new();
            let status = self.table(&mut text, &mut out)?;
            out.write_all(&text)?;
            out.flush()?;
            if status != DONE || !self.show.continuous || self.show.table == NetstatTable::Statistics {
                return Ok(status);
            }
            self.is_again = true;
            thread::sleep(PAUSE);
        }
    }

    fn table(&self, text: &mut Vec<u8>, out: &mut dyn Write) -> anyhow::Result<u8> {
        let mut source = self.run.input.source();
        match self.show.table {
            NetstatTable::Sockets => self.sockets(&mut *source, text, out),
            NetstatTable::Routes => Ok(self.routes(&*source, text)),
            NetstatTable::Interfaces => {
                if self.show.extended > 0 {
                    tell(NAME, &self.run.words.text(messages::NETSTAT_NO_LONG_FORM));
                    return Ok(REFUSED);
                }
                let interfaces = net_tables::interfaces(&*source)?;
                render::interfaces(text, &interfaces, self.show.all, !self.is_again);
                Ok(DONE)
            }
            NetstatTable::Statistics => self.statistics(&*source, text),
            NetstatTable::Masquerade => {
                self.lacks("ip_masquerade");
                Ok(REFUSED)
            }
        }
    }

    /// Says that this host, or sockdoc, has no such table.
    fn lacks(&self, name: &str) {
        tell(NAME, &self.run.words.say(messages::NETSTAT_LACKS, &[("name", words(name))]));
    }

    fn columns(&self) -> SocketColumns {
        SocketColumns {
            scope: match (self.show.all, self.show.listening) {
                (true, _) => SocketScope::All,
                (false, true) => SocketScope::Listening,
                (false, false) => SocketScope::Connected,
            },
            wide: self.show.wide,
            extended: self.show.extended > 0,
            programs: self.show.programs,
            timers: self.show.timers,
        }
    }

    fn sockets(&self, source: &mut dyn Source, text: &mut Vec<u8>, out: &mut dyn Write) -> anyhow::Result<u8> {
        let (show, columns) = (self.show, self.columns());
        let names = NetstatNames::read(source, show);
        let words = names.words();
        if names.is_denied {
            tell(NAME, &self.run.words.text(messages::NETSTAT_NOT_ALL));
        }
        let is_internet = |name: &&str| show.shows(name);
        if ["tcp", "sctp", "udp", "udplite", "raw"].iter().any(is_internet) {
            render::internet_heading(text, columns);
        }
        for (section, protocol) in INTERNET {
            if section == "udp" && show.shows("sctp") && !self.sctp(source, text, columns, &words) {
                return Ok(REFUSED);
            }
            if show.shows(section) {
                self.internet(source, protocol, columns, &words, (&mut *text, &mut *out))?;
            }
        }
        if show.names("groups") {
            let mut groups = Vec::new();
            if show.has_family("inet") {
                groups.extend(net_tables::ipv4_groups(source).unwrap_or_default());
            }
            if show.has_family("inet6") {
                groups.extend(net_tables::ipv6_groups(source));
            }
            render::groups(text, &groups, &words);
        }
        if show.shows("unix") {
            render::unix_heading(text, columns);
            for line in source.open("/proc/thread-self/net/unix")?.split(b'\n').skip(1) {
                render::unix_socket(text, &line?, columns, &words);
                written(text, out)?;
            }
        }
        let asked = |(section, _): &&(&str, &str)| show.names(section) || show.sections.is_empty() && show.verbose;
        for (section, name) in OTHERS.iter().filter(asked) {
            self.lacks(name);
            if show.names(section) {
                return Ok(REFUSED);
            }
        }
        if show.names("l2cap") || show.names("rfcomm") {
            self.lacks("AF BLUETOOTH");
            return Ok(REFUSED);
        }
        Ok(DONE)
    }

    fn internet(
        &self,
        source: &mut dyn Source,
        protocol: Protocol,
        columns: SocketColumns,
        words: &NetstatWords<'_>,
        (text, out): (&mut Vec<u8>, &mut dyn Write),
    ) -> anyhow::Result<()> {
        let mut families: Vec<Family> = [(Family::Inet, "inet"), (Family::Inet6, "inet6")]
            .into_iter()
            .filter_map(|(family, name)| self.show.has_family(name).then_some(family))
            .collect();
        let mut failed: io::Result<()> = Ok(());
        // A table that the kernel lacks has no sockets, and no gap is said.
        if protocol == Protocol::Tcp && families.len() == 2 {
            // One walk gives both families and keeps the rows of IPv6; if there are too many, a second walk makes them.
            let mut later = Vec::new();
            let mut are_too_many = false;
            let _gaps = entries(source, protocol, &DumpQuery::states(StateSet::ALL), &mut |entry| {
                if entry.family == Family::Inet {
                    render::socket(text, entry, false, columns, words);
                    failed = mem::replace(&mut failed, Ok(())).and_then(|()| written(text, out));
                } else if !are_too_many {
                    render::socket(&mut later, entry, true, columns, words);
                    are_too_many = later.len() > MOST_WAITING;
                }
            });
            families.clear();
            if are_too_many {
                families.push(Family::Inet6);
            } else {
                text.extend(later);
            }
        }
        for family in families {
            let ask = DumpQuery { family: Some(family), ..DumpQuery::states(StateSet::ALL) };
            let _gaps = entries(source, protocol, &ask, &mut |entry| {
                render::socket(text, entry, family == Family::Inet6, columns, words);
                failed = mem::replace(&mut failed, Ok(())).and_then(|()| written(text, out));
            });
        }
        failed?;
        Ok(())
    }

    /// Whether there is SCTP, or it is not missed.
    fn sctp(&self, source: &dyn Source, text: &mut Vec<u8>, columns: SocketColumns, words: &NetstatWords<'_>) -> bool {
        let show = self.show;
        let is_asked = show.names("sctp") && !show.is_whole_family;
        let (listens, connects) = (columns.scope != SocketScope::Connected, columns.scope != SocketScope::Listening);
        for (file, is_shown) in [("sctp/eps", listens), ("sctp/assocs", connects)] {
            match net_tables::text(source, file) {
                _ if !is_shown || !show.has_family("inet") => {}
                Ok(table) if file == "sctp/eps" => render::endpoints(text, &table, columns, words),
                Ok(table) => render::associations(text, &table, columns, words),
                Err(_) => {
                    if is_asked || show.verbose && !show.is_whole_family {
                        self.lacks("AF INET (sctp)");
                    }
                    if is_asked {
                        return false;
                    }
                }
            }
        }
        true
    }

    fn routes(&self, source: &dyn Source, text: &mut Vec<u8>) -> u8 {
        let show = self.show;
        let names = NetstatNames::read(source, show);
        // With -N no address has a name.
        let words = NetstatWords { names_hosts: !show.numeric_hosts && !show.symbolic, ..names.words() };
        let families = if show.families.is_empty() { &["inet"][..] } else { &show.families };
        let columns = match show.extended {
            0 => RouteColumns::Window,
            1 => RouteColumns::Metric,
            2 => RouteColumns::Both,
            _ => RouteColumns::Nothing,
        };
        let is_fib = show.fib || !show.cache;
        for family in families {
            match *family {
                "inet" => {
                    if is_fib {
                        let Ok(routes) = net_tables::ipv4_routes(source) else { return self.no_routes("inet") };
                        render::ipv4_routes(text, &routes, columns, &words);
                    }
                    if show.cache {
                        // The kernel has had no such cache since 3.6; only the heading remains.
                        render::ipv4_cache(text, columns);
                    }
                }
                "inet6" => {
                    let Ok(routes) = net_tables::ipv6_routes(source) else { return self.no_routes("inet6") };
                    for is_cache in [(is_fib, false), (show.cache, true)].into_iter().filter(|on| on.0).map(|on| on.1) {
                        render::ipv6_routes(text, &routes, is_cache, &words);
                    }
                }
                name => return self.no_routes(name),
            }
        }
        DONE
    }

    fn no_routes(&self, family: &str) -> u8 {
        tell(NAME, &self.run.words.say(messages::NETSTAT_NO_ROUTES, &[("family", words(family))]));
        if matches!(family, "inet" | "inet6") { REFUSED } else { MISUSED }
    }

    fn statistics(&self, source: &dyn Source, text: &mut Vec<u8>) -> anyhow::Result<u8> {
        let show = self.show;
        let shown = Statistics {
            raw: show.names("raw"),
            tcp: show.names("tcp"),
            udp: show.names("udp"),
            sctp: show.names("sctp"),
        };
        let snmp = net_tables::text(source, "snmp")?;
        match show.families.as_slice() {
            [] | ["inet"] => {
                let netstat = net_tables::text(source, "netstat").unwrap_or_default();
                let sctp = net_tables::text(source, "sctp/snmp").ok();
                render::statistics(text, shown, &snmp, &netstat, sctp.as_deref());
            }
            ["inet6"] => {
                render::statistics_ipv6(text, shown, &net_tables::text(source, "snmp6").unwrap_or_default(), &snmp);
            }
            families => {
                let families = families.join(",");
                tell(NAME, &self.run.words.say(messages::NETSTAT_NO_STATISTICS, &[("family", words(families))]));
                return Ok(REFUSED);
            }
        }
        Ok(DONE)
    }
}

/// Writes the collected rows, if there are many.
fn written(text: &mut Vec<u8>, out: &mut dyn Write) -> io::Result<()> {
    if text.len() >= WRITTEN_AT_ONCE {
        out.write_all(text)?;
        text.clear();
    }
    Ok(())
}
