//! The options of `netstat`, read as net-tools 2.10 reads them.

use std::ffi::OsString;

use super::{
    command::LineOptions,
    getopt::{self, GivenLine, Misread, OptionRow},
};
use crate::text::{Message, messages};

/// Every option of `netstat`.
const OPTIONS: &[OptionRow] = &[
    ("help", Some('h'), "", messages::OPTION_HELP),
    ("version", Some('V'), "", messages::OPTION_VERSION),
    ("route", Some('r'), "", messages::NETSTAT_ROUTE),
    ("interfaces", Some('i'), "", messages::NETSTAT_INTERFACES),
    ("groups", Some('g'), "", messages::NETSTAT_GROUPS),
    ("statistics", Some('s'), "", messages::NETSTAT_STATISTICS),
    ("masquerade", Some('M'), "", messages::NETSTAT_MASQUERADE),
    ("all", Some('a'), "", messages::HELP_ALL),
    ("listening", Some('l'), "", messages::NETSTAT_LISTENING),
    ("tcp", Some('t'), "", messages::HELP_TCP),
    ("udp", Some('u'), "", messages::OPTION_UDP),
    ("udplite", Some('U'), "", messages::HELP_UDPLITE),
    ("sctp", Some('S'), "", messages::HELP_SCTP),
    ("raw", Some('w'), "", messages::OPTION_RAW),
    ("unix", Some('x'), "", messages::OPTION_UNIX),
    ("l2cap", Some('2'), "", messages::NETSTAT_BLUETOOTH),
    ("rfcomm", Some('f'), "", messages::NETSTAT_BLUETOOTH),
    ("inet", Some('4'), "", messages::OPTION_IPV4),
    ("inet6", Some('6'), "", messages::OPTION_IPV6),
    ("protocol", Some('A'), "FAMILY", messages::NETSTAT_FAMILY),
    ("numeric", Some('n'), "", messages::NETSTAT_NUMERIC),
    ("numeric-hosts", None, "", messages::NETSTAT_NUMERIC_HOSTS),
    ("numeric-ports", None, "", messages::NETSTAT_NUMERIC_PORTS),
    ("numeric-users", None, "", messages::NETSTAT_NUMERIC_USERS),
    ("symbolic", Some('N'), "", messages::NETSTAT_SYMBOLIC),
    ("wide", Some('W'), "", messages::NETSTAT_WIDE),
    ("extend", Some('e'), "", messages::NETSTAT_EXTEND),
    ("programs", Some('p'), "", messages::NETSTAT_PROGRAMS),
    ("timers", Some('o'), "", messages::NETSTAT_TIMERS),
    ("continuous", Some('c'), "", messages::NETSTAT_CONTINUOUS),
    ("verbose", Some('v'), "", messages::NETSTAT_VERBOSE),
    ("cache", Some('C'), "", messages::NETSTAT_CACHE),
    ("fib", Some('F'), "", messages::NETSTAT_FIB),
    ("context", Some('Z'), "", messages::NETSTAT_CONTEXT),
    ("debug", Some('d'), "", messages::NETSTAT_DEBUG),
    ("ip", None, "", messages::OPTION_IPV4),
    ("tcpip", None, "", messages::OPTION_IPV4),
    ("ax25", None, "", messages::NETSTAT_OTHER),
    ("ipx", None, "", messages::NETSTAT_OTHER),
    ("rose", None, "", messages::NETSTAT_OTHER),
    ("appletalk", None, "", messages::NETSTAT_OTHER),
    ("netrom", None, "", messages::NETSTAT_OTHER),
    ("ddp", None, "", messages::NETSTAT_OTHER),
    ("x25", None, "", messages::NETSTAT_OTHER),
    ("bluetooth", None, "", messages::NETSTAT_BLUETOOTH),
];

/// Whether `-g` or `--groups` is one of them.
pub(super) fn is_option(typed: &str) -> bool {
    let is_letter = |letter: Option<char>| {
        letter.is_some_and(|letter| typed.strip_prefix('-') == Some(letter.encode_utf8(&mut [0; 4])))
    };
    OPTIONS.iter().any(|(name, letter, ..)| is_letter(*letter) || typed.strip_prefix("--") == Some(*name))
}

/// The address families of `-A`, each with the name that routes and statistics know it by.
const FAMILIES: [(&str, &str); 16] = [
    ("ax25", "ax25"),
    ("ip", "inet"),
    ("ip6", "inet6"),
    ("ipx", "ipx"),
    ("rose", "rose"),
    ("appletalk", "ddp"),
    ("netrom", "netrom"),
    ("inet", "inet"),
    ("inet6", "inet6"),
    ("ddp", "ddp"),
    ("unix", "unix"),
    ("tcpip", "inet"),
    ("econet", "ec"),
    ("x25", "x25"),
    ("ash", "ash"),
    ("bluetooth", "bluetooth"),
];

/// The request of a command line of `netstat`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NetstatOptions {
    /// `-V`.
    Version,
    /// A table.
    Table(Box<NetstatShow>),
    /// It cannot be done.
    Wrong(NetstatError),
}

/// Why a command line of `netstat` is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NetstatError {
    /// An option.
    Option(Misread),
    /// A word of `-A`.
    Family(String),
    /// Several of `-r`, `-i`, `-s` and `-M`.
    Tables,
    /// `-Z` on a host without SELinux.
    Context,
}

/// Which table is shown.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum NetstatTable {
    /// Sockets, and with `-g` groups.
    #[default]
    Sockets,
    /// `-r`.
    Routes,
    /// `-i`.
    Interfaces,
    /// `-s`.
    Statistics,
    /// `-M`.
    Masquerade,
}

/// The output of `netstat`.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct NetstatShow {
    /// The table.
    pub table: NetstatTable,
    /// The sections of sockets that were asked for, by their long option; all where there are none.
    pub sections: Vec<&'static str>,
    /// Whether a family, and no protocol, asked for all of its protocols.
    pub is_whole_family: bool,
    /// The families, as routes and statistics know them, in their order.
    pub families: Vec<&'static str>,
    /// `-a`.
    pub all: bool,
    /// `-l`.
    pub listening: bool,
    /// `-W`.
    pub wide: bool,
    /// The number of `-e`.
    pub extended: u8,
    /// `-p`.
    pub programs: bool,
    /// `-o`.
    pub timers: bool,
    /// `-c`.
    pub continuous: bool,
    /// `-v`.
    pub verbose: bool,
    /// `-C`.
    pub cache: bool,
    /// `-F`.
    pub fib: bool,
    /// Addresses as numbers.
    pub numeric_hosts: bool,
    /// Ports as numbers.
    pub numeric_ports: bool,
    /// Users as numbers.
    pub numeric_users: bool,
    /// `-N`.
    pub symbolic: bool,
}

impl NetstatShow {
    /// Whether a section of sockets is shown.
    pub fn shows(&self, section: &str) -> bool {
        self.sections.is_empty() || self.names(section)
    }

    /// Whether a section was asked for.
    pub fn names(&self, section: &str) -> bool {
        self.sections.contains(&section)
    }

    /// Whether the sockets of this version of IP are shown.
    pub fn has_family(&self, family: &str) -> bool {
        let is_internet = |known: &&str| matches!(*known, "inet" | "inet6");
        self.sections.is_empty() || !self.families.iter().any(is_internet) || self.families.contains(&family)
    }
}

impl LineOptions for NetstatOptions {
    const NAME: &'static str = "netstat";
    const ABOUT: Message = messages::COMMAND_NETSTAT;
    const OPTIONS: &'static [OptionRow] = OPTIONS;
    const WORDS: (&'static str, Message) = ("WORDS", messages::NETSTAT_WORDS);

    fn read_line(arguments: &[OsString]) -> Option<NetstatOptions> {
        read(getopt::read(OPTIONS, arguments)).unwrap_or_else(|error| Some(NetstatOptions::Wrong(error)))
    }
}

/// Protocols over IP, in the order of the sections.
const PROTOCOLS: [&str; 5] = ["tcp", "sctp", "udp", "udplite", "raw"];

/// Reads the options; stops at the same errors as `netstat`. Words that are not options are ignored.
fn read(line: GivenLine) -> Result<Option<NetstatOptions>, NetstatError> {
    let mut show = NetstatShow::default();
    let mut tables = Vec::new();
    for (name, value) in line.options {
        match name {
            "help" => return Ok(None),
            "version" => return Ok(Some(NetstatOptions::Version)),
            "route" => tables.push(NetstatTable::Routes),
            "interfaces" => tables.push(NetstatTable::Interfaces),
            "statistics" => tables.push(NetstatTable::Statistics),
            "masquerade" => tables.push(NetstatTable::Masquerade),
            "all" => show.all = true,
            "listening" => show.listening = true,
            "wide" => show.wide = true,
            "extend" => show.extended = show.extended.saturating_add(1),
            "programs" => show.programs = true,
            "timers" => show.timers = true,
            "continuous" => show.continuous = true,
            "verbose" => show.verbose = true,
            "cache" => show.cache = true,
            "fib" => show.fib = true,
            "numeric" => (show.numeric_hosts, show.numeric_ports, show.numeric_users) = (true, true, true),
            "numeric-hosts" => show.numeric_hosts = true,
            "numeric-ports" => show.numeric_ports = true,
            "numeric-users" => show.numeric_users = true,
            "symbolic" => show.symbolic = true,
            "context" => return Err(NetstatError::Context),
            "debug" => {}
            "protocol" => value.split(',').try_for_each(|word| show.family(word))?,
            "groups" | "l2cap" | "rfcomm" => show.section(name),
            name if PROTOCOLS.contains(&name) => show.section(name),
            name => show.family(name)?,
        }
    }
    if let Some(wrong) = line.wrong {
        return Err(NetstatError::Option(wrong));
    }
    tables.dedup();
    show.table = match tables.as_slice() {
        [] => NetstatTable::Sockets,
        [one] => *one,
        _ => return Err(NetstatError::Tables),
    };
    let is_internet = show.families.iter().any(|family| matches!(*family, "inet" | "inet6"));
    if (is_internet || show.table == NetstatTable::Statistics) && !PROTOCOLS.iter().any(|name| show.names(name)) {
        show.is_whole_family = true;
        PROTOCOLS.into_iter().for_each(|name| show.section(name));
    }
    Ok(Some(NetstatOptions::Table(Box::new(show))))
}

impl NetstatShow {
    fn section(&mut self, name: &'static str) {
        if !self.names(name) {
            self.sections.push(name);
        }
    }

    fn family(&mut self, word: &str) -> Result<(), NetstatError> {
        let known = FAMILIES.iter().find(|(alias, _)| *alias == word);
        let &(_, name) = known.ok_or_else(|| NetstatError::Family(word.to_owned()))?;
        self.families.push(name);
        match name {
            "inet" | "inet6" | "ddp" | "ec" | "ash" => {}
            "bluetooth" => ["l2cap", "rfcomm"].into_iter().for_each(|name| self.section(name)),
            name => self.section(name),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(arguments: &[&str]) -> NetstatShow {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        match NetstatOptions::read_line(&arguments) {
            Some(NetstatOptions::Table(show)) => *show,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn letters_stand_together_and_a_family_asks_for_its_protocols() {
        let show = shown(&["-antp"]);
        assert!(show.all && show.numeric_hosts && show.programs && show.names("tcp") && !show.shows("unix"));
        let show = shown(&["-4", "--numeric-p"]);
        assert!(show.is_whole_family && show.numeric_ports && !show.numeric_hosts && show.has_family("inet"));
        assert!(!show.has_family("inet6") && show.names("raw"));
        assert!(shown(&[]).shows("unix") && shown(&["-tx"]).shows("unix"));
        assert_eq!(shown(&["-r", "-A", "ip6"]).families, ["inet6"]);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let wrong = |arguments: &[&str]| {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            matches!(NetstatOptions::read_line(&arguments), Some(NetstatOptions::Wrong(_)))
        };
        for arguments in [&["-ri"][..], &["-A", "none"], &["--no-such"], &["-Z"]] {
            assert!(wrong(arguments), "{arguments:?}");
        }
    }
}
