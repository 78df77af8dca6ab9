//! Frames: styled lines become cells, and of those only the ones that changed become bytes for a terminal.

use ratatui_core::{
    buffer::{Buffer, Cell},
    layout::{Position, Rect},
    style::{Color, Modifier, Style},
};

use crate::text::layout::columns;

/// Lines of text with the escape sequences of colours, one for each row of a screen.
pub type Lines = Vec<String>;

/// Around a frame that paints everything: the terminal shows it at once. Around every frame it would have `tmux` redraw the
/// whole pane each time.
const AT_ONCE: (&[u8], &[u8]) = (b"\x1b[?2026h\x1b[2J", b"\x1b[?2026l");

/// The content of a terminal, and the changes that lead to the next frame.
#[derive(Debug)]
pub struct Painter {
    shown: Buffer,
    is_stale: bool,
}

impl Painter {
    /// A screen of this size with unknown content.
    pub fn new((columns, rows): (u16, u16)) -> Painter {
        Painter { shown: Buffer::empty(Rect::new(0, 0, columns, rows)), is_stale: true }
    }

    /// The screen has this size and unknown content.
    pub fn reset(&mut self, size: (u16, u16)) {
        *self = Painter::new(size);
    }

    /// The bytes that turn the shown content into these lines; empty if nothing changed.
    pub fn paint(&mut self, lines: &[String]) -> Vec<u8> {
        let next = cells(lines, self.shown.area);
        let mut bytes = Vec::new();
        if self.is_stale {
            self.shown.reset();
            bytes.extend_from_slice(AT_ONCE.0);
        }
        let ends: Vec<u16> = (0..next.area.height).map(|y| end(&next, y)).collect();
        let mut style = Style::default();
        let (mut cursor, mut cleared) = (None, None);
        for (x, y, cell) in self.shown.diff(&next) {
            // The blank rest of a row is one sequence.
            let is_rest = ends.get(usize::from(y)).is_some_and(|&end| x >= end);
            if cleared == Some(y) {
                continue;
            }
            if cursor != Some((x, y)) {
                bytes.extend_from_slice(format!("\x1b[{};{}H", y + 1, x + 1).as_bytes());
            }
            let wanted = style_of(cell);
            if wanted != style {
                bytes.extend_from_slice(&codes(wanted));
                style = wanted;
            }
            if is_rest {
                bytes.extend_from_slice(b"\x1b[K");
                (cleared, cursor) = (Some(y), Some((x, y)));
                continue;
            }
            bytes.extend_from_slice(cell.symbol().as_bytes());
            // At the end of a row terminals differ in where they are.
            cursor = Some((x + width(cell), y)).filter(|(x, _)| *x < self.shown.area.width);
        }
        if style != Style::default() {
            bytes.extend_from_slice(b"\x1b[0m");
        }
        if self.is_stale {
            bytes.extend_from_slice(AT_ONCE.1);
        }
        self.is_stale = false;
        self.shown = next;
        bytes
    }

    /// The rows as they are shown, for a terminal that keeps them after the view.
    pub fn kept(&self) -> String {
        let text = |y| {
            let (mut x, mut text) = (0, String::new());
            while let Some(cell) = self.shown.cell(Position { x, y }) {
                text.push_str(cell.symbol());
                x += width(cell);
            }
            format!("{}\r\n", text.trim_end())
        };
        (0..self.shown.area.height).map(text).collect()
    }
}

/// Where the blank rest of a row begins.
fn end(buffer: &Buffer, y: u16) -> u16 {
    let is_blank = |x: &u16| buffer.cell(Position { x: *x, y }).is_none_or(|cell| *cell == Cell::EMPTY);
    buffer.area.width - u16::try_from((0..buffer.area.width).rev().take_while(is_blank).count()).unwrap_or(0)
}

/// The columns that a cell takes.
fn width(cell: &Cell) -> u16 {
    u16::try_from(columns(cell.symbol())).unwrap_or(1).max(1)
}

/// The cells of lines; lines beyond the area are cut.
fn cells(lines: &[String], area: Rect) -> Buffer {
    let mut buffer = Buffer::empty(area);
    for (y, line) in (0..area.height).zip(lines) {
        let (mut x, mut style) = (0, Style::default());
        for (place, part) in line.split('\x1b').enumerate() {
            let mut text = part;
            if place > 0
                && let Some((code, rest)) = part.strip_prefix('[').and_then(|part| part.split_once('m'))
            {
                style = with_codes(style, code);
                text = rest;
            }
            (x, _) = buffer.set_stringn(x, y, text, usize::from(area.width.saturating_sub(x)), style);
        }
    }
    buffer
}

/// The style after a sequence `ESC [ … m`; only what `anstyle` writes for the styles of this program.
fn with_codes(style: Style, codes: &str) -> Style {
    codes.split(';').fold(style, |style, code| match code.parse().unwrap_or(0_u8) {
        1 => style.add_modifier(Modifier::BOLD),
        2 => style.add_modifier(Modifier::DIM),
        3 => style.add_modifier(Modifier::ITALIC),
        4 => style.add_modifier(Modifier::UNDERLINED),
        7 => style.add_modifier(Modifier::REVERSED),
        code @ 30..=37 => style.fg(Color::Indexed(code - 30)),
        code @ 90..=97 => style.fg(Color::Indexed(code - 90 + 8)),
        _ => Style::default(),
    })
}

fn style_of(cell: &Cell) -> Style {
    let style = Style::default().add_modifier(cell.modifier);
    if cell.fg == Color::Reset { style } else { style.fg(cell.fg) }
}

/// The sequence that sets a style from any other.
fn codes(style: Style) -> Vec<u8> {
    let mut codes = String::from("\x1b[0");
    let modifiers = [
        (Modifier::BOLD, ";1"),
        (Modifier::DIM, ";2"),
        (Modifier::ITALIC, ";3"),
        (Modifier::UNDERLINED, ";4"),
        (Modifier::REVERSED, ";7"),
    ];
    for (_, code) in modifiers.iter().filter(|(modifier, _)| style.add_modifier.contains(*modifier)) {
        codes.push_str(code);
    }
    if let Some(Color::Indexed(color)) = style.fg {
        codes.push_str(&format!(";{}", if color < 8 { 30 + color } else { 82 + color }));
    }
    codes.push('m');
    codes.into_bytes()
}
