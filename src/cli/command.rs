//! What a command is to the command line: a name, formats, options, and how they are read.

use clap::Arg;

use super::options::{Given, Words};
use crate::{filter::WordError, render::format::Format, text::Message};

/// The word of the program; the command of this name is what it does without one.
pub(super) const PROGRAM: &str = "sockdoc";

/// The options of a command.
pub trait CommandOptions: Sized {
    /// The word of the command.
    const NAME: &'static str;
    /// What it does, in half a sentence.
    const ABOUT: Message;
    /// What it can print; nothing where there is nothing to choose.
    const FORMATS: &'static [Format];

    /// Its options and words, as clap has them. Those of every command come by themselves, as do `--json` and
    /// `--format` where there are formats.
    fn arguments(words: Words<'_>) -> Vec<Arg>;

    /// Reads what was given.
    ///
    /// # Errors
    /// A word that clap cannot judge: of a filter, of `--by`, a family.
    fn read(given: &Given<'_>) -> Result<Self, WordError>;

    /// The formats of what was asked for, and what to call it, where that is not all there is.
    fn prints(&self) -> (&'static str, &'static [Format]) {
        (Self::NAME, Self::FORMATS)
    }
}

/// A command, whose options become a `T` when they are read.
pub struct Command<T> {
    /// The word of the command.
    pub name: &'static str,
    pub(super) about: Message,
    pub(super) formats: &'static [Format],
    pub(super) arguments: fn(Words<'_>) -> Vec<Arg>,
    pub(super) read: fn(&Given<'_>, Format) -> Result<T, Refusal>,
}

/// Why a command does not take what was given.
pub(super) enum Refusal {
    Word {
        error: WordError,
        command: &'static str,
    },
    /// It does not print so.
    Format {
        format: Format,
        command: &'static str,
    },
    /// `--json`, and another format.
    Formats(String),
    /// An option of the program that the command lacks.
    Option {
        option: String,
        command: &'static str,
    },
    /// There is no such command.
    Command(String),
}

impl<T> Command<T> {
    /// The command that has these options.
    pub const fn of<O: CommandOptions + Into<T>>() -> Command<T> {
        Command {
            name: O::NAME,
            about: O::ABOUT,
            formats: O::FORMATS,
            arguments: O::arguments,
            read: |given, format| {
                let options = O::read(given).map_err(|error| Refusal::Word { error, command: O::NAME })?;
                let (command, formats) = options.prints();
                match formats.is_empty() || formats.contains(&format) {
                    true => Ok(options.into()),
                    false => Err(Refusal::Format { format, command }),
                }
            },
        }
    }
}
