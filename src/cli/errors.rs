//! Errors of the command line in the catalogue's words: one line that names the thing and the way out.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::{
    filter::{self, WordError},
    text::{Catalogue, Message, escape::visible, messages, words},
};

/// What is wrong with the command line, from clap's own account of it.
pub(super) fn line(error: &Error, catalogue: &Catalogue, unicode: bool) -> String {
    let get = |kind| context(error, kind, unicode);
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
            option => {
                (say(messages::ERROR_UNKNOWN_OPTION, &[("option", option)]), None, get(ContextKind::SuggestedArg))
            }
        },
        ErrorKind::InvalidSubcommand => (
            say(messages::ERROR_UNKNOWN_COMMAND, &[("command", get(ContextKind::InvalidSubcommand))]),
            None,
            get(ContextKind::SuggestedSubcommand),
        ),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => match value().filter(|value| !value.is_empty()) {
            None => (say(messages::ERROR_MISSING_VALUE, &[("option", option())]), None, None),
            value => (
                say(messages::ERROR_INVALID_VALUE, &[("option", option()), ("value", value)]),
                get(ContextKind::ValidValue),
                get(ContextKind::SuggestedValue),
            ),
        },
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            (say(messages::ERROR_MISSING_VALUE, &[("option", option())]), None, None)
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
    compose(what, suggested, valid, catalogue)
}

/// What is wrong with a word of the filter or of `--by`.
pub(super) fn word(error: &WordError, catalogue: &Catalogue, unicode: bool) -> String {
    let named =
        |message: Message, word: &String| catalogue.say(message, &[("word", words(visible(word.as_bytes(), unicode)))]);
    let all = |names: &mut dyn Iterator<Item = &'static str>| Some(names.collect::<Vec<_>>().join(", "));
    let nearest = |nearest: &Option<&'static str>| nearest.map(str::to_owned);
    let (what, suggested, valid) = match error {
        WordError::UnknownState(word, near) => {
            (named(messages::ERROR_UNKNOWN_STATE, word), nearest(near), all(&mut filter::states::names()))
        }
        WordError::UnknownKey(word, near) => {
            (named(messages::ERROR_UNKNOWN_KEY, word), nearest(near), all(&mut filter::keys::names()))
        }
        WordError::PrefixLength(word) => (named(messages::ERROR_PREFIX_LENGTH, word), None, None),
        WordError::NoKey => (catalogue.text(messages::ERROR_NO_KEY), None, all(&mut filter::keys::names())),
        WordError::KeyTwice(word) => (named(messages::ERROR_KEY_TWICE, word), None, None),
        WordError::UnknownFamily(word, near) => {
            (named(messages::ERROR_UNKNOWN_FAMILY, word), nearest(near), all(&mut filter::tables::families()))
        }
        WordError::UnknownQuery(word, near) => {
            (named(messages::ERROR_UNKNOWN_QUERY, word), nearest(near), all(&mut filter::tables::queries()))
        }
        WordError::Kill => return catalogue.text(messages::ERROR_KILL),
        WordError::Events => return catalogue.text(messages::ERROR_EVENTS),
        WordError::BothFamilies => (catalogue.text(messages::ERROR_FAMILIES), None, None),
        WordError::UnixFamily(option) => {
            (catalogue.say(messages::ERROR_UNIX_FAMILY, &[("option", words(*option))]), None, None)
        }
    };
    compose(what, suggested, valid, catalogue)
}

/// What is wrong, then either the nearest word or all valid ones, or where to read on.
fn compose(what: String, suggested: Option<String>, valid: Option<String>, catalogue: &Catalogue) -> String {
    let way_out = match (suggested, valid) {
        (Some(candidate), _) => catalogue.say(messages::DID_YOU_MEAN, &[("candidate", words(candidate))]),
        (None, Some(valid)) => catalogue.say(messages::VALID_WORDS, &[("words", words(valid))]),
        (None, None) => catalogue.say(messages::SEE_HELP, &[("command", words("sockdoc"))]),
    };
    join(&what, &way_out, catalogue)
}

/// What is wrong and the way out, on one line.
pub(super) fn join(what: &str, way_out: &str, catalogue: &Catalogue) -> String {
    catalogue.say(messages::JOINED, &[("what", words(what)), ("more", words(way_out))])
}

/// What clap says of it; words of the command line are made safe to show.
fn context(error: &Error, kind: ContextKind, unicode: bool) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(visible(text.as_bytes(), unicode)),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
