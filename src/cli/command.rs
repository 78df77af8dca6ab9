//! A command of the command line: its name, formats, options, and how they are parsed.

use std::ffi::OsString;

use clap::Arg;

use super::{
    getopt::{self, OptionRow},
    options::{Given, Words},
};
use crate::{filter::WordError, render::format::Format, text::Message};

/// The name of the program; the command with this name runs without a command word.
pub(super) const PROGRAM: &str = "sockdoc";

/// The options of a command.
pub trait CommandOptions: Sized {
    /// The word of the command.
    const NAME: &'static str;
    /// The purpose of the command, as a phrase.
    const ABOUT: Message;
    /// The output formats; empty if there is only one.
    const FORMATS: &'static [Format];

    /// Its options and words, as clap has them. Those of every command come by themselves, as do `--json` and
    /// `--format` where there are formats.
    fn arguments(words: Words<'_>) -> Vec<Arg>;

    /// Reads the options.
    ///
    /// # Errors
    /// A word that clap cannot judge: of a filter, of `--by`, a family.
    fn read(given: &Given<'_>) -> Result<Self, WordError>;

    /// The formats of the requested output, and its name, if it is not all output of the command.
    fn prints(&self) -> (&'static str, &'static [Format]) {
        (Self::NAME, Self::FORMATS)
    }
}

/// The options of a command that replaces another program: linked under its name, this program answers as that one
/// does.
pub trait LineOptions: Sized {
    /// The name of the program.
    const NAME: &'static str;
    /// The purpose of the command, as a phrase.
    const ABOUT: Message;
    /// Every option of the program.
    const OPTIONS: &'static [OptionRow];
    /// The name of its words in help, and their description.
    const WORDS: (&'static str, Message);

    /// Reads a command line, without the program's name; `None` if it asks for help. The command reports errors in the
    /// way of the other program.
    fn read_line(arguments: &[OsString]) -> Option<Self>;
}

/// Reads the command line of another program; `None` where it asks for help.
pub(super) type ReadLine<T> = fn(&[OsString]) -> Option<T>;

/// A command, whose options become a `T` when they are read.
pub struct Command<T> {
    /// The word of the command.
    pub name: &'static str,
    pub(super) about: Message,
    pub(super) formats: &'static [Format],
    pub(super) arguments: fn(Words<'_>) -> Vec<Arg>,
    pub(super) read: fn(&Given<'_>, Format) -> Result<T, Refusal>,
    /// Parses the command line of the program that it replaces, if any.
    pub(super) read_line: Option<ReadLine<T>>,
}

/// Why a command does not accept its arguments.
pub(super) enum Refusal {
    Word {
        error: WordError,
        command: &'static str,
    },
    /// It prints only in `formats`.
    Format {
        format: Format,
        command: &'static str,
        formats: &'static [Format],
    },
    /// `--json`, and another format.
    Formats(String),
    /// An option of the program that the command lacks.
    Option {
        option: String,
        command: &'static str,
    },
    /// The command does not exist.
    Command(String),
    /// The command replaces another program and accepts only its options.
    NotFirst(&'static str),
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
                    false => Err(Refusal::Format { format, command, formats }),
                }
            },
            read_line: None,
        }
    }

    /// The command that replaces the program of this name.
    pub const fn in_place_of<O: LineOptions + Into<T>>() -> Command<T> {
        Command {
            name: O::NAME,
            about: O::ABOUT,
            formats: &[],
            arguments: |words| getopt::arguments(O::OPTIONS, O::WORDS, words),
            read: |_, _| Err(Refusal::NotFirst(O::NAME)),
            read_line: Some(|arguments| O::read_line(arguments).map(Into::into)),
        }
    }

    /// Whether the command replaces another program of its name.
    pub fn is_program(&self) -> bool {
        self.read_line.is_some()
    }
}
