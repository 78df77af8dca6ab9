//! The table of `ss` (iproute2 6.1): columns as wide as their content, spread over the width of a terminal.
//!
//! `ss` holds its table back to measure it, in chunks of memory of which it fills five at most; then it writes them,
//! and later columns only grow. So the same rows are measured together here.

use std::io;

use super::super::bytes::Sink;

/// The columns in their order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum SsColumn {
    Netid,
    State,
    RecvQ,
    SendQ,
    Address,
    Port,
    PeerAddress,
    PeerPort,
    /// Everything else about the socket.
    Details,
}

/// Heading, how many blanks go before the column, and whether its text is at the right.
const COLUMNS: [(SsColumn, &[u8], usize, bool); 9] = [
    (SsColumn::Netid, b"Netid", 0, false),
    (SsColumn::State, b"State", 1, false),
    (SsColumn::RecvQ, b"Recv-Q", 1, false),
    (SsColumn::SendQ, b"Send-Q", 1, false),
    (SsColumn::Address, b"Local Address:", 1, true),
    (SsColumn::Port, b"Port", 0, false),
    (SsColumn::PeerAddress, b"Peer Address:", 1, true),
    (SsColumn::PeerPort, b"Port", 0, false),
    (SsColumn::Details, b"Process", 0, false),
];

/// A column that is shown.
struct ShownColumn {
    column: SsColumn,
    /// The blanks before it; the first column has none.
    before: usize,
    is_right: bool,
}

impl ShownColumn {
    /// How much of a line a text of this length takes.
    fn taken(&self, width: usize, length: usize) -> usize {
        width.max(self.before + length)
    }
}

/// The longest text of a column; more of it is cut.
const LONGEST: usize = u16::MAX as usize;

/// The table under way: the rows that are not written yet.
pub(super) struct Table {
    shown: Vec<ShownColumn>,
    /// The columns of the terminal; `None` where lines may be of any length.
    screen: Option<usize>,
    /// The longest text of each column so far.
    longest: Vec<usize>,
    text: Vec<u8>,
    lengths: Vec<u16>,
    /// Where the column that is being written begins.
    begin: usize,
    /// Which of the columns shown it is.
    place: usize,
    memory: Memory,
}

/// How much of the memory of `ss` the rows would take.
struct Memory {
    chunks: usize,
    used: usize,
}

impl Memory {
    const CHUNK: usize = 1024 * 1024 - 16;
    const MOST: usize = 5;
    /// Each text follows its length.
    const LENGTH: usize = 2;

    fn new() -> Memory {
        Memory { chunks: 1, used: Memory::LENGTH }
    }

    fn text(&mut self, length: usize) {
        let is_first = self.used == Memory::LENGTH;
        if length > 0 && length >= Memory::CHUNK - self.used && !is_first {
            *self = Memory { chunks: self.chunks + 1, used: Memory::LENGTH };
        }
        self.used = Memory::CHUNK.min(self.used + length);
    }

    fn next(&mut self, length: usize) {
        let padding = length % 2;
        if Memory::CHUNK - self.used < padding + Memory::LENGTH {
            *self = Memory { chunks: self.chunks + 1, used: Memory::LENGTH };
        } else {
            self.used += padding + Memory::LENGTH;
        }
    }
}

impl Table {
    /// A table with these columns; the headings are its first row.
    pub(super) fn new(shows: impl Fn(SsColumn) -> bool, has_header: bool, screen: Option<usize>) -> Table {
        let shown = COLUMNS.iter().filter(|(column, ..)| shows(*column));
        let shown = shown.enumerate().map(|(place, &(column, _, before, is_right))| {
            let before = if place == 0 { 0 } else { before };
            ShownColumn { column, before, is_right }
        });
        let shown: Vec<_> = shown.collect();
        let longest = vec![0; shown.len()];
        let (text, lengths) = (Vec::new(), Vec::new());
        let mut table = Table { shown, screen, longest, text, lengths, begin: 0, place: 0, memory: Memory::new() };
        if has_header {
            for (column, heading, ..) in COLUMNS {
                table.text.extend_from_slice(heading);
                table.end(column);
            }
        }
        table
    }

    /// The buffer of the current column.
    #[inline]
    pub(super) fn out(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    /// Ends a column; the last one is measured when another row begins. The text of a hidden column is removed.
    #[inline]
    pub(super) fn end(&mut self, column: SsColumn) {
        let place = self.place;
        if self.shown.get(place).is_none_or(|shown| shown.column != column) {
            self.text.truncate(self.begin);
            return;
        }
        self.text.truncate(self.begin + LONGEST);
        let length = self.text.len() - self.begin;
        self.begin = self.text.len();
        self.lengths.push(length as u16);
        self.memory.text(length);
        if column == SsColumn::Details {
            self.place = 0;
        } else {
            self.place += 1;
            self.measure(place, length);
        }
    }

    fn measure(&mut self, place: usize, length: usize) {
        self.memory.next(length);
        if let Some(longest) = self.longest.get_mut(place) {
            *longest = length.max(*longest);
        }
    }

    /// Begins a row; writes the buffer first if it is full.
    pub(super) fn row(&mut self, sink: &mut Sink<'_>) -> io::Result<()> {
        let Some(&last) = self.lengths.last() else { return Ok(()) };
        self.measure(self.shown.len() - 1, usize::from(last));
        if self.memory.chunks >= Memory::MOST {
            return self.write(sink);
        }
        // The last column of `ss` is always empty.
        self.memory.next(0);
        Ok(())
    }

    /// Writes all rows.
    pub(super) fn write(&mut self, sink: &mut Sink<'_>) -> io::Result<()> {
        let widths = self.widths();
        let mut begin = 0;
        for row in self.lengths.chunks(self.shown.len()) {
            let out = &mut sink.buffer;
            let start = out.len();
            // The line is blank at first, so the separator before a column is a blank too.
            let columns = || widths.iter().zip(&self.shown).zip(row.iter().map(|length| usize::from(*length)));
            let taken = columns().map(|((width, shown), length)| shown.taken(*width, length));
            out.resize(start + taken.sum::<usize>(), b' ');
            let mut at = start;
            for ((width, shown), length) in columns() {
                let end = at + shown.taken(*width, length);
                let from = if shown.is_right { end - length } else { at + shown.before };
                let text = self.text.get(begin..begin + length);
                if let (Some(place), Some(text)) = (out.get_mut(from..from + length), text) {
                    place.copy_from_slice(text);
                }
                begin += length;
                at = end;
            }
            out.push(b'\n');
            sink.settle()?;
        }
        self.text.clear();
        self.lengths.clear();
        self.begin = 0;
        self.memory = Memory::new();
        Ok(())
    }

    /// The width of each column with its separator. On a terminal a line has as many columns as fit, and they share the
    /// remaining width.
    fn widths(&self) -> Vec<usize> {
        let limit = self.screen.unwrap_or(usize::MAX);
        let mut is_first = true;
        let measured = self.longest.iter().zip(&self.shown).map(|(longest, shown)| {
            let before = if is_first || *longest == 0 { 0 } else { shown.before };
            is_first &= *longest == 0;
            (longest + before).min(limit)
        });
        let mut widths: Vec<usize> = measured.collect();
        let Some(screen) = self.screen else { return widths };
        let filled = widths.iter().enumerate().filter(|(_, width)| **width > 0);
        let mut rest: Vec<usize> = filled.map(|(place, _)| place).collect();
        while !rest.is_empty() {
            let width = |place: &usize| widths.get(*place).copied().unwrap_or(0);
            let mut taken = 0;
            let fitting = rest.iter().take_while(|place| {
                taken += width(place);
                taken <= screen
            });
            let count = fitting.count().max(1);
            let line: Vec<usize> = rest.drain(..count).collect();
            let left = screen.saturating_sub(line.iter().map(width).sum());
            let (each, mut more) = (left / line.len(), left % line.len());
            for place in line.iter().rev() {
                if let Some(width) = widths.get_mut(*place) {
                    *width += each + usize::from(more > 0);
                }
                more = more.saturating_sub(1);
            }
        }
        widths
    }
}
