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
    ("made anew", "new, created again"),
    ("says which", "shows which"),
    ("of which less", "name what is missing"),
    ("goes on", "continues"),
    ("go on", "continue"),
    ("held up", "blocked, delayed"),
    ("single ones", "a few"),
    ("that is there", "reachable, that exists"),
    ("not there", "missing, does not exist"),
];

/// Other spellings and words for what the texts have one word for, and that word. The spelling is American.
const ONE_FORM: &[(&str, &str)] = &[
    ("syn-ack", "SYN+ACK"),
    ("syncookies", "SYN cookies"),
    ("for ever", "forever"),
    ("load-balancer", "load balancer"),
    ("letter box", "mailbox"),
    ("data stay", "data stays"),
    ("data arrive", "data arrives"),
    ("round trip time", "round-trip time"),
    ("neighbour", "neighbor"),
    ("dialled", "dialed"),
    ("cancelled", "canceled"),
    ("centre", "center"),
    ("colour", "color"),
    ("colours", "colors"),
    ("licence", "license"),
    ("recognise", "recognize"),
    ("recognises", "recognizes"),
    ("analyse", "analyze"),
    ("behaviour", "behavior"),
    ("kb", "KiB"),
    ("mb", "MiB"),
    ("gb", "GiB"),
];

/// The most words of a sentence; code and text in brackets do not count.
const LONGEST: usize = 36;

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
    // Names are not words: `tcp_syncookies`, `syncookies-active`, `net/ipv4/syncookies.c`.
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || "_-/".contains(c));
    let mut found = Vec::new();
    for (phrase, better) in AVOIDED.iter().chain(ONE_FORM) {
        for (at, _) in plain.match_indices(phrase) {
            let (before, after) = (&plain[..at], &plain[at + phrase.len()..]);
            if !is_word(before.chars().next_back()) && !is_word(after.chars().next()) {
                let context: String = before.chars().rev().take(30).collect::<Vec<_>>().into_iter().rev().collect();
                found.push(format!("{name}: \"...{context}{phrase}\": write: {better}"));
            }
        }
    }
    found.extend(doubled(&plain).map(|word| format!("{name}: {word:?} twice in a row")));
    found.extend(grouped_by_blanks(&plain).map(|number| format!("{name}: \"{number}\": group digits with commas")));
    found
}

/// Words that follow themselves.
fn doubled(plain: &str) -> impl Iterator<Item = &str> {
    let words: Vec<&str> = plain.split_whitespace().collect();
    let pairs = words.windows(2).filter_map(|pair| <[&str; 2]>::try_from(pair).ok()).collect::<Vec<_>>();
    let is_word = |word: &str| word.chars().all(|c| c.is_ascii_alphabetic());
    pairs.into_iter().filter(move |[one, other]| one == other && is_word(one)).map(|[one, _]| one)
}

/// Numbers with a blank before the last three digits: `65 535`, where the catalogue prints `65,535`.
fn grouped_by_blanks(plain: &str) -> impl Iterator<Item = String> {
    let is_number = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
    let words: Vec<&str> = plain.split(' ').collect();
    let pairs: Vec<_> = words.windows(2).filter_map(|pair| <[&str; 2]>::try_from(pair).ok()).collect();
    pairs.into_iter().filter_map(move |[first, last]| {
        let last = last.trim_end_matches(|c: char| !c.is_ascii_digit());
        let is_grouped = is_number(first) && first.len() <= 3 && is_number(last) && last.len() == 3;
        is_grouped.then(|| format!("{first} {last}"))
    })
}

/// Sentences of a text that are too long. A list item, a message and a row of a table are separate texts.
fn long_sentences(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let body = text.split("\n## Sources").next().unwrap_or_default();
    for line in body.lines().filter(|line| !line.starts_with('#')) {
        let is_message =
            line.split_once(" = ").is_some_and(|(id, _)| id.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
        let is_item = line.trim_start().starts_with(|c: char| c == '-' || c == '[' || c == '*' || c.is_ascii_digit());
        let is_name = line.starts_with(|c: char| c.is_ascii_uppercase())
            && line.split(": ").next().is_some_and(|name| {
                name.split(' ').all(|word| {
                    word.contains(|c: char| c.is_ascii_lowercase()) && word.chars().skip(1).any(char::is_uppercase)
                })
            });
        match parts.last_mut() {
            Some(last) if !line.is_empty() && !is_message && !is_item && !is_name && !last.is_empty() => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => parts.push(line.trim().to_owned()),
        }
    }
    let words = |sentence: &str| {
        let (mut count, mut depth, mut is_code) = (0, 0, false);
        for word in sentence.split_whitespace() {
            depth += word.matches(['(', '{']).count();
            count += usize::from(depth == 0 && !is_code);
            is_code ^= word.matches('`').count() % 2 == 1;
            depth = depth.saturating_sub(word.matches([')', '}']).count());
        }
        count
    };
    let sentences = parts.iter().flat_map(|part| part.split_inclusive(". ").flat_map(|part| part.split("; ")));
    sentences.filter(|sentence| words(sentence) > LONGEST).map(str::to_owned).collect()
}

/// Messages that count something without telling one from several, and use a verb in the plural: "1 socket are".
fn disagreements(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && line.contains(" = "));
    let has_plural = |line: &&str| {
        line.split("{ $count }").skip(1).any(|rest| {
            let verb = rest
                .split_whitespace()
                .take(4)
                .find(|word| matches!(*word, "is" | "are" | "has" | "have" | "was" | "were"));
            matches!(verb, Some("are" | "have" | "were"))
        })
    };
    lines.filter(has_plural).map(str::to_owned).collect()
}

/// A title is a headline: no full stop. "Why" is prose: it ends with one.
fn misplaced_stops(text: &str) -> Vec<String> {
    let kind = |line: &str, kind: &str| {
        line.split_once(" = ").is_some_and(|(id, _)| id == kind || id.starts_with(&format!("{kind}-")))
    };
    let lines = text.lines().filter(|line| !line.contains("->"));
    lines
        .filter(|line| kind(line, "title") && line.ends_with('.') || kind(line, "why") && !line.ends_with('.'))
        .map(str::to_owned)
        .collect()
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
                let text = fs::read_to_string(path).unwrap();
                wrong.extend(faults(&name, &text));
                wrong.extend(
                    long_sentences(&text).iter().map(|one| format!("{name}: more than {LONGEST} words: {one}")),
                );
                wrong.extend(disagreements(&text).iter().map(|one| format!("{name}: one and many alike: {one}")));
                wrong.extend(misplaced_stops(&text).iter().map(|one| format!("{name}: full stop: {one}")));
            }
        }
    }
    assert!(read > 100, "only {read} texts");
    assert_none(&wrong);
}

/// The documents that people read first, and what they are read with.
const DOCUMENTS: [&str; 7] = [
    "README.md",
    "llms.txt",
    "docs/usage.md",
    "docs/needs.md",
    "docs/recording-format.md",
    "docs/ss-parity.md",
    "docs/netstat-parity.md",
];

#[test]
fn english_documents_have_the_same_voice() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &&str| faults(name, &fs::read_to_string(root.join(name)).unwrap());
    assert_none(&DOCUMENTS.iter().flat_map(read).collect::<Vec<_>>());
}

#[test]
fn a_phrase_is_found_over_a_line_break_and_not_within_a_word() {
    assert_eq!(faults("x", "a limit of its\nown").len(), 1);
    assert_eq!(faults("x", "Nobody reads it, whoever asks").len(), 2);
    assert_eq!(faults("x", "nobody's twin").len(), 1);
    assert_eq!(faults("x", "a busybody, and no one looked in").len(), 0);
    assert_eq!(faults("x", "## In everyday terms\nnobody comes\n## How it works\nsomebody reads").len(), 1);
}

#[test]
fn forms_doubles_and_long_sentences_are_found() {
    assert_eq!(faults("x", "65 535 ports, 4096 131072 bytes, 1, 100 ms").len(), 1);
    assert_eq!(faults("x", "the load load balancer of a neighbour").len(), 2);
    assert_eq!(faults("x", "net.ipv4.tcp_syncookies, syncookies-active, but syncookies are on").len(), 1);
    let long = "a message of words ".repeat(10);
    assert_eq!(long_sentences(&format!("why = {long}\nfix = short.")).len(), 1);
    assert_eq!(long_sentences(&format!("why = short (with {long}), ends.\n")).len(), 0);
    assert_eq!(
        disagreements("a = { $count } CLOSE_WAIT are younger\nb = { $count } is young, others are not").len(),
        1
    );
    assert_eq!(misplaced_stops("title = all well.\ntitle-now = well\nwhy = It is\nwhy-now = It is.\n").len(), 2);
}
