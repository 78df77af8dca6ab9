//! Names from outside as words of a command that somebody copies into a shell.

/// A text as one word of a shell: as it is where no character has a meaning there, else in single quotes. `None` where
/// no shell and no terminal would take it for that word: control characters, and a dash in front, which begins an option.
pub fn shell_word(text: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_@%+:,./-".contains(c);
    match text {
        "" => None,
        _ if text.starts_with('-') || text.chars().any(|c| c.is_control() || c == '\u{fffd}') => None,
        _ if text.chars().all(is_plain) => Some(text.to_owned()),
        _ => Some(format!("'{}'", text.replace('\'', r"'\''"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_it_must_be_and_refused_where_that_does_not_help() {
        assert_eq!(shell_word("nginx@8.service").as_deref(), Some("nginx@8.service"));
        assert_eq!(shell_word(r"foo@a\x2db.service").as_deref(), Some(r"'foo@a\x2db.service'"));
        assert_eq!(shell_word("a'b").as_deref(), Some(r"'a'\''b'"));
        for none in ["", "-rf", "a\nb", "\u{1b}[31m", "a\u{7f}", "\u{fffd}"] {
            assert_eq!(shell_word(none), None, "{none:?}");
        }
    }
}
