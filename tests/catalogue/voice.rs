//! English texts use the words of CONTRIBUTING's "Voice": none of the phrases that circle what they mean.

use std::{fs, path::Path};

use super::{assert_none, files};
use sockdoc::text::Lang;

/// Phrases that no English text has, in lower case, each with what to write.
const AVOIDED: &[(&str, &str)] = &[
    ("is told", "name who shows or reports it"),
    ("are told", "name who shows or reports it"),
    ("not told", "unknown, or: the input does not show it"),
    ("looked at", "read, checked"),
    ("looks twice", "takes two samples"),
    ("two looks", "two samples"),
    ("one look", "one sample"),
    ("at both looks", "in both samples"),
    ("stands still", "is blocked, is constant"),
    ("stand still", "do not rise"),
    ("there is what", "name the thing"),
    ("what is left of", "the rest of"),
    ("for want of", "for lack of"),
    ("of its own", "its own, before the noun"),
    ("of their own", "their own, before the noun"),
    ("nobody", "no one, or the active voice"),
    ("somebody", "someone, or name who"),
    ("anybody", "anyone"),
    ("whoever", "name who"),
    ("so many", "give the number"),
    ("without a word", "silently"),
    ("in silence", "silently"),
    ("in place of", "instead of"),
    ("all the same", "anyway"),
    ("hung up", "closed"),
    ("under way", "in flight, in progress"),
    ("lasting overload", "sustained overload"),
    ("without effect", "no effect"),
];

/// Where a phrase keeps its everyday meaning: the section of a topic that compares with daily life.
const EVERYDAY: &str = "## In everyday terms";

/// Lines of a text that have an avoided phrase; a phrase may be broken over two lines.
fn faults(name: &str, text: &str) -> Vec<String> {
    let shown = text.lines().filter(|line| !line.starts_with("#") || line.starts_with("## ")).collect::<Vec<_>>();
    let mut plain = String::new();
    let mut is_everyday = false;
    for line in shown {
        if line.starts_with("## ") {
            is_everyday = line == EVERYDAY;
        }
        if !is_everyday {
            plain.push_str(line.trim());
            plain.push(' ');
        }
    }
    let plain = plain.to_lowercase();
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut found = Vec::new();
    for (phrase, better) in AVOIDED {
        for (at, _) in plain.match_indices(phrase) {
            let (before, after) = (&plain[..at], &plain[at + phrase.len()..]);
            if !is_word(before.chars().next_back()) && !is_word(after.chars().next()) {
                let context: String = before.chars().rev().take(30).collect::<Vec<_>>().into_iter().rev().collect();
                found.push(format!("{name}: \"...{context}{phrase}\": write: {better}"));
            }
        }
    }
    found
}

#[test]
fn english_texts_name_things_instead_of_circling_them() {
    let mut wrong: Vec<String> =
        files().filter(|(_, lang, ..)| *lang == Lang::En).flat_map(|(name, _, _, text)| faults(&name, &text)).collect();
    let english = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/text/en");
    let mut read = 0;
    for folder in ["", "rules", "topics", "entries"] {
        for entry in fs::read_dir(english.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let is_rule = folder == "rules" && path.extension().is_some_and(|extension| extension == "ftl");
            if is_rule || path.extension().is_some_and(|extension| extension == "md") {
                read += 1;
                let name = path.strip_prefix(&english).unwrap().display().to_string();
                wrong.extend(faults(&name, &fs::read_to_string(path).unwrap()));
            }
        }
    }
    assert!(read > 100, "only {read} texts");
    assert_none(&wrong);
}

#[test]
fn a_phrase_is_found_over_a_line_break_and_not_within_a_word() {
    assert_eq!(faults("x", "a limit of its\nown").len(), 1);
    assert_eq!(faults("x", "Nobody reads it, whoever asks").len(), 2);
    assert_eq!(faults("x", "nobody's twin").len(), 1);
    assert_eq!(faults("x", "a busybody, and no one looked in").len(), 0);
    assert_eq!(faults("x", "## In everyday terms\nnobody comes\n## How it works\nsomebody reads").len(), 1);
}
