//! Changes between two states of a host: two recordings, or a recording and now.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    time::{Duration, SystemTime},
};

use crate::model::{
    finding::{Finding, Program, Subject},
    group::Value,
    host::Host,
    sorted,
    state::State,
};

/// A socket, as far as its identity is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Identity {
    /// The inode of its namespace; 0 where that is not known.
    pub netns: u64,
    /// The kernel's cookie, which no other socket has until the host starts again.
    pub cookie: u64,
}

/// A TCP socket of one of the two.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ComparedSocket {
    /// Which one it is.
    pub identity: Identity,
    /// Its state.
    pub state: State,
    /// Local address and port, the peer's address and port.
    pub ends: [(IpAddr, u16); 2],
}

/// One of the two.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The user's name for it: a file, or `now`.
    pub name: String,
    /// Which host.
    pub host: Host,
    /// The inodes of the namespaces read, if known.
    pub netns: BTreeSet<u64>,
    /// The labels of the namespaces in findings; `None` if there is only one.
    pub labels: BTreeSet<Option<String>>,
    /// The time of the last sample.
    pub taken_at: SystemTime,
    /// TCP sockets by state.
    pub states: Vec<(State, u64)>,
    /// Sockets by the keys asked for.
    pub groups: Vec<(Box<[Value]>, u64)>,
    /// The findings.
    pub findings: Vec<Finding>,
    /// Rules that could not be checked.
    pub not_checked: BTreeSet<&'static str>,
    /// TCP sockets, in any order; `None` if the source has no cookies.
    pub sockets: Option<Vec<ComparedSocket>>,
    /// Counters by name, and by the inode of their namespace.
    pub counters: BTreeMap<String, BTreeMap<u64, u64>>,
}

/// The head of one observation in a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ObservationHead {
    /// The user's name for it.
    pub name: String,
    /// Which host.
    pub host: Host,
    /// The time of the last sample.
    pub taken_at: SystemTime,
}

/// A number before and after.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change<T> {
    /// The observed thing.
    pub of: T,
    /// Before.
    pub a: u64,
    /// After.
    pub b: u64,
}

/// Sockets matched by cookie.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Moves {
    /// Those that only `b` has, by state.
    pub born: BTreeMap<State, u64>,
    /// Those that only `a` has, by state.
    pub died: BTreeMap<State, u64>,
    /// Those in another state, by both.
    pub moved: BTreeMap<(State, State), u64>,
    /// Each of them: its state before and after, and its ends as they were last; at most [`MOST_TOLD`].
    pub each: Vec<Move>,
    /// How many more there were.
    pub beyond: u64,
}

/// State before, state after, ends.
pub type Move = (Option<State>, Option<State>, [(IpAddr, u16); 2]);

/// Sockets that are listed one by one.
pub const MOST_SHOWN: usize = 1000;

/// Why sockets are not matched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unmatched {
    /// They are of two hosts.
    Hosts,
    /// They are of two network namespaces.
    Namespaces,
    /// The host restarted in between.
    Starts,
    /// One of the two does not name its host.
    Unknown,
    /// One of the two has no cookies.
    Cookies,
}

/// Findings by their change.
#[derive(Clone, Default, Debug)]
pub struct Findings {
    /// Those of `b` alone, worst first.
    pub appeared: Vec<Finding>,
    /// Those of `a` alone.
    pub gone: Vec<Finding>,
    /// Those of both with another severity, or of more or fewer sockets so that it shows, before and after.
    pub changed: Vec<(Finding, Finding)>,
    /// Those of both that are as they were, as of `b`.
    pub unchanged: Vec<Finding>,
    /// Those of `b` whose rule could not be checked in `a`, or whose namespace or host is not that of `a`.
    pub unchecked_before: Vec<Finding>,
    /// Those of `a` whose rule could not be checked in `b`, or whose namespace or host is not that of `b`: they need not
    /// be gone.
    pub unchecked_after: Vec<Finding>,
}

/// All that changed.
#[derive(Clone, Debug)]
pub struct Diff {
    /// Before.
    pub a: ObservationHead,
    /// After.
    pub b: ObservationHead,
    /// The time between; `None` where `b` was taken before `a`.
    pub between: Option<Duration>,
    /// Every state, in the kernel's order.
    pub states: Vec<Change<State>>,
    /// Groups that either side has, those that changed most first.
    pub groups: Vec<Change<Box<[Value]>>>,
    /// The findings.
    pub findings: Findings,
    /// The changes of sockets.
    pub sockets: Result<Moves, Unmatched>,
    /// Counters that changed, by name.
    pub counters: Vec<Change<String>>,
}

/// Figures among the counters that rise and fall: they have no rate.
const GAUGES: [&str; 7] =
    ["IpDefaultTTL", "IpForwarding", "TcpCurrEstab", "TcpMaxConn", "TcpRtoAlgorithm", "TcpRtoMax", "TcpRtoMin"];

/// The name of a host that is unknown.
const NOT_SHOWN: &str = "?";

/// Counters that changed, over the namespaces that both sides read.
fn counters(a: &BTreeMap<String, BTreeMap<u64, u64>>, b: &BTreeMap<String, BTreeMap<u64, u64>>) -> Vec<Change<String>> {
    let change = |(name, before): (&String, &BTreeMap<u64, u64>)| {
        let after = b.get(name)?;
        let both: Vec<(u64, u64)> = before.iter().filter_map(|(netns, a)| Some((*a, *after.get(netns)?))).collect();
        let sum = |of: fn(&(u64, u64)) -> u64| both.iter().map(of).fold(0, u64::saturating_add);
        let (a, b) = (sum(|one| one.0), sum(|one| one.1));
        (a != b).then(|| Change { of: name.clone(), a, b })
    };
    a.iter().filter_map(change).collect()
}

/// Compares.
pub fn diff(a: Observation, b: Observation) -> Diff {
    let counters = counters(&a.counters, &b.counters);
    let between = b.taken_at.duration_since(a.taken_at).ok();
    let unmatched = if [&a, &b].iter().any(|side| side.host.name == NOT_SHOWN) {
        Some(Unmatched::Unknown)
    } else if a.host.name != b.host.name {
        Some(Unmatched::Hosts)
    } else if !a.netns.is_empty() && !b.netns.is_empty() && a.netns.is_disjoint(&b.netns) {
        Some(Unmatched::Namespaces)
    } else if a.host.kernel != b.host.kernel
        || between.is_some() && counters.iter().any(|one| one.b < one.a && !GAUGES.contains(&one.of.as_str()))
    {
        // No counter falls, and cookies begin again.
        Some(Unmatched::Starts)
    } else {
        None
    };
    let states = State::ALL.into_iter().map(|state| {
        let of =
            |side: &Observation| side.states.iter().find(|(one, _)| *one == state).map_or(0, |(_, sockets)| *sockets);
        Change { of: state, a: of(&a), b: of(&b) }
    });
    let states = states.collect();
    let is_same_place = !matches!(unmatched, Some(Unmatched::Hosts | Unmatched::Namespaces));
    let has_checked = |side: &Observation, finding: &Finding| {
        is_same_place && !side.not_checked.contains(finding.rule) && side.labels.contains(&finding.netns)
    };
    let findings = found(&a, &b, is_same_place, has_checked);
    let groups = changes(a.groups, b.groups);
    let sockets = match (unmatched, a.sockets.zip(b.sockets)) {
        (Some(why), _) => Err(why),
        (None, Some((a, b))) => Ok(moves(a, b)),
        (None, None) => Err(Unmatched::Cookies),
    };
    Diff {
        states,
        groups,
        findings,
        sockets,
        counters: if unmatched.is_none() { counters } else { Vec::new() },
        between,
        a: ObservationHead { name: a.name, host: a.host, taken_at: a.taken_at },
        b: ObservationHead { name: b.name, host: b.host, taken_at: b.taken_at },
    }
}

/// Groups of both, those that changed most first.
fn changes(a: Vec<(Box<[Value]>, u64)>, b: Vec<(Box<[Value]>, u64)>) -> Vec<Change<Box<[Value]>>> {
    let mut both: BTreeMap<Box<[Value]>, (u64, u64)> = sorted::map(a.into_iter().map(|(of, count)| (of, (count, 0))));
    for (of, count) in b {
        both.entry(of).or_default().1 = count;
    }
    let mut all: Vec<_> = both.into_iter().map(|(of, (a, b))| Change { of, a, b }).collect();
    sorted::sort_by_key(&mut all, |one| std::cmp::Reverse((one.a.abs_diff(one.b), one.b)));
    all
}

/// Findings of both sides; a rule that one side did not check proves neither a new finding nor a gone one.
fn found(
    a: &Observation,
    b: &Observation,
    is_same_place: bool,
    has_checked: impl Fn(&Observation, &Finding) -> bool,
) -> Findings {
    let mut findings = Findings::default();
    let mut before = a.findings.clone();
    for after in b.findings.iter().cloned() {
        let place = before.iter().position(|before| is_same_place && is_same(before, &after));
        match place.map(|place| before.remove(place)) {
            None if has_checked(a, &after) => findings.appeared.push(after),
            None => findings.unchecked_before.push(after),
            Some(one) if has_changed(&one, &after) => findings.changed.push((one, after)),
            Some(_) => findings.unchanged.push(after),
        }
    }
    (findings.gone, findings.unchecked_after) = before.into_iter().partition(|one| has_checked(b, one));
    findings
}

/// Whether a finding has another severity, or its title has another number of sockets.
fn has_changed(before: &Finding, after: &Finding) -> bool {
    before.severity != after.severity || before.weight != after.weight && before.title != after.title
}

/// Walks both lists at once, each sorted by who is in it.
fn moves(mut a: Vec<ComparedSocket>, mut b: Vec<ComparedSocket>) -> Moves {
    for side in [&mut a, &mut b] {
        // If a dump reported a socket twice, the later record counts.
        side.reverse();
        side.sort_by_key(|socket| socket.identity);
        side.dedup_by_key(|socket| socket.identity);
    }
    let mut moves = Moves::default();
    let (mut before, mut after) = (a.into_iter().peekable(), b.into_iter().peekable());
    loop {
        let (one, other) = match (before.peek(), after.peek()) {
            (None, None) => return moves,
            (Some(one), Some(other)) if one.identity == other.identity => (before.next(), after.next()),
            (Some(one), Some(other)) if one.identity > other.identity => (None, after.next()),
            (Some(_), _) => (before.next(), None),
            (None, Some(_)) => (None, after.next()),
        };
        let Some(ends) = other.or(one).map(|socket| socket.ends) else { continue };
        let states = (one.map(|socket| socket.state), other.map(|socket| socket.state));
        match states {
            (Some(from), Some(to)) if from == to => continue,
            (Some(from), Some(to)) => *moves.moved.entry((from, to)).or_default() += 1,
            (Some(from), None) => *moves.died.entry(from).or_default() += 1,
            (None, Some(to)) => *moves.born.entry(to).or_default() += 1,
            (None, None) => continue,
        }
        if moves.each.len() < MOST_SHOWN {
            moves.each.push((states.0, states.1, ends));
        } else {
            moves.beyond += 1;
        }
    }
}

/// Whether two findings are about the same subject; a restarted program is the same one.
fn is_same(a: &Finding, b: &Finding) -> bool {
    a.rule == b.rule && a.netns == b.netns && about(&a.subject) == about(&b.subject)
}

/// The subject without fields that change at a restart.
fn about(subject: &Subject) -> Subject {
    let plain = |program: &Program| Program { pid: 0, processes: 0, ..program.clone() };
    match subject {
        Subject::Process(program) => Subject::Process(plain(program)),
        // Its program may be known on one side alone: an ordinary user can read only few.
        Subject::Listener { address, port, path, .. } => {
            Subject::Listener { address: *address, port: *port, path: path.clone(), program: None }
        }
        Subject::Destination { source, address, port, program } => Subject::Destination {
            source: *source,
            address: *address,
            port: *port,
            program: program.as_ref().map(plain),
        },
        other => other.clone(),
    }
}

impl Diff {
    /// The rise of a counter per second; `None` if it fell, is not a counter, or no time passed.
    pub fn per_second(&self, counter: &Change<String>) -> Option<f64> {
        if GAUGES.contains(&counter.of.as_str()) {
            return None;
        }
        let seconds = self.between?.as_secs_f64();
        let rise = counter.b.checked_sub(counter.a)?;
        (seconds > 0.0).then(|| rise as f64 / seconds)
    }

    /// States that either side has sockets in.
    pub fn states_seen(&self) -> BTreeSet<State> {
        sorted::set(self.states.iter().filter(|one| one.a + one.b > 0).map(|one| one.of))
    }
}

#[cfg(test)]
mod tests;
