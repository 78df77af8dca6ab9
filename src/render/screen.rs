//! The output's properties: width, characters and colors.

use anstyle::Style;

use crate::text::layout::{columns, wrapped};

/// The width if the output is not a terminal, so that files and pipes always get the same columns.
pub const PLAIN_WIDTH: usize = 80;

/// Narrower terminals get lines of this width: columns of a few characters are unreadable.
const LEAST_WIDTH: usize = 40;

/// Where output goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Screen {
    /// Columns.
    pub width: usize,
    /// Rows, if a terminal reports them.
    pub rows: Option<usize>,
    /// Whether other characters than ASCII may be written.
    pub unicode: bool,
    /// Whether colours may be used.
    pub color: bool,
    /// Whether it is a terminal.
    pub terminal: bool,
}

impl Screen {
    /// A pipe or a file.
    pub fn plain(unicode: bool) -> Screen {
        Screen { width: PLAIN_WIDTH, rows: None, unicode, color: false, terminal: false }
    }

    /// A terminal with this many columns.
    pub fn terminal(columns: usize, unicode: bool, color: bool) -> Screen {
        Screen { width: columns.max(LEAST_WIDTH), rows: None, unicode, color, terminal: true }
    }

    /// The separator between parts of a line.
    pub fn separator(&self) -> &'static str {
        if self.unicode { " · " } else { " | " }
    }

    /// Whether a command can be written as it is: one that had to be escaped would be another one.
    pub fn shows(&self, command: &str) -> bool {
        self.unicode || command.is_ascii()
    }

    /// The text in a style, where colours may be used.
    pub fn styled(&self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// Puts parts side by side with the separator, on as many lines as the width asks for.
    pub fn joined(&self, parts: &[String]) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for part in parts {
            let width = columns(part) + columns(self.separator());
            match lines.last_mut() {
                Some(line) if columns(line) + width <= self.width => {
                    line.push_str(self.separator());
                    line.push_str(part);
                }
                _ => lines.extend(wrapped(part, self.width)),
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_go_on_as_many_lines_as_they_need() {
        let screen = Screen { width: 10, rows: None, unicode: false, color: false, terminal: false };
        let parts = ["aaaa", "bbb", "cccccc"].map(str::to_owned);
        assert_eq!(screen.joined(&parts), ["aaaa | bbb", "cccccc"]);
    }
}
