//! A sheet of characters that texts and lines are put on. Characters that take two columns keep their place.

use unicode_width::UnicodeWidthChar;

/// Fills the second column of a wide character.
const FILLER: char = '\0';

/// The characters lines are made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pens {
    /// A line across.
    pub across: char,
    /// A line down.
    pub down: char,
    /// Corners: top left, top right, bottom left, bottom right.
    pub corners: [char; 4],
    /// Heads: left, right, up, down.
    pub heads: [char; 4],
    /// A segment lost on the path.
    pub lost: char,
}

/// For terminals that show box drawing.
pub const UNICODE: Pens =
    Pens {
        across: '─', down: '│', corners: ['┌', '┐', '└', '┘'], heads: ['◀', '▶', '▲', '▼'], lost: '✗'
    };

/// For all others.
pub const ASCII: Pens =
    Pens { across: '-', down: '|', corners: ['+', '+', '+', '+'], heads: ['<', '>', '^', 'v'], lost: 'X' };

/// The pens of a terminal.
pub fn pens(unicode: bool) -> Pens {
    if unicode { UNICODE } else { ASCII }
}

/// The sheet; it grows downwards as it is written on.
#[derive(Clone, Debug)]
pub struct Canvas {
    width: usize,
    rows: Vec<Vec<char>>,
}

impl Canvas {
    /// An empty canvas with this many columns.
    pub fn new(width: usize) -> Canvas {
        Canvas { width, rows: Vec::new() }
    }

    /// Writes a text at a position; clips it at the edge.
    pub fn text(&mut self, row: usize, column: usize, text: &str) {
        let mut at = column;
        for character in text.chars() {
            let wide = character.width().unwrap_or(0);
            if wide == 0 || at + wide > self.width {
                continue;
            }
            self.put(row, at, character);
            for more in 1..wide {
                self.put(row, at + more, FILLER);
            }
            at += wide;
        }
    }

    /// Writes a text around a column.
    pub fn centered(&mut self, row: usize, column: usize, text: &str) {
        let wide = crate::text::layout::columns(text);
        self.text(row, column.saturating_sub(wide / 2), text);
    }

    /// Puts one character down.
    pub fn put(&mut self, row: usize, column: usize, character: char) {
        while self.rows.len() <= row {
            self.rows.push(vec![' '; self.width]);
        }
        if let Some(place) = self.rows.get_mut(row).and_then(|row| row.get_mut(column)) {
            *place = character;
        }
    }

    /// A line across, both ends included.
    pub fn across(&mut self, row: usize, columns: (usize, usize), pen: char) {
        for column in columns.0.min(columns.1)..=columns.0.max(columns.1) {
            self.put(row, column, pen);
        }
    }

    /// A line down, both ends included.
    pub fn down(&mut self, column: usize, rows: (usize, usize), pen: char) {
        for row in rows.0.min(rows.1)..=rows.0.max(rows.1) {
            self.put(row, column, pen);
        }
    }

    /// A frame of this many columns and rows, with its top left corner at the position.
    pub fn frame(&mut self, row: usize, column: usize, (wide, high): (usize, usize), pens: Pens) {
        let (right, bottom) = (column + wide - 1, row + high - 1);
        let [top_left, top_right, bottom_left, bottom_right] = pens.corners;
        for edge in [row, bottom] {
            self.across(edge, (column + 1, right - 1), pens.across);
        }
        for edge in [column, right] {
            self.down(edge, (row + 1, bottom - 1), pens.down);
        }
        self.put(row, column, top_left);
        self.put(row, right, top_right);
        self.put(bottom, column, bottom_left);
        self.put(bottom, right, bottom_right);
    }

    /// The lines, without blanks at their ends.
    pub fn lines(&self) -> Vec<String> {
        let line = |row: &Vec<char>| {
            let text: String = row.iter().filter(|&&character| character != FILLER).collect();
            text.trim_end().to_owned()
        };
        self.rows.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_keep_their_place() {
        let mut canvas = Canvas::new(10);
        canvas.text(0, 0, "客户端");
        canvas.text(0, 7, "x");
        canvas.text(1, 8, "abc");
        canvas.text(2, 9, "端");
        assert_eq!(canvas.lines(), ["客户端 x", "        ab"]);
    }

    #[test]
    fn a_frame_has_four_corners() {
        let mut canvas = Canvas::new(6);
        canvas.frame(0, 1, (4, 3), UNICODE);
        assert_eq!(canvas.lines(), [" ┌──┐", " │  │", " └──┘"]);
    }
}
