//! The options of `kill`, and of `-K` in the other commands.

use super::prelude::*;
use crate::{
    model::family::{Family, Netid},
    report::kill::KillRules,
};

/// How many sockets are destroyed at most where `--max` is not given.
pub const MOST: usize = 100;

/// The switches: name, letter, help.
const SWITCHES: [(&str, Option<char>, Message); 10] = [
    ("yes", None, messages::OPTION_KILL_YES),
    ("tcp", Some('t'), messages::OPTION_KILL_TCP),
    ("udp", Some('u'), messages::OPTION_KILL_UDP),
    ("ipv4", Some('4'), messages::OPTION_IPV4),
    ("ipv6", Some('6'), messages::OPTION_IPV6),
    ("listeners", None, messages::OPTION_KILL_LISTENERS),
    ("time-wait", None, messages::OPTION_KILL_TIME_WAIT),
    ("orphans", None, messages::OPTION_KILL_ORPHANS),
    ("include-ssh", None, messages::OPTION_KILL_SSH),
    ("include-unknown", None, messages::OPTION_KILL_UNKNOWN),
];

/// Which sockets to destroy, and whether to do it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KillOptions {
    /// `--yes`: destroys them without a question.
    pub yes: bool,
    /// The tables; empty leaves the choice to the filter, else TCP.
    pub netids: Vec<Netid>,
    /// Only these internet families; empty means both.
    pub families: Vec<Family>,
    /// The words of the filter.
    pub filter: Vec<String>,
    /// `-F`: a file with more of it.
    pub filter_file: Option<String>,
    /// The permission to destroy.
    pub rules: KillRules,
    /// The switches that were given but `--yes`.
    pub switches: Vec<&'static str>,
}

impl CommandOptions for KillOptions {
    const NAME: &'static str = "kill";
    const ABOUT: Message = messages::COMMAND_KILL;
    const FORMATS: &'static [Format] = &[Format::Table, Format::Json];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let heading = messages::HEADING_KILL;
        let mut arguments = Vec::from(sockets::filter(words));
        arguments.extend(SWITCHES.map(|(name, letter, help)| flag(name, letter, words, help, heading)));
        arguments.extend([
            options::value("max", "N", words, messages::OPTION_KILL_MAX, heading)
                .value_parser(value_parser!(u32).range(1..)),
            options::one_netns(words),
            // Refused with a reason.
            options::from(words).hide(true),
            options::verbose(words, messages::OPTION_KILL_VERBOSE),
        ]);
        arguments
    }

    fn read(given: &Given<'_>) -> Result<KillOptions, WordError> {
        let on = |name: &str| given.flag(name);
        if on("ipv4") && on("ipv6") {
            return Err(WordError::BothFamilies);
        }
        let max: Option<u32> = given.one("max");
        let switches = SWITCHES.iter().filter(|(name, ..)| *name != "yes" && on(name));
        Ok(KillOptions {
            yes: on("yes"),
            netids: chosen(given, [("tcp", Netid::Tcp), ("udp", Netid::Udp)]),
            families: chosen(given, [("ipv4", Family::Inet), ("ipv6", Family::Inet6)]),
            filter: given.words("words"),
            filter_file: given.text("filter"),
            rules: KillRules {
                udp: on("udp"),
                listeners: on("listeners"),
                time_wait: on("time-wait"),
                orphans: on("orphans"),
                remote_access: on("include-ssh"),
                unknown_owner: on("include-unknown"),
                most: max.map_or(MOST, |max| max as usize),
                ..KillRules::default()
            },
            switches: switches.map(|(name, ..)| *name).collect(),
        })
    }
}

/// The values of the given switches.
fn chosen<V>(given: &Given<'_>, switches: [(&str, V); 2]) -> Vec<V> {
    switches.into_iter().filter(|(name, _)| given.flag(name)).map(|(_, value)| value).collect()
}
