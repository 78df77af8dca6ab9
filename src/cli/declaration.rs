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
    let program = commands.iter().fold(plain(words), |program, command| match command.name {
        name if name != PROGRAM && !is_given(name) => program.subcommand(declared(name, command.about, words)),
        _ => with(program, command, words),
    });
    with_help(program, words)
}

/// The command line with nothing but what a line can use: the command that is its first word, or else the program's own
/// options, and the commands that are given. It reads a right line as the whole does, in half the time; it says less of
/// a wrong one.
pub(super) fn program_of<T>(
    commands: &[Command<T>],
    first: Option<&str>,
    is_given: impl Fn(&str) -> bool,
) -> clap::Command {
    let words = Words(None);
    let is_first = |command: &&Command<T>| command.name != PROGRAM && Some(command.name) == first;
    if let Some(command) = commands.iter().find(is_first) {
        return with(plain(words), command, words);
    }
    let used = commands.iter().filter(|command| command.name == PROGRAM || is_given(command.name));
    let program = used.fold(plain(words), |program, command| with(program, command, words));
    if is_given(HELP) { with_help(program, words) } else { program }
}

/// The program without options and commands.
fn plain(words: Words<'_>) -> clap::Command {
    declared(PROGRAM, messages::ABOUT, words)
        .disable_help_subcommand(true)
        .infer_long_args(true)
        .subcommand_help_heading(words.text(messages::HEADING_COMMANDS))
        .subcommand_value_name(words.value("COMMAND"))
}

/// Adds a command with its options; those of the program are its own.
fn with<T>(program: clap::Command, command: &Command<T>, words: Words<'_>) -> clap::Command {
    if command.name == PROGRAM {
        return program.args(arguments(command, words)).arg(version(words));
    }
    program.subcommand(declared(command.name, command.about, words).args(arguments(command, words)))
}

fn with_help(program: clap::Command, words: Words<'_>) -> clap::Command {
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
