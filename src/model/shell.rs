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
    fn a_word_stays_one_word_and_runs_nothing() {
        assert_eq!(shell_word("nginx@8.service").as_deref(), Some("nginx@8.service"));
        assert_eq!(shell_word(r"foo@a\x2db.service").as_deref(), Some(r"'foo@a\x2db.service'"));
        for hostile in ["a;touch${IFS}PWN;.service", "x$(touch PWN).service", "a b", "a'b", "`id`", "*", "~root"] {
            let word = shell_word(hostile).unwrap();
            let said = std::process::Command::new("sh").args(["-c", &format!("printf %s {word}")]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&said.stdout), hostile, "{word}");
            assert!(said.stderr.is_empty(), "{said:?}");
        }
        for none in ["", "-rf", "a\nb", "\u{1b}[31m", "a\u{7f}", "\u{fffd}"] {
            assert_eq!(shell_word(none), None, "{none:?}");
        }
    }
}
