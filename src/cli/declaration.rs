//! The clap declaration of the program, made of its commands.

use clap::Arg;

use super::{
    command::{Command, PROGRAM},
    common,
    options::{Words, version, word},
};
use crate::text::{Catalogue, Message, messages};

/// The command that prints the help of a command.
pub(super) const HELP: &str = "help";

/// The whole command line.
pub(super) fn program<T>(commands: &[Command<T>], catalogue: Option<&Catalogue>) -> clap::Command {
    program_for(commands, catalogue, |_| true)
}

/// The command line with the options of those commands only that may be given.
pub(super) fn program_for<T>(
    commands: &[Command<T>],
    catalogue: Option<&Catalogue>,
    is_given: impl Fn(&str) -> bool,
) -> clap::Command {
    let words = Words(catalogue);
    let program = declared(PROGRAM, messages::ABOUT, words)
        .disable_help_subcommand(true)
        .infer_long_args(true)
        .subcommand_help_heading(words.text(messages::HEADING_COMMANDS))
        .subcommand_value_name(words.value("COMMAND"));
    let program = commands.iter().fold(program, |program, command| match command.name {
        PROGRAM => program.args(arguments(command, words)).arg(version(words)),
        name if !is_given(name) => program.subcommand(declared(name, command.about, words)),
        name => program.subcommand(declared(name, command.about, words).args(arguments(command, words))),
    });
    let topic = word("command", "COMMAND", words, messages::ARGUMENT_COMMAND, messages::HEADING_ARGUMENTS);
    program.subcommand(declared(HELP, messages::COMMAND_HELP, words).arg(topic).args(common::everywhere(words)))
}

fn declared(name: &'static str, about: Message, words: Words<'_>) -> clap::Command {
    clap::Command::new(name)
        .about(words.text(about))
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args_override_self(true)
}

fn arguments<T>(command: &Command<T>, words: Words<'_>) -> Vec<Arg> {
    let mut all = (command.arguments)(words);
    if !command.is_program() {
        all.extend(common::formats(words, command.formats));
        all.extend(common::everywhere(words));
    }
    all
}
