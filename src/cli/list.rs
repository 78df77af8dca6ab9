//! The options of `list`: all of `ss`'s, by their names there.

use clap::ArgAction;

use super::prelude::*;
use crate::{
    filter::tables,
    model::{
        family::{Family, Netid},
        state::{State, StateSet},
    },
    render::format::Compat,
};

/// The options of `list`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ListOptions {
    /// Which tables, by the first column of `ss`; empty means those that `ss` shows by itself.
    pub netids: Vec<Netid>,
    /// Tables that were requested by their own name, not by `all` or `inet`.
    pub named: Vec<Netid>,
    /// Whether an IP version was selected but no table: everything over IP.
    pub internet: bool,
    /// Only these internet families; empty means both.
    pub families: Vec<Family>,
    /// The states asked for by `-a`, `-l`, `-B`; `None` leaves the choice to the filter or the default.
    pub states: Option<StateSet>,
    /// Words of the filter.
    pub filter: Vec<String>,
    /// `-F`: a file with more of it, `-` for standard input.
    pub filter_file: Option<String>,
    /// The details of each socket.
    pub show: Show,
    /// `--bpf-map-id`: only these maps; empty means all.
    pub bpf_maps: Vec<u32>,
    /// `--columns`.
    pub columns: Vec<String>,
    /// `--sort`.
    pub sort: Option<String>,
    /// `-D`: where the raw answer goes.
    pub diag_file: Option<String>,
    /// `-s`.
    pub summary: bool,
    /// `-E`: sockets as they end, instead of existing ones.
    pub events: bool,
    /// `-K`: destroys them.
    pub kill: bool,
    /// `--yes`: does so.
    pub yes: bool,
    /// `--include-ssh`: also connections by which this host is administered.
    pub include_ssh: bool,
    /// `--include-unknown`: also sockets whose owner is not known.
    pub include_unknown: bool,
    /// `--compat`: the program whose output is printed.
    pub compat: Option<Compat>,
}

/// The details of each socket, by the letters of `ss`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Show {
    /// `-n` or its absence with `-r`: names of services are shown only when asked for.
    pub service_names: bool,
    /// `-n`: no names of programs at netlink ports either.
    pub numeric: bool,
    /// `-r`: names of hosts.
    pub host_names: bool,
    /// `-o`.
    pub timers: bool,
    /// `-e`.
    pub extended: bool,
    /// `-m`.
    pub memory: bool,
    /// `-p`.
    pub processes: bool,
    /// `-T`.
    pub threads: bool,
    /// `-i`.
    pub info: bool,
    /// `--tipcinfo`.
    pub tipc_info: bool,
    /// `--tos`.
    pub tos: bool,
    /// `--cgroup`.
    pub cgroup: bool,
    /// `--inet-sockopt`.
    pub sockopt: bool,
    /// `-b`.
    pub bpf: bool,
    /// `--bpf-maps`.
    pub bpf_maps: bool,
    /// `-Z`.
    pub contexts: bool,
    /// `-z`.
    pub socket_contexts: bool,
    /// `-H`.
    pub no_header: bool,
    /// `-O`.
    pub one_line: bool,
    /// `-Q`.
    pub no_queues: bool,
    /// `--in-words`.
    pub in_words: InWords,
}

/// When timers, memory and owners are printed in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum InWords {
    /// In a table on a terminal.
    #[default]
    Auto,
    /// Wherever there are words.
    Always,
    /// Nowhere.
    Never,
}

/// The words of `--in-words`; the option alone means [`ALONE`].
const IN_WORDS: [(&str, InWords); 3] = [("auto", InWords::Auto), (ALONE, InWords::Always), ("never", InWords::Never)];
const ALONE: &str = "always";

/// The switches that take no value: name, letter, help.
const SWITCHES: &[(&str, Option<char>, Message, Message)] = &[
    ("all", Some('a'), messages::HELP_ALL, messages::HEADING_SOCKETS),
    ("listening", Some('l'), messages::HELP_LISTENING, messages::HEADING_SOCKETS),
    ("bound-inactive", Some('B'), messages::HELP_BOUND_INACTIVE, messages::HEADING_SOCKETS),
    ("ipv4", Some('4'), messages::OPTION_IPV4, messages::HEADING_SOCKETS),
    ("ipv6", Some('6'), messages::OPTION_IPV6, messages::HEADING_SOCKETS),
    ("tcp", Some('t'), messages::HELP_TCP, messages::HEADING_SOCKETS),
    ("udp", Some('u'), messages::OPTION_UDP, messages::HEADING_SOCKETS),
    ("udplite", None, messages::HELP_UDPLITE, messages::HEADING_SOCKETS),
    ("raw", Some('w'), messages::OPTION_RAW, messages::HEADING_SOCKETS),
    ("unix", Some('x'), messages::OPTION_UNIX, messages::HEADING_SOCKETS),
    ("packet", Some('0'), messages::HELP_PACKET, messages::HEADING_SOCKETS),
    ("mptcp", Some('M'), messages::HELP_MPTCP, messages::HEADING_SOCKETS),
    ("sctp", Some('S'), messages::HELP_SCTP, messages::HEADING_SOCKETS),
    ("dccp", Some('d'), messages::HELP_DCCP, messages::HEADING_SOCKETS),
    ("vsock", None, messages::HELP_VSOCK, messages::HEADING_SOCKETS),
    ("tipc", None, messages::HELP_TIPC, messages::HEADING_SOCKETS),
    ("xdp", None, messages::HELP_XDP, messages::HEADING_SOCKETS),
    ("numeric", Some('n'), messages::HELP_NUMERIC, messages::HEADING_DETAILS),
    // The habit of `netstat -W`: addresses are never cut here.
    ("wide", Some('W'), messages::HELP_WIDE, messages::HEADING_DETAILS),
    ("resolve", Some('r'), messages::HELP_RESOLVE, messages::HEADING_DETAILS),
    ("options", Some('o'), messages::HELP_OPTIONS, messages::HEADING_DETAILS),
    ("extended", Some('e'), messages::HELP_EXTENDED, messages::HEADING_DETAILS),
    ("memory", Some('m'), messages::HELP_MEMORY, messages::HEADING_DETAILS),
    ("processes", Some('p'), messages::HELP_PROCESSES, messages::HEADING_DETAILS),
    ("threads", Some('T'), messages::HELP_THREADS, messages::HEADING_DETAILS),
    ("info", Some('i'), messages::HELP_INFO, messages::HEADING_DETAILS),
    ("tipcinfo", None, messages::HELP_TIPCINFO, messages::HEADING_DETAILS),
    ("tos", None, messages::HELP_TOS, messages::HEADING_DETAILS),
    ("cgroup", None, messages::HELP_CGROUP, messages::HEADING_DETAILS),
    ("inet-sockopt", None, messages::HELP_SOCKOPT, messages::HEADING_DETAILS),
    ("bpf", Some('b'), messages::HELP_BPF, messages::HEADING_DETAILS),
    ("bpf-maps", None, messages::HELP_BPF_MAPS, messages::HEADING_DETAILS),
    ("context", Some('Z'), messages::HELP_CONTEXT, messages::HEADING_DETAILS),
    ("contexts", Some('z'), messages::HELP_CONTEXTS, messages::HEADING_DETAILS),
    ("summary", Some('s'), messages::HELP_SUMMARY, messages::HEADING_OUTPUT),
    ("no-header", Some('H'), messages::HELP_NO_HEADER, messages::HEADING_OUTPUT),
    ("oneline", Some('O'), messages::HELP_ONELINE, messages::HEADING_OUTPUT),
    ("no-queues", Some('Q'), messages::HELP_NO_QUEUES, messages::HEADING_OUTPUT),
    ("kill", Some('K'), messages::HELP_KILL, messages::HEADING_OUTPUT),
    ("yes", None, messages::HELP_YES, messages::HEADING_OUTPUT),
    ("include-ssh", None, messages::OPTION_KILL_SSH, messages::HEADING_OUTPUT),
    ("include-unknown", None, messages::OPTION_KILL_UNKNOWN, messages::HEADING_OUTPUT),
    ("events", Some('E'), messages::HELP_EVENTS, messages::HEADING_OUTPUT),
];

/// The options that take a value: name, letter, the value's name, help, heading.
const VALUES: &[(&str, Option<char>, &str, Message, Message)] = &[
    ("family", Some('f'), "FAMILY", messages::HELP_FAMILY, messages::HEADING_SOCKETS),
    ("query", Some('A'), "LIST", messages::HELP_QUERY, messages::HEADING_SOCKETS),
    ("bpf-map-id", None, "ID", messages::HELP_BPF_MAP_ID, messages::HEADING_DETAILS),
    ("in-words", None, "WHEN", messages::HELP_IN_WORDS, messages::HEADING_DETAILS),
    ("columns", None, "LIST", messages::HELP_COLUMNS, messages::HEADING_OUTPUT),
    ("sort", None, "COLUMN", messages::HELP_SORT, messages::HEADING_OUTPUT),
    ("compat", None, "PROGRAM", messages::HELP_COMPAT, messages::HEADING_OUTPUT),
    ("diag", Some('D'), "FILE", messages::HELP_DIAG, messages::HEADING_OUTPUT),
];

/// The letters and long names that make a command line without a subcommand one of `list`.
pub(super) fn is_list_option(argument: &str) -> bool {
    if let Some(long) = argument.strip_prefix("--") {
        let name = long.split('=').next().unwrap_or(long);
        let names = SWITCHES.iter().map(|switch| switch.0).chain(VALUES.iter().map(|value| value.0));
        return name == "socket" || name == "net" || names.into_iter().any(|known| known == name);
    }
    let letters = SWITCHES.iter().filter_map(|switch| switch.1).chain(VALUES.iter().filter_map(|value| value.1));
    let letters: Vec<char> = letters.chain(['N']).collect();
    argument.strip_prefix('-').is_some_and(|short| short.chars().next().is_some_and(|first| letters.contains(&first)))
}

impl CommandOptions for ListOptions {
    const NAME: &'static str = "list";
    const ABOUT: Message = messages::COMMAND_LIST;
    const FORMATS: &'static [Format] = &[Format::Table, Format::Json, Format::JsonLines, Format::Csv];

    fn arguments(words: Words<'_>) -> Vec<Arg> {
        let switches = SWITCHES.iter().map(|(name, letter, help, heading)| flag(name, *letter, words, *help, *heading));
        let values = VALUES.iter().map(|(name, letter, value, help, heading)| {
            let value = options::value(name, value, words, *help, *heading);
            let value = match *name {
                "query" => value.alias("socket").action(ArgAction::Append),
                "family" | "columns" => value.action(ArgAction::Append),
                "bpf-map-id" => value.action(ArgAction::Append).value_parser(value_parser!(u32)),
                "in-words" => value
                    .num_args(0..=1)
                    .require_equals(true)
                    .default_missing_value(ALONE)
                    .value_parser(PossibleValuesParser::new(IN_WORDS.map(|(word, _)| word)))
                    .hide_possible_values(true),
                "compat" => value
                    .value_parser(PossibleValuesParser::new(Compat::ALL.map(|(word, _)| word)))
                    .hide_possible_values(true),
                _ => value,
            };
            match letter {
                Some(letter) => value.short(*letter),
                None => value,
            }
        });
        let mut arguments = Vec::from(sockets::filter(words));
        arguments.extend(switches.chain(values));
        // As in ss, -v is the version.
        let version = options::version(words).short_alias('v');
        arguments.extend([options::force(words), options::netns(words), common::engine(words)]);
        arguments.extend(options::reading(words));
        arguments.push(version);
        arguments
    }

    fn read(given: &Given<'_>) -> Result<ListOptions, WordError> {
        read(given)
    }

    fn prints(&self) -> (&'static str, &'static [Format]) {
        match self.summary {
            true => ("list -s", &[Format::Table, Format::Json]),
            false => (Self::NAME, Self::FORMATS),
        }
    }
}

fn read(given: &Given<'_>) -> Result<ListOptions, WordError> {
    let on = |name: &str| given.flag(name);
    let mut netids: Vec<Netid> = Vec::new();
    let mut families = Vec::new();
    for (name, of_switch) in tables::SWITCHES {
        if on(name) {
            netids.extend(*of_switch);
        }
    }
    for (name, family) in [("ipv4", Family::Inet), ("ipv6", Family::Inet6)] {
        if on(name) {
            families.push(family);
        }
    }
    for word in given.words("family") {
        match tables::family(&word)? {
            tables::Chosen::Internet(family) => families.push(family),
            tables::Chosen::Tables(of_family) => netids.extend(of_family),
        }
    }
    let in_words = given.text("in-words").and_then(|word| IN_WORDS.iter().find(|(known, _)| *known == word));
    let mut named = netids.clone();
    for list in given.words("query") {
        tables::query(&list, &mut netids)?;
        named.extend(tables::named(&list));
    }
    named.retain(|netid| netids.contains(netid));
    // As in ss, an IP version alone means what runs over IP; a family that the kernel lacks is not missed then.
    let internet = netids.is_empty() && !families.is_empty();
    netids.sort_unstable();
    netids.dedup();
    let states = if on("all") {
        Some(StateSet::ALL)
    } else if on("listening") {
        Some(StateSet::of(State::LISTEN).with(State::CLOSE))
    } else if on("bound-inactive") {
        Some(StateSet::of(State::BOUND_INACTIVE))
    } else {
        None
    };
    let bpf_maps: Vec<u32> = given.many("bpf-map-id");
    Ok(ListOptions {
        netids,
        named,
        internet,
        families,
        states,
        filter: given.words("words"),
        filter_file: given.text("filter"),
        show: Show {
            service_names: on("resolve"),
            numeric: on("numeric"),
            host_names: on("resolve"),
            timers: on("options") || on("extended") || on("bpf"),
            extended: on("extended"),
            memory: on("memory"),
            processes: on("processes") || on("threads") || on("context") || on("contexts"),
            threads: on("threads"),
            info: on("info"),
            tipc_info: on("tipcinfo"),
            tos: on("tos"),
            cgroup: on("cgroup"),
            sockopt: on("inet-sockopt"),
            bpf: on("bpf"),
            bpf_maps: on("bpf-maps") || !bpf_maps.is_empty(),
            contexts: on("context") || on("contexts"),
            socket_contexts: on("contexts"),
            no_header: on("no-header"),
            one_line: on("oneline"),
            no_queues: on("no-queues"),
            in_words: in_words.map_or_else(InWords::default, |(_, when)| *when),
        },
        bpf_maps,
        columns: given.words("columns"),
        sort: given.text("sort"),
        diag_file: given.text("diag"),
        summary: on("summary"),
        events: on("events"),
        kill: on("kill"),
        yes: on("yes"),
        include_ssh: on("include-ssh"),
        include_unknown: on("include-unknown"),
        compat: given.text("compat").and_then(|word| Compat::named(&word)),
    })
}
