//! Everything a listing is made by, from the options, before the first socket is asked for.

use crate::{
    app::prelude::*,
    cli::list::{InWords, ListOptions, Show},
    collect::{query::DumpQuery, services::ServiceNames},
    filter::{self, tables},
    model::{blanks::Blanks, family::Netid, state::State},
    render::list::{
        Shown, Wording,
        columns::{self, Column},
    },
    report::sort,
    source::{bpf::storage, dump::DumpSource},
    text::system_error,
    wire::system_words,
};

/// States that `ss` shows when neither an option nor the filter names any: connected sockets, without the small records
/// of TIME_WAIT.
fn default_states() -> StateSet {
    StateSet::CONNECTED.without(State::TIME_WAIT).without(State::SYN_RECV)
}

/// Everything a listing is made by, before the first socket is asked for.
pub(crate) struct ListPlan<'a> {
    pub(in crate::app) options: &'a ListOptions,
    pub(in crate::app) filter: Filter,
    /// The tables, in the order they are walked.
    pub(in crate::app) protocols: Vec<Protocol>,
    /// The types within them.
    pub(in crate::app) netids: Vec<Netid>,
    pub(in crate::app) columns: Option<Vec<Column>>,
    pub(in crate::app) sort: Option<sort::Order>,
    pub(in crate::app) needs: Needs,
    pub(in crate::app) services: Option<ServiceNames>,
    /// The maps of `--bpf-map-id`.
    pub(in crate::app) maps: Vec<storage::Map>,
    /// Whether netlink ports get the names of programs.
    pub(in crate::app) programs: bool,
    pub(in crate::app) wording: Wording,
    /// Whether there is more than one table.
    pub(in crate::app) several: bool,
    /// Whether all sockets are in one state.
    pub(in crate::app) one_state: bool,
    /// A raw dump that replaces the TCP table.
    pub(in crate::app) tcp_dump: Option<DumpSource>,
}

impl Run {
    /// The plan of a listing.
    pub(crate) fn plan<'a>(&self, options: &'a ListOptions, scope: &Scope) -> anyhow::Result<ListPlan<'a>> {
        let filter = self.filter(&options.filter, options.filter_file.as_deref(), scope)?;
        self.planned(options, filter)
    }

    /// The same with a filter that was read elsewhere.
    pub(crate) fn planned<'a>(&self, options: &'a ListOptions, mut filter: Filter) -> anyhow::Result<ListPlan<'a>> {
        filter.bound_inactive |= options.states.is_some_and(|states| states.contains(State::BOUND_INACTIVE));
        let columns = self.columns(&options.columns)?;
        let sort = match &options.sort {
            None => None,
            Some(word) => Some(
                sort::Order::of_name(word).ok_or_else(|| self.unknown_column(word, sort::names(), sort::offered()))?,
            ),
        };
        let internet: Vec<Protocol> = tables::INTERNET.iter().map(|netid| netid.protocol()).collect();
        let named: Vec<Netid> = match filter.protocols(&internet).as_slice() {
            asked if options.netids.is_empty() && !asked.is_empty() => {
                let all = tables::ALL.iter().chain(tables::TIPC);
                all.copied().filter(|netid| asked.contains(&netid.protocol())).collect()
            }
            _ if options.netids.is_empty() && options.internet => tables::INTERNET.to_vec(),
            _ => options.netids.clone(),
        };
        let netids = if named.is_empty() { tables::ALL.to_vec() } else { named };
        let mut protocols: Vec<Protocol> = Vec::new();
        for netid in tables::ALL.iter().chain(tables::TIPC).filter(|netid| netids.contains(netid)) {
            if !protocols.contains(&netid.protocol()) {
                protocols.push(netid.protocol());
            }
        }
        let show = options.show;
        let mut needs = filter.needs();
        let all_columns = columns.as_deref().unwrap_or_default();
        let any = |test: fn(Column) -> bool| all_columns.iter().any(|column| test(*column));
        let json = matches!(self.options.format, Format::Json | Format::JsonLines);
        let sorts_by = |test: fn(sort::Order) -> bool| sort.is_some_and(test);
        let wants_info = show.info || any(Column::needs_info) || sorts_by(sort::Order::needs_info);
        let is_own = options.compat.is_none();
        needs |= (Needs::INFO | Needs::CONGESTION).when(wants_info || needs.contains(Needs::INFO))
            | Needs::OWNERS.when(show.processes || any(Column::needs_owners) || sorts_by(sort::Order::needs_owners))
            | Needs::THREADS.when(show.threads)
            | Needs::CONTEXTS.when(show.contexts)
            | Needs::PLACES
                .when((show.processes && is_own) || show.cgroup || show.extended || any(Column::needs_place))
            | Needs::USERS
                .when(json || any(|column| column == Column::User) || ((show.extended || show.processes) && is_own))
            | Needs::LIMITS.when(json || (show.timers && is_own) || any(|column| column == Column::Ends))
            | Needs::MEMORY.when(show.memory)
            | Needs::TOS.when(show.tos)
            | Needs::SOCKOPT.when(show.sockopt)
            | Needs::EXTENDED.when(show.extended || show.tipc_info)
            | Needs::PACKET_FILTER.when(show.bpf)
            | Needs::BPF_STORAGES.when(show.bpf_maps);
        let services = (show.service_names && is_own).then(|| ServiceNames::read(&*self.input.source()));
        let maps = self.maps(&options.bpf_maps)?;
        let table = self.options.format == Format::Table;
        let programs = table && !show.numeric;
        let wording = match show.in_words {
            InWords::Always => Wording::Words,
            InWords::Never => Wording::Tokens,
            InWords::Auto if table && self.screen.terminal => Wording::Terminal,
            InWords::Auto => Wording::Pipe,
        };
        let several = netids.len() > 1;
        let (one_state, tcp_dump) = (false, None);
        let mut plan = ListPlan {
            options,
            filter,
            protocols,
            netids,
            columns,
            sort,
            needs,
            services,
            maps,
            programs,
            wording,
            several,
            one_state,
            tcp_dump,
        };
        plan.one_state = plan.are_in_one_state();
        Ok(plan)
    }

    /// Opens the maps of `--bpf-map-id`.
    fn maps(&self, ids: &[u32]) -> anyhow::Result<Vec<storage::Map>> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        // The kernel refuses a map that is named twice.
        ids.dedup();
        let open = |id: u32| {
            storage::map(id).map_err(|error| {
                let number = ("id", words(id.to_string()));
                anyhow!(match error.kind() {
                    io::ErrorKind::NotFound => self.words.say(messages::BPF_MAP_UNKNOWN, &[number]),
                    io::ErrorKind::InvalidInput => self.words.say(messages::BPF_MAP_OTHER, &[number]),
                    _ => {
                        let why = system_error(&system_words(&error), self.words.lang());
                        self.words.say(messages::BPF_MAP_REFUSED, &[number, ("why", words(why))])
                    }
                })
            })
        };
        ids.into_iter().map(open).collect()
    }

    fn columns(&self, lists: &[String]) -> anyhow::Result<Option<Vec<Column>>> {
        let mut columns = Vec::new();
        for word in lists.iter().flat_map(|list| list.split([',', ' '])).filter(|word| !word.is_empty()) {
            let column = Column::of_name(word);
            let column = column.ok_or_else(|| self.unknown_column(word, columns::names(), columns::offered()))?;
            // JSON has no place for a column twice.
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        Ok((!columns.is_empty()).then_some(columns))
    }

    /// The error for an unknown column: the nearest names, or the names that are not fields of `tcp_info`.
    fn unknown_column(
        &self,
        word: &str,
        names: impl Iterator<Item = &'static str> + Clone,
        offered: impl Iterator<Item = &'static str>,
    ) -> anyhow::Error {
        let shown = visible(word.as_bytes(), self.screen.unicode);
        let what = self.words.say(messages::ERROR_UNKNOWN_COLUMN, &[("word", words(shown))]);
        let way_out = match filter::nearest(word, names.clone()) {
            Some(near) => self.words.say(messages::DID_YOU_MEAN, &[("candidate", words(near))]),
            None => {
                let names = offered.collect::<Vec<_>>().join(self.words.lang().comma());
                self.words.say(messages::VALID_COLUMNS, &[("words", words(names))])
            }
        };
        anyhow!(self.words.say(messages::JOINED, &[("what", words(what)), ("more", words(way_out))]))
    }
}

impl ListPlan<'_> {
    /// Protocols that the command line names.
    pub(super) fn asked(&self) -> Vec<Protocol> {
        let asked = self.protocols.iter().copied();
        asked.filter(|protocol| self.options.named.iter().any(|netid| netid.protocol() == *protocol)).collect()
    }

    /// Whether only sockets are shown that are bound and unused.
    pub(super) fn is_bound_alone(&self) -> bool {
        self.options.states == Some(StateSet::of(State::BOUND_INACTIVE)) && !self.filter.names_states
    }

    /// Whether all sockets are in one state.
    fn are_in_one_state(&self) -> bool {
        let of_each = self.protocols.iter().map(|protocol| self.states(*protocol));
        of_each.fold(StateSet::EMPTY, StateSet::union).is_single()
    }

    pub(in crate::app) fn states_are_default(&self) -> bool {
        !self.filter.names_states && self.options.states.is_none() && !self.filter.goes_beyond_ss()
    }

    /// The query for a table of the namespace with this number.
    pub(in crate::app) fn query(&self, protocol: Protocol, kernel: Option<(u32, u32)>, number: usize) -> DumpQuery {
        let program = self.filter.bytecode();
        DumpQuery {
            states: if self.is_bound_alone() { StateSet::EMPTY } else { self.states(protocol) },
            bound_inactive: self.filter.bound_inactive && protocol == Protocol::Tcp,
            family: match self.options.families.as_slice() {
                [only] => Some(*only),
                _ => None,
            },
            needs: self.needs,
            bpf_maps: self.maps.iter().map(storage::Map::descriptor).collect(),
            bytecode: (!program.bytes.is_empty()).then_some(program.bytes),
            kernel,
            netns: u16::try_from(number).unwrap_or(u16::MAX),
            as_ss: self.options.compat.is_some(),
        }
    }

    /// Which states of a table are shown.
    pub(crate) fn states(&self, protocol: Protocol) -> StateSet {
        if self.filter.names_states {
            return self.filter.states;
        }
        if let Some(states) = self.options.states {
            return states.without(State::BOUND_INACTIVE);
        }
        if self.filter.goes_beyond_ss() {
            return StateSet::ALL;
        }
        match protocol {
            // Families without states are unconnected all of them: shown when asked for by name.
            Protocol::Packet | Protocol::Netlink | Protocol::Xdp if self.asked().contains(&protocol) => {
                default_states().with(State::CLOSE)
            }
            _ => default_states(),
        }
    }
}

/// The details of each socket.
pub(in crate::app) fn shown<'a>(
    plan: &'a ListPlan<'_>,
    namespaces: bool,
    services: Option<&'a crate::render::list::PortNames<'a>>,
) -> Shown<'a> {
    let Show {
        timers,
        extended,
        memory,
        processes,
        threads,
        info,
        tipc_info,
        tos,
        cgroup,
        sockopt,
        bpf,
        bpf_maps,
        contexts,
        socket_contexts,
        no_header,
        one_line,
        no_queues,
        ..
    } = plan.options.show;
    Shown {
        blanks: Blanks::default(),
        columns: plan.columns.as_deref(),
        several: plan.several,
        namespaces,
        no_header,
        one_line,
        no_queues,
        compat: plan.options.compat,
        one_state: plan.one_state,
        wording: plan.wording,
        numeric: !plan.options.show.service_names,
        timers,
        extended,
        memory,
        info,
        processes,
        threads,
        contexts,
        socket_contexts,
        tipc_info,
        tos,
        cgroup,
        socket_options: sockopt,
        filters: bpf,
        storages: bpf_maps,
        services,
    }
}
