//! This host's figures for a topic: pure functions of a snapshot.

use std::{collections::BTreeMap, time::SystemTime};

use super::{Topic, TopicKind};
use crate::{
    model::{
        census::Census,
        finding::{Evidence, Figure, Finding, NotChecked, Subject},
        sentence::Word,
        snapshot::{AgeLimit, Seen, Snapshot, TimeWaits},
        sorted,
        state::State,
    },
    rules::{self, RULES, Rule, RuleInput, RuleInputs, Settings, Verdict},
    text::{Message, messages},
};

/// Shares that are listed one by one.
const SHARES: usize = 3;
/// Sockets whose owners are found for them.
const LOOKED_UP: usize = 4_096;

/// The data to read for a topic's figures.
#[derive(Clone, Debug)]
pub enum FigureSource {
    /// Nothing: it has none.
    Nothing,
    /// One setting.
    Setting(&'static str),
    /// The counters.
    Counter(&'static str),
    /// The sockets, seen by these rules.
    Sockets(Vec<&'static Rule>),
}

/// One thing that is said about this host.
#[derive(Clone, PartialEq, Debug)]
pub enum Remark {
    /// A sentence.
    Said(Message, Vec<(&'static str, Word)>),
    /// How many sockets someone or somewhere has.
    Share(Subject, u64),
    /// How many are with others.
    More(u64),
}

/// The figures of one network namespace.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct HostFigures {
    /// Its label, if the run read several.
    pub netns: Option<String>,
    /// The file that it was read from, and when that was taken; `None` for the host as it is now.
    pub taken: Option<(String, SystemTime)>,
    /// The sentences.
    pub lines: Vec<Remark>,
    /// The same as figures.
    pub figures: Vec<Evidence>,
    /// The findings that belong to the topic; `None` if no rule ran.
    pub findings: Option<Vec<Finding>>,
    /// Those of them that could not be checked.
    pub not_checked: Vec<NotChecked>,
    /// TCP sockets by state, for the drawing of the states.
    pub census: Option<Census>,
}

impl HostFigures {
    fn say(&mut self, message: Message, values: Vec<(&'static str, Word)>) {
        self.lines.push(Remark::Said(message, values));
    }

    /// How many sockets are in a state.
    fn count(&mut self, count: u64, state: State) {
        let state = ("state", Word::Outside(state.to_string()));
        match count {
            0 => self.say(messages::LIVE_NONE, vec![state]),
            count => self.say(messages::LIVE_COUNT, vec![("count", Word::Count(count)), state]),
        }
    }

    fn figure(&mut self, name: &'static str, value: Figure, source: &str) {
        self.figures.push(Evidence { name, value, source: source.to_owned() });
    }
}

/// The rules that speak of a state.
const RULES_OF: &[(&str, &[&str])] = &[
    (
        "LISTEN",
        &["accept-queue-full", "accept-queue-high", "listen-drops", "backlog-small", "somaxconn-clamp", "queues-many"],
    ),
    ("SYN_SENT", &["syn-sent-stuck", "states-many"]),
    ("SYN_RECV", &["syn-recv-pileup", "syncookies-active", "syn-drop-no-cookies", "states-many"]),
    (
        "ESTABLISHED",
        &[
            "unaccepted-established",
            "slow-reader",
            "unread-requests",
            "queues-many",
            "peer-zero-window",
            "path-dead",
            "idle-no-keepalive",
        ],
    ),
    ("FIN_WAIT1", &["fin-wait1-orphans", "states-many"]),
    ("FIN_WAIT2", &["fin-wait2-peer", "fin-wait2-held", "states-many"]),
    ("CLOSING", &["last-ack-stuck", "states-many"]),
    ("LAST_ACK", &["last-ack-stuck", "states-many"]),
    ("TIME_WAIT", &["port-exhaustion", "time-wait-client", "time-wait-server", "tw-bucket-limit", "tw-reuse-blocked"]),
    (
        "CLOSE_WAIT",
        &[
            "close-wait-leak",
            "close-wait-unread",
            "close-wait-unaccepted",
            "close-wait-many",
            "half-close",
            "relay-waits",
        ],
    ),
    ("CLOSE", &["closed-fd-leak"]),
    ("BOUND_INACTIVE", &["bound-inactive", "port-range-pressure"]),
    ("orphan", &["orphans-near-limit", "fin-wait1-orphans"]),
    ("udp", &["udp-drops"]),
    ("unix-listen", &["unix-backlog-full"]),
];

/// The names of the rules that speak of a state.
pub fn rules_of(state: &str) -> &'static [&'static str] {
    RULES_OF.iter().find(|(name, _)| *name == state).map_or(&[], |(_, names)| names)
}

/// The data to read for a topic's figures.
pub fn need(topic: &Topic) -> FigureSource {
    match topic.kind {
        TopicKind::Sysctl => FigureSource::Setting(topic.name),
        TopicKind::Counter => FigureSource::Counter(topic.name),
        TopicKind::Rule => FigureSource::Sockets(rules::find(topic.name).into_iter().collect()),
        TopicKind::State => {
            let names = rules_of(topic.name);
            FigureSource::Sockets(RULES.iter().filter(|rule| names.contains(&rule.name)).copied().collect())
        }
        TopicKind::Exchange | TopicKind::Error | TopicKind::Field | TopicKind::Myth => FigureSource::Nothing,
    }
}

/// The sockets whose owners a topic names.
pub fn inodes(topic: &Topic, snapshot: &Snapshot) -> Vec<u32> {
    let Some(state) = topic.state() else { return Vec::new() };
    let now = &snapshot.now;
    let mut inodes: Vec<u32> = match state {
        State::LISTEN => now.listeners.iter().map(|listener| listener.inode).collect(),
        State::TIME_WAIT => {
            let waits = |port| now.time_wait_inbound.contains_key(&port);
            now.listeners.iter().filter(|one| waits(one.port)).map(|one| one.inode).collect()
        }
        State::BOUND_INACTIVE => now.bound_inactive.iter().flatten().map(|socket| socket.inode).collect(),
        _ => now.sockets.iter().filter(|seen| seen.socket.state == state).map(|seen| seen.socket.inode).collect(),
    };
    inodes.retain(|&inode| inode != 0);
    inodes.truncate(LOOKED_UP);
    inodes
}

/// The figures of a counter.
pub fn counter(name: &'static str, value: Option<u64>, kernel: &str) -> HostFigures {
    let mut live = HostFigures::default();
    match value {
        Some(count) => {
            live.say(messages::LIVE_COUNTER, vec![("name", Word::Term(name)), ("value", Word::Count(count))]);
            live.figure("value", Figure::Count(count), name);
        }
        None => live.say(
            messages::LIVE_NO_COUNTER,
            vec![("name", Word::Term(name)), ("kernel", Word::Outside(kernel.to_owned()))],
        ),
    }
    live
}

/// A setting or a counter that the file which was read does not tell.
pub fn not_shown(name: &'static str) -> HostFigures {
    let mut live = HostFigures::default();
    live.say(messages::LIVE_NOT_SHOWN, vec![("name", Word::Term(name))]);
    live
}

/// The figures of a state or a rule.
pub fn sockets(topic: &Topic, snapshot: &Snapshot, verdict: &Verdict) -> HostFigures {
    let mut live = HostFigures { netns: snapshot.netns.clone(), ..HostFigures::default() };
    live.census.clone_from(&snapshot.now.tcp);
    let settings = Settings::default();
    let inputs = RuleInputs::new(snapshot, &settings);
    let input = inputs.of(topic.name);
    match (topic.kind, topic.state()) {
        (TopicKind::State, Some(state)) => of_state(&mut live, &input, state),
        (TopicKind::State, None) => of_others(&mut live, topic.name, snapshot),
        _ => {}
    }
    if !matches!(need(topic), FigureSource::Sockets(rules) if rules.is_empty()) {
        live.findings = Some(verdict.findings.clone());
        live.not_checked.clone_from(&verdict.not_checked);
    }
    live
}

/// The count, the rate and the largest shares of a state.
fn of_state(live: &mut HostFigures, input: &RuleInput<'_>, state: State) {
    let now = input.now();
    let Some(census) = &now.tcp else { return live.say(messages::LIVE_UNREADABLE, Vec::new()) };
    if state == State::BOUND_INACTIVE && now.bound_inactive.is_none() {
        return live.say(messages::LIVE_UNKNOWN, Vec::new());
    }
    let count = census.sockets(state);
    live.figure("sockets", Figure::Count(count), "idiag_state");
    live.count(count, state);
    if count == 0 {
        return;
    }
    let shares = match state {
        State::TIME_WAIT => time_waits(live, input),
        State::LISTEN => {
            fullest(live, input);
            return;
        }
        State::BOUND_INACTIVE => Vec::new(),
        // Of a part of the sockets nothing follows for the rest.
        _ if input.sockets(state).count() as u64 != count || count > LOOKED_UP as u64 => Vec::new(),
        _ => by_subject(input.sockets(state), input),
    };
    if state == State::CLOSE_WAIT {
        oldest(live, input);
    }
    tell_shares(live, shares, count, input.snapshot.denied > 0);
}

/// The subject with the most of them, among those that were read.
fn by_subject<'a>(sockets: impl Iterator<Item = &'a Seen>, input: &RuleInput<'a>) -> Vec<(Subject, u64)> {
    input.by_subject(sockets).into_iter().map(|(subject, sockets)| (subject, sockets.len() as u64)).collect()
}

fn tell_shares(live: &mut HostFigures, mut shares: Vec<(Subject, u64)>, count: u64, is_denied: bool) {
    let hidden = is_denied && shares.iter().any(|(subject, _)| matches!(subject, Subject::User(_)));
    shares.retain(|(subject, _)| !matches!(subject, Subject::Unknown));
    sorted::sort_by(&mut shares, |a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    if shares.is_empty() {
        return;
    }
    live.say(messages::LIVE_SHARES, Vec::new());
    let told: u64 = shares.iter().take(SHARES).map(|(_, count)| count).sum();
    live.lines.extend(shares.into_iter().take(SHARES).map(|(subject, count)| Remark::Share(subject, count)));
    if count > told {
        live.lines.push(Remark::More(count - told));
    }
    if hidden {
        live.say(messages::LIVE_HIDDEN, Vec::new());
    }
}

/// The rate of `TIME_WAIT`, and which ports and destinations have most.
fn time_waits(live: &mut HostFigures, input: &RuleInput<'_>) -> Vec<(Subject, u64)> {
    let now = input.now();
    let all = || now.time_wait_inbound.values().chain(now.outbound.values().map(|used| &used.time_waits));
    let rate: f64 = all().map(|waits| waits.per_second(60)).sum();
    let message = if rate < 1.0 { messages::LIVE_RATE_LOW } else { messages::LIVE_RATE };
    live.say(message, vec![("rate", Word::Decimal(rate))]);
    live.figure("entered", Figure::PerSecond(rate), "idiag_expires");
    let inbound = now.time_wait_inbound.iter().filter_map(|(port, waits): (&u16, &TimeWaits)| {
        let listener = now.listeners.iter().find(|listener| listener.port == *port)?;
        Some((input.listener_subject(listener), waits.sockets))
    });
    let mut outbound: BTreeMap<Subject, u64> = BTreeMap::new();
    for (route, used) in &now.outbound {
        let program = input.main_program(&used.inodes);
        let to = Subject::Destination { source: None, address: route.address, port: Some(route.port), program };
        *outbound.entry(to).or_default() += used.time_waits.sockets;
    }
    inbound.chain(outbound).filter(|(_, count)| *count > 0).collect()
}

/// The accept queue with the largest part of its limit in use.
fn fullest(live: &mut HostFigures, input: &RuleInput<'_>) {
    let part = |queue: u32, limit: u32| u64::from(queue) * 1_000_000 / (u64::from(limit) + 1);
    let waiting = input.now().listeners.iter().filter(|listener| listener.queue > 0);
    let known = waiting.filter_map(|listener| Some((listener, listener.limit?)));
    let Some((listener, limit)) = known.max_by_key(|(listener, limit)| part(listener.queue, *limit)) else { return };
    let values = vec![
        ("count", Word::Count(listener.queue.into())),
        ("limit", Word::Count(limit.into())),
        ("end", Word::Endpoint(listener.address, listener.port)),
    ];
    live.say(messages::LIVE_QUEUE, values);
    live.figure("accept_queue", Figure::Count(listener.queue.into()), "idiag_rqueue");
    live.figure("accept_limit", Figure::Count(limit.into()), "idiag_wqueue");
}

/// How long ago the first peer hung up.
fn oldest(live: &mut HostFigures, input: &RuleInput<'_>) {
    let ages = input.sockets(State::CLOSE_WAIT).filter_map(Seen::hung_up).filter(|age| age.limit == AgeLimit::Exact);
    if let Some(time) = ages.map(|age| age.time).max() {
        live.say(messages::LIVE_OLDEST, vec![("time", Word::Time(time))]);
        live.figure("oldest", Figure::Time(time), "tcpi_last_ack_recv");
    }
}

/// The kinds of sockets outside the states of TCP.
fn of_others(live: &mut HostFigures, name: &str, snapshot: &Snapshot) {
    let now = &snapshot.now;
    match name {
        "states" => {
            for (state, count) in now.tcp.iter().flat_map(Census::counts) {
                live.figure("sockets", Figure::Count(count), state.name().unwrap_or("-"));
            }
        }
        "orphan" => {
            let Some(count) = now.sockstat.map(|sockstat| sockstat.orphans) else { return };
            let limit = snapshot.sysctls.get("net.ipv4.tcp_max_orphans").map_or("?", String::as_str);
            let values = vec![("count", Word::Count(count)), ("limit", Word::Outside(limit.to_owned()))];
            live.say(messages::LIVE_ORPHANS, values);
            live.figure("orphans", Figure::Count(count), "/proc/net/sockstat");
        }
        "udp" => match &now.udp {
            None => live.say(messages::LIVE_UNREADABLE, Vec::new()),
            Some(telling) => {
                let count = telling.len() as u64;
                live.say(messages::LIVE_UDP_DROPS, vec![("count", Word::Count(count))]);
                live.figure("sockets_with_drops_or_queue", Figure::Count(count), "INET_DIAG_SKMEMINFO");
            }
        },
        "unix-listen" => match &now.unix {
            None => live.say(messages::LIVE_UNREADABLE, Vec::new()),
            Some(listeners) => {
                live.count(listeners.len() as u64, State::LISTEN);
                live.figure("sockets", Figure::Count(listeners.len() as u64), "udiag_state");
            }
        },
        _ => {}
    }
}

#[cfg(test)]
mod tests;
