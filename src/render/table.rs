//! Tables for people: columns side by side without lines between them. comfy-table lays them out; here are the one way
//! in which this program sets it up, line breaks by the rules of the script, and colours.

use std::io::{self, Write};

use anstyle::Style;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, Width, presets};

use super::screen::Screen;
use crate::text::layout::{columns, wrapped};

/// The fewest columns into which a last column is broken.
const LEAST: usize = 10;

/// How a column is laid out.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    /// To which side its cells go.
    pub(super) alignment: CellAlignment,
    /// Blanks behind it.
    pub(super) gap: usize,
    /// The width it has at least.
    pub(super) least: usize,
    /// The style of its cells, except the heading.
    pub(super) style: Style,
}

impl Layout {
    /// A column of text.
    pub(super) const LEFT: Layout = Layout { alignment: CellAlignment::Left, gap: 2, least: 0, style: Style::new() };
    /// A column of figures.
    pub(super) const RIGHT: Layout = Layout { alignment: CellAlignment::Right, ..Layout::LEFT };
}

/// A table being made.
pub(super) struct TextTable {
    layouts: Vec<Layout>,
    heading: Option<(Style, Vec<String>)>,
    rows: Vec<Vec<String>>,
}

impl TextTable {
    pub(super) fn new(layouts: impl IntoIterator<Item = Layout>) -> TextTable {
        TextTable { layouts: layouts.into_iter().collect(), heading: None, rows: Vec::new() }
    }

    /// Sets the headings of the columns, and the style of their line.
    pub(super) fn heading(&mut self, style: Style, cells: impl IntoIterator<Item = String>) {
        self.heading = Some((style, cells.into_iter().collect()));
    }

    /// Adds a row; one with fewer cells than columns leaves the last ones empty.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Puts in a column without a heading, with a cell for each row, before another.
    pub(super) fn insert(&mut self, column: usize, layout: Layout, cells: impl IntoIterator<Item = String>) {
        self.layouts.insert(column.min(self.layouts.len()), layout);
        let headings = self.heading.iter().map(|_| String::new()).collect::<Vec<_>>();
        for (row, cell) in self.cells_mut().zip(headings.into_iter().chain(cells)) {
            row.insert(column.min(row.len()), cell);
        }
    }

    /// The rows without the heading.
    pub(super) fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// The rows, the heading first.
    fn cells_mut(&mut self) -> impl Iterator<Item = &mut Vec<String>> {
        self.heading.iter_mut().map(|(_, heading)| heading).chain(&mut self.rows)
    }

    /// The width of a column without the blanks behind it.
    fn width(&self, column: usize) -> usize {
        let least = self.layouts.get(column).map_or(0, |layout| layout.least);
        let rows = self.heading.iter().map(|(_, heading)| heading).chain(&self.rows);
        rows.filter_map(|row| row.get(column)).flat_map(|cell| cell.lines()).map(columns).max().unwrap_or(0).max(least)
    }

    /// Where the last column begins.
    pub(super) fn before_last(&self) -> usize {
        let others = self.layouts.split_last().map_or(&[][..], |(_, others)| others);
        others.iter().enumerate().map(|(column, layout)| self.width(column) + layout.gap).sum()
    }

    /// Breaks the cells of the last column into lines, so that the table has this width if it can. comfy-table breaks at
    /// blanks, of which Chinese has none.
    pub(super) fn wrap_last(&mut self, width: usize) {
        let room = width.saturating_sub(self.before_last()).max(LEAST);
        self.edit_last(&|cell| cell.lines().flat_map(|line| wrapped(line, room)).collect::<Vec<_>>().join("\n"));
    }

    /// Changes the cells of the last column.
    pub(super) fn edit_last(&mut self, edit: &dyn Fn(&str) -> String) {
        let Some(last) = self.layouts.len().checked_sub(1) else { return };
        self.cells_mut().filter_map(|row| row.get_mut(last)).for_each(|cell| *cell = edit(cell));
    }

    /// The lines of the table, without blanks at their ends.
    pub(super) fn lines(self, screen: &Screen) -> Vec<String> {
        let widths: Vec<usize> = (0..self.layouts.len()).map(|column| self.width(column)).collect();
        let style = self.heading.as_ref().map(|(style, _)| *style);
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        if let Some((_, heading)) = self.heading {
            table.set_header(Row::from(heading));
        }
        table.add_rows(self.rows);
        for (column, layout) in table.column_iter_mut().zip(&self.layouts) {
            let fixed = |width| u16::try_from(width).unwrap_or(u16::MAX);
            column.set_padding((0, fixed(layout.gap))).set_cell_alignment(layout.alignment);
            if layout.least > 0 {
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(fixed(layout.least + layout.gap))));
            }
        }
        let text = table.trim_fmt();
        let lines = text.lines().enumerate().map(|(number, line)| match style {
            Some(style) if number == 0 => screen.styled(style, line),
            _ if screen.color => with_styles(line, &self.layouts, &widths, screen),
            _ => line.to_owned(),
        });
        lines.collect()
    }

    /// Writes the lines.
    pub(super) fn write(self, out: &mut dyn Write, screen: &Screen) -> io::Result<()> {
        self.lines(screen).into_iter().try_for_each(|line| writeln!(out, "{line}"))
    }
}

/// Puts the styles of the columns around the cells of a line.
fn with_styles(line: &str, layouts: &[Layout], widths: &[usize], screen: &Screen) -> String {
    let mut styled = String::with_capacity(line.len());
    let mut rest = line;
    for (layout, width) in layouts.iter().zip(widths) {
        let (cell, after) = split_at_column(rest, width + layout.gap);
        let text = cell.trim_end();
        styled.push_str(&screen.styled(layout.style, text));
        styled.push_str(cell.get(text.len()..).unwrap_or_default());
        rest = after;
    }
    styled + rest
}

/// Cuts a line after this number of columns.
fn split_at_column(line: &str, width: usize) -> (&str, &str) {
    let mut end = 0;
    let is_beyond = |(_, character): &(usize, char)| {
        end += columns(character.encode_utf8(&mut [0; 4]));
        end > width
    };
    line.split_at(line.char_indices().find(is_beyond).map_or(line.len(), |(at, _)| at))
}

#[cfg(test)]
mod tests {
    use anstyle::AnsiColor;

    use super::*;

    fn table(layouts: [Layout; 3]) -> TextTable {
        let mut table = TextTable::new(layouts);
        table.heading(Style::new(), ["状态", "N", "谁"].map(str::to_owned));
        table.row(["开着", "8", "内核有记录就按内核的，没有就按端口"].map(str::to_owned));
        table.row(["LISTEN", "10"].map(str::to_owned));
        table
    }

    #[test]
    fn columns_are_measured_in_columns_of_the_terminal_and_the_last_is_broken() {
        let mut table = table([Layout::LEFT, Layout { least: 4, ..Layout::RIGHT }, Layout::LEFT]);
        assert_eq!(table.before_last(), 14);
        table.wrap_last(30);
        let lines = table.lines(&Screen::plain(true));
        assert_eq!(
            lines,
            [
                "状态       N  谁",
                "开着       8  内核有记录就按内",
                "              核的，没有就按端",
                "              口",
                "LISTEN    10",
            ]
        );
    }

    #[test]
    fn a_style_is_that_of_the_cells_of_one_column() {
        let green = AnsiColor::Green.on_default();
        let lines = table([Layout { style: green, ..Layout::LEFT }, Layout::RIGHT, Layout::LEFT])
            .lines(&Screen::terminal(80, true, true));
        assert_eq!(lines[0], "状态     N  谁");
        assert_eq!(lines[1], "\u{1b}[32m开着\u{1b}[0m     8  内核有记录就按内核的，没有就按端口");
        assert_eq!(lines[2], "\u{1b}[32mLISTEN\u{1b}[0m  10");
    }
}
