//! Errors of the command line in the catalogue's words: one line that names the thing and the way out.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::{
    command::{PROGRAM, Refusal},
    list, netstat,
};
use crate::{
    filter::{self, WordError},
    render::format::Format,
    text::{Catalogue, Message, escape::visible, messages, value_name, words},
};

/// The message for a wrong command line of a command with these formats, from clap's error; `is_lsof` if it has an
/// option of `lsof`.
pub(super) fn line(
    error: &Error,
    (command, formats): (&str, &[Format]),
    program: &clap::Command,
    is_lsof: bool,
    catalogue: &Catalogue,
    unicode: bool,
) -> String {
    let get = |kind| context(error, kind, catalogue, unicode);
    let say = |message: Message, values: &[(&'static str, Option<String>)]| {
        let values: Vec<_> =
            values.iter().map(|(name, value)| (*name, words(value.clone().unwrap_or_default()))).collect();
        catalogue.say(message, &values)
    };
    let option = || get(ContextKind::InvalidArg);
    let value = || get(ContextKind::InvalidValue);
    let (what, valid, suggested) = match error.kind() {
        ErrorKind::UnknownArgument => match option() {
            Some(word) if !word.starts_with('-') => {
                (say(messages::ERROR_UNEXPECTED_WORD, &[("word", Some(word))]), None, None)
            }
            option if !command.is_empty() && is_of_program(program, option.as_deref()) => {
                let values = [("option", option), ("command", Some(command.to_owned()))];
                (say(messages::ERROR_NOT_OF_COMMAND, &values), None, None)
            }
            option => {
                const HABITS: &[(&str, &str)] =
                    &[("-?", "--help"), ("--usage", "--help"), ("-P", "-n"), ("--watch", "watch")];
                let what = say(messages::ERROR_UNKNOWN_OPTION, &[("option", option.clone())]);
                // Habits of `netstat`.
                let hint = match option.as_deref() {
                    Some(_) if is_lsof => Some(catalogue.text(messages::HINT_LSOF)),
                    Some("-c") => Some(catalogue.text(messages::HINT_WATCH)),
                    Some(typed) if netstat::is_option(typed) && !list::is_list_option(typed) => {
                        Some(say(messages::HINT_NETSTAT, &[("option", option.clone())]))
                    }
                    _ => None,
                };
                if let Some(hint) = hint {
                    return catalogue.say(messages::JOINED, &[("what", words(what)), ("more", words(hint))]);
                }
                let meant = HABITS.iter().find(|(typed, _)| option.as_deref() == Some(typed));
                let meant = meant.map(|(_, line)| (*line).to_owned());
                let other = || option.as_deref().and_then(|option| owner(program, option));
                (what, None, meant.or_else(other).or_else(|| get(ContextKind::SuggestedArg)))
            }
        },
        ErrorKind::InvalidSubcommand => {
            let command = get(ContextKind::InvalidSubcommand).unwrap_or_default();
            return not_a_command(&command, get(ContextKind::SuggestedSubcommand), catalogue);
        }
        ErrorKind::ValueValidation
            if option().is_some_and(|option| option.contains(value_name("DURATION", catalogue.lang()))) =>
        {
            return say(messages::ERROR_INVALID_DURATION, &[("value", value()), ("option", option())]);
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => match value().filter(|value| !value.is_empty()) {
            None => (say(messages::ERROR_MISSING_VALUE, &[("option", option())]), None, None),
            Some(value) => {
                let is_number = option().is_some_and(|option| option.ends_with("<N>"));
                let is_wrong = is_number && value.parse::<u64>().map_or(true, |number| number == 0);
                let number = is_wrong.then(|| catalogue.text(messages::EXPECTED_COUNT));
                // Clap knows the formats of all commands; this one may have fewer.
                let is_format = !formats.is_empty() && option().is_some_and(|option| option.starts_with("--format "));
                let is_accepted = |near: &String| !is_format || formats.iter().any(|format| format.name() == near);
                let valid = || match is_format {
                    true => Some(names(formats, catalogue)),
                    false => get(ContextKind::ValidValue),
                };
                (
                    say(messages::ERROR_INVALID_VALUE, &[("option", option()), ("value", Some(value))]),
                    number.or_else(valid),
                    get(ContextKind::SuggestedValue).filter(is_accepted),
                )
            }
        },
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            (say(messages::ERROR_MISSING_VALUE, &[("option", option())]), None, None)
        }
        ErrorKind::TooManyValues if option().is_some_and(|option| option.starts_with('<')) => {
            (say(messages::ERROR_UNEXPECTED_WORD, &[("word", value())]), None, None)
        }
        ErrorKind::TooManyValues => {
            (say(messages::ERROR_SUPERFLUOUS_VALUE, &[("option", option()), ("value", value())]), None, None)
        }
        ErrorKind::ArgumentConflict => {
            let other = get(ContextKind::PriorArg);
            match (option(), other) {
                (option, Some(other)) if option.as_ref() != Some(&other) => {
                    (say(messages::ERROR_CONFLICT, &[("option", option), ("other", Some(other))]), None, None)
                }
                (option, _) => (say(messages::ERROR_TWICE, &[("option", option)]), None, None),
            }
        }
        ErrorKind::MissingRequiredArgument => (say(messages::ERROR_MISSING, &[("option", option())]), None, None),
        ErrorKind::InvalidUtf8 => (catalogue.text(messages::ERROR_NOT_TEXT), None, None),
        _ => (catalogue.text(messages::ERROR_COMMAND_LINE), None, None),
    };
    compose(what, suggested, valid, command, catalogue)
}

/// The command that has a long option, with the option: `sockdoc check --nagios`.
fn owner(program: &clap::Command, option: &str) -> Option<String> {
    let long = option.strip_prefix("--")?;
    let has = |command: &&clap::Command| command.get_arguments().any(|argument| argument.get_long() == Some(long));
    let command = program.get_subcommands().find(has)?.get_name();
    Some(format!("{PROGRAM} {command} {option}"))
}

/// Whether an option that a command lacks is one of the program.
fn is_of_program(program: &clap::Command, option: Option<&str>) -> bool {
    let long = option.and_then(|option| option.strip_prefix("--"));
    program.get_arguments().any(|argument| long.is_some() && argument.get_long() == long)
}

/// Why a command does not accept its arguments.
pub(super) fn refusal(refusal: &Refusal, catalogue: &Catalogue, unicode: bool) -> String {
    match refusal {
        Refusal::Word { error, command } => word(error, command, catalogue, unicode),
        Refusal::Format { format, command, formats } => {
            let values = [("format", words(format.name())), ("command", words(*command))];
            let what = catalogue.say(messages::ERROR_FORMAT, &values);
            compose(what, None, Some(names(formats, catalogue)), command, catalogue)
        }
        Refusal::Formats(format) => {
            let values = [("option", words("--json")), ("other", words(format!("--format {format}")))];
            catalogue.say(messages::ERROR_CONFLICT, &values)
        }
        Refusal::Option { option, command } => {
            let values = [("option", words(option.as_str())), ("command", words(*command))];
            compose(catalogue.say(messages::ERROR_NOT_OF_COMMAND, &values), None, None, command, catalogue)
        }
        Refusal::Command(name) => unknown_command(name, catalogue, unicode),
        Refusal::NotFirst(command) => catalogue.say(messages::ERROR_NOT_FIRST, &[("command", words(*command))]),
    }
}

/// The words of `--format` for some formats.
fn names(formats: &[Format], catalogue: &Catalogue) -> String {
    formats.iter().map(|format| format.name()).collect::<Vec<_>>().join(catalogue.lang().comma())
}

/// Words that people type for a command of another name.
const MEANT: &[(&str, &str)] = &[
    ("connect", "reach"),
    ("diagnose", "check"),
    ("doctor", "check"),
    ("dump", "record"),
    ("exporter", "metrics"),
    ("health", "check"),
    ("live", "watch"),
    ("ls", "list"),
    ("lsof", "list"),
    ("monitor", "watch"),
    ("nc", "reach"),
    ("nstat", "counters"),
    ("ping", "reach"),
    ("prometheus", "metrics"),
    ("ps", "list"),
    ("save", "record"),
    ("show", "list"),
    ("stat", "counters"),
    ("stats", "counters"),
    ("status", "check"),
    ("summary", "list -s"),
    ("tcpdump", "events"),
    ("telnet", "reach"),
    ("top", "watch"),
    ("trace", "events"),
    ("version", "--version"),
    ("wait", "count --until"),
];

/// The command for a first word that is not a command: one of another name, or `list` for a filter.
fn meant(word: &str) -> Option<String> {
    let is_filter = filter::states::named(word).is_some()
        || filter::is_protocol(word)
        || word.contains(|c: char| c == ':' || c.is_ascii_digit());
    let other = MEANT.iter().find(|(typed, _)| *typed == word).map(|(_, command)| (*command).to_owned());
    let filter = || is_filter.then(|| format!("list {word}"));
    let key = || filter::key_names().any(|key| key == word).then(|| format!("list {word} ..."));
    other.or_else(filter).or_else(key).map(|line| format!("{PROGRAM} {line}"))
}

/// A command that is none.
pub(super) fn unknown_command(name: &str, catalogue: &Catalogue, unicode: bool) -> String {
    not_a_command(&visible(name.as_bytes(), unicode), None, catalogue)
}

/// The error about a first word that is not a command: the nearest command, the meant one, or a hint how to list a
/// program.
fn not_a_command(word: &str, near: Option<String>, catalogue: &Catalogue) -> String {
    let what = catalogue.say(messages::ERROR_UNKNOWN_COMMAND, &[("command", words(word))]);
    let is_name = word.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    match meant(word).or(near) {
        None if is_name => {
            let hint = catalogue.say(messages::HINT_PROGRAM, &[("word", words(word))]);
            catalogue.say(messages::JOINED, &[("what", words(what)), ("more", words(hint))])
        }
        suggested => compose(what, suggested, None, "", catalogue),
    }
}

/// Whether a word of the command line is an option of `lsof` with its value: `-iTCP:443`, `-i@10.0.0.1`.
pub(super) fn is_of_lsof(word: &str) -> bool {
    let value = word.strip_prefix("-i").map(|value| value.trim_start_matches(['4', '6']).to_ascii_lowercase());
    value.is_some_and(|value| ["tcp", "udp", ":", "@"].iter().any(|start| value.starts_with(start)))
}

/// The error about a word of the filter or of `--by`.
fn word(error: &WordError, command: &str, catalogue: &Catalogue, unicode: bool) -> String {
    let named =
        |message: Message, word: &String| catalogue.say(message, &[("word", words(visible(word.as_bytes(), unicode)))]);
    let all =
        |names: &mut dyn Iterator<Item = &'static str>| Some(names.collect::<Vec<_>>().join(catalogue.lang().comma()));
    let nearest = |nearest: &Option<&'static str>| nearest.map(str::to_owned);
    let (what, suggested, valid) = match error {
        WordError::UnknownKey(word, near) => {
            (named(messages::ERROR_UNKNOWN_KEY, word), nearest(near), all(&mut filter::keys::names()))
        }
        WordError::PrefixLength(word) => (named(messages::ERROR_PREFIX_LENGTH, word), None, None),
        WordError::NoKey => (catalogue.text(messages::ERROR_NO_KEY), None, all(&mut filter::keys::names())),
        WordError::KeyTwice(word) => (named(messages::ERROR_KEY_TWICE, word), None, None),
        WordError::Goal(word) => return named(messages::ERROR_GOAL, word),
        WordError::NeverGoal(word) => return named(messages::ERROR_GOAL_NEVER, word),
        WordError::UnknownFamily(word, near) => {
            (named(messages::ERROR_UNKNOWN_FAMILY, word), nearest(near), all(&mut filter::tables::families()))
        }
        WordError::UnknownQuery(word, near) => {
            (named(messages::ERROR_UNKNOWN_QUERY, word), nearest(near), all(&mut filter::tables::queries()))
        }
        WordError::BothFamilies => (catalogue.text(messages::ERROR_FAMILIES), None, None),
        WordError::UnixFamily(option) => {
            (catalogue.say(messages::ERROR_UNIX_FAMILY, &[("option", words(*option))]), None, None)
        }
    };
    compose(what, suggested, valid, command, catalogue)
}

/// The error, then either the nearest word, all valid ones, or a place to read on.
fn compose(
    what: String,
    suggested: Option<String>,
    valid: Option<String>,
    command: &str,
    catalogue: &Catalogue,
) -> String {
    let command = [PROGRAM, command].join(" ");
    let way_out = match (suggested, valid) {
        (Some(candidate), _) => catalogue.say(messages::DID_YOU_MEAN, &[("candidate", words(candidate))]),
        (None, Some(valid)) => catalogue.say(messages::VALID_WORDS, &[("words", words(valid))]),
        (None, None) => catalogue.say(messages::SEE_HELP, &[("command", words(command.trim_end()))]),
    };
    catalogue.say(messages::JOINED, &[("what", words(what)), ("more", words(way_out))])
}

/// `--for <DURATION>` with the value's name in the catalogue's language.
fn with_value(option: &str, catalogue: &Catalogue) -> String {
    let parts = option.split_once('<').and_then(|(option, rest)| Some((option, rest.split_once('>')?)));
    parts.map_or_else(
        || option.to_owned(),
        |(option, (value, rest))| format!("{option}<{}>{rest}", value_name(value, catalogue.lang())),
    )
}

/// clap's part of the message; words of the command line are made safe to show.
fn context(error: &Error, kind: ContextKind, catalogue: &Catalogue, unicode: bool) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => {
            let text = visible(text.as_bytes(), unicode);
            Some(if kind == ContextKind::InvalidArg { with_value(&text, catalogue) } else { text })
        }
        ContextValue::Strings(texts) => {
            let texts: Vec<_> = texts.iter().map(|text| with_value(text, catalogue)).collect();
            Some(texts.join(catalogue.lang().comma()))
        }
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
