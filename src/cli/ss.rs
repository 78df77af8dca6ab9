//! The options of `ss`, read as iproute2 6.1 reads them: in their order, each of them changing which tables, families and
//! states are shown.

use std::ffi::OsString;

use super::{
    command::LineOptions,
    getopt::{self, GivenLine, Misread, OptionRow},
    list::Show,
};
use crate::{
    filter::{
        states,
        tables::{self, Chosen},
    },
    model::{
        family::{Family, Netid, Protocol},
        state::{State, StateSet},
    },
    text::{Message, messages},
};

/// Every option of `ss`.
const OPTIONS: &[OptionRow] = &[
    ("help", Some('h'), "", messages::OPTION_HELP),
    ("version", Some('V'), "", messages::OPTION_VERSION),
    ("version", Some('v'), "", messages::OPTION_VERSION),
    ("numeric", Some('n'), "", messages::SS_NUMERIC),
    ("resolve", Some('r'), "", messages::HELP_RESOLVE),
    ("all", Some('a'), "", messages::HELP_ALL),
    ("listening", Some('l'), "", messages::HELP_LISTENING),
    ("options", Some('o'), "", messages::HELP_OPTIONS),
    ("extended", Some('e'), "", messages::HELP_EXTENDED),
    ("memory", Some('m'), "", messages::HELP_MEMORY),
    ("processes", Some('p'), "", messages::HELP_PROCESSES),
    ("threads", Some('T'), "", messages::HELP_THREADS),
    ("info", Some('i'), "", messages::HELP_INFO),
    ("tipcinfo", None, "", messages::HELP_TIPCINFO),
    ("summary", Some('s'), "", messages::SS_SUMMARY),
    ("tos", None, "", messages::HELP_TOS),
    ("cgroup", None, "", messages::HELP_CGROUP),
    ("bpf", Some('b'), "", messages::HELP_BPF),
    ("events", Some('E'), "", messages::HELP_EVENTS),
    ("context", Some('Z'), "", messages::HELP_CONTEXT),
    ("contexts", Some('z'), "", messages::HELP_CONTEXTS),
    ("net", Some('N'), "NAME", messages::OPTION_NETNS),
    ("ipv4", Some('4'), "", messages::OPTION_IPV4),
    ("ipv6", Some('6'), "", messages::OPTION_IPV6),
    ("packet", Some('0'), "", messages::HELP_PACKET),
    ("tcp", Some('t'), "", messages::HELP_TCP),
    ("mptcp", Some('M'), "", messages::HELP_MPTCP),
    ("sctp", Some('S'), "", messages::HELP_SCTP),
    ("udp", Some('u'), "", messages::OPTION_UDP),
    ("dccp", Some('d'), "", messages::HELP_DCCP),
    ("raw", Some('w'), "", messages::OPTION_RAW),
    ("unix", Some('x'), "", messages::OPTION_UNIX),
    ("tipc", None, "", messages::HELP_TIPC),
    ("vsock", None, "", messages::HELP_VSOCK),
    ("xdp", None, "", messages::HELP_XDP),
    ("family", Some('f'), "FAMILY", messages::HELP_FAMILY),
    ("kill", Some('K'), "", messages::HELP_KILL),
    ("yes", None, "", messages::HELP_YES),
    ("no-header", Some('H'), "", messages::HELP_NO_HEADER),
    ("oneline", Some('O'), "", messages::HELP_ONELINE),
    ("inet-sockopt", None, "", messages::HELP_SOCKOPT),
    ("query", Some('A'), "LIST", messages::HELP_QUERY),
    ("socket", None, "LIST", messages::HELP_QUERY),
    ("diag", Some('D'), "FILE", messages::HELP_DIAG),
    ("filter", Some('F'), "FILE", messages::HELP_FILTER_FILE),
];

/// The request of a command line of `ss`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SsOptions {
    /// `-V`.
    Version,
    /// Sockets, or how many there are.
    Sockets(Box<SsSockets>),
    /// It cannot be done.
    Wrong(SsError),
}

/// Why a command line of `ss` is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SsError {
    /// An option.
    Option(Misread),
    /// A word of `-f`.
    Family(String),
    /// A word of `-A`.
    Table(String),
    /// A word after `state` or `exclude`.
    State(String),
    /// Nothing after `state` or `exclude`.
    NoState,
    /// `-F` twice.
    FilterTwice,
}

/// The sockets that `ss` shows, and their details.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SsSockets {
    /// The tables. TIPC is one, [`Netid::TipcStream`].
    pub tables: Vec<Netid>,
    /// The address families of them.
    pub families: Vec<Family>,
    /// The family asked for last.
    pub preferred: Option<Family>,
    /// The states, the same in all tables.
    pub states: StateSet,
    /// The details of each.
    pub show: Show,
    /// The words of the filter.
    pub filter: Vec<String>,
    /// `-F`: a file with more of it, `-` for standard input.
    pub filter_file: Option<String>,
    /// `-D`.
    pub diag_file: Option<String>,
    /// `-s`.
    pub summary: bool,
    /// Whether nothing but the summary is asked for.
    pub summary_alone: bool,
    /// `-E`: sockets as they end.
    pub events: bool,
    /// `-K`: destroys them.
    pub kill: bool,
    /// `--yes`: does so.
    pub yes: bool,
    /// `-N`.
    pub netns: Option<String>,
}

impl LineOptions for SsOptions {
    const NAME: &'static str = "ss";
    const ABOUT: Message = messages::COMMAND_SS;
    const OPTIONS: &'static [OptionRow] = OPTIONS;
    const WORDS: (&'static str, Message) = ("FILTER", messages::ARGUMENT_FILTER_OF_SS);

    fn read_line(arguments: &[OsString]) -> Option<SsOptions> {
        read(getopt::read(OPTIONS, arguments)).unwrap_or_else(|error| Some(SsOptions::Wrong(error)))
    }
}

/// The selection, while the options are read.
#[derive(Default)]
struct Selecting {
    tables: Vec<Netid>,
    families: Vec<Family>,
    preferred: Option<Family>,
    /// The states that the tables and families asked for have by themselves.
    states: StateSet,
    /// Those that are asked for.
    asked: StateSet,
    /// Whether any table or family was asked for.
    is_chosen: bool,
    /// Whether `-A` was given.
    is_queried: bool,
}

impl Selecting {
    fn table(&mut self, table: Netid, takes: bool) {
        if takes {
            self.tables.retain(|other| *other != table);
        } else {
            self.states = self.states.union(states_of(table));
            self.tables.push(table);
        }
        self.is_chosen = true;
    }

    fn family(&mut self, family: Family) {
        self.states = self.states.union(match family {
            Family::Packet | Family::Netlink | Family::Xdp => StateSet::of(State::CLOSE),
            Family::Tipc => states_of(Netid::TipcStream),
            _ => connected(),
        });
        self.families.push(family);
        self.preferred = Some(family);
        self.is_chosen = true;
    }

    fn query(&mut self, list: &str) -> Result<(), SsError> {
        if !self.is_queried {
            self.tables.clear();
            if self.asked.is_empty() {
                self.asked = connected();
            }
            self.is_queried = true;
        }
        for word in list.split(',') {
            let (name, takes) = word.strip_prefix('!').map_or((word, false), |name| (name, true));
            let named = tables::queried(name)
                .filter(|named| as_tables(named).next().is_some())
                .ok_or_else(|| SsError::Table(name.to_owned()))?;
            as_tables(named).for_each(|table| self.table(table, takes));
        }
        Ok(())
    }

    /// Adds the families of tables that have none, and the tables of families that have none.
    fn complete(&mut self) {
        for table in self.tables.clone() {
            let own = families_of(table);
            if !own.iter().any(|family| self.families.contains(family)) {
                self.families.extend(own);
            }
        }
        for family in self.families.clone() {
            let own = || tables::ALL.iter().chain(tables::TIPC).filter(|table| families_of(**table).contains(&family));
            if !own().any(|table| self.tables.contains(table)) {
                let own: Vec<Netid> = own().copied().collect();
                self.tables.extend(as_tables(&own));
            }
        }
        self.tables.sort_unstable();
        self.tables.dedup();
    }
}

/// The tables of `ss` among these: all types of TIPC are one, vsock has two, and UDP-Lite none.
fn as_tables(netids: &[Netid]) -> impl Iterator<Item = Netid> + '_ {
    let is_none = |netid: &Netid| {
        matches!(netid, Netid::VsockSeqpacket | Netid::UdpLite)
            || netid.protocol() == Protocol::Tipc && *netid != Netid::TipcStream
    };
    netids.iter().copied().filter(move |netid| !is_none(netid))
}

/// Connected sockets, without the small records.
fn connected() -> StateSet {
    StateSet::CONNECTED.without(State::TIME_WAIT).without(State::SYN_RECV)
}

/// The states that a table shows by itself.
fn states_of(table: Netid) -> StateSet {
    match table {
        Netid::Udp | Netid::Raw => StateSet::of(State::ESTABLISHED),
        Netid::UnixDatagram | Netid::PacketRaw | Netid::PacketDatagram | Netid::Netlink | Netid::Xdp => {
            StateSet::of(State::CLOSE)
        }
        Netid::TipcStream => StateSet::of(State::ESTABLISHED).with(State::LISTEN).with(State::CLOSE),
        _ => connected(),
    }
}

/// The families whose sockets a table holds.
pub fn families_of(table: Netid) -> &'static [Family] {
    match table.protocol() {
        Protocol::Unix => &[Family::Unix],
        Protocol::Packet => &[Family::Packet],
        Protocol::Netlink => &[Family::Netlink],
        Protocol::Vsock => &[Family::Vsock],
        Protocol::Tipc => &[Family::Tipc],
        Protocol::Xdp => &[Family::Xdp],
        _ => &[Family::Inet, Family::Inet6],
    }
}

/// Reads the options in their order, then the states before the filter.
fn read(line: GivenLine) -> Result<Option<SsOptions>, SsError> {
    let mut select = Selecting::default();
    let mut show = Show::default();
    let (mut filter_file, mut diag_file, mut netns) = (None, None, None);
    let (mut summary, mut events, mut kill, mut yes) = (false, false, false, false);
    for (name, value) in line.options {
        match name {
            "help" => return Ok(None),
            "version" => return Ok(Some(SsOptions::Version)),
            "kill" => kill = true,
            "yes" => yes = true,
            "events" => events = true,
            "all" => select.asked = StateSet::ALL,
            "listening" => select.asked = StateSet::of(State::LISTEN).with(State::CLOSE),
            "ipv4" => select.family(Family::Inet),
            "ipv6" => select.family(Family::Inet6),
            "packet" => select.family(Family::Packet),
            "unix" => select.family(Family::Unix),
            "vsock" => select.family(Family::Vsock),
            "tipc" => select.family(Family::Tipc),
            "xdp" => select.family(Family::Xdp),
            "family" if value == "help" => return Ok(None),
            "family" => match tables::family(&value) {
                Ok(Chosen::Internet(family)) => select.family(family),
                Ok(Chosen::Tables(tables)) => {
                    tables.first().iter().flat_map(|table| families_of(**table)).for_each(|one| select.family(*one));
                }
                Err(_) => return Err(SsError::Family(value)),
            },
            "query" | "socket" => select.query(&value)?,
            "summary" => summary = true,
            "diag" => diag_file = Some(value),
            "filter" if filter_file.is_some() => return Err(SsError::FilterTwice),
            // As in `ss`, any value that begins with a hyphen is standard input.
            "filter" => filter_file = Some(if value.starts_with('-') { "-".to_owned() } else { value }),
            "net" => netns = Some(value),
            name => match tables::SWITCHES.iter().find(|(switch, _)| *switch == name) {
                Some((_, tables)) => as_tables(tables).for_each(|table| select.table(table, false)),
                None => shown(&mut show, name),
            },
        }
    }
    if let Some(misread) = line.wrong {
        return Err(SsError::Option(misread));
    }
    let (stated, filter) = states(line.words)?;
    let summary_alone = summary && !select.is_chosen && filter.is_empty() && stated.is_none();
    let mut asked = stated.unwrap_or(select.asked);
    if !select.is_chosen {
        if asked.is_empty() {
            asked = connected();
        }
        as_tables(tables::ALL).for_each(|table| select.table(table, false));
    }
    select.complete();
    let states = if asked.is_empty() { select.states } else { asked };
    let Selecting { tables, families, preferred, .. } = select;
    let sockets = SsSockets {
        tables,
        families,
        preferred,
        states,
        show,
        filter,
        filter_file,
        diag_file,
        summary,
        summary_alone,
        events,
        kill,
        yes,
        netns,
    };
    Ok(Some(SsOptions::Sockets(Box::new(sockets))))
}

/// An option that changes only the output for each socket.
fn shown(show: &mut Show, name: &str) {
    match name {
        "numeric" => show.numeric = true,
        "resolve" => show.host_names = true,
        "options" => show.timers = true,
        "extended" => (show.timers, show.extended) = (true, true),
        "bpf" => (show.timers, show.bpf) = (true, true),
        "memory" => show.memory = true,
        "info" => show.info = true,
        "processes" => show.processes = true,
        "threads" => (show.processes, show.threads) = (true, true),
        "context" => (show.processes, show.contexts) = (true, true),
        "contexts" => (show.processes, show.contexts, show.socket_contexts) = (true, true, true),
        "tipcinfo" => show.tipc_info = true,
        "tos" => show.tos = true,
        "cgroup" => show.cgroup = true,
        "inet-sockopt" => show.sockopt = true,
        "no-header" => show.no_header = true,
        "oneline" => show.one_line = true,
        _ => {}
    }
}

/// The states that the first words name, if any do, and the words behind them.
fn states(mut words: Vec<String>) -> Result<(Option<StateSet>, Vec<String>), SsError> {
    let mut stated: Option<StateSet> = None;
    let mut read = 0;
    while let Some(excludes) = words.get(read).and_then(|word| match word.as_str() {
        "state" => Some(false),
        "exclude" | "excl" => Some(true),
        _ => None,
    }) {
        let word = words.get(read + 1).ok_or(SsError::NoState)?;
        let named = states::named(word).filter(|set| !set.contains(State::BOUND_INACTIVE));
        let named = named.ok_or_else(|| SsError::State(word.clone()))?;
        stated = Some(match (excludes, stated) {
            (true, before) => before.unwrap_or(StateSet::ALL).difference(named),
            (false, before) => before.unwrap_or_default().union(named),
        });
        read += 2;
    }
    Ok((stated, words.split_off(read)))
}

#[cfg(test)]
mod tests;
