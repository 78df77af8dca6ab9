//! A line that is being typed, with a cursor.

use anstyle::Style;

use super::keys::KeyPress;
use crate::{
    render::{findings::cut, screen::Screen},
    text::layout::columns,
};

/// A line that is being typed.
#[derive(Clone, Default, Debug)]
pub struct TypedLine {
    before: String,
    /// The text after the cursor, or below it.
    after: String,
}

impl TypedLine {
    /// A line with the cursor behind it.
    pub fn of(text: &str) -> TypedLine {
        TypedLine { before: text.to_owned(), after: String::new() }
    }

    /// The whole line.
    pub fn text(&self) -> String {
        format!("{}{}", self.before, self.after)
    }

    /// Heeds a key; those of a shell's line.
    pub fn press(&mut self, key: KeyPress) {
        let next = self.after.chars().next();
        match key {
            KeyPress::Char(character) => self.before.push(character),
            KeyPress::Backspace => drop(self.before.pop()),
            KeyPress::Delete => drop(next.map(|_| self.after.remove(0))),
            KeyPress::Left => {
                if let Some(character) = self.before.pop() {
                    self.after.insert(0, character);
                }
            }
            KeyPress::Right => {
                if let Some(character) = next {
                    self.before.push(character);
                    self.after.remove(0);
                }
            }
            KeyPress::Home | KeyPress::Ctrl('a') => *self = TypedLine { before: String::new(), after: self.text() },
            KeyPress::End | KeyPress::Ctrl('e') => *self = TypedLine::of(&self.text()),
            KeyPress::Ctrl('u') => self.before.clear(),
            KeyPress::Ctrl('k') => self.after.clear(),
            KeyPress::Ctrl('w') => {
                let rest = self.before.trim_end().rfind(' ').map_or(0, |blank| blank + 1);
                self.before.truncate(rest);
            }
            _ => {}
        }
    }

    /// The line as it is shown; of a long one the part before the cursor.
    pub fn line(&self, screen: &Screen) -> String {
        let at = self.after.chars().next().unwrap_or(' ');
        let rest = self.after.strip_prefix(at).unwrap_or_default();
        let room = screen.width.saturating_sub(1 + columns(&at.to_string()));
        let mut before = self.before.as_str();
        while columns(before) > room {
            before = before.get(before.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
        }
        let left = room.saturating_sub(columns(before));
        let rest = if left > 0 { cut(rest, left, screen.unicode) } else { String::new() };
        let cursor = screen.styled(Style::new().invert(), &at.to_string());
        format!("/{before}{cursor}{rest}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(line: &mut TypedLine, keys: &[KeyPress]) {
        keys.iter().for_each(|key| line.press(*key));
    }

    #[test]
    fn a_line_is_edited_as_in_a_shell() {
        let mut line = TypedLine::of("dport = :80");
        let digits = ['4', '4', '3'].map(KeyPress::Char);
        press(&mut line, &[&[KeyPress::Backspace; 2][..], &digits].concat());
        assert_eq!(line.text(), "dport = :443");
        press(&mut line, &[KeyPress::Home, KeyPress::Delete, KeyPress::Char('s')]);
        assert_eq!(line.text(), "sport = :443");
        press(&mut line, &[KeyPress::End, KeyPress::Left, KeyPress::Left, KeyPress::Left, KeyPress::Ctrl('w')]);
        assert_eq!(line.text(), "sport = 443");
        press(&mut line, &[KeyPress::Right, KeyPress::Ctrl('k'), KeyPress::Char('中')]);
        assert_eq!(line.text(), "sport = 4中");
        press(&mut line, &[KeyPress::Ctrl('u'), KeyPress::Backspace, KeyPress::Delete, KeyPress::Left]);
        assert_eq!(line.text(), "");
    }

    #[test]
    fn the_cursor_of_a_long_line_is_seen() {
        let screen = Screen { width: 20, ..Screen::plain(true) };
        for text in ["x".repeat(100), "中".repeat(50)] {
            let mut line = TypedLine::of(&text);
            for _ in 0..text.chars().count() {
                let shown = line.line(&screen);
                assert!(columns(&shown) <= 20, "{shown}");
                line.press(KeyPress::Left);
            }
            assert!(line.line(&screen).starts_with(&format!("/{}", text.chars().next().unwrap())));
        }
    }
}
