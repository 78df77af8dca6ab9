//! The options of `events`.

use super::prelude::*;
use crate::{filter, model::group::NamedKey};

/// Options of `events`: which sockets to report as they end, and how.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct EventsOptions {
    /// The words of the filter.
    pub filter: Vec<String>,
    /// `-F`: a file with more of it.
    pub filter_file: Option<String>,
    /// `--interval`: the time between two dumps of the living sockets.
    pub interval: Option<Duration>,
    /// `--for`: how long.
    pub duration: Option<Duration>,
    /// `-c`: how many events.
    pub count: Option<u64>,
    /// `--summary`: sums over this time instead of single events.
    pub summary: Option<Duration>,
    /// `--by`: the keys that sums are grouped by.
    pub keys: Vec<NamedKey>,
    /// `--top`: the number of groups.
    pub top: Option<usize>,
    /// `--states`: each change of the state of a TCP socket.
    pub states: bool,
}

impl CommandOptions for EventsOptions {
    const NAME: &'static str = "events";
    const ABOUT: Message = messages::COMMAND_EVENTS;
    const FORMATS: &'static [Format] = &[Format::Table, Format::JsonLines, Format::Json];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let heading = messages::HEADING_EVENTS;
        let mut arguments = Vec::from(sockets::filter(words));
        arguments.extend([
            options::flag("states", None, words, messages::OPTION_EVENTS_STATES, heading),
            options::verbose(words, messages::OPTION_EVENTS_VERBOSE),
            options::time("interval", words, messages::OPTION_EVENTS_INTERVAL, heading),
            options::time("for", words, messages::OPTION_EVENTS_FOR, heading),
            options::value("count", "N", words, messages::OPTION_EVENTS_COUNT, heading)
                .short('c')
                .value_parser(value_parser!(u64).range(1..)),
            options::time("summary", words, messages::OPTION_EVENTS_SUMMARY, heading),
            by(words.listing(messages::OPTION_EVENTS_BY, filter::keys::names()), words),
            options::value("top", "N", words, messages::OPTION_TOP, messages::HEADING_GROUPS)
                .value_parser(value_parser!(usize))
                .requires("by"),
            options::netns(words),
            common::engine(words),
            // Refused with a reason.
            options::from(words).hide(true),
        ]);
        arguments
    }

    fn read(given: &Given<'_>) -> Result<EventsOptions, WordError> {
        let by = given.words("by");
        Ok(EventsOptions {
            filter: given.words("words"),
            filter_file: given.text("filter"),
            interval: given.one("interval"),
            duration: given.one("for"),
            count: given.one("count"),
            summary: given.one("summary"),
            keys: if by.is_empty() { Vec::new() } else { filter::keys::read(&by)? },
            top: given.one("top"),
            states: given.flag("states"),
        })
    }
}
