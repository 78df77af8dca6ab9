//! The options of `count`.

use super::{options::time, prelude::*};
use crate::filter::goal::Goal;

/// The sockets to count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CountOptions {
    /// Which sockets.
    pub sockets: SocketOptions,
    /// `--until`: counts until this number is reached.
    pub until: Option<Until>,
}

/// The goal to wait for, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Until {
    /// How many sockets there are to be.
    pub goal: Goal,
    /// `--timeout`: the longest wait; without end where it is not given.
    pub timeout: Option<Duration>,
    /// `--every`: the time between two counts.
    pub every: Option<Duration>,
}

impl CommandOptions for CountOptions {
    const NAME: &'static str = "count";
    const ABOUT: Message = messages::COMMAND_COUNT;
    const FORMATS: &'static [Format] = &[Format::Table, Format::Json];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let heading = messages::HEADING_WAITING;
        let mut arguments = SocketOptions::arguments(words);
        arguments.extend([
            value("until", "GOAL", words, messages::OPTION_UNTIL, heading).allow_hyphen_values(true),
            time("timeout", words, messages::OPTION_TIMEOUT, heading).requires("until"),
            time("every", words, messages::OPTION_COUNT_EVERY, heading).requires("until"),
        ]);
        arguments
    }

    fn read(given: &Given<'_>) -> Result<CountOptions, WordError> {
        let until = match given.text("until") {
            None => None,
            Some(text) => {
                let Some(goal) = Goal::read(&text) else { return Err(WordError::Goal(text)) };
                if !goal.can_be_reached() {
                    return Err(WordError::NeverGoal(text));
                }
                Some(Until { goal, timeout: given.one("timeout"), every: given.one("every") })
            }
        };
        Ok(CountOptions { sockets: SocketOptions::read(given)?, until })
    }
}
