//! The options of `record`.

use std::time::Duration;

use clap::Arg;

use super::{
    command::CommandOptions,
    options::{self, Given, Words},
};
use crate::{
    filter::WordError,
    render::format::Format,
    text::{Message, messages},
};

/// The data to record, and the file.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct RecordOptions {
    /// `-o`: the file, `-` for standard output; a name by host and time where none is given.
    pub output: Option<String>,
    /// `--for`: how long.
    pub wait: Option<Duration>,
    /// `--every`: how often.
    pub every: Option<Duration>,
    /// `--deep`: also records expensive data.
    pub deep: bool,
    /// `--cmdline`: whole command lines.
    pub cmdline: bool,
    /// `--redact`: no names, no addresses.
    pub redact: bool,
}

impl CommandOptions for RecordOptions {
    const NAME: &'static str = "record";
    const ABOUT: Message = messages::COMMAND_RECORD;
    const FORMATS: &'static [Format] = &[];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let heading = messages::HEADING_RECORD;
        let flag = |name, help| options::flag(name, None, words, help, heading);
        vec![
            options::value("output", "FILE", words, messages::OPTION_RECORD_OUTPUT, heading).short('o'),
            options::time("for", words, messages::OPTION_RECORD_FOR, heading),
            options::time("every", words, messages::OPTION_RECORD_EVERY, heading),
            flag("deep", messages::OPTION_RECORD_DEEP),
            flag("cmdline", messages::OPTION_CMDLINE),
            flag("redact", messages::OPTION_REDACT),
            options::netns(words),
            options::from(words),
            options::force(words),
        ]
    }

    fn read(given: &Given<'_>) -> Result<RecordOptions, WordError> {
        Ok(RecordOptions {
            output: given.text("output"),
            wait: given.one("for"),
            every: given.one("every"),
            deep: given.flag("deep"),
            cmdline: given.flag("cmdline"),
            redact: given.flag("redact"),
        })
    }
}
