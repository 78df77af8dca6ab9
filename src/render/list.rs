//! `list`: a line for each socket, written as the kernel gives them.
//!
//! Rows come one by one and are written at once, so that memory does not grow with their number. The table takes its
//! widths from the first rows; a later cell that is wider pushes the rest of its line.

pub mod columns;

mod address;
mod bytes;
mod cell;
mod csv;
mod details;
mod digits;
mod extended;
mod info;
mod internals;
mod ip;
mod json;
mod json_detail;
mod json_internals;
mod json_parts;
mod name;
mod owners;
pub mod summary;
mod table;
mod tcp;
mod words;

use std::io::{self, Write};

use serde::Serialize;

use self::{bytes::Sink, columns::Column, csv::Csv, json::Json, table::Table};
use super::screen::Screen;
use crate::{
    model::{
        entry::Entry,
        family::Netid,
        owner::{Place, Process, Unknown},
    },
    report::ends::Ends,
    text::Catalogue,
};

/// Finds the name of a port, or of a raw socket's protocol; `None` leaves the number.
pub type Services<'a> = dyn Fn(Netid, u16) -> Option<&'a str> + Sync + 'a;

/// A descriptor of the socket, and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// The process.
    pub pid: u32,
    /// The thread; equal to the process where threads were not asked for.
    pub tid: u32,
    /// The descriptor.
    pub fd: u32,
    /// The process.
    pub process: &'a Process,
    /// Its user's name, where it has one.
    pub user: Option<&'a str>,
    /// The socket's security context as this process sees it (`-z`).
    pub socket_context: Option<&'a str>,
}

/// A socket with what was looked up for it.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The socket.
    pub entry: &'a Entry,
    /// Who holds it, in the order of process and descriptor.
    pub owners: &'a [Owner<'a>],
    /// Why nobody is known to hold it.
    pub unknown: Option<Unknown>,
    /// Where the socket's own cgroup says it belongs.
    pub place: Option<&'a Place>,
    /// The network namespace by its name, where several are shown.
    pub netns: Option<&'a str>,
    /// The name of the user it belongs to.
    pub user: Option<&'a str>,
    /// The names of the local and the peer's host, or of the program at a netlink port, where they were asked for and
    /// found.
    pub hosts: [Option<&'a str>; 2],
    /// The name of the interface it is bound to.
    pub interface: Option<&'a str>,
    /// When it goes away.
    pub ends: Ends,
    /// Who holds the other end of a UNIX socket.
    pub peer_owners: &'a [Owner<'a>],
}

impl<'a> Row<'a> {
    /// A socket for which nothing was looked up.
    pub fn plain(entry: &'a Entry, ends: Ends) -> Row<'a> {
        Row {
            entry,
            owners: &[],
            unknown: None,
            place: None,
            netns: None,
            user: None,
            hosts: [None; 2],
            interface: None,
            ends,
            peer_owners: &[],
        }
    }

    /// Where it belongs: by its own cgroup, else by the first process that holds it.
    fn place(&self) -> Option<&'a Place> {
        self.place.or_else(|| self.owners.first().map(|owner| &owner.process.place))
    }
}

/// How the sockets are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Lines for people and for scripts that read `ss`.
    Table,
    /// One JSON document.
    Json,
    /// One JSON document for each socket, each on a line.
    JsonLines,
    /// Comma-separated values (RFC 4180).
    Csv,
}

/// How timers, memory and owners are told in a table.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Wording {
    /// In the tokens of `ss`, and nothing where it prints nothing.
    Tokens,
    /// In the tokens of `ss`; in words, behind them, when the socket goes away and why no owner is known: for pipes.
    #[default]
    Pipe,
    /// In words, but owners in the tokens of `ss` unless several of them run one program: for terminals.
    Terminal,
    /// All in words.
    Words,
}

impl Wording {
    /// Whether timers and memory are told in words.
    fn in_words(self) -> bool {
        matches!(self, Wording::Terminal | Wording::Words)
    }
}

/// What is shown of each socket, by the options of `ss`.
#[derive(Clone, Copy, Default)]
pub struct Shown<'a> {
    /// Whether inodes are made up, and not shown.
    pub made_up_inodes: bool,
    /// The columns in their order; `None` for those of `ss`.
    pub columns: Option<&'a [Column]>,
    /// Whether sockets of several kinds may come, so that each row says its own (`Netid`).
    pub several: bool,
    /// Whether several network namespaces are shown.
    pub namespaces: bool,
    /// `-H`: no heading.
    pub no_header: bool,
    /// `-Q`: no queue columns.
    pub no_queues: bool,
    /// `-O`: all of a socket on one line.
    pub one_line: bool,
    /// `-n`: numbers in full.
    pub numeric: bool,
    /// How timers, memory and owners are told.
    pub wording: Wording,
    /// `-o`.
    pub timers: bool,
    /// `-e`.
    pub extended: bool,
    /// `-m`.
    pub memory: bool,
    /// `-i`.
    pub info: bool,
    /// `-p`.
    pub processes: bool,
    /// `-T`.
    pub threads: bool,
    /// `-Z`.
    pub contexts: bool,
    /// `-z`.
    pub socket_contexts: bool,
    /// `--tipcinfo`.
    pub tipc_info: bool,
    /// `--tos`.
    pub tos: bool,
    /// `--cgroup`.
    pub cgroup: bool,
    /// `--inet-sockopt`.
    pub socket_options: bool,
    /// `-b`.
    pub filters: bool,
    /// `--bpf-maps`.
    pub storages: bool,
    /// The names of ports; `None` for numbers.
    pub services: Option<&'a Services<'a>>,
}

/// A listing under way.
pub struct Listing<'out, 'a> {
    sink: Sink<'out>,
    form: Form<'a>,
}

enum Form<'a> {
    Table(Box<Table<'a>>),
    Json(Json<'a>),
    Csv(Csv<'a>),
}

impl<'out, 'a> Listing<'out, 'a> {
    /// Begins a listing; nothing is written before the first row.
    pub fn new(
        out: &'out mut (dyn Write + Send),
        format: Format,
        shown: Shown<'a>,
        words: &Catalogue,
        screen: &Screen,
    ) -> Listing<'out, 'a> {
        let form = match format {
            Format::Table => Form::Table(Box::new(Table::new(shown, words, screen))),
            Format::Json => Form::Json(Json::new(shown, false)),
            Format::JsonLines => Form::Json(Json::new(shown, true)),
            Format::Csv => Form::Csv(Csv::new(shown)),
        };
        Listing { sink: Sink::new(out), form }
    }

    /// Writes a socket.
    ///
    /// # Errors
    /// As writing does.
    pub fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        match &mut self.form {
            Form::Table(table) => table.row(&mut self.sink, row),
            Form::Json(json) => json.row(&mut self.sink.buffer, row),
            Form::Csv(csv) => csv.row(&mut self.sink.buffer, row),
        }
        self.sink.settle()
    }

    /// Ends the listing; `gaps` go into the JSON document, which alone has room for them.
    ///
    /// # Errors
    /// As writing does.
    pub fn finish(mut self, gaps: &[impl Serialize]) -> io::Result<()> {
        match &mut self.form {
            Form::Table(table) => table.finish(&mut self.sink),
            Form::Json(json) => json.finish(&mut self.sink.buffer, gaps)?,
            Form::Csv(csv) => csv.finish(&mut self.sink.buffer),
        }
        self.sink.flush()
    }
}
