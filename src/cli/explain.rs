//! The options of `explain`.

use clap::{Arg, ArgMatches, Command, builder::PossibleValuesParser, value_parser};

use super::declaration::{Words, flag_of};
use crate::{
    book,
    text::{Lang, messages},
};

/// What `explain` was asked for.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct ExplainOptions {
    /// The name of a topic, or a filter that names sockets; the table of contents where nothing is named.
    pub words: Vec<String>,
    /// All topics.
    pub all: bool,
    /// Without the figures of this host.
    pub no_live: bool,
}

/// The declaration of `explain`.
pub(super) fn declaration(words: Words<'_>) -> Command {
    Command::new("explain")
        .about(words.text(messages::COMMAND_EXPLAIN))
        .arg(
            Arg::new("topic")
                .value_name("TOPIC")
                .num_args(0..)
                .value_parser(value_parser!(String))
                .help(words.text(messages::ARGUMENT_TOPIC))
                .help_heading(words.text(messages::HEADING_ARGUMENTS)),
        )
        .arg(flag_of("all", None, words, messages::OPTION_ALL_TOPICS, messages::HEADING_OUTPUT).conflicts_with("topic"))
        .arg(flag_of("no-live", None, words, messages::OPTION_NO_LIVE, messages::HEADING_OUTPUT))
        .arg(super::declaration::verbose(words))
}

/// The declaration as shells complete it: with the names of all topics.
pub(super) fn with_topics(command: Command) -> Command {
    let names: Vec<&str> = book::topics(Lang::En).iter().map(|topic| topic.name).collect();
    command.mut_subcommand("explain", |explain| {
        explain.mut_arg("topic", |topic| topic.value_parser(PossibleValuesParser::new(names)))
    })
}

/// What was asked for.
pub(super) fn read(given: &ArgMatches) -> ExplainOptions {
    ExplainOptions {
        words: super::words(given, "topic"),
        all: given.get_flag("all"),
        no_live: given.get_flag("no-live"),
    }
}
