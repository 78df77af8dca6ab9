//! What changed between two looks at a host: two recordings, or one and now.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, SystemTime},
};

use crate::model::{
    finding::{Finding, Program, Subject},
    group::Value,
    host::Host,
    state::State,
};

/// A socket as far as it tells which one it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Identity {
    /// The inode of its namespace; 0 where that is not known.
    pub netns: u64,
    /// The kernel's cookie, which no other socket has until the host starts again.
    pub cookie: u64,
}

/// One of the two.
#[derive(Clone, Debug)]
pub struct Side {
    /// Which host.
    pub host: Host,
    /// When the last look ended.
    pub taken_at: SystemTime,
    /// TCP sockets by state.
    pub states: Vec<(State, u64)>,
    /// Sockets by the keys asked for.
    pub groups: Vec<(Box<[Value]>, u64)>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// TCP sockets; `None` where what was read has no cookies.
    pub sockets: Option<BTreeMap<Identity, State>>,
    /// Counters by name, added up over the namespaces.
    pub counters: BTreeMap<String, u64>,
}

/// A number before and after.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change<T> {
    /// What it is of.
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
}

/// All that changed.
#[derive(Clone, Debug)]
pub struct Diff {
    /// Before: host and time.
    pub a: (Host, SystemTime),
    /// After.
    pub b: (Host, SystemTime),
    /// The time between; `None` where `b` was taken before `a`.
    pub between: Option<Duration>,
    /// Every state, in the kernel's order.
    pub states: Vec<Change<State>>,
    /// Groups that either side has, those that changed most first.
    pub groups: Vec<Change<Box<[Value]>>>,
    /// Findings of `b` alone, worst first.
    pub appeared: Vec<Finding>,
    /// Findings of `a` alone.
    pub gone: Vec<Finding>,
    /// Findings of both that say something else now, before and after.
    pub changed: Vec<(Finding, Finding)>,
    /// How many findings say what they said.
    pub unchanged: u64,
    /// `None` where sockets of the two cannot be matched: other hosts, or no cookies.
    pub sockets: Option<Moves>,
    /// Counters that changed, by name.
    pub counters: Vec<Change<String>>,
}

/// Compares.
pub fn diff(a: Side, b: Side) -> Diff {
    let is_same_host = a.host.name == b.host.name && a.host.kernel == b.host.kernel;
    let states = State::ALL.into_iter().map(|state| {
        let of = |side: &Side| side.states.iter().find(|(one, _)| *one == state).map_or(0, |(_, sockets)| *sockets);
        Change { of: state, a: of(&a), b: of(&b) }
    });
    let states = states.collect();
    let groups = changes(a.groups, b.groups);
    let (mut appeared, mut gone, mut changed, mut unchanged) = (Vec::new(), a.findings, Vec::new(), 0);
    for after in b.findings {
        let place = gone.iter().position(|before| is_same(before, &after));
        match place.map(|place| gone.remove(place)) {
            None => appeared.push(after),
            Some(before) if before.severity == after.severity && before.title == after.title => unchanged += 1,
            Some(before) => changed.push((before, after)),
        }
    }
    let sockets = a.sockets.zip(b.sockets).filter(|_| is_same_host).map(|(a, b)| moves(&a, &b));
    let counters = if is_same_host { a.counters } else { BTreeMap::new() };
    let counters = counters.into_iter().filter_map(|(name, before)| {
        let after = *b.counters.get(&name)?;
        (before != after).then_some(Change { of: name, a: before, b: after })
    });
    Diff {
        states,
        groups,
        appeared,
        gone,
        changed,
        unchanged,
        sockets,
        counters: counters.collect(),
        between: b.taken_at.duration_since(a.taken_at).ok(),
        a: (a.host, a.taken_at),
        b: (b.host, b.taken_at),
    }
}

/// Groups of both, those that changed most first.
fn changes(a: Vec<(Box<[Value]>, u64)>, b: Vec<(Box<[Value]>, u64)>) -> Vec<Change<Box<[Value]>>> {
    let mut both: BTreeMap<Box<[Value]>, (u64, u64)> = a.into_iter().map(|(of, count)| (of, (count, 0))).collect();
    for (of, count) in b {
        both.entry(of).or_default().1 = count;
    }
    let mut all: Vec<_> = both.into_iter().map(|(of, (a, b))| Change { of, a, b }).collect();
    all.sort_by_key(|one| std::cmp::Reverse((one.a.abs_diff(one.b), one.b)));
    all
}

fn moves(a: &BTreeMap<Identity, State>, b: &BTreeMap<Identity, State>) -> Moves {
    let mut moves = Moves::default();
    for (socket, after) in b {
        match a.get(socket) {
            None => *moves.born.entry(*after).or_default() += 1,
            Some(before) if before != after => *moves.moved.entry((*before, *after)).or_default() += 1,
            Some(_) => {}
        }
    }
    for (_, before) in a.iter().filter(|(socket, _)| !b.contains_key(socket)) {
        *moves.died.entry(*before).or_default() += 1;
    }
    moves
}

/// Whether two findings speak of the same: a program that was started anew is the same one.
fn is_same(a: &Finding, b: &Finding) -> bool {
    a.rule == b.rule && a.netns == b.netns && about(&a.subject) == about(&b.subject)
}

/// The subject without what changes from start to start.
fn about(subject: &Subject) -> Subject {
    let plain = |program: &Program| Program { pid: 0, processes: 0, ..program.clone() };
    match subject {
        Subject::Process(program) => Subject::Process(plain(program)),
        Subject::Listener { address, port, path, program } => Subject::Listener {
            address: *address,
            port: *port,
            path: path.clone(),
            program: program.as_ref().map(plain),
        },
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
    /// How much a counter rose each second; `None` where it fell, or no time went by.
    pub fn per_second(&self, counter: &Change<String>) -> Option<f64> {
        let seconds = self.between?.as_secs_f64();
        let rise = counter.b.checked_sub(counter.a)?;
        (seconds > 0.0).then(|| rise as f64 / seconds)
    }

    /// States that either side has sockets in.
    pub fn states_seen(&self) -> BTreeSet<State> {
        self.states.iter().filter(|one| one.a + one.b > 0).map(|one| one.of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{finding::Severity, sentence::Sentence};

    fn side(sockets: &[(u64, State)], findings: Vec<Finding>, second: u64) -> Side {
        let taken_at = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
        Side {
            host: Host { name: "a".into(), kernel: "6.8".into(), taken_at, netns: None },
            taken_at,
            states: vec![(State::LISTEN, sockets.len() as u64)],
            groups: Vec::new(),
            findings,
            sockets: Some(
                sockets.iter().map(|(cookie, state)| (Identity { netns: 0, cookie: *cookie }, *state)).collect(),
            ),
            counters: BTreeMap::from([("TcpActiveOpens".to_owned(), second * 3), ("TcpInErrs".to_owned(), 1)]),
        }
    }

    fn finding(rule: &'static str, title: &'static str) -> Finding {
        Finding::new(rule, Severity::Warning, Subject::Host, Sentence::plain(title))
    }

    #[test]
    fn sockets_are_matched_by_cookie() {
        let a = side(&[(1, State::ESTABLISHED), (2, State::ESTABLISHED)], Vec::new(), 10);
        let b = side(&[(2, State::CLOSE_WAIT), (3, State::LISTEN)], Vec::new(), 14);
        let diff = diff(a, b);
        let moves = diff.sockets.clone().unwrap();
        assert_eq!(moves.born, BTreeMap::from([(State::LISTEN, 1)]));
        assert_eq!(moves.died, BTreeMap::from([(State::ESTABLISHED, 1)]));
        assert_eq!(moves.moved, BTreeMap::from([((State::ESTABLISHED, State::CLOSE_WAIT), 1)]));
        assert_eq!(diff.counters.len(), 1);
        assert_eq!(diff.per_second(&diff.counters[0]), Some(3.0));
    }

    #[test]
    fn findings_appear_go_and_change() {
        let a = side(&[], vec![finding("one", "x"), finding("two", "x"), finding("three", "x")], 1);
        let b = side(&[], vec![finding("two", "y"), finding("three", "x"), finding("four", "x")], 2);
        let diff = diff(a, b);
        let names = |findings: &[Finding]| findings.iter().map(|one| one.rule).collect::<Vec<_>>();
        assert_eq!((names(&diff.appeared), names(&diff.gone)), (vec!["four"], vec!["one"]));
        assert_eq!((diff.changed.len(), diff.unchanged), (1, 1));
    }

    #[test]
    fn sockets_of_other_hosts_are_not_matched() {
        let mut b = side(&[(1, State::LISTEN)], Vec::new(), 2);
        b.host.name = "b".into();
        let diff = diff(side(&[(1, State::LISTEN)], Vec::new(), 1), b);
        assert!(diff.sockets.is_none() && diff.counters.is_empty());
    }
}
