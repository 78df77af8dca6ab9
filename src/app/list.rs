//! `list`: from the options to the rows.

use std::io::{self, IsTerminal, Write};

use anyhow::anyhow;

use super::{Run, namespaces::Scope, rows::Rows, stdout};
use crate::{
    cli::list::{ListOptions, Show},
    collect::{
        self,
        entries::{self, Ask},
        known::{Known, LookUp},
        services::Services,
    },
    filter::{self, Filter, tables},
    model::{
        entry::Entry,
        family::{Family, Netid, Protocol},
        gap::{Gap, What, Why},
        state::{State, StateSet},
    },
    render::list::{Format, Listing, Shown, columns::Column},
    report::sort,
    source::Source,
    text::{escape::visible, messages, words},
    wire::wanted::Wanted,
};

/// States that `ss` shows when neither an option nor the filter names any: what is connected, without the small records.
fn default_states() -> StateSet {
    StateSet::CONNECTED.without(State::TIME_WAIT).without(State::SYN_RECV)
}

/// Everything a listing is made by, before the first socket is asked for.
pub(super) struct Plan<'a> {
    options: &'a ListOptions,
    filter: Filter,
    /// The tables, in the order they are walked.
    protocols: Vec<Protocol>,
    /// The types within them.
    netids: Vec<Netid>,
    columns: Option<Vec<Column>>,
    sort: Option<sort::Order>,
    look_up: LookUp,
    wanted: Wanted,
    services: Option<Services>,
}

impl Run {
    /// Lists sockets.
    pub(super) fn list(&self, source: &mut dyn Source, options: &ListOptions) -> anyhow::Result<()> {
        let (mut held, tcp_only);
        let mut options = options;
        let source: &mut dyn Source = match options.from.as_deref().or(self.tcpdiag_file.as_deref()) {
            None => source,
            Some(path) => {
                if options.named.iter().any(|netid| *netid != Netid::Tcp) {
                    return Err(anyhow!(self.words.text(messages::ERROR_FROM_TCP)));
                }
                tcp_only = ListOptions { netids: vec![Netid::Tcp], ..options.clone() };
                options = &tcp_only;
                held = self.held(path)?;
                &mut held
            }
        };
        if let Some(path) = &options.diag_file {
            if !options.netids.is_empty() && !options.netids.contains(&Netid::Tcp) {
                return Err(anyhow!(self.words.text(messages::ERROR_FROM_TCP)));
            }
            return self.dump(source, options, path);
        }
        let format = match self.options.format {
            crate::cli::Format::Table => Format::Table,
            crate::cli::Format::Json => Format::Json,
            crate::cli::Format::JsonLines => Format::JsonLines,
            crate::cli::Format::Csv => Format::Csv,
        };
        let mut scope = self.scope(source)?;
        let plan = self.plan(source, options, &scope)?;
        self.refuse_absent(source, &plan)?;
        if options.show.contexts && !collect::host::has_contexts(source) {
            return Err(anyhow!(self.words.text(messages::ERROR_NO_CONTEXTS)));
        }
        if options.show.tipc_info && !plan.netids.contains(&Netid::TipcStream) {
            return Err(anyhow!(self.words.text(messages::ERROR_TIPCINFO)));
        }
        self.note_hidden(&plan);
        let mut out = stdout::open()?;
        let mut gaps = Vec::new();
        let labels = scope.all_labels();
        let several = scope.several;
        let labelled = several || plan.filter.needs().netns;
        let name_of = |netid, port| plan.services.as_ref()?.name(netid, port);
        let shown = shown(&plan, several, plan.services.is_some().then_some(&name_of));
        let mut writer = |bytes: &[u8]| out.write_all(bytes);
        let mut pipe = Pipe(&mut writer);
        let mut listing = Listing::new(&mut pipe, format, shown, &self.words, &self.screen);
        scope.in_turn(source, &mut |source, number| {
            let label = if labelled { labels.get(number).cloned() } else { None };
            let known = Known::read(source, plan.look_up, label);
            list_one(source, &plan, &known, number, &mut listing, &mut gaps)
        })?;
        gaps.append(&mut scope.gaps);
        // A family that nobody asked for and that this kernel lacks has no sockets: nothing is lost.
        let asked = plan.asked();
        gaps.retain(|gap| !is_lack_of_others(gap, &asked));
        let documents: Vec<_> = gaps.iter().map(crate::render::json::gap).collect();
        listing.finish(&documents)?;
        out.flush()?;
        self.note_gaps(&gaps);
        Ok(())
    }

    pub(super) fn plan<'a>(
        &self,
        source: &dyn Source,
        options: &'a ListOptions,
        scope: &Scope,
    ) -> anyhow::Result<Plan<'a>> {
        let mut filter = self.filter(source, &options.filter, options.filter_file.as_deref(), scope)?;
        filter.bound_inactive |= options.states.is_some_and(|states| states.contains(State::BOUND_INACTIVE));
        let columns = self.columns(&options.columns)?;
        let sort = match &options.sort {
            None => None,
            Some(word) => Some(sort::Order::of_name(word).ok_or_else(|| self.unknown_column(word, sort::names()))?),
        };
        let named: Vec<Netid> = match filter.families().as_slice() {
            families if options.netids.is_empty() && !families.is_empty() => {
                tables::ALL.iter().copied().filter(|netid| families.contains(&family_of(*netid))).collect()
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
        let needs = filter.needs();
        let all_columns = columns.as_deref().unwrap_or_default();
        let any = |test: fn(Column) -> bool| all_columns.iter().any(|column| test(*column));
        let json = matches!(self.options.format, crate::cli::Format::Json | crate::cli::Format::JsonLines);
        let look_up = LookUp {
            owners: show.processes || any(Column::needs_owners) || sort.is_some_and(sort::Order::needs_owners),
            threads: show.threads,
            contexts: show.contexts,
            places: show.processes || show.cgroup || show.extended || any(Column::needs_place),
            users: json || show.extended || any(|column| column == Column::User) || show.processes,
            ephemeral_ports: false,
            limits: json || show.timers || any(|column| column == Column::Ends),
        }
        .and(needs);
        let info = show.info || needs.tcp_info || any(Column::needs_info) || sort.is_some_and(sort::Order::needs_info);
        let wanted = Wanted {
            info,
            congestion: info,
            memory: show.memory,
            tos: show.tos,
            sockopt: show.sockopt,
            extended: show.extended,
            filter: show.bpf,
            bpf_storages: show.bpf_maps,
            unix_peers: needs.unix_names,
        };
        let services = show.service_names.then(|| Services::read(source));
        Ok(Plan { options, filter, protocols, netids, columns, sort, look_up, wanted, services })
    }

    fn columns(&self, lists: &[String]) -> anyhow::Result<Option<Vec<Column>>> {
        let mut columns = Vec::new();
        for word in lists.iter().flat_map(|list| list.split([',', ' '])).filter(|word| !word.is_empty()) {
            let names = crate::render::list::columns::COLUMNS.iter().map(|(name, ..)| *name);
            columns.push(Column::of_name(word).ok_or_else(|| self.unknown_column(word, names))?);
        }
        Ok((!columns.is_empty()).then_some(columns))
    }

    fn unknown_column(&self, word: &str, names: impl Iterator<Item = &'static str> + Clone) -> anyhow::Error {
        let shown = visible(word.as_bytes(), self.screen.unicode);
        let what = self.words.say(messages::ERROR_UNKNOWN_COLUMN, &[("word", words(shown))]);
        let way_out = match filter::nearest(word, names.clone()) {
            Some(near) => self.words.say(messages::DID_YOU_MEAN, &[("candidate", words(near))]),
            None => {
                let names = names.collect::<Vec<_>>().join(", ");
                self.words.say(messages::VALID_WORDS, &[("words", words(names))])
            }
        };
        anyhow!(self.words.say(messages::JOINED, &[("what", words(what)), ("more", words(way_out))]))
    }

    /// A family that was asked for by name and that this kernel lacks is an error, before anything is written.
    fn refuse_absent(&self, source: &mut dyn Source, plan: &Plan<'_>) -> anyhow::Result<()> {
        for protocol in plan.asked() {
            if matches!(protocol, Protocol::Tcp | Protocol::Udp | Protocol::Raw | Protocol::Unix) {
                continue;
            }
            let gaps = entries::entries(source, protocol, &Ask::states(StateSet::ALL), &mut |_| {});
            if let Some(gap) = gaps.iter().find(|gap| gap.is_loss()) {
                return Err(anyhow!(self.loss(gap)));
            }
        }
        Ok(())
    }

    /// `ss` silently leaves out small records and listeners; a person is told.
    fn note_hidden(&self, plan: &Plan<'_>) {
        if plan.states_are_default() && io::stderr().is_terminal() {
            self.note(&self.words.text(messages::NOTE_HIDDEN_STATES));
        }
    }
}

impl Plan<'_> {
    /// Protocols that the command line names.
    fn asked(&self) -> Vec<Protocol> {
        let asked = self.protocols.iter().copied();
        asked.filter(|protocol| self.options.named.iter().any(|netid| netid.protocol() == *protocol)).collect()
    }

    fn states_are_default(&self) -> bool {
        !self.filter.names_states && self.options.states.is_none() && !self.filter.goes_beyond_ss()
    }

    /// Which states of a table are shown.
    pub(super) fn states(&self, protocol: Protocol) -> StateSet {
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

fn family_of(netid: Netid) -> Family {
    match netid.protocol() {
        Protocol::Unix => Family::Unix,
        Protocol::Packet => Family::Packet,
        Protocol::Netlink => Family::Netlink,
        Protocol::Vsock => Family::Vsock,
        Protocol::Tipc => Family::Tipc,
        Protocol::Xdp => Family::Xdp,
        _ => Family::Inet,
    }
}

fn shown<'a>(
    plan: &'a Plan<'_>,
    namespaces: bool,
    services: Option<&'a crate::render::list::Services<'a>>,
) -> Shown<'a> {
    let Show {
        timers,
        extended,
        memory,
        processes,
        threads,
        info,
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
        in_words,
        ..
    } = plan.options.show;
    Shown {
        columns: plan.columns.as_deref(),
        several: plan.netids.len() > 1,
        namespaces,
        no_header,
        one_line,
        no_queues,
        in_words,
        numeric: plan.services.is_none(),
        timers,
        extended,
        memory,
        info,
        processes,
        threads,
        contexts,
        socket_contexts,
        tos,
        cgroup,
        socket_options: sockopt,
        filters: bpf,
        storages: bpf_maps,
        services,
    }
}

/// Lists the sockets of one namespace.
fn list_one(
    source: &mut dyn Source,
    plan: &Plan<'_>,
    known: &Known,
    number: usize,
    listing: &mut Listing<'_, '_>,
    gaps: &mut Vec<Gap>,
) -> anyhow::Result<()> {
    let program = plan.filter.bytecode();
    let kernel = crate::collect::host::kernel_version(source);
    let hosts = plan.options.show.host_names.then(Default::default);
    let rows = Rows { known, interfaces: source.interface_names(), hosts };
    let mut kept: Vec<Entry> = Vec::new();
    let mut failed: Option<io::Error> = None;
    gaps.extend(known.gaps());
    for &protocol in &plan.protocols {
        let only_bound = plan.options.states == Some(StateSet::of(State::BOUND_INACTIVE)) && !plan.filter.names_states;
        let ask = Ask {
            states: if only_bound { StateSet::EMPTY } else { plan.states(protocol) },
            bound_inactive: plan.filter.bound_inactive && protocol == Protocol::Tcp,
            family: match plan.options.families.as_slice() {
                [only] => Some(*only),
                _ => None,
            },
            wanted: plan.wanted,
            bytecode: (!program.bytes.is_empty()).then(|| program.bytes.clone()),
            kernel,
            netns: u16::try_from(number).unwrap_or(u16::MAX),
        };
        let mut scratch = (Vec::new(), Vec::new());
        let found = entries::entries(source, protocol, &ask, &mut |entry| {
            if failed.is_some() || !plan.netids.contains(&entry.netid) || !plan.filter.takes(entry, known) {
                return;
            }
            if plan.sort.is_some() {
                kept.push(entry.clone());
            } else if let Err(error) = rows.write(listing, entry, &mut scratch) {
                failed = Some(error);
            }
        });
        gaps.extend(found);
        if let Some(error) = failed.take() {
            return Err(error.into());
        }
    }
    if let Some(order) = plan.sort {
        let first = |inode: u32| known.owners.as_ref()?.of(inode).first().map(|holder| holder.pid);
        order.sort(&mut kept, Some(&first));
        let mut scratch = (Vec::new(), Vec::new());
        for entry in &kept {
            rows.write(listing, entry, &mut scratch)?;
        }
    }
    Ok(())
}

/// A family of sockets that this kernel lacks and the command line does not name.
fn is_lack_of_others(gap: &Gap, asked: &[Protocol]) -> bool {
    match (gap.what, &gap.why) {
        (What::Sockets(protocol), Why::NotAvailable(_)) => !asked.contains(&protocol),
        _ => false,
    }
}

/// Writes through to the standard output that is flushed apart.
struct Pipe<'a>(&'a mut (dyn FnMut(&[u8]) -> io::Result<()> + Send));

impl Write for Pipe<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.0)(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
