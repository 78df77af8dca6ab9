//! The options of `count` and `group` that say which sockets.

use clap::Arg;

use super::common::engine;
use super::options::{Given, Words, bound_inactive, flag, netns, reading, value, word};
use crate::{
    filter::WordError,
    model::{
        family::{Family, Protocol},
        selection::Selection,
        state::StateSet,
    },
    text::messages,
};

/// Which sockets `count` and `group` are asked about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SocketOptions {
    /// Tables, family, and whether unused bound sockets count.
    pub selection: Selection,
    /// Whether `-t`, `-u`, `-w` or `-x` chooses the tables.
    pub names_tables: bool,
    /// The words of the filter.
    pub filter: Vec<String>,
    /// `-F`: a file with more of it, `-` for standard input.
    pub filter_file: Option<String>,
}

/// The words of the filter, and a file with more of them.
pub(super) fn filter(words: Words<'_>) -> [Arg; 2] {
    let heading = messages::HEADING_SOCKETS;
    [
        word("words", "FILTER", words, messages::ARGUMENT_FILTER, heading).num_args(0..),
        value("filter", "FILE", words, messages::HELP_FILTER_FILE, heading).short('F'),
    ]
}

/// The option that selects a protocol.
fn switch(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
        Protocol::Raw => "raw",
        _ => "unix",
    }
}

impl SocketOptions {
    pub(super) fn arguments(words: Words<'_>) -> Vec<Arg> {
        let heading = messages::HEADING_SOCKETS;
        let mut arguments = Vec::from(filter(words));
        arguments.extend([
            flag(switch(Protocol::Tcp), Some('t'), words, messages::OPTION_TCP, heading),
            flag(switch(Protocol::Udp), Some('u'), words, messages::OPTION_UDP, heading),
            flag(switch(Protocol::Raw), Some('w'), words, messages::OPTION_RAW, heading),
            flag(switch(Protocol::Unix), Some('x'), words, messages::OPTION_UNIX, heading),
            flag("ipv4", Some('4'), words, messages::OPTION_IPV4, heading),
            flag("ipv6", Some('6'), words, messages::OPTION_IPV6, heading),
            bound_inactive(words),
            netns(words),
            engine(words),
        ]);
        arguments.extend(reading(words));
        arguments
    }

    pub(super) fn read(given: &Given<'_>) -> Result<SocketOptions, WordError> {
        let mut selection = Selection::tcp(StateSet::ALL);
        selection.bound_inactive = given.flag("bound-inactive");
        selection.family = match (given.flag("ipv4"), given.flag("ipv6")) {
            (true, true) => return Err(WordError::BothFamilies),
            (true, false) => Some(Family::Inet),
            (false, true) => Some(Family::Inet6),
            (false, false) => None,
        };
        let protocols: Vec<Protocol> =
            Protocol::OVERVIEW.into_iter().filter(|protocol| given.flag(switch(*protocol))).collect();
        if let (&[Protocol::Unix], Some(family)) = (protocols.as_slice(), selection.family) {
            return Err(WordError::UnixFamily(if family == Family::Inet { "-4" } else { "-6" }));
        }
        Ok(SocketOptions {
            selection: selection.with_protocols(&protocols),
            names_tables: !protocols.is_empty(),
            filter: given.words("words"),
            filter_file: given.text("filter"),
        })
    }
}
