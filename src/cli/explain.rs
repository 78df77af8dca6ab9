//! The options of `explain`.

use super::prelude::*;
use crate::{book, text::Lang};

/// The options of `explain`.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct ExplainOptions {
    /// The name of a topic, or a filter that names sockets; the table of contents where nothing is named.
    pub words: Vec<String>,
    /// All topics.
    pub all: bool,
    /// Without the figures of this host.
    pub no_live: bool,
}

impl CommandOptions for ExplainOptions {
    const NAME: &'static str = "explain";
    const ABOUT: Message = messages::COMMAND_EXPLAIN;
    const FORMATS: &'static [Format] = &[Format::Table, Format::Json];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let heading = messages::HEADING_OUTPUT;
        let mut arguments = vec![
            options::word("topic", "TOPIC", words, messages::ARGUMENT_TOPIC, messages::HEADING_ARGUMENTS).num_args(0..),
            options::netns(words),
        ];
        arguments.extend(options::reading(words));
        arguments.extend([
            flag("all", None, words, messages::OPTION_ALL_TOPICS, heading).conflicts_with("topic"),
            flag("no-live", None, words, messages::OPTION_NO_LIVE, heading),
            options::verbose(words, messages::OPTION_VERBOSE_EXPLAIN),
        ]);
        arguments
    }

    fn read(given: &Given<'_>) -> Result<ExplainOptions, WordError> {
        Ok(ExplainOptions { words: given.words("topic"), all: given.flag("all"), no_live: given.flag("no-live") })
    }
}

/// The declaration as shells complete it: with the names of all topics.
pub(super) fn with_topics(command: clap::Command) -> clap::Command {
    let names: Vec<&str> = book::topics(Lang::En).iter().map(|topic| topic.name).collect();
    command.mut_subcommand(ExplainOptions::NAME, |explain| {
        explain.mut_arg("topic", |topic| topic.value_parser(PossibleValuesParser::new(names)))
    })
}
