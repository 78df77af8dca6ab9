//! The options of `record`, and of what is kept besides.

use std::time::Duration;

use clap::{Arg, ArgMatches, Command};

use super::{
    check::duration,
    declaration::{Words, flag_of},
};
use crate::text::messages;

/// What is recorded, and where.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct RecordOptions {
    /// `-o`: the file, `-` for standard output; a name by host and time where none is given.
    pub output: Option<String>,
    /// `--for`: how long.
    pub wait: Option<Duration>,
    /// `--every`: how often.
    pub every: Option<Duration>,
    /// `--deep`: what costs more, too.
    pub deep: bool,
    /// `--cmdline`: whole command lines.
    pub cmdline: bool,
    /// `--redact`: no names, no addresses.
    pub redact: bool,
}

/// `--save`.
pub(super) fn save(words: Words<'_>) -> Arg {
    Arg::new("save")
        .long("save")
        .value_name("FILE")
        .help(words.text(messages::OPTION_SAVE))
        .help_heading(words.text(messages::HEADING_OUTPUT))
}

/// The declaration of `record`.
pub(super) fn declaration(words: Words<'_>) -> Command {
    let heading = words.text(messages::HEADING_RECORD);
    let time = |name: &'static str, help| {
        Arg::new(name)
            .long(name)
            .value_name("DURATION")
            .value_parser(duration)
            .help(words.text(help))
            .help_heading(heading.clone())
    };
    let flag = |name, help| flag_of(name, None, words, help, messages::HEADING_RECORD);
    Command::new("record")
        .about(words.text(messages::COMMAND_RECORD))
        .arg(
            Arg::new("output")
                .long("output")
                .short('o')
                .value_name("FILE")
                .help(words.text(messages::OPTION_RECORD_OUTPUT))
                .help_heading(heading.clone()),
        )
        .arg(time("for", messages::OPTION_RECORD_FOR))
        .arg(time("every", messages::OPTION_RECORD_EVERY))
        .arg(flag("deep", messages::OPTION_RECORD_DEEP))
        .arg(flag("cmdline", messages::OPTION_CMDLINE))
        .arg(flag("redact", messages::OPTION_REDACT))
        .arg(super::declaration::verbose(words))
}

/// What was asked for.
pub(super) fn read(given: &ArgMatches) -> RecordOptions {
    let time = |name: &str| given.get_one::<Duration>(name).copied();
    RecordOptions {
        output: given.get_one::<String>("output").cloned(),
        wait: time("for"),
        every: time("every"),
        deep: given.get_flag("deep"),
        cmdline: given.get_flag("cmdline"),
        redact: given.get_flag("redact"),
    }
}
