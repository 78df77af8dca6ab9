//! `list -s`: the figures, as a table or as JSON (`schema/summary.json`).

use serde::Serialize;

use crate::render::{
    json::{GapDocument, SCHEMA, write_line},
    prelude::*,
};

/// How many sockets there are; `None` where a figure could not be read.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// All that were counted.
    pub sockets: u64,
    /// TCP in all, and some of its states.
    pub tcp: TcpTotals,
    /// The whole host, all network namespaces.
    pub host: HostTotals,
    /// Each protocol.
    pub transports: Vec<ProtocolTotals>,
}

/// TCP sockets of the selected namespaces.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct TcpTotals {
    /// In all states.
    pub sockets: u64,
    /// `ESTABLISHED`.
    pub established: u64,
    /// `LISTEN`.
    pub listen: u64,
    /// `TIME_WAIT`.
    pub time_wait: u64,
}

/// Figures of `/proc/net/sockstat` that are the whole host's.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct HostTotals {
    /// TCP sockets that no program holds any more.
    pub tcp_orphaned: Option<u64>,
    /// TCP sockets that have memory.
    pub tcp_allocated: Option<u64>,
}

/// The sockets of a protocol.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ProtocolTotals {
    /// Its name in JSON.
    pub protocol: &'static str,
    /// All.
    pub sockets: Option<u64>,
    /// Of IPv4; none where the protocol has no IP version.
    pub inet: Option<u64>,
    /// Of IPv6.
    pub inet6: Option<u64>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    sockets: u64,
    tcp: TcpTotals,
    host: HostTotals,
    protocols: &'a [ProtocolTotals],
    gaps: &'a [GapDocument],
}

/// One JSON document on a line.
pub fn json(out: &mut dyn Write, summary: &Summary, gaps: &[GapDocument]) -> io::Result<()> {
    let document = Document {
        schema: SCHEMA,
        sockets: summary.sockets,
        tcp: summary.tcp,
        host: summary.host,
        protocols: &summary.transports,
        gaps,
    };
    write_line(out, &document)
}

/// The columns of the table's figures.
const WIDTH: usize = 12;
/// The columns of the protocol's name.
const NAME: usize = 10;

/// The table, for people.
pub fn table(out: &mut dyn Write, summary: &Summary, catalogue: &Catalogue, screen: &Screen) -> io::Result<()> {
    let total = [("count", number(summary.sockets))];
    writeln!(out, "{}", catalogue.say(messages::SUMMARY_TOTAL, &total))?;
    let tcp = [
        ("count", number(summary.tcp.sockets)),
        ("established", number(summary.tcp.established)),
        ("listen", number(summary.tcp.listen)),
        ("timewait", number(summary.tcp.time_wait)),
    ];
    writeln!(out, "{}", catalogue.say(messages::SUMMARY_TCP, &tcp))?;
    let host = [
        ("orphaned", words(figure_or_dash(summary.host.tcp_orphaned, catalogue))),
        ("allocated", words(figure_or_dash(summary.host.tcp_allocated, catalogue))),
    ];
    writeln!(out, "{}\n", catalogue.say(messages::SUMMARY_HOST, &host))?;
    let name = Layout { gap: 0, least: NAME, ..Layout::LEFT };
    let figure = Layout { gap: 0, least: WIDTH, ..Layout::RIGHT };
    let mut table = TextTable::new([name, figure, figure, figure]);
    let headings = [messages::SUMMARY_TRANSPORT, messages::SUMMARY_SOCKETS].map(|heading| catalogue.text(heading));
    table.heading(Style::new(), headings.into_iter().chain(["IPv4".to_owned(), "IPv6".to_owned()]));
    for one in &summary.transports {
        let versions = [one.inet, one.inet6].map(|figure| figure_or_dash(figure, catalogue));
        let versions = versions.into_iter().filter(|_| one.inet.is_some() || one.inet6.is_some());
        let all = [one.protocol.to_ascii_uppercase(), figure_or_dash(one.sockets, catalogue)];
        table.row(all.into_iter().chain(versions));
    }
    table.write(out, screen)
}

fn figure_or_dash(figure: Option<u64>, catalogue: &Catalogue) -> String {
    figure.map_or_else(|| "-".to_owned(), |figure| grouped(figure, catalogue.lang()))
}
