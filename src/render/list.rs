//! `list`: a line for each socket, written as the kernel gives them.
//!
//! Rows come one by one and are written at once, so that memory does not grow with their number. The table takes its
//! widths from the first rows; a later cell that is wider pushes the rest of its line.

pub mod columns;
pub mod ss;
pub mod summary;

mod address;
mod bytes;
mod cell;
mod csv;
mod details;
pub(super) mod digits;
mod extended;
mod info;
mod internals;
pub(super) mod ip;
mod json;
mod json_detail;
mod json_internals;
mod json_parts;
mod name;
mod owners;
mod row;
mod shown;
mod table;
mod tcp;
mod words;

use self::{bytes::Sink, csv::Csv, json::Json, ss::SsTable, table::TableStream};
use serde::Serialize;

use super::{format::Format, prelude::*};

pub use self::{
    row::{Owner, SocketRow},
    shown::{PortNames, Shown, Wording},
};

/// A listing under way.
pub struct Listing<'out, 'a> {
    sink: Sink<'out>,
    form: Form<'a>,
}

enum Form<'a> {
    Table(Box<TableStream<'a>>),
    Ss(Box<SsTable<'a>>),
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
            Format::Table if shown.compat.is_some() => Form::Ss(Box::new(SsTable::new(shown, screen))),
            Format::Table => Form::Table(Box::new(TableStream::new(shown, words, screen))),
            Format::Json => Form::Json(Json::new(shown, false)),
            Format::JsonLines => Form::Json(Json::new(shown, true)),
            Format::Csv => Form::Csv(Csv::new(shown)),
        };
        Listing { sink: Sink::new(out), form }
    }

    /// Writes a socket.
    pub fn row(&mut self, row: &SocketRow<'_>) -> io::Result<()> {
        match &mut self.form {
            Form::Table(table) => table.row(&mut self.sink, row),
            Form::Ss(table) => table.row(&mut self.sink, row)?,
            Form::Json(json) => json.row(&mut self.sink.buffer, row),
            Form::Csv(csv) => csv.row(&mut self.sink.buffer, row),
        }
        self.sink.settle()
    }

    /// Flushes all rows so far, for a waiting reader.
    pub fn flush(&mut self) -> io::Result<()> {
        match &mut self.form {
            Form::Table(table) => table.finish(&mut self.sink),
            Form::Ss(table) => table.finish(&mut self.sink)?,
            Form::Json(_) | Form::Csv(_) => {}
        }
        self.sink.flush()
    }

    /// Ends the listing; `gaps` go into the JSON document, which alone has room for them.
    pub fn finish(mut self, gaps: &[impl Serialize]) -> io::Result<()> {
        match &mut self.form {
            Form::Table(table) => table.finish(&mut self.sink),
            Form::Ss(table) => table.finish(&mut self.sink)?,
            Form::Json(json) => json.finish(&mut self.sink.buffer, gaps)?,
            Form::Csv(csv) => csv.finish(&mut self.sink.buffer),
        }
        self.sink.flush()
    }
}
