//! Routes: the local ports in use by connections to one service, and the remedies.
//!
//! The limit applies to one source address, destination address and destination port. A `TIME_WAIT` whose port
//! `connect()` may reuse does not count (`tcp_twsk_unique()` in net/ipv4/tcp_ipv4.c).

use super::{
    hint,
    ports::{self, Ports},
    prelude::*,
    sysctl,
};
use crate::model::{
    incident::Flow,
    snapshot::{Route, RouteUse, Sample},
    tcp_info::{OPT_TIMESTAMPS, OPTIONS},
};

/// Connections that this namespace opened.
const OPENED: &str = "TcpActiveOpens";
/// `TCP_TIMEWAIT_LEN`: how long a port rests.
pub const TIME_WAIT: Duration = Duration::from_secs(60);
/// `tcp_tw_reuse_delay` where the kernel has no such setting.
const REUSE_DELAY: Duration = Duration::from_secs(1);
/// The seconds over which one sample shows the rate of new and ending `TIME_WAIT`.
const WINDOW: usize = 10;
/// The range that is proposed: a moderate step, which leaves the ports below 20000 to services.
const WIDER: (u16, u16) = (20_000, 60_999);
/// The kernel setting of that range.
const RANGE: &str = "net.ipv4.ip_local_port_range";
/// The kernel setting of the ports taken out of it.
const RESERVED: &str = "net.ipv4.ip_local_reserved_ports";

/// Whether `connect()` may reuse a port in `TIME_WAIT`, or the reason why not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reuse {
    /// It may, once the `TIME_WAIT` is older than `tcp_tw_reuse_delay`.
    Works,
    /// `tcp_tw_reuse` is 0.
    Off,
    /// `tcp_tw_reuse` is 2 and the route leaves the host.
    LoopbackOnly,
    /// `tcp_timestamps` is 0.
    NoTimestamps,
    /// The peer does without timestamps.
    PeerWithout,
    /// The settings could not be read.
    Unknown,
}

/// One route and its usable ports.
#[derive(Clone, Copy, Debug)]
pub struct Load<'a> {
    /// From where to where.
    pub route: Route,
    /// The users of its ports.
    pub usage: &'a RouteUse,
    /// Ports that `connect()` cannot take.
    pub used: u64,
    /// `TIME_WAIT` whose ports it can take over.
    pub reusable: u64,
    /// Ports there are.
    pub usable: u64,
    /// Whether and why not it takes over ports in `TIME_WAIT`.
    pub reuse: Reuse,
    /// How old a `TIME_WAIT` must be for that.
    delay: Duration,
}

/// All routes of this host; none where the range of ports is unknown.
pub fn loads<'a>(input: &RuleInput<'a>) -> impl Iterator<Item = Load<'a>> + use<'a> {
    let usable = Ports::of(input).map(|ports| ports.usable());
    let conditions = Conditions::of(input);
    let routes = input.now().outbound.iter();
    routes.filter_map(move |(&route, usage)| Some(Load::new(&conditions, route, usage, usable?)))
}

/// A route as findings touch it: its ports are any.
pub fn flow(route: &Route) -> Flow {
    Flow { local: (route.source, 0), peer: (route.address, route.port), inode: 0 }
}

impl<'a> Load<'a> {
    /// The route as findings touch it.
    pub fn flow(&self) -> Flow {
        flow(&self.route)
    }

    fn new(conditions: &Conditions, route: Route, usage: &'a RouteUse, usable: u64) -> Load<'a> {
        let (reuse, delay) = (conditions.reuse(route), conditions.delay);
        let reusable = reusable(usage, reuse, delay);
        Load { route, usage, used: usage.sockets().saturating_sub(reusable), reusable, usable, reuse, delay }
    }

    /// The part of the ports that is taken.
    pub fn ratio(&self) -> f64 {
        self.used as f64 / self.usable.max(1) as f64
    }

    /// Ports left.
    pub fn left(&self) -> u64 {
        self.usable.saturating_sub(self.used)
    }

    /// All in `TIME_WAIT`, those that can be taken over too.
    pub fn time_wait(&self) -> u64 {
        self.usage.states.get(&State::TIME_WAIT).copied().unwrap_or(0)
    }

    /// Those in `TIME_WAIT` that keep their ports from `connect()`.
    pub fn resting(&self) -> u64 {
        self.time_wait().saturating_sub(self.reusable)
    }

    /// Those in `TIME_WAIT` that are old enough to be taken over, whether or not that is allowed.
    pub fn old_enough(&self) -> u64 {
        self.usage.time_waits.older_than(self.delay)
    }

    /// Whether more of the used ports are in `TIME_WAIT` than open.
    pub fn is_churn(&self) -> bool {
        self.resting() * 2 >= self.used
    }

    /// How many connections a second the ports allow when this host closes first.
    pub fn most_per_second(&self) -> f64 {
        let rest = if self.reuse == Reuse::Works { self.delay.max(Duration::from_millis(1)) } else { TIME_WAIT };
        self.usable as f64 / rest.as_secs_f64()
    }

    /// The number of connections to the service that end each second, if read, and whether it is complete.
    ///
    /// A reused port leaves no `TIME_WAIT`, so the countdowns show too few. With two samples, the kernel's counter of
    /// opened connections gives the rate: several services share it by their recent closes.
    pub fn rate(&self, input: &RuleInput<'_>) -> (f64, &'static str, bool) {
        let latest = |usage: &RouteUse| usage.time_waits.per_second(1);
        let all: f64 = input.now().outbound.values().map(latest).sum();
        let opened = input.rise(OPENED).zip(input.before()).filter(|_| self.reuse == Reuse::Works && all > 0.0);
        match opened {
            Some((opened, (_, between))) => {
                (opened as f64 / between.as_secs_f64() * latest(self.usage) / all, OPENED, true)
            }
            None => (self.usage.time_waits.per_second(60), "idiag_expires", self.reuse != Reuse::Works),
        }
    }

    /// When the last port will be taken, if things go on as they do.
    pub fn full_in(&self, input: &RuleInput<'_>) -> Option<Duration> {
        let growth = match input.before() {
            Some((before, between)) => self.growth(before) / between.as_secs_f64(),
            None => self.net_rate()?,
        };
        // At least a second: "in about 0 ms" says nothing.
        let seconds = (self.left() as f64 / growth).round().max(1.0);
        (growth > 0.0).then(|| Duration::try_from_secs_f64(seconds).ok()).flatten()
    }

    fn growth(&self, before: &Sample) -> f64 {
        let earlier = before.outbound.get(&self.route);
        let earlier = earlier.map_or(0, |usage| usage.sockets() - reusable(usage, self.reuse, self.delay));
        self.used as f64 - earlier as f64
    }

    /// From one sample: `TIME_WAIT` that come each second less those that end, if they would fill the ports in the end.
    fn net_rate(&self) -> Option<f64> {
        if self.reuse == Reuse::Works {
            return None;
        }
        let waits = &self.usage.time_waits;
        let coming = waits.per_second(WINDOW);
        let ending: u64 = waits.left.iter().take(WINDOW).map(|&count| u64::from(count)).sum();
        let held = self.used.saturating_sub(self.time_wait()) as f64;
        let settles_at = coming * TIME_WAIT.as_secs_f64() + held;
        (settles_at >= self.usable as f64).then(|| coming - ending as f64 / WINDOW as f64)
    }

    /// The destination as a subject, with the program that holds most of its sockets.
    pub fn subject(&self, input: &RuleInput<'_>) -> Subject {
        Subject::Destination {
            source: Some(self.route.source),
            address: self.route.address,
            port: Some(self.route.port),
            program: input.main_program(&self.usage.inodes),
        }
    }

    /// The destination as a word.
    pub fn peer(&self) -> Word {
        Word::Endpoint(self.route.address, self.route.port)
    }

    /// `20,000 TIME_WAIT, 6,900 ESTABLISHED`: most first.
    pub fn states(&self) -> Word {
        let mut states: Vec<(u64, State)> = self.usage.states.iter().map(|(&state, &count)| (count, state)).collect();
        sorted::sort_by_key(&mut states, |&(count, state)| (std::cmp::Reverse(count), state));
        let told = states.into_iter().filter(|&(count, _)| count > 0);
        let words = told.filter_map(|(count, state)| {
            let sentence = Sentence::plain("ports-state").count("count", count);
            Some(sentence.term("state", state.name()?).part())
        });
        Word::List(words.collect())
    }

    /// Remedies in the program: reuse connections or hold fewer; then more addresses, then let the server close.
    pub fn program_remedies(&self, input: &RuleInput<'_>) -> Vec<Remedy> {
        let subject = self.subject(input);
        let runtime = subject.runtime();
        let mut remedies = Vec::new();
        if self.is_churn() {
            remedies.push(Remedy::new(RemedyKind::Code, pool(runtime).with("peer", self.peer())));
        } else {
            let text = Sentence::plain("ports-fix-fewer").with("peer", self.peer());
            remedies.push(Remedy::new(RemedyKind::Code, text));
        }
        let spread = if input.is_own(self.route.address) { "ports-fix-spread-here" } else { "ports-fix-spread" };
        remedies.push(Remedy::new(RemedyKind::Config, spread));
        if self.is_churn() {
            let text = Sentence::plain("ports-fix-server-closes");
            let risk = Sentence::plain("ports-risk-server-closes");
            remedies.push(Remedy::new(RemedyKind::Config, text).risk(risk));
        }
        remedies
    }

    /// The sysctl that lets `connect()` reuse ports in `TIME_WAIT` on this route; `None` if it already does, or cannot.
    pub fn reuse_remedies(&self, input: &RuleInput<'_>) -> Vec<Remedy> {
        let timestamps = || {
            let text = Sentence::plain("ports-fix-timestamps");
            let remedy = sysctl::set(input, "net.ipv4.tcp_timestamps", "1", text)?;
            Some(remedy.risk("ports-risk-timestamps"))
        };
        let reuse = || {
            let text = Sentence::plain("ports-fix-reuse");
            let remedy = sysctl::set(input, "net.ipv4.tcp_tw_reuse", "1", text)?;
            // A new connection takes over a port at once.
            let remedy = remedy.first_aid().risk("ports-risk-reuse");
            Some(remedy.verify("nstat -az TcpExtTWRecycled"))
        };
        let is_enough = |value| value == 1 || value == 2 && is_loopback(self.route);
        match self.reuse {
            Reuse::Off | Reuse::LoopbackOnly => reuse().into_iter().collect(),
            Reuse::NoTimestamps => {
                let rest = input.sysctl("net.ipv4.tcp_tw_reuse").filter(|&value| !is_enough(value));
                timestamps().into_iter().chain(rest.and_then(|_| reuse())).collect()
            }
            Reuse::Works | Reuse::PeerWithout | Reuse::Unknown => Vec::new(),
        }
    }
}

/// The advice to keep connections, with a hint for the language if there is one.
fn pool(runtime: Runtime) -> Sentence {
    match hint::pool(runtime) {
        hint if hint.id == "hint-pool-native" => Sentence::plain("ports-fix-pool-native"),
        hint => Sentence::plain("ports-fix-pool").with("hint", hint.part()),
    }
}

/// A wider range, and before it the ports of listeners taken out of it; nothing where it is that wide already.
pub fn range_remedies(input: &RuleInput<'_>) -> Vec<Remedy> {
    let Some(ports) = Ports::of(input) else { return Vec::new() };
    let (low, high) = (ports.low.min(WIDER.0), ports.high.max(WIDER.1));
    if (low, high) == (ports.low, ports.high) {
        return Vec::new();
    }
    // Ends of the same parity make connect() and bind() share one half (ip-sysctl.rst).
    let low = if low % 2 == high % 2 { low.saturating_sub(1) } else { low };
    let text = Sentence::plain("ports-fix-range");
    let widen = sysctl::set(input, RANGE, &format!("{low} {high}"), text);
    let widen = widen.map(|remedy| remedy.risk("ports-risk-range"));
    let listening = input.now().listeners.iter().map(|listener| listener.port);
    let within = listening.filter(|port| (low..=high).contains(port));
    reserve(input, within, "ports-fix-reserve-first").into_iter().chain(widen).collect()
}

/// Of the range no more than this part is taken away from outgoing connections.
const MOST_RESERVED: f64 = 0.05;

/// Takes ports out of the range, with those that are out already: the setting replaces the whole list. Nothing where that
/// would leave too few for connections.
pub fn reserve(input: &RuleInput<'_>, more: impl IntoIterator<Item = u16>, text: &'static str) -> Option<Remedy> {
    let mut list = ports::list(input.snapshot.sysctls.get(RESERVED)?);
    let range = Ports::of(input)?;
    let within = |list: &BTreeSet<u16>| list.iter().filter(|&&port| range.contains(port)).count();
    let (before, had) = (list.len(), within(&list));
    list.extend(more);
    let all = u32::from(range.high.saturating_sub(range.low)) + 1;
    let taken = (within(&list) - had) as f64;
    if list.len() == before || taken > MOST_RESERVED * f64::from(all) {
        return None;
    }
    let remedy = sysctl::set(input, RESERVED, &ports::folded(&list), text)?;
    Some(remedy.risk("ports-risk-reserve"))
}

/// Whether a route stays on the loopback addresses, which is what `tcp_tw_reuse = 2` covers.
fn is_loopback(route: Route) -> bool {
    let mapped = |address: IpAddr| address.to_canonical().is_loopback();
    mapped(route.source) || mapped(route.address)
}

/// `TIME_WAIT` of a route whose ports `connect()` can take over; never more than it has sockets.
fn reusable(usage: &RouteUse, reuse: Reuse, delay: Duration) -> u64 {
    if reuse == Reuse::Works { usage.time_waits.older_than(delay).min(usage.sockets()) } else { 0 }
}

/// The settings that decide whether ports are reused; read once for all routes, since a proxy has many.
struct Conditions {
    timestamps: Option<u64>,
    reuse: Option<u64>,
    delay: Duration,
    /// Routes with an open connection that shows that the peer agreed to no timestamps.
    without: BTreeSet<Route>,
}

impl Conditions {
    fn of(input: &RuleInput<'_>) -> Conditions {
        let is_without = |seen: &&Seen| seen.info(&OPTIONS).is_some_and(|options| options & OPT_TIMESTAMPS == 0);
        let open = input.sockets(State::ESTABLISHED).filter(is_without).map(|seen| &seen.socket);
        Conditions {
            timestamps: input.sysctl("net.ipv4.tcp_timestamps"),
            reuse: input.sysctl("net.ipv4.tcp_tw_reuse"),
            delay: input.sysctl("net.ipv4.tcp_tw_reuse_delay").map_or(REUSE_DELAY, Duration::from_millis),
            without: open
                .map(|socket| Route { source: socket.local, address: socket.peer, port: socket.peer_port })
                .collect(),
        }
    }

    fn reuse(&self, route: Route) -> Reuse {
        match (self.timestamps, self.reuse) {
            (None, _) | (_, None) => Reuse::Unknown,
            (Some(0), _) => Reuse::NoTimestamps,
            _ if self.without.contains(&route) => Reuse::PeerWithout,
            (_, Some(0)) => Reuse::Off,
            (_, Some(2)) if !is_loopback(route) => Reuse::LoopbackOnly,
            _ => Reuse::Works,
        }
    }
}
