//! The options of `diff`.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::declaration::Words;
use crate::{
    filter::{self, WordError},
    model::group::NamedKey,
    text::messages,
};

/// What is compared.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct DiffOptions {
    /// Before: a file, or `now`.
    pub a: String,
    /// After.
    pub b: String,
    /// `--by`: groups that are compared.
    pub keys: Vec<NamedKey>,
}

/// The declaration of `diff`.
pub(super) fn declaration(words: Words<'_>) -> Command {
    let heading = words.text(messages::HEADING_ARGUMENTS);
    let file = |name: &'static str, value: &'static str, help| {
        Arg::new(name).value_name(value).required(true).help(words.text(help)).help_heading(heading.clone())
    };
    Command::new("diff")
        .about(words.text(messages::COMMAND_DIFF))
        .arg(file("before", "A", messages::ARGUMENT_BEFORE))
        .arg(file("after", "B", messages::ARGUMENT_AFTER))
        .arg(
            Arg::new("by")
                .long("by")
                .value_name("KEYS")
                .action(ArgAction::Append)
                .help(words.text(messages::OPTION_DIFF_BY))
                .help_heading(words.text(messages::HEADING_GROUPS)),
        )
        .arg(super::declaration::verbose(words))
}

/// What was asked for.
pub(super) fn read(given: &ArgMatches) -> Result<DiffOptions, WordError> {
    let text = |name: &str| given.get_one::<String>(name).cloned().unwrap_or_default();
    let by: Vec<String> = given.get_many::<String>("by").into_iter().flatten().cloned().collect();
    let keys = if by.is_empty() { Vec::new() } else { filter::keys::read(&by)? };
    Ok(DiffOptions { a: text("before"), b: text("after"), keys })
}
