//! What is printed to be copied is one word for a real shell, and runs nothing.

#![allow(clippy::unwrap_used, reason = "test code")]

use std::process::Command;

use proptest::prelude::*;
use sockdoc::model::shell::shell_word;

/// What `sh` makes of a word: its only argument, and what it said beside that.
fn read_by_sh(word: &str) -> (String, String) {
    let said = Command::new("sh").args(["-c", &format!("printf '%s|' {word}")]).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&said.stdout), text(&said.stderr))
}

#[test]
fn hostile_names_stay_one_word_and_run_nothing() {
    let names = [
        "a;touch${IFS}PWN;.service",
        "x$(touch PWN).service",
        "a b",
        "a'b",
        "`id`",
        "*",
        "~root",
        r"a\x2db",
        "a&b|c",
        "!x",
    ];
    for name in names {
        let word = shell_word(name).unwrap();
        assert_eq!(read_by_sh(&word), (format!("{name}|"), String::new()), "{word}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_name_is_one_word_or_none(name in "\\PC{1,24}") {
        if let Some(word) = shell_word(&name) {
            prop_assert_eq!(read_by_sh(&word), (format!("{name}|"), String::new()));
        }
    }
}
