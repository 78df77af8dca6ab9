//! The options of `record`.

use super::{
    check::{CheckOptions, FAIL_ON},
    prelude::*,
};
use crate::model::finding::Severity;

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
    /// `--on`: the flight recorder, from this severity on.
    pub on: Option<Severity>,
    /// `--list`: the folder whose recordings are listed.
    pub list: Option<String>,
    /// The limits of the flight recorder.
    pub flight: FlightOptions,
    /// Which rules are checked, with which thresholds.
    pub check: CheckOptions,
}

/// The limits of the flight recorder, in memory and in its folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FlightOptions {
    /// `--keep`: samples before the finding.
    pub keep: usize,
    /// `--after`: how much later it writes once more.
    pub after: Duration,
    /// `--max-memory`: bytes of samples in memory.
    pub max_memory: u64,
    /// `--max-files`: files in the folder.
    pub max_files: usize,
    /// `--max-bytes`: bytes of all of them.
    pub max_bytes: u64,
}

impl Default for FlightOptions {
    fn default() -> FlightOptions {
        FlightOptions {
            keep: 12,
            after: Duration::from_secs(60),
            max_memory: 64 << 20,
            max_files: 100,
            max_bytes: 1 << 30,
        }
    }
}

impl FlightOptions {
    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let heading = messages::HEADING_FLIGHT;
        let value = |name, value, help| options::value(name, value, words, help, heading);
        let mut arguments = vec![
            value("keep", "N", messages::OPTION_KEEP).value_parser(value_parser!(u64).range(1..=10_000)),
            options::time("after", words, messages::OPTION_AFTER, heading),
            value("max-memory", "SIZE", messages::OPTION_MAX_MEMORY).value_parser(options::size),
            value("max-files", "N", messages::OPTION_MAX_FILES).value_parser(value_parser!(u64).range(1..)),
            value("max-bytes", "SIZE", messages::OPTION_MAX_BYTES).value_parser(options::size),
        ];
        arguments.extend(CheckOptions::threshold_arguments(words));
        let mut arguments: Vec<Arg> = arguments.into_iter().map(|argument| argument.requires("on")).collect();
        let severities = PossibleValuesParser::new(FAIL_ON.map(Severity::name));
        arguments.insert(
            0,
            value("on", "SEVERITY", messages::OPTION_ON)
                .value_parser(severities)
                .hide_possible_values(true)
                .requires("output")
                .conflicts_with_all(["for", "from", "force"]),
        );
        arguments.push(value("list", "DIR", messages::OPTION_LIST_FLIGHTS));
        arguments
    }

    fn read(given: &Given<'_>) -> FlightOptions {
        let usual = FlightOptions::default();
        let number = |name: &str| given.one::<u64>(name).and_then(|number| usize::try_from(number).ok());
        FlightOptions {
            keep: number("keep").unwrap_or(usual.keep),
            after: given.one("after").unwrap_or(usual.after),
            max_memory: given.one("max-memory").unwrap_or(usual.max_memory),
            max_files: number("max-files").unwrap_or(usual.max_files),
            max_bytes: given.one("max-bytes").unwrap_or(usual.max_bytes),
        }
    }
}

impl CommandOptions for RecordOptions {
    const NAME: &'static str = "record";
    const ABOUT: Message = messages::COMMAND_RECORD;
    const FORMATS: &'static [Format] = &[];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let heading = messages::HEADING_RECORD;
        let flag = |name, help| options::flag(name, None, words, help, heading);
        let mut arguments = vec![
            options::value("output", "FILE", words, messages::OPTION_RECORD_OUTPUT, heading).short('o'),
            options::time("for", words, messages::OPTION_RECORD_FOR, heading),
            options::time("every", words, messages::OPTION_RECORD_EVERY, heading),
            flag("deep", messages::OPTION_RECORD_DEEP),
            flag("cmdline", messages::OPTION_CMDLINE),
            flag("redact", messages::OPTION_REDACT),
            options::netns(words),
            common::engine(words),
            options::from(words),
            options::force(words),
        ];
        arguments.extend(FlightOptions::arguments(words));
        arguments
    }

    fn read(given: &Given<'_>) -> Result<RecordOptions, WordError> {
        Ok(RecordOptions {
            output: given.text("output"),
            wait: given.one("for"),
            every: given.one("every"),
            deep: given.flag("deep"),
            cmdline: given.flag("cmdline"),
            redact: given.flag("redact"),
            on: given.text("on").and_then(|word| FAIL_ON.into_iter().find(|severity| severity.name() == word)),
            list: given.text("list"),
            flight: FlightOptions::read(given),
            check: CheckOptions::read(given)?,
        })
    }
}
