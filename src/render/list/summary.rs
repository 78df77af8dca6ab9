//! `list -s`: the figures, as a table or as JSON (`schema/summary.json`).

use std::io::{self, Write};

use serde::Serialize;

use crate::{
    render::json::{GapDocument, SCHEMA, write_line},
    text::{Catalogue, grouped, layout::columns, messages, words},
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

/// TCP sockets of the namespaces that were looked at.
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
///
/// # Errors
/// As writing does.
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
///
/// # Errors
/// As writing does.
pub fn table(out: &mut dyn Write, summary: &Summary, catalogue: &Catalogue) -> io::Result<()> {
    let text = |figure: Option<u64>| figure.map_or_else(|| "-".to_owned(), grouped);
    let total = [("count", words(grouped(summary.sockets)))];
    writeln!(out, "{}", catalogue.say(messages::SUMMARY_TOTAL, &total))?;
    let tcp = [
        ("count", words(grouped(summary.tcp.sockets))),
        ("established", words(grouped(summary.tcp.established))),
        ("listen", words(grouped(summary.tcp.listen))),
        ("timewait", words(grouped(summary.tcp.time_wait))),
    ];
    writeln!(out, "{}", catalogue.say(messages::SUMMARY_TCP, &tcp))?;
    let host =
        [("orphaned", words(text(summary.host.tcp_orphaned))), ("allocated", words(text(summary.host.tcp_allocated)))];
    writeln!(out, "{}\n", catalogue.say(messages::SUMMARY_HOST, &host))?;
    let heading = [catalogue.text(messages::SUMMARY_SOCKETS), "IPv4".to_owned(), "IPv6".to_owned()];
    row(out, &catalogue.text(messages::SUMMARY_TRANSPORT), &heading)?;
    for one in &summary.transports {
        let has_versions = one.inet.is_some() || one.inet6.is_some();
        let figures =
            [Some(one.sockets), Some(one.inet).filter(|_| has_versions), Some(one.inet6).filter(|_| has_versions)];
        let figures: Vec<String> = figures.into_iter().flatten().map(text).collect();
        row(out, &one.protocol.to_ascii_uppercase(), &figures)?;
    }
    Ok(())
}

/// A name at the left, figures at the right of their columns.
fn row(out: &mut dyn Write, name: &str, figures: &[String]) -> io::Result<()> {
    let blanks = |text: &str, width: usize| " ".repeat(width.saturating_sub(columns(text)));
    write!(out, "{name}{}", blanks(name, NAME))?;
    for figure in figures {
        write!(out, "{}{figure}", blanks(figure, WIDTH))?;
    }
    writeln!(out)
}
