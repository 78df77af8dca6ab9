//! Errors of a filter, in words and with a caret under the position.

use super::{Run, prelude::*};
use crate::{
    collect::names::HostNames,
    filter::{
        self,
        error::{Expected, FilterError, Problem},
    },
    text::{Catalogue, Message, layout::columns},
};

impl Run {
    /// Reads the filter's words and file.
    pub(super) fn filter(&self, given: &[String], file: Option<&str>, scope: &Scope) -> anyhow::Result<Filter> {
        let mut texts = vec![filter::join(given)];
        let mut of_file = String::new();
        if let Some(path) = file {
            let read = self.open(path).and_then(|file| file.read());
            let bytes = read.map_err(|error| self.about_file(path, &error))?;
            of_file = String::from_utf8_lossy(&bytes).into_owned();
            texts.push(filter::read_file_text(&of_file));
        }
        let labels = scope.all_labels();
        let source = &*self.input.source();
        let names = HostNames::new(source, Some(labels.as_slice()), self.options.resolve);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let filter = Filter::parse_all(&texts, &names).map_err(|(place, error)| {
            if let Some(path) = file.filter(|_| place > 0) {
                return anyhow!(self.in_file(&error, path, &of_file));
            }
            let text = texts.get(place).copied().unwrap_or_default();
            anyhow!(error_text(&error, text, &self.words, self.screen.unicode))
        })?;
        if filter.mixed {
            self.note(&self.words.text(messages::FILTER_MIXED));
        }
        Ok(filter)
    }

    /// The error of a word, without its position.
    pub(super) fn about_word(&self, problem: Problem, word: &str) -> String {
        let limit = match problem {
            Problem::TooDeep { limit } | Problem::TooLong { limit } => limit,
            _ => 0,
        };
        let values = [("word", words(visible(word.as_bytes(), self.screen.unicode))), ("limit", number(limit as u64))];
        self.words.say(kind_message(problem), &values)
    }

    /// The place of an error in a file, without the file's text: the caller of `sudo` may not be allowed to read it.
    fn in_file(&self, error: &FilterError, path: &str, text: &str) -> String {
        let before = text.get(..boundary(text, error.span.start)).unwrap_or_default();
        let values = [
            ("file", words(self.name_of(path))),
            ("line", number(before.split('\n').count() as u64)),
            ("column", number(before.chars().rev().take_while(|&c| c != '\n').count() as u64 + 1)),
        ];
        let what = self.words.say(messages::FILTER_FILE, &values);
        match expected(&error.expected, &self.words) {
            Some(more) => self.words.say(messages::JOINED, &[("what", words(what)), ("more", words(more))]),
            None => what,
        }
    }
}

/// How much of a long filter is shown on each side of the place.
const AROUND: usize = 30;

/// The lines of an error: the message, the filter, a caret.
pub(super) fn error_text(error: &FilterError, text: &str, catalogue: &Catalogue, unicode: bool) -> String {
    let mut line = match error.kind {
        Problem::TooDeep { limit } => catalogue.say(messages::FILTER_TOO_DEEP, &[("limit", number(limit as u64))]),
        Problem::TooLong { limit } => catalogue.say(messages::FILTER_TOO_LONG, &[("limit", number(limit as u64))]),
        kind => {
            let mut word: String = error.word.chars().take(2 * AROUND).collect();
            if word.len() < error.word.len() {
                word.push_str("...");
            }
            let is_state = error.nearest.is_some_and(|near| filter::states::names().any(|name| name == near));
            let message = match kind {
                Problem::NearWord if is_state => messages::FILTER_UNKNOWN_STATE,
                kind => kind_message(kind),
            };
            catalogue.say(message, &[("word", words(visible(word.as_bytes(), unicode)))])
        }
    };
    let way_out = match error.nearest {
        Some(nearest) => Some(catalogue.say(messages::DID_YOU_MEAN, &[("candidate", words(nearest))])),
        None if error.kind == Problem::UnknownProgram || error.expected == [Expected::State] => {
            Some(valid(filter::states::names(), catalogue))
        }
        None if error.expected == [Expected::Key] => Some(valid(filter::key_names(), catalogue)),
        None => expected(&error.expected, catalogue),
    };
    if let Some(way_out) = way_out {
        line = catalogue.say(messages::JOINED, &[("what", words(line)), ("more", words(way_out))]);
    }
    if !matches!(error.kind, Problem::TooLong { .. }) {
        line.push_str(&place(text, error.span.start, error.span.end, unicode));
    }
    line
}

fn valid(names: impl Iterator<Item = &'static str>, catalogue: &Catalogue) -> String {
    catalogue.say(messages::VALID_WORDS, &[("words", words(names.collect::<Vec<_>>().join(catalogue.lang().comma())))])
}

/// The part of the filter around a place, and carets under it.
fn place(text: &str, start: usize, end: usize, unicode: bool) -> String {
    let (start, end) = (boundary(text, start), boundary(text, end));
    let shown = |part: Option<&str>| -> String {
        part.unwrap_or_default().chars().map(|character| harmless(character, unicode)).collect()
    };
    let before = shown(text.get(..start));
    let marked = shown(text.get(start..end));
    let after = shown(text.get(end..));
    let skipped = before.chars().count().saturating_sub(AROUND);
    let lead = if skipped > 0 { "..." } else { "" };
    let before: String = before.chars().skip(skipped).collect();
    let marked: String = marked.chars().take(2 * AROUND).collect();
    let rest: String = after.chars().take(AROUND).collect();
    let trail = if after.chars().count() > AROUND { "..." } else { "" };
    let indent = " ".repeat(columns(lead) + columns(&before));
    let carets = "^".repeat(columns(&marked).max(1));
    format!("\n  {lead}{before}{marked}{rest}{trail}\n  {indent}{carets}")
}

/// The character, or a question mark for one that could move the cursor or the text around it.
fn harmless(character: char, unicode: bool) -> char {
    let mut bytes = [0; 4];
    let text: &str = character.encode_utf8(&mut bytes);
    match character {
        '\\' => character,
        _ if character.is_whitespace() => ' ',
        _ if visible(text.as_bytes(), unicode) == *text => character,
        _ => '?',
    }
}

/// The next place at or before a byte that begins a character.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&place| text.is_char_boundary(place)).unwrap_or(0)
}

fn expected(expected: &[Expected], catalogue: &Catalogue) -> Option<String> {
    let mut parts: Vec<String> = expected.iter().map(|one| expected_text(*one, catalogue)).collect();
    let last = parts.pop()?;
    let list = if parts.is_empty() {
        last
    } else {
        catalogue
            .say(messages::FILTER_OR, &[("first", words(parts.join(catalogue.lang().comma()))), ("last", words(last))])
    };
    Some(catalogue.say(messages::FILTER_EXPECTED, &[("words", words(list))]))
}

fn expected_text(expected: Expected, catalogue: &Catalogue) -> String {
    let message = match expected {
        Expected::Word(word) => return word.to_owned(),
        Expected::Condition => messages::EXPECTED_CONDITION,
        Expected::Equality => messages::EXPECTED_EQUALITY,
        Expected::Comparison => messages::EXPECTED_COMPARISON,
        Expected::State => messages::EXPECTED_STATE,
        Expected::Key => messages::EXPECTED_KEY,
        Expected::Address => messages::EXPECTED_ADDRESS,
        Expected::Port => messages::EXPECTED_PORT,
        Expected::Interface => messages::EXPECTED_INTERFACE,
        Expected::Number => messages::EXPECTED_NUMBER,
        Expected::Size => messages::EXPECTED_SIZE,
        Expected::Duration => messages::EXPECTED_DURATION,
        Expected::Mark => messages::EXPECTED_MARK,
        Expected::CgroupPath => messages::EXPECTED_CGROUP,
        Expected::Program => messages::EXPECTED_PROGRAM,
        Expected::User => messages::EXPECTED_USER,
        Expected::Unit => messages::EXPECTED_UNIT,
        Expected::Container => messages::EXPECTED_CONTAINER,
        Expected::Netns => messages::EXPECTED_NETNS,
        Expected::End => messages::EXPECTED_END,
    };
    catalogue.text(message)
}

fn kind_message(kind: Problem) -> Message {
    match kind {
        Problem::UnexpectedEnd => messages::FILTER_UNEXPECTED_END,
        Problem::Unexpected => messages::FILTER_UNEXPECTED,
        Problem::Unclosed => messages::FILTER_UNCLOSED,
        Problem::Unopened => messages::FILTER_UNOPENED,
        Problem::NearWord => messages::FILTER_NEAR_WORD,
        Problem::UnknownKey => messages::FILTER_UNKNOWN_KEY,
        Problem::UnknownState => messages::FILTER_UNKNOWN_STATE,
        Problem::NotOrdered => messages::FILTER_NOT_ORDERED,
        Problem::BadPort => messages::FILTER_BAD_PORT,
        Problem::BadAddress => messages::FILTER_BAD_ADDRESS,
        Problem::BadPrefix => messages::FILTER_BAD_PREFIX,
        Problem::BadNumber => messages::FILTER_BAD_NUMBER,
        Problem::BadSize => messages::FILTER_BAD_SIZE,
        Problem::BadDuration => messages::FILTER_BAD_DURATION,
        Problem::BadMark => messages::FILTER_BAD_MARK,
        Problem::BadWord => messages::FILTER_BAD_WORD,
        Problem::UnknownService => messages::FILTER_UNKNOWN_SERVICE,
        Problem::UnknownHost => messages::FILTER_UNKNOWN_HOST,
        Problem::UnknownInterface => messages::FILTER_UNKNOWN_INTERFACE,
        Problem::UnknownUser => messages::FILTER_UNKNOWN_USER,
        Problem::UnknownCgroup => messages::FILTER_UNKNOWN_CGROUP,
        Problem::UnknownUnit => messages::FILTER_UNKNOWN_UNIT,
        Problem::UnknownContainer => messages::FILTER_UNKNOWN_CONTAINER,
        Problem::UnknownNetns => messages::FILTER_UNKNOWN_NETNS,
        Problem::UnknownProtocol => messages::FILTER_UNKNOWN_PROTOCOL,
        Problem::UnknownProgram => messages::FILTER_UNKNOWN_PROGRAM,
        Problem::UnclosedQuote => messages::FILTER_UNCLOSED_QUOTE,
        Problem::LoneBackslash => messages::FILTER_LONE_BACKSLASH,
        Problem::TooDeep { .. } => messages::FILTER_TOO_DEEP,
        Problem::TooLong { .. } => messages::FILTER_TOO_LONG,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_place() {
        assert_eq!(place("close-wait dprot = :80", 11, 16, true), "\n  close-wait dprot = :80\n             ^^^^^");
        assert_eq!(place("中文 x", 7, 8, true), "\n  中文 x\n       ^");
        assert_eq!(place("abc", 3, 3, true), "\n  abc\n     ^");
    }

    #[test]
    fn nothing_of_it_reaches_the_terminal_as_it_is() {
        assert_eq!(place("a\u{1b}[2J\u{202e}é", 0, 1, false), "\n  a?[2J??\n  ^");
    }

    #[test]
    fn a_long_filter_is_shown_around_the_place() {
        let text = format!("{} bad {}", "a".repeat(100), "b".repeat(100));
        let shown = place(&text, 101, 104, true);
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[1].starts_with("  ...") && lines[1].ends_with("..."), "{shown}");
        assert_eq!(lines[1].find("bad"), lines[2].find("^^^"));
    }
}
