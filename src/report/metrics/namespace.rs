//! The series of one network namespace.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use super::{
    families::{
        ACCEPT_LIMIT, ACCEPT_QUEUE, COUNTERS, DESTINATIONS, KERNEL_EVENTS, LISTENER_DROPS, LISTENERS, MetricFamily,
        PORTS_USED, RECEIVE_QUEUE, SEND_QUEUE, SOCKETS, TCP_SOCKETS, TIME_WAIT_RATE, UNIT_FILES, UNIT_OLDEST,
        UNIT_SOCKETS, UNITS,
    },
    series::{MetricBounds, MetricSeries, bounded},
    top::top,
};
use crate::model::{
    counted::Counted,
    family::Protocol,
    owner::Place,
    snapshot::{Listener, RouteUse, Sample, Snapshot, TimeWaits},
    state::State,
    usage::BY_CGROUP,
};

/// The protocols whose sockets are counted.
const PROTOCOLS: [(Protocol, &str); 4] =
    [(Protocol::Tcp, "tcp"), (Protocol::Udp, "udp"), (Protocol::Raw, "raw"), (Protocol::Unix, "unix")];

/// The unit label of sockets with an unknown cgroup, and of all units beyond the limit.
const UNKNOWN: &str = "unknown";
const OTHER: &str = "other";

/// A rate of new `TIME_WAIT` is taken over this number of seconds.
const RATE_SECONDS: usize = 10;

/// A destination is worth a series from this part of the ports on.
const WORTH_TELLING: f64 = 0.2;

/// The data of a namespace beside its snapshot.
#[derive(Clone, Debug, Default)]
pub struct NamespaceFacts {
    /// Where the cgroups belong.
    pub places: BTreeMap<u64, Place>,
    /// Which part of its descriptors each process uses; `None` if it was not read.
    pub files: Option<Vec<(Place, f64)>>,
}

/// The series of a namespace, and how many of which family were left out.
#[derive(Clone, Debug, Default)]
pub struct NamespaceSeries {
    /// The series.
    pub series: Vec<MetricSeries>,
    /// The number of series left out, by metric.
    pub dropped: Vec<(&'static MetricFamily, u64)>,
    /// All sockets, by which the largest namespaces are chosen.
    pub sockets: u64,
    /// Sockets whose unit is unknown, because their cgroup is.
    pub unplaced: u64,
    /// Sockets without details, in a state of which the details of only some were kept.
    pub unexamined: u64,
}

/// The cgroups of a snapshot whose places are needed.
pub fn cgroups(snapshot: &Snapshot) -> Vec<u64> {
    let now = &snapshot.now;
    let of_usage = now.usage.iter().flat_map(|usage| usage.cgroups.keys().flatten().copied());
    let mut ids: Vec<u64> = of_usage.chain(now.listeners.iter().filter_map(|listener| listener.cgroup_id)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Reads the series out of a snapshot.
pub fn read(snapshot: &Snapshot, counted: &Counted, around: &NamespaceFacts, bounds: &MetricBounds) -> NamespaceSeries {
    let now = &snapshot.now;
    let mut series = NamespaceSeries {
        sockets: counted.total(),
        unexamined: now.beyond.values().sum(),
        unplaced: now.usage.iter().filter_map(|usage| usage.cgroups.get(&None)).flatten().sum(),
        ..NamespaceSeries::default()
    };
    states(now, &mut series);
    for (protocol, name) in PROTOCOLS {
        series.add(counted.protocol(protocol).map(|sockets| MetricSeries::count(&SOCKETS, [name], sockets)));
    }
    for name in COUNTERS {
        series.add(now.counters.get(name).map(|&count| MetricSeries::count(&KERNEL_EVENTS, [name], count)));
    }
    units(now, around, bounds, &mut series);
    listeners(now, around, bounds, &mut series);
    destinations(snapshot, bounds, &mut series);
    series
}

impl NamespaceSeries {
    fn add(&mut self, series: impl IntoIterator<Item = MetricSeries>) {
        self.series.extend(series);
    }

    fn left_out(&mut self, family: &'static MetricFamily, series: usize) {
        self.dropped.push((family, series as u64));
    }
}

fn states(now: &Sample, series: &mut NamespaceSeries) {
    let Some(tcp) = &now.tcp else { return };
    let bound = now.bound_inactive.is_some().then_some(State::BOUND_INACTIVE);
    for state in State::ALL.into_iter().chain(bound) {
        let name = state.name().unwrap_or_default().to_ascii_lowercase();
        series.add([MetricSeries::count(&TCP_SOCKETS, [&name], tcp.sockets(state))]);
    }
    if let Some(usage) = &now.usage {
        series.add([
            MetricSeries::count(&RECEIVE_QUEUE, [], usage.receive_bytes),
            MetricSeries::count(&SEND_QUEUE, [], usage.send_bytes),
        ]);
    }
    let rate = |waits: &mut dyn Iterator<Item = &TimeWaits>| -> f64 {
        waits.map(|waits| waits.per_second(RATE_SECONDS)).fold(0.0, |all, one| all + one)
    };
    let inbound = rate(&mut now.time_wait_inbound.values());
    let outbound = rate(&mut now.outbound.values().map(|used| &used.time_waits));
    series.add(
        [("inbound", inbound), ("outbound", outbound)]
            .map(|(way, rate)| MetricSeries::new(&TIME_WAIT_RATE, [way], rate)),
    );
}

/// The figures of one unit.
#[derive(Clone, Default)]
struct UnitFigures {
    states: [u64; 4],
    oldest: Option<Duration>,
    files: Option<f64>,
}

impl UnitFigures {
    fn add(&mut self, other: &UnitFigures) {
        self.states.iter_mut().zip(other.states).for_each(|(mine, more)| *mine += more);
        self.oldest = self.oldest.max(other.oldest);
        self.files = [self.files, other.files].into_iter().flatten().reduce(f64::max);
    }
}

fn units(now: &Sample, around: &NamespaceFacts, bounds: &MetricBounds, series: &mut NamespaceSeries) {
    let mut units: BTreeMap<String, UnitFigures> = BTreeMap::new();
    let mut add = |unit: String, figures: UnitFigures| units.entry(unit).or_default().add(&figures);
    for (cgroup, states) in now.usage.iter().flat_map(|usage| &usage.cgroups) {
        add(unit_of(*cgroup, &around.places), UnitFigures { states: *states, ..UnitFigures::default() });
    }
    for seen in now.sockets.iter().filter(|seen| seen.socket.state == State::CLOSE_WAIT && now.usage.is_some()) {
        let oldest = seen.hung_up().map(|age| age.time);
        add(unit_of(seen.cgroup_id, &around.places), UnitFigures { oldest, ..UnitFigures::default() });
    }
    for (place, used) in around.files.iter().flatten() {
        add(unit(place), UnitFigures { files: Some(*used), ..UnitFigures::default() });
    }
    let sum = |unit: &UnitFigures| unit.states.iter().sum();
    let waits = |unit: &UnitFigures| unit.states.get(1).copied().unwrap_or(0);
    let files = |unit: &UnitFigures| (unit.files.unwrap_or(0.0) * 1000.0) as u64;
    let (mut kept, rest) = top(units.into_iter().collect(), bounds.top.unwrap_or(UNITS), &[&sum, &waits, &files]);
    series.left_out(&UNIT_SOCKETS, rest.len() * BY_CGROUP.len());
    if !rest.is_empty() {
        let mut other = UnitFigures::default();
        rest.iter().for_each(|(_, figures)| other.add(figures));
        kept.push((OTHER.to_owned(), other));
    }
    for (unit, figures) in &kept {
        for (state, sockets) in BY_CGROUP.iter().zip(figures.states).filter(|_| now.usage.is_some()) {
            let state = state.name().unwrap_or_default().to_ascii_lowercase();
            series.add([MetricSeries::count(&UNIT_SOCKETS, [unit, &state], sockets)]);
        }
        series.add(figures.oldest.map(|age| MetricSeries::new(&UNIT_OLDEST, [unit], age.as_secs_f64())));
        series.add(figures.files.map(|used| MetricSeries::new(&UNIT_FILES, [unit], used)));
    }
}

/// The unit of a cgroup, cut to the length of a label; units that are equal then are added up.
fn unit_of(cgroup: Option<u64>, places: &BTreeMap<u64, Place>) -> String {
    cgroup.and_then(|id| places.get(&id)).map_or_else(|| UNKNOWN.to_owned(), unit)
}

/// The name of a place: its container by the short id, its unit, or its cgroup. Sessions and transient units have a
/// number, and would make new series forever.
fn unit(place: &Place) -> String {
    if let Some(container) = &place.container {
        return bounded(&format!("{}:{}", container.runtime, container.id.chars().take(12).collect::<String>()));
    }
    let name = place.unit.as_deref().or(place.cgroup.as_deref()).unwrap_or(UNKNOWN);
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    match ["session-", "run-"].into_iter().find(|begin| name.starts_with(begin)) {
        Some(begin) => bounded(&format!("{begin}*.{end}")),
        None => bounded(name),
    }
}

/// The members of a group of listeners at one address, added up.
#[derive(Clone, Default)]
struct ListenerFigures {
    listen: String,
    unit: String,
    queue: u64,
    limit: Option<u64>,
    drops: Option<u64>,
}

fn listeners(now: &Sample, around: &NamespaceFacts, bounds: &MetricBounds, series: &mut NamespaceSeries) {
    let mut all: BTreeMap<String, ListenerFigures> = BTreeMap::new();
    for listener in &now.listeners {
        let (listen, unit) = (listen(listener), unit_of(listener.cgroup_id, &around.places));
        let limit = listener.limit.map(u64::from);
        let drops = listener.drops.map(u64::from);
        let figures = all.entry(format!("{listen}\0{unit}")).or_insert_with(|| ListenerFigures {
            listen,
            unit,
            limit: Some(0),
            drops: Some(0),
            queue: 0,
        });
        figures.queue += u64::from(listener.queue);
        figures.limit = figures.limit.zip(limit).map(|(all, one)| all + one);
        figures.drops = figures.drops.zip(drops).map(|(all, one)| all + one);
    }
    let filled = |one: &ListenerFigures| one.queue.saturating_mul(1000) / one.limit.unwrap_or(0).max(1);
    let drops = |one: &ListenerFigures| one.drops.unwrap_or(0);
    let queue = |one: &ListenerFigures| one.queue;
    let (kept, rest) = top(all.into_iter().collect(), bounds.top.unwrap_or(LISTENERS), &[&filled, &drops, &queue]);
    for family in [&ACCEPT_QUEUE, &ACCEPT_LIMIT, &LISTENER_DROPS] {
        series.left_out(family, rest.len());
    }
    for (_, one) in &kept {
        let of = |family, value: Option<u64>| {
            value.map(|value| MetricSeries::count(family, [&one.listen, &one.unit], value))
        };
        series.add(of(&ACCEPT_QUEUE, Some(one.queue)));
        series.add(of(&ACCEPT_LIMIT, one.limit));
        series.add(of(&LISTENER_DROPS, one.drops));
    }
}

/// `*:443`, `127.0.0.1:5432`, `[::1]:80`.
fn listen(listener: &Listener) -> String {
    match listener.address {
        address if address.is_unspecified() => format!("*:{}", listener.port),
        IpAddr::V4(address) => format!("{address}:{}", listener.port),
        IpAddr::V6(address) => format!("[{address}]:{}", listener.port),
    }
}

fn destinations(snapshot: &Snapshot, bounds: &MetricBounds, series: &mut NamespaceSeries) {
    let range = snapshot.sysctls.get("net.ipv4.ip_local_port_range");
    let mut numbers = range.iter().flat_map(|range| range.split_ascii_whitespace()).map(str::parse::<u32>);
    let (Some(Ok(low)), Some(Ok(high)), Some(_)) = (numbers.next(), numbers.next(), &snapshot.now.tcp) else { return };
    let ports = f64::from(high.saturating_sub(low).saturating_add(1));
    let used = |route: &RouteUse| (route.sockets() as f64 / ports).min(1.0);
    let outbound = &snapshot.now.outbound;
    if !bounds.peers {
        let worst = outbound.values().map(used).fold(0.0, f64::max);
        series.add([MetricSeries { labels: Vec::new(), ..MetricSeries::new(&PORTS_USED, [], worst) }]);
        return;
    }
    let name = |address: IpAddr| address.to_string();
    let worth = outbound.iter().filter(|(_, route)| used(route) >= WORTH_TELLING).map(|(route, of)| {
        let address = match route.address {
            IpAddr::V6(address) => format!("[{address}]:{}", route.port),
            IpAddr::V4(address) => format!("{address}:{}", route.port),
        };
        (format!("{}\0{address}", route.source), (name(route.source), address, used(of)))
    });
    let rank = |one: &(String, String, f64)| (one.2 * 1e6) as u64;
    let (kept, rest) = top(worth.collect(), bounds.top.unwrap_or(DESTINATIONS), &[&rank]);
    series.left_out(&PORTS_USED, rest.len());
    series.add(kept.iter().map(|(_, (source, to, used))| MetricSeries::new(&PORTS_USED, [source, to], *used)));
}
