//! The options of `counters`.

use super::prelude::*;

/// Which counters are shown, and how.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct CountersOptions {
    /// Names of counters or groups, as typed; all where none is named.
    pub names: Vec<String>,
    /// `--for`: the time between two samples.
    pub wait: Option<Duration>,
    /// `-a`: also those that are 0, or did not change.
    pub all: bool,
}

impl CommandOptions for CountersOptions {
    const NAME: &'static str = "counters";
    const ABOUT: Message = messages::COMMAND_COUNTERS;
    const FORMATS: &'static [Format] = &[Format::Table, Format::Json];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let heading = messages::HEADING_COUNTERS;
        let mut arguments = vec![
            options::word("names", "NAME", words, messages::ARGUMENT_COUNTERS, heading).num_args(0..),
            options::time("for", words, messages::OPTION_COUNTERS_FOR, heading),
            flag("all", Some('a'), words, messages::OPTION_COUNTERS_ALL, heading),
            options::one_netns(words),
        ];
        arguments.extend(options::reading(words));
        arguments.push(options::verbose(words, messages::OPTION_VERBOSE_COUNTERS));
        arguments
    }

    fn read(given: &Given<'_>) -> Result<CountersOptions, WordError> {
        Ok(CountersOptions { names: given.words("names"), wait: given.one("for"), all: given.flag("all") })
    }
}
