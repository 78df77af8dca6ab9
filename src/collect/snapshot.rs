//! Fills a [`Snapshot`], the input of rules.
//!
//! A cheap walk without attributes comes first; details are read only of suspicious sockets, and owners only of those
//! in findings ([`look_up`]), after a first run of the rules.

mod blocked_output;
mod closed;
mod connections;
mod counters;
mod files;
mod held_up;
mod info;
mod listeners;
mod look_up;
mod neighbours;
mod ports;
mod process_state;
mod processes;
mod routes;
mod runtime;
mod sockstat;
mod sysctls;
mod udp;
mod unix;
mod unix_blocked;

use self::{
    connections::{Connections, Ground},
    files::Files,
    listeners::Listening,
};

use super::{
    count, host, owners,
    prelude::*,
    query::DumpQuery,
    users,
    walk::{self, Walked},
};
use crate::model::{
    census::Census,
    counted::Counted,
    selection::Selection,
    snapshot::{Sample, Snapshot, Sockstat},
    socket::Socket,
};

pub use look_up::{look_up, look_up_connections, places, read_arguments, read_process};

/// The counters of the namespace of the calling thread, by their `nstat` names.
pub fn counters(source: &dyn Source) -> BTreeMap<String, u64> {
    counters::read(&mut Files::new(source))
}

/// How closely to read.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Depth {
    /// `tcp_info` of every `ESTABLISHED`, however many there are.
    pub deep: bool,
    /// Every descriptor of every process, for those without a socket.
    pub descriptors: bool,
    /// Sockets that are bound and unused.
    pub bound_inactive: bool,
    /// Which cgroup has how many TCP sockets.
    pub usage: bool,
}

/// Takes one sample of the calling thread's namespace. The counts for the overview come from the same walk.
///
/// Owners are not looked up yet.
pub fn snapshot(source: &mut dyn Source, depth: &Depth, netns: Option<String>) -> (Snapshot, Counted) {
    let host = host::read(source);
    let (now, counted) = sample(source, depth, host.kernel_version());
    let sysctls = settings(source);
    let mut snapshot = Snapshot {
        netns,
        is_initial_netns: sysctls::is_of_initial_netns(&sysctls),
        now,
        before: None,
        sysctls,
        holders: None,
        processes: BTreeMap::new(),
        denied: 0,
        calls_denied: 0,
        users: BTreeMap::new(),
        places: BTreeMap::new(),
        closed_descriptors: None,
        held_up_sockets: None,
        unix_blocked: Vec::new(),
        gaps: counted.gaps.clone(),
        blanks: source.blanks(),
        host,
    };
    complete(source, depth, &mut snapshot);
    (snapshot, counted)
}

/// A kernel setting by its dotted name; `None` where this kernel has no such file, or not in this namespace.
pub fn setting(source: &dyn Source, name: &str) -> Option<String> {
    sysctls::one(&mut Files::new(source), name)
}

/// All sysctls that rules need.
pub(super) fn settings(source: &dyn Source) -> BTreeMap<String, String> {
    sysctls::read(&mut Files::new(source))
}

/// The ports that `connect()` takes by itself; `None` where they cannot be read.
pub fn ephemeral_range(source: &dyn Source) -> Option<(u16, u16)> {
    sysctls::ephemeral_range(&mut Files::new(source))
}

/// `/proc/net/sockstat`; `None` where it cannot be read.
pub fn sockstat(source: &dyn Source) -> Option<Sockstat> {
    sockstat::read(&mut Files::new(source))
}

/// The kernel's counters for all its sockets.
pub fn socket_totals(source: &dyn Source) -> crate::model::snapshot::SocketTotals {
    sockstat::totals(&mut Files::new(source))
}

/// Whether the calling thread is in the first network namespace, where settings of the whole host are.
pub fn is_initial_netns(source: &dyn Source) -> bool {
    setting(source, sysctls::OF_THE_HOST).is_some()
}

/// A counter by its `nstat` name; `None` where this kernel has none of the name.
pub fn counter(source: &dyn Source, name: &str) -> Option<u64> {
    counters::read(&mut Files::new(source)).get(name).copied()
}

/// Of each process whose descriptors were counted, where it belongs and which part of its limit it uses.
pub fn files_used(source: &dyn Source, snapshot: &Snapshot) -> Vec<(Place, f64)> {
    let mut files = Files::new(source);
    let used = snapshot.now.descriptors.iter().filter_map(|(&pid, &used)| {
        let (most, _) = processes::limits(&mut files, pid)?;
        let place = super::cgroups::of_pid(source, pid)?;
        (most > 0).then(|| (place, used as f64 / most as f64))
    });
    used.collect()
}

/// Process data that is read regardless of the rules.
pub(super) fn complete(source: &mut dyn Source, depth: &Depth, snapshot: &mut Snapshot) {
    processes::add_near_limit(source, snapshot, depth.descriptors);
    // Only some texts show descriptors.
    let blanks = source.blanks();
    if depth.descriptors && !blanks.host || blanks.closed {
        let kernel = snapshot.host.kernel_version();
        let found = closed::descriptors(source, snapshot.host.netns, kernel);
        let denied = found.as_ref().map_or(0, |found| found.denied);
        snapshot.denied = snapshot.denied.max(denied);
        let gap = owners::denied(source, denied).map(|why| Gap { what: What::Owners, why });
        add(&mut snapshot.gaps, gap);
        snapshot.closed_descriptors = found.map(|found| found.by_process);
        // No finding can ask for their owners by inode, for their sockets are gone.
        processes::add_closed(source, snapshot);
    }
    processes::read_masters(source, &mut snapshot.processes);
    snapshot.held_up_sockets = held_up::sockets(source, &snapshot.now);
    snapshot.unix_blocked = unix_blocked::read(source, &snapshot.now);
    if !snapshot.processes.is_empty() {
        snapshot.users = users::names(source);
    }
}

/// One sample of everything that changes. `kernel` is the version, which decides the available queries.
pub fn sample(source: &mut dyn Source, depth: &Depth, kernel: Option<(u32, u32)>) -> (Sample, Counted) {
    let mut sample = Sample { at: source.clock(), ..Sample::default() };
    let mut counted = Counted::default();
    let mut files = Files::new(source);
    sample.counters = counters::read(&mut files);
    let tables = sockstat::tables(&mut files);
    sample.sockstat = tables.figures;
    sample.tcp_pressure = sockstat::tcp_pressure(&mut files);
    sample.files = sockstat::files_open(&mut files);
    sample.conntrack = sockstat::conntrack(&mut files);
    let range = sysctls::ephemeral_range(&mut files);
    sample.descriptors = processes::descriptors(source);

    tcp(source, depth, range, &mut sample, &mut counted.gaps);
    if depth.bound_inactive {
        bound_inactive(source, kernel, &mut sample, &mut counted.gaps);
    }
    counted.netids.push((Netid::Tcp, sample.tcp.clone()));

    let walked =
        if tables.no_udp { Walked { value: Some(udp::Udp::default()), gaps: Vec::new() } } else { udp::walk(source) };
    let (census, telling) = walked.value.map(|udp| (udp.census, udp.telling)).unzip();
    sample.udp = telling;
    counted.netids.push((Netid::Udp, census));
    counted.gaps.extend(walked.gaps);

    if tables.no_raw {
        counted.netids.push((Netid::Raw, Some(Census::default())));
    } else {
        let raw = Selection::tcp(StateSet::ALL).with_protocols(&[Protocol::Raw]);
        counted.merge(count::count(source, &raw, kernel));
    }

    unix::walk(source, &mut counted, &mut sample);
    sample.unresolved = neighbours::unresolved(source, &sample.sockets);
    (sample, counted)
}

/// The TCP table: listeners first, then everything else in one walk, then a closer read of the sockets that matter.
fn tcp(source: &mut dyn Source, depth: &Depth, range: Option<(u16, u16)>, sample: &mut Sample, gaps: &mut Vec<Gap>) {
    let listening = listeners::walk(source);
    add(gaps, listening.gaps);
    // Without the listeners the side that connected is unknown.
    let Some(Listening { census, listeners, ports }) = listening.value else { return };
    let walked = connections(
        source,
        &Ground { listening: &ports, range: range.unwrap_or(sysctls::DEFAULT_RANGE), usage: depth.usage },
    );
    let is_whole = walked.gaps.is_empty();
    add(gaps, walked.gaps);
    let Some(mut connections) = walked.value else { return };
    connections.census.merge(&census);
    if is_whole {
        let closely = info::read_closely(source, &mut connections, depth.deep);
        sample.all_established = closely.all_established;
        sample.sockets = closely.sockets;
        add(gaps, closely.gaps);
    } else {
        sample.sockets = std::mem::take(&mut connections.sockets);
        sample.all_established = connections.census.sockets(State::ESTABLISHED) == 0;
    }
    if sample.all_established {
        connections.beyond.remove(&State::ESTABLISHED);
    }
    sample.listeners = listeners;
    sample.usage = depth.usage.then(|| std::mem::take(&mut connections.usage).finish());
    sample.beyond = connections.beyond;
    sample.time_wait_inbound = connections.inbound;
    sample.ephemeral_ports_used = range.map(|_| connections.routes.ports_used());
    (sample.outbound, sample.routes_beyond) = connections.routes.finish();
    sample.established_inodes = connections.inodes;
    sample.tcp = Some(connections.census);
}

/// Everything but listeners.
fn connections(source: &mut dyn Source, ground: &Ground<'_>) -> Walked<Connections> {
    let query = DumpQuery::states(StateSet::ALL.without(State::LISTEN));
    walk::gather(source, Protocol::Tcp, &query, |connections: &mut Connections, record| {
        connections.take(record, ground)
    })
}

fn bound_inactive(source: &mut dyn Source, kernel: Option<(u32, u32)>, sample: &mut Sample, gaps: &mut Vec<Gap>) {
    let query = DumpQuery { kernel, ..DumpQuery::states(StateSet::ALL) };
    let walked = walk::gather_bound_inactive(source, &query, |found: &mut (Census, Vec<Socket>), record| {
        found.0.count(record.state(), record.timer(), record.inode());
        found.1.extend(record.socket());
    });
    if let (Some(tcp), Some((census, _))) = (&mut sample.tcp, &walked.value) {
        tcp.merge(census);
    }
    sample.bound_inactive = walked.value.map(|(_, sockets)| sockets);
    gaps.extend(walked.gaps);
}

/// Adds each gap once: several walks over one table find the same one.
fn add(gaps: &mut Vec<Gap>, more: impl IntoIterator<Item = Gap>) {
    for gap in more {
        if !gaps.contains(&gap) {
            gaps.push(gap);
        }
    }
}
