//! Text of other tools: `ss`, `netstat` of Linux, `lsof`, the tables of `/proc/net`, and counters.
//!
//! [`clean`] strips the decoration of a text, [`section`] splits it into the outputs of tools, and [`sheet`] turns each
//! row back into the kernel's record. Data missing from a text stays unknown ([`crate::model::blanks::Blanks`]), and
//! every unreadable line is reported with its number.

mod around;
mod clean;
mod counters;
mod end;
mod foreign;
mod info;
mod lsof;
mod netstat;
mod others;
mod prefix;
mod prelude;
mod row;
mod section;
mod sheet;
mod ss;
mod states;
mod table;
mod timer;

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use self::{
    end::end,
    row::Item,
    section::{TextSection, sections},
    sheet::Sheet,
    table::TableHeading,
};
pub use self::{
    foreign::Foreign,
    sheet::{Services, Text},
};
use crate::model::{
    family::Netid,
    gap::{Unread, UnreadReason},
    state::State,
};

/// More lines are read of no text.
const MOST_LINES: usize = 2_000_000;

/// No line is longer: the listener of a server with thousands of processes, all of them listed.
const LONGEST: usize = 4 << 20;

/// How a text is to be read.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The ports of services.
    pub services: Services<'a>,
    /// Which capture, from 1; the last where it is not said.
    pub capture: Option<u64>,
    /// The state of rows of `ss` without a State column, as with `ss state close-wait`.
    pub state: Option<State>,
}

/// Why a text is not read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refused {
    /// Nothing that is read here.
    Unknown,
    /// Rows of sockets, none of which can be read, by the reason.
    Rows(Vec<Unread>),
    /// It is of another system, or no list of sockets.
    Foreign(Foreign),
    /// It is of these hosts, of which one must be chosen.
    Hosts(Vec<String>),
    /// The text has fewer captures than that.
    Captures(u64),
    /// More than is read of any text.
    TooLarge,
}

/// Whether bytes are text.
pub fn is_text(bytes: &[u8]) -> bool {
    let beginning = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let is_wide = matches!(beginning, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    !beginning.trim_ascii().is_empty() && (is_wide || !beginning.contains(&0))
}

/// Reads a text.
///
/// # Errors
/// Where it is none of those, or which part of it is meant is not clear.
pub fn read(bytes: &[u8], reading: &Reading<'_>) -> Result<Text, Refused> {
    let text = clean::decoded(bytes);
    if text.lines().nth(MOST_LINES).is_some() || text.lines().any(|line| line.len() > LONGEST) {
        return Err(Refused::TooLarge);
    }
    let lines = prefix::by_writer(clean::lines(&text));
    let sections = sections(&lines);
    let is_modern = lines.iter().any(|line| is_modern(&line.text));
    let mut captures = Captures::new(*reading, is_modern);
    for section in &sections {
        captures.read(section);
    }
    let headings: Vec<TableHeading> = sections.iter().filter_map(TextSection::table).collect();
    captures.finish(&headings, text.trim_start().starts_with(['{', '[']))
}

/// Whether a line is of `ss` since iproute2 4.15, which writes any address of IPv4 as `0.0.0.0`, and IPv6 in brackets.
fn is_modern(text: &str) -> bool {
    [" 0.0.0.0:", " 0.0.0.0%", " [", "\t[", ":PortProcess", " Process"].iter().any(|mark| text.contains(mark))
}

/// Identifies a row, so that a repeated one is found: a connection occurs once, another socket may occur several times.
#[derive(Clone, Copy)]
struct RowKey {
    hash: u64,
    is_pair: bool,
    is_time_wait: bool,
}

impl RowKey {
    fn of(kind: &str, item: &Item<'_>) -> Option<RowKey> {
        let key = |parts: &dyn Fn(&mut DefaultHasher), is_pair, is_time_wait| {
            let mut hasher = DefaultHasher::new();
            parts(&mut hasher);
            Some(RowKey { hash: hasher.finish(), is_pair, is_time_wait })
        };
        match item {
            Item::Inet(row) if kind == "lsof" => {
                let user = row.extras.users.first()?;
                key(&|hasher| ("lsof", user.pid, user.fd, row.local).hash(hasher), true, false)
            }
            Item::Inet(row) => {
                // One whose port is blacked out is like many others.
                let is_pair = [row.local, row.peer].iter().all(|text| end(text).is_some_and(|end| end.is_connected()));
                let is_time_wait = row.state == State::TIME_WAIT;
                key(&|hasher| (row.netid, row.is_v6, row.local, row.peer).hash(hasher), is_pair, is_time_wait)
            }
            Item::Unix(row) => key(&|hasher| ("unix", row.extras.inode).hash(hasher), false, false),
            Item::Table("unix", line) => {
                let inode = line.split_ascii_whitespace().nth(6)?.parse::<u32>().ok();
                key(&|hasher| ("unix", inode).hash(hasher), false, false)
            }
            Item::Table(name, line) => {
                let ends: Vec<&str> = line.split_ascii_whitespace().skip(1).take(3).collect();
                let is_pair = ends.get(1).is_some_and(|peer| !peer.ends_with(":0000"));
                key(&|hasher| (name, ends.first(), ends.get(1)).hash(hasher), is_pair, ends.get(2) == Some(&"06"))
            }
            Item::File("snmp6", line) => key(&|hasher| ("counter", line.split(' ').next()).hash(hasher), false, false),
            _ => None,
        }
    }
}

/// The captures of a text, one after the other. Only the one that is meant is kept.
struct Captures<'a> {
    reading: Reading<'a>,
    is_modern: bool,
    number: u64,
    sheet: Sheet<'a>,
    kept: Option<Sheet<'a>>,
    seen: HashMap<u64, bool>,
    /// Whether a tool, and whether a table, showed TCP.
    by: (bool, bool),
    host: Option<String>,
    hosts: Vec<String>,
    foreign: Option<Foreign>,
    has_message: bool,
}

impl<'a> Captures<'a> {
    fn new(reading: Reading<'a>, is_modern: bool) -> Captures<'a> {
        Captures {
            reading,
            is_modern,
            number: 1,
            sheet: Sheet::new(reading.services, is_modern),
            kept: None,
            seen: HashMap::new(),
            by: (false, false),
            host: None,
            hosts: Vec::new(),
            foreign: None,
            has_message: false,
        }
    }

    /// Begins another capture, unless there was nothing in this one.
    fn next(&mut self) {
        if self.seen.is_empty() {
            return;
        }
        let sheet = std::mem::replace(&mut self.sheet, Sheet::new(self.reading.services, self.is_modern));
        if self.reading.capture == Some(self.number) {
            self.kept = Some(sheet);
        }
        self.number += 1;
        self.seen.clear();
        self.by = (false, false);
    }

    fn read(&mut self, section: &TextSection<'_>) {
        let mut keys: Vec<(u64, RowKey)> = Vec::new();
        let mut by = (false, false);
        section.each(self.reading.state, &mut |kind, number, item| {
            by.0 |= matches!(&item, Item::Inet(row) if row.netid == Netid::Tcp);
            by.1 |= matches!(&item, Item::Table("tcp" | "tcp6", _));
            keys.extend(RowKey::of(kind, &item).map(|key| (number, key)));
        });
        if keys.is_empty() {
            return self.take(section, &[]);
        }
        let is_other = section.host.is_some_and(|host| self.host.as_deref().is_some_and(|known| known != host));
        let is_both = (self.by.0 || by.0) && (self.by.1 || by.1);
        if is_other || is_both || keys.iter().any(|(_, key)| self.seen.contains_key(&key.hash)) {
            self.next();
        }
        if let Some(host) = section.host {
            self.host = Some(host.to_owned());
            if !self.hosts.iter().any(|known| known == host) {
                self.hosts.push(host.to_owned());
            }
        }
        self.by = (self.by.0 || by.0, self.by.1 || by.1);
        // Without a heading between them, only connections show the start of another table. One that ends while the
        // kernel lists them may be there in two states.
        let mut starts = Vec::new();
        let mut seen: HashMap<u64, bool> = HashMap::new();
        for (number, key) in keys {
            let before = seen.insert(key.hash, key.is_time_wait);
            if key.is_pair && before.is_some_and(|before| before == key.is_time_wait) {
                starts.push(number);
                seen.clear();
                seen.insert(key.hash, key.is_time_wait);
            }
        }
        self.take(section, &starts);
        self.seen.extend(seen);
    }

    /// Reads the rows of a section; at these lines another capture begins.
    fn take(&mut self, section: &TextSection<'_>, starts: &[u64]) {
        let mut starts = starts.iter().copied().peekable();
        section.each(self.reading.state, &mut |kind, number, item| {
            if starts.next_if_eq(&number).is_some() {
                self.seen.insert(0, false);
                self.next();
            }
            if let Item::Foreign(foreign) = item {
                self.foreign = self.foreign.or(Some(foreign));
            }
            self.has_message |= matches!(item, Item::Message);
            self.sheet.take(kind, number, &item);
        });
    }

    /// The capture that is meant.
    fn finish(self, headings: &[TableHeading], is_json: bool) -> Result<Text, Refused> {
        if self.hosts.len() > 1 && self.reading.capture.is_none() {
            return Err(Refused::Hosts(self.hosts));
        }
        let asked = self.reading.capture.unwrap_or(self.number);
        let sheet = match self.kept {
            Some(sheet) => sheet,
            None if asked == self.number => self.sheet,
            None => return Err(Refused::Captures(self.number)),
        };
        if !sheet.is_empty() {
            return Ok(Text { captures: (asked, self.number), ..sheet.finish() });
        }
        let unread = sheet.unread();
        let has_rows = unread.iter().any(|unread| unread.is_row());
        match self.foreign {
            Some(foreign) => Err(Refused::Foreign(foreign)),
            None if has_rows => Err(Refused::Rows(unread)),
            None if self.has_message => Err(Refused::Foreign(Foreign::Message)),
            // A heading alone means that there were no sockets.
            None if !headings.is_empty() && unread.is_empty() => Ok(sheet.empty(headings)),
            None if is_json => Err(Refused::Foreign(Foreign::Json)),
            None if unread.iter().any(|unread| matches!(unread.reason, UnreadReason::Elsewhere(_))) => {
                Err(Refused::Rows(unread))
            }
            None => Err(Refused::Unknown),
        }
    }
}
