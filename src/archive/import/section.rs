//! A part of a text under one heading or command, and the contents of its lines.

use super::{
    around::{self, Around},
    clean::TextLine,
    counters,
    foreign::{Foreign, foreign, is_message},
    lsof, netstat,
    prelude::*,
    ss::{self, Begin, Columns},
    states::glued_state,
    table::{self, TableHeading, TableName, protocol},
};
use crate::model::uapi::{AF_UNIX, IPPROTO_TCP};

/// The heading above rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Heading {
    Ss { has_state: bool },
    Netstat { timers: bool, inodes: bool, is_unix: bool },
    Lsof,
    Table(TableName),
    Counters(&'static str),
}

impl Heading {
    fn of(text: &str) -> Option<Heading> {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let has = |word: &str| words.contains(&word);
        // A heading has no figures: with some, it is a row, or several in one line.
        let is_heading = !text.contains(|c: char| c.is_ascii_digit());
        if is_heading
            && has("Recv-Q")
            && has("Send-Q")
            && has("Local")
            && words.iter().any(|word| word.starts_with("Address:Port"))
        {
            return Some(Heading::Ss { has_state: has("State") });
        }
        // In other languages the columns have other names, but the first.
        if is_heading && words.first() == Some(&"Proto") && words.len() > 4 && foreign(text).is_none() {
            return Some(Heading::Netstat {
                timers: text.contains("Timer"),
                inodes: text.to_lowercase().contains("node"),
                is_unix: words.get(1).is_some_and(|word| word.starts_with("Ref")),
            });
        }
        if lsof::is_heading(text) {
            return Some(Heading::Lsof);
        }
        TableName::heading(text).map(Heading::Table).or_else(|| counters::group(text).map(Heading::Counters))
    }
}

/// Whether a line is a heading or a row of a tool, as it is.
pub(super) fn is_output(text: &str) -> bool {
    let is_heading = matches!(Heading::of(text), Some(heading) if !matches!(heading, Heading::Counters(_)));
    let is_table = table::is_row(text, TableName::default());
    is_heading || is_table || ss::is_row(text) || netstat::is_row(text) || lsof::is_row(text)
}

/// The kind of decoration of a line. A prompt before a row is decoration, since no command resembles a row.
fn around(text: &str) -> Option<Around<'_>> {
    around::around(text).filter(|around| !matches!(around, Around::Boundary { command, .. } if is_output(command)))
}

/// Words of headings.
const HEADING_WORDS: [&str; 12] = [
    "State",
    "Process",
    "Peer",
    "Address:Port",
    "Address:PortProcess",
    "PID/Program",
    "name",
    "Timer",
    "User",
    "Inode",
    "I-Node",
    "Path",
];

/// A part of a text.
#[derive(Debug)]
pub(super) struct TextSection<'a> {
    lines: &'a [TextLine<'a>],
    heading: Option<Heading>,
    command: &'a str,
    /// The host that the prompt before it names.
    pub(super) host: Option<&'a str>,
    /// Whether a heading follows: a title before it is not a row.
    is_followed: bool,
}

/// Takes a text apart.
pub(super) fn sections<'a>(lines: &'a [TextLine<'a>]) -> Vec<TextSection<'a>> {
    let mut sections = Vec::new();
    let (mut begin, mut heading, mut host, mut command) = (0, None, None, "");
    for (at, line) in lines.iter().enumerate() {
        let (next, is_boundary) = match (around(&line.text), Heading::of(&line.text)) {
            (Some(Around::Boundary { .. }), None) => (None, true),
            // Groups of counters are one output.
            (_, Some(Heading::Counters(_))) if matches!(heading, Some(Heading::Counters(_))) => continue,
            (_, next @ Some(_)) => (next, false),
            _ => continue,
        };
        sections.push(TextSection {
            lines: lines.get(begin..at).unwrap_or_default(),
            heading,
            command,
            host,
            is_followed: !is_boundary,
        });
        (begin, heading) = (at, next);
        if let (true, Some(Around::Boundary { host: named, command: run })) = (is_boundary, around(&line.text)) {
            host = named.or(host);
            command = run;
        }
    }
    sections.push(TextSection {
        lines: lines.get(begin..).unwrap_or_default(),
        heading,
        command,
        host,
        is_followed: false,
    });
    sections
}

impl TextSection<'_> {
    /// The table whose heading precedes its rows.
    pub(super) fn table(&self) -> Option<TableHeading> {
        Some(match self.heading? {
            Heading::Ss { .. } => ("ss", (0, protocol(self.columns(None).netid))),
            Heading::Netstat { is_unix: true, .. } => ("netstat", (AF_UNIX, 0)),
            Heading::Netstat { .. } => ("netstat", (0, IPPROTO_TCP)),
            Heading::Lsof => ("lsof", (0, IPPROTO_TCP)),
            Heading::Table(heading) => ("/proc/net", heading.or(TableName::of(self.command)).table()),
            Heading::Counters(_) => return None,
        })
    }

    /// Returns the content of each line, with its host, its position and its number.
    pub(super) fn each(&self, stated: Option<State>, take: &mut dyn FnMut(&'static str, u64, Item<'_>)) {
        let columns = self.columns(stated);
        let shown = match self.heading {
            Some(Heading::Netstat { timers, inodes, .. }) => {
                ShownColumns { timers, inodes, queues: true, limits: false }
            }
            _ => ShownColumns { queues: true, ..ShownColumns::default() },
        };
        let heading = match self.heading {
            Some(Heading::Table(named)) => named,
            _ => TableName::default(),
        };
        let mut named = heading.or(TableName::of(self.command));
        let mut group = match self.heading {
            Some(Heading::Counters(group)) => Some(group),
            _ => None,
        };
        let is_ss = matches!(self.heading, Some(Heading::Ss { .. }));
        let (mut joined, mut rest, mut before) = (String::new(), String::new(), None);
        let mut lines = self.lines.iter().enumerate().peekable();
        while let Some((at, line)) = lines.next() {
            let (text, number) = (&*line.text, line.number);
            let is_row = match is_ss || columns.is_stateless {
                true => ss::begin(text, &columns) == Begin::Row,
                false => ss::is_row(text),
            };
            if is_row {
                joined.clear();
                joined.push_str(text);
                if ss::wants_more(text) {
                    joined.extend(
                        lines.next_if(|(_, line)| is_end(&line.text)).iter().flat_map(|(_, more)| [" ", &more.text]),
                    );
                }
                // A terminal may have broken the names of programs anywhere.
                let mut is_open = ss::is_open(&joined);
                while let Some((_, more)) = lines.next_if(|(_, line)| {
                    let is_rest = is_open && around(&line.text).is_none() && !is_any_row(&line.text, &columns);
                    is_rest || is_more(&line.text, &columns)
                }) {
                    joined.extend([if is_open { "" } else { " " }, &more.text]);
                    is_open = is_open && !more.text.contains("))") || ss::is_open(&more.text);
                }
                let item = ss::row(&joined, &mut rest, &columns, before);
                if let Item::Inet(row) = &item {
                    before = Some(row.netid);
                }
                take("ss", number, self.understood(text, item));
            } else if netstat::is_row(text) {
                joined.clear();
                joined.push_str(text);
                let is_rest =
                    |line: &str| line.split_ascii_whitespace().next().is_some_and(|word| state(word).is_some());
                if netstat::wants_more(text) {
                    joined.extend(
                        lines.next_if(|(_, line)| is_rest(&line.text)).iter().flat_map(|(_, more)| [" ", &more.text]),
                    );
                }
                take("netstat", number, self.understood(text, netstat::row(&joined, shown)));
            } else if table::is_row(text, named) {
                take("/proc/net", number, table::row(text, named));
            } else if lsof::is_row(text) {
                joined.clear();
                joined.push_str(text);
                if lsof::wants_more(text) {
                    joined.extend(
                        lines.next_if(|(_, line)| is_end(&line.text)).iter().flat_map(|(_, more)| [" ", &more.text]),
                    );
                }
                take("lsof", number, lsof::row(&joined));
            } else if let Some(decoration) = around(text) {
                if let Around::Boundary { command, .. } = decoration {
                    named = heading.or(TableName::of(command));
                }
            } else if let Some(next) = counters::group(text) {
                group = Some(next);
            } else if self.is_title(at) || Heading::of(text).is_some() {
                // The title carries no data.
            } else if let Some((kind, item)) = counters::item(text, group) {
                take(kind, number, item);
            } else {
                take("", number, self.other(text, &columns));
            }
        }
    }

    /// Whether a line is a title: one of `netstat`, or any line directly above a heading.
    fn is_title(&self, at: usize) -> bool {
        let text = self.lines.get(at).map_or("", |line| &line.text).trim_start();
        let is_last = at + 1 == self.lines.len();
        // The rest of a heading that a narrow terminal or a mail broke.
        let of_heading = |word: &str| HEADING_WORDS.contains(&word);
        text.split_ascii_whitespace().all(of_heading)
            || text.starts_with("Active ") && text.contains("sockets") | text.contains("connections (")
            || is_last && self.is_followed && !text.contains(char::is_numeric)
    }

    /// The columns of the section's `ss` rows.
    fn columns(&self, stated: Option<State>) -> Columns {
        let any = |word: &str| self.lines.iter().any(|line| line.text.contains(word));
        let inodes = any(" sk:");
        // `-e` brings timers, and inodes where there are some.
        let shown = ShownColumns { timers: inodes || any("timer:("), inodes, queues: true, limits: true };
        let mut words = self.command.split_ascii_whitespace().skip_while(|word| word.rsplit('/').next() != Some("ss"));
        let is_of_ss = words.next().is_some();
        let words: Vec<&str> = words.collect();
        let flags = || words.iter().filter_map(|word| word.strip_prefix('-')).filter(|word| !word.starts_with('-'));
        let tables: Vec<Netid> = [('t', Netid::Tcp), ('u', Netid::Udp), ('w', Netid::Raw), ('S', Netid::Sctp)]
            .into_iter()
            .filter_map(|(flag, netid)| flags().any(|flags| flags.contains(flag)).then_some(netid))
            .collect();
        let is_unconnected = |line: &TextLine<'_>| line.text.trim_start().starts_with("UNCONN");
        let netid = match tables.as_slice() {
            [only] => *only,
            // No socket of TCP is both unconnected and listed.
            _ if self.lines.iter().any(is_unconnected) => Netid::Udp,
            _ => Netid::Tcp,
        };
        let named: Vec<&str> = words.windows(2).filter(|pair| pair[0] == "state").map(|pair| pair[1]).collect();
        let of_command = match named.as_slice() {
            [only] => state(&only.to_ascii_uppercase()),
            _ => None,
        };
        let has_state = match self.heading {
            Some(Heading::Ss { has_state }) => has_state,
            _ => !is_of_ss || of_command.is_none(),
        };
        Columns { netid, state: of_command.or(stated), is_stateless: !has_state, shown }
    }

    /// The other system that a line is of. Under a heading, a state and a number are a row that was cut.
    fn foreign(&self, text: &str) -> Option<Foreign> {
        foreign(text).filter(|foreign| *foreign != Foreign::Sums || self.heading.is_none())
    }

    /// A row that is not understood may be one of another system.
    fn understood<'a>(&self, text: &str, item: Item<'a>) -> Item<'a> {
        match item {
            Item::Unread(reason) => self.foreign(text).map_or(Item::Unread(reason), Item::Foreign),
            item => item,
        }
    }

    /// A line that is not a row of any tool.
    fn other(&self, text: &str, columns: &Columns) -> Item<'static> {
        if let Some(foreign) = self.foreign(text) {
            return Item::Foreign(foreign);
        }
        if is_message(text) {
            return Item::Message;
        }
        let trimmed = text.trim_start();
        let digits = trimmed.len() - trimmed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let behind = trimmed.get(digits..).unwrap_or_default();
        let behind = behind.trim_start().strip_prefix([':', '.', ')', '|']).unwrap_or(behind);
        if digits > 0 && is_any_row(behind, columns) {
            return Item::Foreign(Foreign::Numbered);
        }
        match seems_row(text) {
            true => Item::Unread(UnreadReason::Unknown),
            false => Item::Prose,
        }
    }
}

/// Whether a line begins with an end of a socket: the rest of a row that a mail broke.
fn is_end(text: &str) -> bool {
    text.split_ascii_whitespace().next().and_then(|word| end(word.split("->").next()?)).is_some()
}

fn is_more(text: &str, columns: &Columns) -> bool {
    ss::begin(text, columns) == Begin::More && around(text).is_none() && !is_any_row(text, columns)
}

fn is_any_row(text: &str, columns: &Columns) -> bool {
    ss::begin(text, columns) == Begin::Row
        || ss::is_row(text)
        || netstat::is_row(text)
        || lsof::is_row(text)
        || table::is_row(text, TableName::default())
}

/// Whether a line without the form of a row seems to be about a socket, which would then be missing.
fn seems_row(text: &str) -> bool {
    const NETIDS: [&str; 10] = ["tcp", "tcp6", "udp", "udp6", "raw", "u_str", "u_dgr", "u_seq", "unix", "mptcp"];
    let words: Vec<&str> =
        text.split_ascii_whitespace().map(|word| word.trim_matches([',', '(', ')', '"', '|'])).collect();
    let is_end = |word: &&&str| {
        let port = word.rsplit_once(':').map(|(_, port)| port);
        // `12:00:01` is a time.
        let is_clock = word.split(':').all(|part| is_number(part) && part.len() <= 2);
        port.is_some_and(|port| is_number(port) || port == "*") && !is_clock && end(word).is_some()
    };
    let is_state = |word: &&str| state(word).is_some() || glued_state(word).is_some();
    let is_first = words.first().is_some_and(|word| NETIDS.contains(word) || is_state(word));
    match words.iter().filter(is_end).count() {
        0 => is_first && words.iter().any(|word| is_number(word)) || text.contains("users:(("),
        1 => is_first || words.iter().any(is_state),
        _ => true,
    }
}
