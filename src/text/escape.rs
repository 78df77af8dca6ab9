//! Makes what comes from outside safe to show: names and arguments may hold any byte, also such as move the
//! cursor or turn the reading direction.

use std::fmt::Write;

use crate::model::visible::is_visible;

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
