//! Makes outside text safe to show: names and arguments may hold any byte, including those that move the cursor or
//! change the reading direction.

use std::fmt::Write;

use crate::model::visible::is_visible;

/// Writes bytes as text: invisible characters become `\x1b` or `\u{202e}`. A backslash stays, as in systemd units, and
/// is doubled only where the text would read as one of these escapes.
pub fn visible(bytes: &[u8], unicode: bool) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        let mut rest = chunk.valid().chars();
        while let Some(character) = rest.next() {
            match character {
                '\\' => {
                    let is_escape = begins_escape(rest.as_str(), !chunk.invalid().is_empty(), unicode);
                    text.push_str(if is_escape { r"\\" } else { r"\" });
                }
                _ if is_shown(character, unicode) => text.push(character),
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

fn is_shown(character: char, unicode: bool) -> bool {
    matches!(character, ' '..='~') || unicode && is_visible(character)
}

/// Whether the text after a backslash is, or will be, written as an escape continues.
fn begins_escape(rest: &str, is_invalid_next: bool, unicode: bool) -> bool {
    let hexadecimal = || u8::from_str_radix(rest.get(1..3)?, 16).ok();
    match rest.chars().next() {
        None => is_invalid_next,
        Some('\\') => true,
        Some('x') => hexadecimal().is_some_and(|byte| !matches!(byte, b' '..=b'~')),
        Some('u') => rest.starts_with("u{"),
        Some(character) => !is_shown(character, unicode),
    }
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
        assert_eq!(visible(b"/\xff\\\xff", true), r"/\xff\\\xff");
    }

    #[test]
    fn a_backslash_stays_unless_it_would_read_as_an_escape() {
        for same in [r"foo@a\x2db.service", r"C:\dir", r"a\", r"\x2", r"\u"] {
            assert_eq!(visible(same.as_bytes(), true), same);
        }
        assert_eq!(visible(br"\x1b", true), r"\\x1b");
        assert_eq!(visible(br"\xff\u{1}", true), r"\\xff\\u{1}");
        assert_eq!(visible(b"\\\\\x1b", true), r"\\\\\x1b");
        assert_eq!(visible("\\é".as_bytes(), false), r"\\\u{e9}");
    }

    #[test]
    fn letters_of_every_script_stay_where_the_locale_has_them() {
        assert_eq!(visible("/运行".as_bytes(), true), "/运行");
        assert_eq!(visible("/é".as_bytes(), false), "/\\u{e9}");
    }
}
