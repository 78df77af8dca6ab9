//! The options of `diff`.

use super::prelude::*;
use crate::{filter, model::group::NamedKey};

/// The recordings to compare.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct DiffOptions {
    /// Before: a file, or `now`.
    pub a: String,
    /// After.
    pub b: String,
    /// `--by`: groups that are compared.
    pub keys: Vec<NamedKey>,
}

impl CommandOptions for DiffOptions {
    const NAME: &'static str = "diff";
    const ABOUT: Message = messages::COMMAND_DIFF;
    const FORMATS: &'static [Format] = &[Format::Table, Format::Json];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let file = |name, value, help, place| {
            options::word(name, value, words, help, messages::HEADING_ARGUMENTS).required(true).display_order(place)
        };
        vec![
            file("before", "A", messages::ARGUMENT_BEFORE, 0),
            file("after", "B", messages::ARGUMENT_AFTER, 1),
            by(words.text(messages::OPTION_DIFF_BY), words),
            options::netns(words),
            options::verbose(words, messages::OPTION_VERBOSE_DIFF),
        ]
    }

    fn read(given: &Given<'_>) -> Result<DiffOptions, WordError> {
        let by = given.words("by");
        let keys = if by.is_empty() { Vec::new() } else { filter::keys::read(&by)? };
        Ok(DiffOptions {
            a: given.text("before").unwrap_or_default(),
            b: given.text("after").unwrap_or_default(),
            keys,
        })
    }
}
