//! Measures screens by themselves: columns, colours, characters.

use sockdoc::{
    render::screen::Screen,
    text::{Catalogue, Lang},
};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Every language with its words.
pub(crate) fn languages() -> impl Iterator<Item = (&'static str, Catalogue)> {
    Lang::ALL.into_iter().map(|(name, lang)| (name, Catalogue::new(lang)))
}

/// The output of a renderer.
pub(crate) fn written(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).expect("writing to memory");
    String::from_utf8(out).expect("text")
}

/// The screens of the golden files, with their names.
pub(crate) fn screens() -> Vec<(&'static str, Screen)> {
    let mut screens = Vec::new();
    for unicode in [true, false] {
        let name = |utf8, ascii| if unicode { utf8 } else { ascii };
        screens.push((name("80 columns, UTF-8", "80 columns, ASCII"), Screen::terminal(80, unicode, false)));
        screens.push((name("200 columns, UTF-8", "200 columns, ASCII"), Screen::terminal(200, unicode, false)));
        screens.push((name("pipe, UTF-8", "pipe, ASCII"), Screen::plain(unicode)));
    }
    screens
}

/// Sections of a golden file, each under the name of its screen.
pub(crate) fn sections(parts: impl IntoIterator<Item = (String, String)>) -> String {
    parts.into_iter().map(|(name, text)| format!("[{name}]\n{text}\n")).collect()
}

/// Rules for every screen: no line is too wide, ends in blanks, or has control characters.
pub(crate) fn check_lines(text: &str, width: usize, what: &str) {
    assert!(text.ends_with('\n'), "{what}: the last line has no end");
    for line in text.lines() {
        assert!(line.width() <= width, "{what}: {} columns in {width}:\n{line}\n\n{text}", line.width());
        assert_eq!(line, line.trim_end(), "{what}: blanks at the end\n\n{text}");
        assert!(!line.chars().any(char::is_control), "{what}: a control character in {line:?}");
    }
}

/// The text without `ESC [ … m`.
pub(crate) fn without_colors(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').expect("an escape sequence that ends").1;
    }
    plain + rest
}

/// The column at which a word begins in a line.
pub(crate) fn column_of(line: &str, word: &str) -> usize {
    line.find(word).map(|place| line[..place].width()).unwrap_or_else(|| panic!("no {word} in {line}"))
}

/// Whether something begins at a column of a line: a character starts exactly there and a blank precedes it.
pub(crate) fn begins_at(line: &str, column: usize) -> bool {
    let mut at = 0;
    let mut before = ' ';
    for character in line.chars() {
        if at == column {
            return before == ' ' && character != ' ';
        }
        at += character.width().unwrap_or(0);
        before = character;
    }
    false
}
