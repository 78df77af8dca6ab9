//! Makes what comes from outside safe to show: names and arguments may hold any byte, also such as move the
//! cursor or turn the reading direction.

use std::fmt::Write;

/// Writes bytes as text: what is no visible character becomes `\x1b` or `\u{202e}`.
pub fn visible(bytes: &[u8], unicode: bool) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\\' => text.push_str("\\\\"),
                ' '..='~' => text.push(character),
                _ if unicode && is_visible(character) => text.push(character),
                _ if u32::from(character) < 0x80 => escape(&mut text, u32::from(character)),
                _ => text.extend(character.escape_unicode()),
            }
        }
        for &byte in chunk.invalid() {
            escape(&mut text, u32::from(byte));
        }
    }
    text
}

fn escape(text: &mut String, byte: u32) {
    // Writing to a String cannot fail.
    let _ = write!(text, "\\x{byte:02x}");
}

/// Letters, marks, symbols: what takes a column and changes nothing around it.
fn is_visible(character: char) -> bool {
    let number = u32::from(character);
    // Fillers look like nothing though they take columns; marks of annotations and the numbers that are no characters
    // are shown as whatever the font has.
    let is_filler = matches!(number, 0x115f | 0x1160 | 0x3164 | 0xffa0 | 0xfff9..=0xfffb | 0xfdd0..=0xfdef);
    let is_no_character = number & 0xfffe == 0xfffe;
    !character.is_control()
        && !character.is_whitespace()
        && !is_filler
        && !is_no_character
        && unicode_width::UnicodeWidthChar::width(character).is_some_and(|width| width > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_the_cursor_or_turns_the_text_is_shown_as_a_number() {
        assert_eq!(visible(b"/run/\x1b[2J\n", true), "/run/\\x1b[2J\\x0a");
        assert_eq!(visible("/a\u{202e}b\u{200b}".as_bytes(), true), "/a\\u{202e}b\\u{200b}");
        assert_eq!(visible(b"/\xff\\", true), "/\\xff\\\\");
    }

    #[test]
    fn letters_of_every_script_stay_where_the_locale_has_them() {
        assert_eq!(visible("/运行".as_bytes(), true), "/运行");
        assert_eq!(visible("/é".as_bytes(), false), "/\\u{e9}");
    }
}
