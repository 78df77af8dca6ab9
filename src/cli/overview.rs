//! The options of the overview, which runs without a command word.

use super::{command::PROGRAM, options::SampleOptions, prelude::*};

/// The options of the overview.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OverviewOptions {
    /// Also sockets that are bound and unused.
    pub bound_inactive: bool,
    /// The depth of the samples for the rules.
    pub sampling: SampleOptions,
}

impl CommandOptions for OverviewOptions {
    const NAME: &'static str = PROGRAM;
    const ABOUT: Message = messages::ABOUT;
    const FORMATS: &'static [Format] = &[Format::Table, Format::Json];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let mut arguments = vec![options::bound_inactive(words), options::netns(words), common::engine(words)];
        arguments.extend(options::reading(words));
        arguments.extend(SampleOptions::arguments(words));
        arguments.extend([
            options::save(words),
            options::force(words),
            options::verbose(words, messages::OPTION_VERBOSE),
        ]);
        arguments
    }

    fn read(given: &Given<'_>) -> Result<OverviewOptions, WordError> {
        Ok(OverviewOptions { bound_inactive: given.flag("bound-inactive"), sampling: SampleOptions::read(given) })
    }
}
