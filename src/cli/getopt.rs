//! Parses a command line like `getopt_long`, for the commands that take the options of another program: letters may be
//! combined, a long name may be shortened while it is unambiguous, and options may follow words.

use std::{
    collections::VecDeque,
    ffi::{OsStr, OsString},
};

use clap::{Arg, ArgAction};

use super::options::{self, Words, flag, word};
use crate::text::{Catalogue, Message, escape::visible, messages, words};

/// An option: its long name, its letter, the name of its value in help (empty if it takes none), and its help. A name
/// may have several letters, each in a row.
pub type OptionRow = (&'static str, Option<char>, &'static str, Message);

/// The arguments of a command line, each kind in its order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct GivenLine {
    /// The options by their long names, and their values.
    pub(super) options: Vec<(&'static str, String)>,
    /// Everything else.
    pub(super) words: Vec<String>,
    /// The first error; the arguments after it were not parsed.
    pub(super) wrong: Option<Misread>,
}

/// Why an option is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misread {
    /// There is none of this name.
    Unknown(String),
    /// Several have names that begin so.
    Ambiguous(String),
    /// It takes a value, and none is there.
    NoValue(String),
    /// It takes none, and this one is there.
    Value(String, String),
}

/// Reads a command line, without the program's name.
pub(super) fn read(rows: &[OptionRow], arguments: &[OsString]) -> GivenLine {
    let mut line = GivenLine::default();
    let mut rest: VecDeque<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
    while let Some(argument) = rest.pop_front() {
        let text = argument.to_string_lossy();
        let read = match text.strip_prefix("--") {
            Some("") => {
                line.words.extend(rest.drain(..).map(|word| word.to_string_lossy().into_owned()));
                Ok(())
            }
            Some(long) => line.long(rows, long, &mut rest),
            None => match text.strip_prefix('-').filter(|letters| !letters.is_empty()) {
                Some(letters) => line.letters(rows, letters, &mut rest),
                None => {
                    line.words.push(text.into_owned());
                    Ok(())
                }
            },
        };
        if let Err(wrong) = read {
            line.wrong = Some(wrong);
            break;
        }
    }
    line
}

impl GivenLine {
    fn long(&mut self, rows: &[OptionRow], text: &str, rest: &mut VecDeque<&OsStr>) -> Result<(), Misread> {
        let (given, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let shown = || format!("--{given}");
        let mut found = rows.iter().filter(|(name, ..)| name.starts_with(given));
        let whole = rows.iter().find(|(name, ..)| *name == given);
        let first = whole.or_else(|| found.next()).ok_or_else(|| Misread::Unknown(shown()))?;
        if whole.is_none() && found.any(|(name, ..)| *name != first.0) {
            return Err(Misread::Ambiguous(shown()));
        }
        let value = match (first.2, value) {
            ("", Some(value)) => return Err(Misread::Value(shown(), value.to_owned())),
            ("", None) => String::new(),
            (_, Some(value)) => value.to_owned(),
            (_, None) => following(rest).ok_or_else(|| Misread::NoValue(shown()))?,
        };
        self.options.push((first.0, value));
        Ok(())
    }

    fn letters(&mut self, rows: &[OptionRow], letters: &str, rest: &mut VecDeque<&OsStr>) -> Result<(), Misread> {
        for (place, letter) in letters.char_indices() {
            let shown = || format!("-{letter}");
            let row = rows.iter().find(|row| row.1 == Some(letter)).ok_or_else(|| Misread::Unknown(shown()))?;
            if row.2.is_empty() {
                self.options.push((row.0, String::new()));
                continue;
            }
            let glued = letters.get(place + letter.len_utf8()..).filter(|value| !value.is_empty());
            let value = glued.map(str::to_owned).or_else(|| following(rest));
            self.options.push((row.0, value.ok_or_else(|| Misread::NoValue(shown()))?));
            break;
        }
        Ok(())
    }
}

impl Misread {
    /// The error, in words.
    pub fn text(&self, catalogue: &Catalogue, unicode: bool) -> String {
        let shown = |text: &String| words(visible(text.as_bytes(), unicode));
        match self {
            Misread::Unknown(option) => catalogue.say(messages::ERROR_UNKNOWN_OPTION, &[("option", shown(option))]),
            Misread::Ambiguous(option) => catalogue.say(messages::ERROR_AMBIGUOUS_OPTION, &[("option", shown(option))]),
            Misread::NoValue(option) => catalogue.say(messages::ERROR_MISSING_VALUE, &[("option", shown(option))]),
            Misread::Value(option, value) => {
                let values = [("option", shown(option)), ("value", shown(value))];
                catalogue.say(messages::ERROR_SUPERFLUOUS_VALUE, &values)
            }
        }
    }
}

/// The options as clap has them, for help, man page and completions: clap reads no such line.
pub(super) fn arguments(rows: &[OptionRow], (value, help): (&'static str, Message), words: Words<'_>) -> Vec<Arg> {
    let heading = messages::HEADING_OPTIONS;
    let mut all = vec![word("words", value, words, help, messages::HEADING_ARGUMENTS).num_args(0..)];
    for &(name, letter, value, help) in rows {
        if let Some(known) = all.iter_mut().find(|known| *known.get_id() == name) {
            *known = letter.into_iter().fold(known.clone(), Arg::visible_short_alias);
            continue;
        }
        let argument = match (name, value) {
            ("help", _) => flag(name, None, words, help, heading).action(ArgAction::Help),
            (_, "") => flag(name, None, words, help, heading),
            (_, value) => options::value(name, value, words, help, heading),
        };
        all.push(letter.into_iter().fold(argument, Arg::short));
    }
    all
}

/// The next argument, even if it looks like an option.
fn following(rest: &mut VecDeque<&OsStr>) -> Option<String> {
    rest.pop_front().map(|value| value.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &[OptionRow] = &[
        ("all", Some('a'), "", messages::HELP_ALL),
        ("context", Some('Z'), "", messages::HELP_ALL),
        ("contexts", Some('z'), "", messages::HELP_ALL),
        ("family", Some('f'), "FAMILY", messages::HELP_FAMILY),
        ("version", Some('v'), "", messages::HELP_ALL),
        ("version", Some('V'), "", messages::HELP_ALL),
    ];

    fn line(text: &str) -> GivenLine {
        read(ROWS, &text.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    fn options(text: &str) -> Vec<(&'static str, String)> {
        let line = line(text);
        assert_eq!(line.wrong, None, "{text}");
        line.options
    }

    #[test]
    fn letters_stand_together_and_a_value_is_glued_or_follows() {
        let all = ("all", String::new());
        let family = |value: &str| ("family", value.to_owned());
        assert_eq!(options("-af inet6"), [all.clone(), family("inet6")]);
        assert_eq!(options("-afinet6"), [all.clone(), family("inet6")]);
        assert_eq!(options("--family=inet -a"), [family("inet"), all.clone()]);
        assert_eq!(options("--fam -a"), [family("-a")]);
        assert_eq!(options("--a --ver"), [all, ("version", String::new())]);
        assert_eq!(options("--context"), [("context", String::new())]);
    }

    #[test]
    fn words_are_kept_wherever_they_stand() {
        let line = line("state -a - x -- -a");
        assert_eq!(line.words, ["state", "-", "x", "-a"]);
        assert_eq!(line.options.len(), 1);
    }

    #[test]
    fn what_is_wrong_ends_the_reading() {
        let wrong = |text: &str| line(text).wrong.unwrap();
        assert_eq!(wrong("-ax -a"), Misread::Unknown("-x".to_owned()));
        assert_eq!(wrong("--xx"), Misread::Unknown("--xx".to_owned()));
        assert_eq!(wrong("--cont"), Misread::Ambiguous("--cont".to_owned()));
        assert_eq!(wrong("-a -f"), Misread::NoValue("-f".to_owned()));
        assert_eq!(wrong("--all=1"), Misread::Value("--all".to_owned(), "1".to_owned()));
        assert_eq!(line("-ax -f").options.len(), 1);
    }
}
