//! The options of `group`.

use super::prelude::*;
use crate::{filter, model::group::NamedKey};

/// The sockets to count, the keys, and the groups to show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupOptions {
    /// Which sockets.
    pub sockets: SocketOptions,
    /// The keys.
    pub keys: Vec<NamedKey>,
    /// The maximum number of groups.
    pub top: Option<usize>,
    /// The minimum number of sockets of a group.
    pub min: u64,
}

impl CommandOptions for GroupOptions {
    const NAME: &'static str = "group";
    const ABOUT: Message = messages::COMMAND_GROUP;
    const FORMATS: &'static [Format] = &[Format::Table, Format::Json, Format::Csv];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let number = |name, help| options::value(name, "N", words, help, messages::HEADING_GROUPS);
        let mut arguments = vec![
            by(words.listing(messages::OPTION_BY, filter::keys::names()), words).required(true),
            number("top", messages::OPTION_TOP).value_parser(value_parser!(usize)),
            number("min", messages::OPTION_MIN).value_parser(value_parser!(u64)),
        ];
        arguments.extend(SocketOptions::arguments(words));
        arguments
    }

    fn read(given: &Given<'_>) -> Result<GroupOptions, WordError> {
        Ok(GroupOptions {
            sockets: SocketOptions::read(given)?,
            keys: filter::keys::read(&given.words("by"))?,
            top: given.one("top"),
            min: given.one("min").unwrap_or(0),
        })
    }
}
