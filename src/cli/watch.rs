//! The options of `watch`.

use super::{check::CheckOptions, prelude::*};

/// The options of `watch`.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct WatchOptions {
    /// The words of the filter.
    pub filter: Vec<String>,
    /// `-F`: a file with more of it.
    pub filter_file: Option<String>,
    /// `-n`: the time between two samples.
    pub interval: Option<Duration>,
    /// `-c`: how many samples.
    pub count: Option<u64>,
    /// `--plain`: lines also on a terminal.
    pub plain: bool,
    /// Which rules are checked, with which thresholds, how closely, and for how long.
    pub check: CheckOptions,
}

impl CommandOptions for WatchOptions {
    const NAME: &'static str = "watch";
    const ABOUT: Message = messages::COMMAND_WATCH;
    const FORMATS: &'static [Format] = &[Format::Table, Format::JsonLines, Format::Json];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let heading = messages::HEADING_WATCH;
        let mut arguments = Vec::from(sockets::filter(words));
        arguments.extend([
            options::time("interval", words, messages::OPTION_INTERVAL, heading).short('n'),
            options::value("count", "N", words, messages::OPTION_SAMPLES, heading)
                .short('c')
                .value_parser(value_parser!(u64).range(1..)),
            options::time("for", words, messages::OPTION_WATCH_FOR, heading),
            flag("plain", None, words, messages::OPTION_PLAIN, heading),
            options::netns(words),
            common::engine(words),
            options::from(words),
        ]);
        arguments.extend(CheckOptions::rule_arguments(words));
        arguments
    }

    fn read(given: &Given<'_>) -> Result<WatchOptions, WordError> {
        Ok(WatchOptions {
            filter: given.words("words"),
            filter_file: given.text("filter"),
            interval: given.one("interval"),
            count: given.one("count"),
            plain: given.flag("plain"),
            check: CheckOptions::read(given)?,
        })
    }
}
