//! The table. Its widths come from the first rows; after them each row is written at once.

use std::mem;

use super::{
    bytes::Sink,
    cell::{Audience, cell},
    columns::Column,
    details::Details,
    digits::{length, number},
    name::columns,
    row::SocketRow,
    shown::Shown,
    words::RowWords,
};
use crate::{
    model::{family::Netid, sctp_info},
    render::screen::Screen,
    text::{Catalogue, messages},
};

/// How many rows, or bytes of them, give the widths.
const FIRST_ROWS: usize = 1_000;
const FIRST_BYTES: usize = 64 * 1024;

/// No column is made wider than `[IPv6]:port`; the few longer paths push their lines.
const WIDEST: usize = 47;

/// Blanks between columns.
const GAP: usize = 2;

/// Continuation lines begin with a tab and a blank, as in `ss` and in [`Details`].
const INDENT: &[u8] = b"\n\t ";
const INDENT_COLUMNS: usize = 9;

/// The table under way.
pub(super) struct TableStream<'a> {
    shown: Shown<'a>,
    columns: Vec<Column>,
    headings: Vec<String>,
    words: RowWords,
    unicode: bool,
    /// The columns of the terminal; `None` where lines may be of any length.
    width: Option<usize>,
    widths: Vec<usize>,
    /// The first rows, until the widths are known.
    first: Option<First>,
    details: Details,
    text: Vec<u8>,
    /// The inode of the SCTP socket whose associations may follow.
    sctp: u32,
}

/// Rows that wait: their texts behind one another, and where each ends.
#[derive(Default)]
struct First {
    text: Vec<u8>,
    /// For each row the ends of its cells, then of its details' two parts.
    ends: Vec<usize>,
    rows: usize,
}

/// The position in a line that is being written.
#[derive(Default)]
struct Cursor {
    /// Columns written.
    written: usize,
    /// Where the next cell begins.
    next: usize,
}

impl Cursor {
    /// Writes a cell at its place; blanks are written only when something follows them.
    fn cell(&mut self, out: &mut Vec<u8>, text: &[u8], width: usize, right: bool) {
        let own = columns(text);
        if own > 0 {
            self.begin(out, if right { width.saturating_sub(own) } else { 0 });
            out.extend_from_slice(text);
            self.written += own;
        }
        self.next += width + GAP;
    }

    /// Writes a number at the right of its column.
    #[inline]
    fn number(&mut self, out: &mut Vec<u8>, value: u32, width: usize) {
        let own = length(value);
        self.begin(out, width.saturating_sub(own));
        number(out, value);
        self.written += own;
        self.next += width + GAP;
    }

    /// Goes to where a cell begins. A wider cell before it has pushed it; a gap is left in any case.
    #[inline]
    fn begin(&mut self, out: &mut Vec<u8>, indent: usize) {
        const BLANKS: [u8; 16] = [b' '; 16];
        let pushed = if self.next > 0 { self.written + GAP } else { 0 };
        let begin = (self.next + indent).max(pushed);
        let end = out.len() + begin - self.written;
        // A known length is written faster; the excess is removed.
        out.extend_from_slice(&BLANKS);
        out.resize(end, b' ');
        self.written = begin;
    }
}

impl<'a> TableStream<'a> {
    pub(super) fn new(shown: Shown<'a>, words: &Catalogue, screen: &Screen) -> TableStream<'a> {
        let columns = shown.chosen();
        let mut headings: Vec<String> = columns.iter().map(|column| column.heading(words)).collect();
        let widths = headings.iter().map(|heading| self::columns(heading.as_bytes())).collect();
        if shown.has_owners() && !columns.contains(&Column::Process) {
            headings.push(words.text(messages::LIST_PROCESS));
        }
        TableStream {
            columns,
            headings,
            words: RowWords::new(words),
            unicode: screen.unicode,
            width: Some(screen.width).filter(|_| screen.terminal),
            widths,
            first: Some(First::default()),
            details: Details::default(),
            text: Vec::new(),
            sctp: 0,
            shown,
        }
    }

    pub(super) fn row(&mut self, sink: &mut Sink<'_>, row: &SocketRow<'_>) {
        if self.shown.has_details() {
            self.details.fill(row, &self.shown, &self.words, self.unicode);
        }
        match self.first.take() {
            None => self.write(&mut sink.buffer, row),
            Some(first) => self.keep(first, sink, row),
        }
        if row.entry.netid == Netid::Sctp {
            self.sctp = row.entry.inode;
        }
    }

    /// Keeps one of the first rows; the last of them sets the widths.
    fn keep(&mut self, mut first: First, sink: &mut Sink<'_>, row: &SocketRow<'_>) {
        for (place, column) in self.columns.iter().enumerate() {
            let begin = first.text.len();
            self.cell(&mut first.text, *column, row);
            let own = columns(first.text.get(begin..).unwrap_or_default());
            if let Some(width) = self.widths.get_mut(place) {
                *width = own.min(WIDEST).max(*width);
            }
            first.ends.push(first.text.len());
        }
        for part in [&self.details.inline, &self.details.block] {
            first.text.extend_from_slice(part);
            first.ends.push(first.text.len());
        }
        first.rows += 1;
        if first.rows >= FIRST_ROWS || first.text.len() >= FIRST_BYTES {
            self.release(&first, sink);
        } else {
            self.first = Some(first);
        }
    }

    /// Writes the heading and the first rows.
    fn release(&mut self, first: &First, sink: &mut Sink<'_>) {
        let out = &mut sink.buffer;
        // The last column needs no fixed width.
        if !self.shown.no_header {
            let mut line = Cursor::default();
            for (place, heading) in self.headings.iter().enumerate() {
                let width = self.widths.get(place).copied().unwrap_or_default();
                line.cell(out, heading.as_bytes(), width, self.is_right(place));
            }
            out.push(b'\n');
        }
        let mut begin = 0;
        let mut ends = first.ends.iter();
        let mut next = || {
            let end = ends.next().copied().unwrap_or(first.text.len());
            let part = first.text.get(begin..end).unwrap_or_default();
            begin = end;
            part
        };
        for _ in 0..first.rows {
            let mut line = Cursor::default();
            for (place, width) in self.widths.iter().enumerate() {
                line.cell(out, next(), *width, self.is_right(place));
            }
            let (inline, block) = (next(), next());
            self.end_line(out, &mut line, inline, block);
        }
    }

    /// Writes a row when the widths are known.
    fn write(&mut self, out: &mut Vec<u8>, row: &SocketRow<'_>) {
        let mut text = mem::take(&mut self.text);
        let mut line = Cursor::default();
        for (column, width) in self.columns.iter().zip(&self.widths) {
            match column {
                Column::RecvQ | Column::SendQ if self.shown.blanks.queues => line.cell(out, b"-", *width, true),
                Column::RecvQ => line.number(out, row.entry.rqueue, *width),
                Column::SendQ => match row.entry.send_queue() {
                    Some(count) => line.number(out, count, *width),
                    None => line.cell(out, b"-", *width, true),
                },
                column if column.is_number() => {
                    text.clear();
                    self.cell(&mut text, *column, row);
                    line.cell(out, &text, *width, true);
                }
                column => {
                    line.begin(out, 0);
                    let begin = out.len();
                    self.cell(out, *column, row);
                    line.written += columns(out.get(begin..).unwrap_or_default());
                    line.next += width + GAP;
                }
            }
        }
        self.text = text;
        self.end_line(out, &mut line, &self.details.inline, &self.details.block);
    }

    fn is_right(&self, place: usize) -> bool {
        self.columns.get(place).is_some_and(|column| column.is_number())
    }

    #[inline]
    fn cell(&self, out: &mut Vec<u8>, column: Column, row: &SocketRow<'_>) {
        let begin = out.len();
        if self.sctp != 0 && row.entry.netid == Netid::Sctp && row.entry.inode == self.sctp {
            match column {
                Column::Netid => return,
                Column::State => return association(out, row.entry.state.number()),
                _ => {}
            }
        }
        cell(out, column, row, &self.shown, Audience::People(&self.words), self.unicode);
        if out.len() == begin {
            out.push(b'-');
        }
    }

    /// Writes the details: on the same line if they fit, else on separate lines.
    fn end_line(&self, out: &mut Vec<u8>, line: &mut Cursor, inline: &[u8], block: &[u8]) {
        let one_line = self.shown.one_line;
        if !inline.is_empty() {
            // They begin where a next column would, if the row has room, and with a gap in any case.
            let text = inline.strip_prefix(b" ").unwrap_or(inline);
            let begin = line.next.max(line.written + GAP);
            let fits = self.width.is_none_or(|width| begin + columns(text) <= width);
            if fits || one_line {
                line.cell(out, text, 0, false);
            } else {
                self.indented(out, text);
            }
        }
        if self.width.is_none() && !one_line {
            out.extend_from_slice(block);
        } else {
            for part in block.split(|byte| *byte == b'\n').filter(|part| !part.is_empty()) {
                let text = part.trim_ascii_start();
                if one_line {
                    out.push(b' ');
                    out.extend_from_slice(text);
                } else {
                    self.indented(out, text);
                }
            }
        }
        out.push(b'\n');
    }

    /// Writes an indented line; on a terminal it is broken between tokens.
    fn indented(&self, out: &mut Vec<u8>, text: &[u8]) {
        out.extend_from_slice(INDENT);
        let Some(width) = self.width else { return out.extend_from_slice(text) };
        let mut written = 0;
        for token in text.split(|byte| *byte == b' ').filter(|token| !token.is_empty()) {
            let own = columns(token);
            if written > 0 && INDENT_COLUMNS + written + 1 + own > width {
                out.extend_from_slice(INDENT);
                written = 0;
            } else if written > 0 {
                out.push(b' ');
                written += 1;
            }
            out.extend_from_slice(token);
            written += own;
        }
    }

    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) {
        if let Some(first) = self.first.take() {
            self.release(&first, sink);
        }
    }
}

/// The state of an SCTP association, below its socket.
fn association(out: &mut Vec<u8>, number_of_state: u8) {
    out.extend_from_slice(b"`- ");
    match sctp_info::STATES.get(usize::from(number_of_state)) {
        Some(name) => out.extend_from_slice(name.as_bytes()),
        None => number(out, number_of_state),
    }
}
