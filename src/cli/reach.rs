//! The options of `reach`.

use super::prelude::*;
use crate::model::family::Family;

/// How long the lookup of the name and the attempts may take where `--timeout` is not given.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where to connect, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReachOptions {
    /// One word with host and port, or two.
    pub words: Vec<String>,
    /// `--timeout`: how long to wait for the answers of DNS servers and of the addresses, together.
    pub patience: Duration,
    /// `-4`, `-6`: addresses of one family only.
    pub family: Option<Family>,
    /// `-u`, which is refused: UDP has no handshake.
    pub udp: bool,
}

impl CommandOptions for ReachOptions {
    const NAME: &'static str = "reach";
    const ABOUT: Message = messages::COMMAND_REACH;
    const FORMATS: &'static [Format] = &[Format::Table, Format::Json];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let heading = messages::HEADING_REACH;
        vec![
            options::word("words", "HOST:PORT", words, messages::ARGUMENT_REACH, messages::HEADING_ARGUMENTS)
                .num_args(1..=2)
                .required(true),
            options::time("timeout", words, messages::OPTION_REACH_TIMEOUT, heading),
            flag("ipv4", Some('4'), words, messages::OPTION_REACH_IPV4, heading),
            flag("ipv6", Some('6'), words, messages::OPTION_REACH_IPV6, heading),
            options::one_netns(words).help_heading(words.text(heading)),
            flag("udp", Some('u'), words, messages::OPTION_REACH_UDP, heading),
            options::value("from", "FILE", words, messages::OPTION_REACH_FROM, heading),
            options::verbose(words, messages::OPTION_REACH_VERBOSE),
        ]
    }

    fn read(given: &Given<'_>) -> Result<ReachOptions, WordError> {
        let family = match (given.flag("ipv4"), given.flag("ipv6")) {
            (true, true) => return Err(WordError::BothFamilies),
            (true, false) => Some(Family::Inet),
            (false, true) => Some(Family::Inet6),
            (false, false) => None,
        };
        let patience = given.one("timeout").unwrap_or(PATIENCE);
        Ok(ReachOptions { words: given.words("words"), patience, family, udp: given.flag("udp") })
    }
}
