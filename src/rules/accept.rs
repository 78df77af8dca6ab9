//! Accept queues: the listeners of one address and port as one service, their proven drops, and their remedies.

pub mod relief;
mod service;

use super::{awaited, clients::SilentClients, hint, prelude::*, sysctl};

pub use service::Service;

/// The setting that caps every accept queue when `listen()` is called.
pub const SOMAXCONN: &str = "net.core.somaxconn";
/// The effects of a queue that overflows because of its limit.
pub(super) const SHORT_QUEUE: &[Relation] = &[
    Relation::causes("accept-queue-full", SharedBy::Listener).where_(is_emptied),
    Relation::causes("accept-queue-high", SharedBy::Listener).where_(is_emptied),
    Relation::causes("listen-drops", SharedBy::Listener).where_(is_emptied),
    Relation::causes("path-dead", SharedBy::Service).where_(is_emptied),
    Relation::causes("syn-sent-stuck", SharedBy::Service).where_(is_emptied),
    Relation::causes("syn-recv-pileup", SharedBy::Listener).where_(is_emptied),
    Relation::contributes("accept-queue-full", SharedBy::Listener).where_(is_stuck),
    Relation::contributes("listen-drops", SharedBy::Listener).where_(is_stuck),
];
/// More than this older kernels refuse to have `somaxconn` set to.
const MOST_SOMAXCONN: u64 = 65_535;
/// The largest limit of `listen()` before Linux 5.4: a lower one is never needed.
const OLD_SOMAXCONN: u64 = 128;
/// Descriptors used from which `accept()` fails again and again: the critical level of fd-near-limit.
const DESCRIPTORS_FULL: f64 = 0.95;
/// The part of them from which on they are mostly sockets: the default of fd-near-limit.
const MOSTLY: f64 = 0.5;

/// A full queue in which nothing is older than this is emptied by the program, faster than this.
const EMPTIED: Duration = Duration::from_millis(200);
/// Timeouts in a row after which no answer is on its way within a host: 0.6 s.
const TIMEOUTS: u8 = 2;
/// The evidence that holds the age of the oldest connection in a full queue.
const OLDEST: &str = "oldest_waiting";

/// Drops of listeners between two samples.
#[derive(Clone, Debug)]
pub struct Losses {
    /// By the listener's cookie.
    rises: BTreeMap<u64, u64>,
    /// Services with a long queue in either sample.
    crowded: BTreeSet<u64>,
    /// `TcpExtListenDrops` of the namespace.
    dropped: u64,
    /// `TcpExtListenOverflows` of the namespace, where the kernel has it.
    pub overflowed: Option<u64>,
    /// The time between the samples.
    pub between: Duration,
}

/// Drops of one service between two samples.
#[derive(Clone, Copy, Debug)]
pub struct Drops {
    /// Packets, at most: a client that tries again counts again.
    pub count: u64,
    /// Whether no other listener can have dropped all that the namespace did.
    pub is_proven: bool,
}

impl Losses {
    /// Reads them; `None` without two samples, or if the namespace dropped nothing.
    pub fn of(input: &RuleInput<'_>) -> Option<Losses> {
        let (before, between) = input.before()?;
        let dropped = input.rise("TcpExtListenDrops").filter(|&rise| rise > 0)?;
        let earlier: BTreeMap<u64, &Listener> = sorted::map(before.listeners.iter().map(|one| (one.cookie, one)));
        let is_crowded = |listener: &Listener| {
            listener.limit.is_some_and(|limit| u64::from(listener.queue) * 2 >= u64::from(limit.max(1)))
        };
        let mut losses = Losses {
            rises: BTreeMap::new(),
            crowded: BTreeSet::new(),
            dropped,
            overflowed: input.rise("TcpExtListenOverflows"),
            between,
        };
        for listener in &input.now().listeners {
            let then = earlier.get(&listener.cookie);
            let old = then.and_then(|then| then.drops).unwrap_or(0);
            let Some(rise) = listener.drops.and_then(|drops| drops.checked_sub(old)).filter(|&rise| rise > 0) else {
                continue;
            };
            losses.rises.insert(listener.cookie, u64::from(rise));
            if is_crowded(listener) || then.is_some_and(|then| is_crowded(then)) {
                losses.crowded.insert(listener.cookie);
            }
        }
        Some(losses)
    }

    /// How much a listener's own counter rose.
    pub fn rise(&self, listener: &Listener) -> u64 {
        self.rises.get(&listener.cookie).copied().unwrap_or(0)
    }

    /// The drops of a service; `None` if it dropped nothing, or if other services may have dropped all of them.
    ///
    /// A listener's counter also counts bare RST and FIN, and with `TCP_DEFER_ACCEPT` every healthy connection; the
    /// namespace's counter counts only real drops, but of all listeners. So drops of one listener are certain as far as
    /// they exceed the other listeners' counters; otherwise its queue must have been at least half full. The two
    /// counters are not read at the same moment: a small excess may be drops of the others in between.
    pub fn drops(&self, service: &Service<'_>) -> Option<Drops> {
        let own: u64 = service.listeners.iter().map(|listener| self.rise(listener)).sum();
        let all: u64 = self.rises.values().sum();
        let others = all.saturating_sub(own);
        let certain = self.dropped.saturating_sub(others);
        let is_proven = certain > 0 && (others == 0 || (certain * 2 >= own && certain * 10 > self.dropped));
        let is_crowded = service.listeners.iter().any(|listener| self.crowded.contains(&listener.cookie));
        (own > 0 && (is_proven || is_crowded)).then_some(Drops { count: own.min(self.dropped), is_proven })
    }
}

/// Open connections of this host that only their client knows: the queue of a local listener was full when the last
/// packet of their handshake arrived. The client's data is retransmitted at growing intervals until the queue has room.
///
/// Unknown if not every open connection was read, or if the kernel never dropped a handshake.
pub fn cut_off<'a>(input: &RuleInput<'a>) -> Vec<&'a Seen> {
    let now = input.now();
    let is_possible = now.all_established && input.counter("TcpExtListenDrops").is_some_and(|drops| drops > 0);
    let ends =
        |address: IpAddr, port, peer: IpAddr, peer_port| (address.to_canonical(), port, peer.to_canonical(), peer_port);
    let is_unanswered = |seen: &&Seen| {
        let socket = &seen.socket;
        socket.timer == Timer::Retransmit
            && socket.retrans >= TIMEOUTS
            && input.listener(socket.peer, socket.peer_port).is_some()
            && input.is_own(socket.peer)
    };
    let mut unanswered: Vec<&Seen> =
        input.sockets(State::ESTABLISHED).filter(|_| is_possible).filter(is_unanswered).collect();
    if !unanswered.is_empty() {
        let all = now.sockets.iter().filter(|seen| seen.socket.state != State::SYN_RECV);
        let of = |Seen { socket, .. }: &Seen| ends(socket.local, socket.local_port, socket.peer, socket.peer_port);
        let known: BTreeSet<_> = sorted::set(all.map(of));
        unanswered.retain(|Seen { socket, .. }| {
            !known.contains(&ends(socket.peer, socket.peer_port, socket.local, socket.local_port))
        });
    }
    unanswered
}

/// A service whose accept queue really overflows.
#[derive(Clone, Debug)]
pub struct Overflow<'a> {
    /// The listeners that do.
    pub service: Service<'a>,
    /// Their drops between two samples.
    pub drops: Option<Drops>,
    /// Clients of this host whose handshake it dropped.
    pub cut_off: u64,
}

/// The services that overflow: full now, proven to have dropped between two samples, or with clients cut off. Excludes
/// services for one client and those that are starting.
pub fn overflows<'a>(input: &RuleInput<'a>) -> Vec<Overflow<'a>> {
    let losses = Losses::of(input);
    let cut_off = cut_off(input);
    let overflow = |service: Service<'a>| {
        // Drops without an overflow have another reason than the queue's length.
        let losses = losses.as_ref().filter(|losses| losses.overflowed != Some(0));
        let drops = losses.and_then(|losses| losses.drops(&service));
        let lost = |listener: &Listener| drops.is_some() && losses.is_some_and(|losses| losses.rise(listener) > 0);
        let missed = |listener: &Listener| {
            cut_off.iter().filter(|seen| listener.takes(seen.socket.peer, seen.socket.peer_port)).count() as u64
        };
        let service = service.only(|listener| listener.is_full() || lost(listener) || missed(listener) > 0)?;
        let cut_off = missed(service.fullest);
        (!service.is_for_one_client() && !service.awaits_start(input)).then_some(Overflow { service, drops, cut_off })
    };
    Service::all(input).into_iter().filter_map(overflow).collect()
}

impl Overflow<'_> {
    /// A notice about the length of the queue; compares it with `most`, the system limit.
    pub fn notice(&self, input: &RuleInput<'_>, most: u64) -> Finding {
        let service = &self.service;
        let proof = match self.drops {
            Some(drops) if !service.fullest.is_full() => Sentence::plain("proof-drops").count("count", drops.count),
            None if !service.fullest.is_full() => Sentence::plain("accept-cut-off").count("count", self.cut_off),
            _ => Sentence::plain("proof-full").count("queue", service.fullest.queue.into()),
        };
        let mut finding = input.finding(Severity::Notice, service.subject(input)).count("most", most);
        if let Some(age) = service.oldest(input) {
            let oldest = Sentence::plain("accept-oldest").time("time", age);
            finding = finding.evidence(OLDEST, Figure::Time(age), "tcp_info.last_data_sent").proof(oldest);
        }
        let finding = finding
            // An older and smaller somaxconn, at the time of listen(), looks the same.
            .confidence(Confidence::Likely)
            .proof(proof.count("limit", service.fullest_limit().unwrap_or(0)).count("most", most))
            .evidence("somaxconn", Figure::Count(most), SOMAXCONN)
            .myth("accept-myth-somaxconn")
            .myth("accept-myth-syn-backlog")
            .about(service.inodes(), service.waiting().max(self.dropped()).max(self.cut_off));
        figures(finding, service)
    }

    /// Packets dropped between two samples.
    pub fn dropped(&self) -> u64 {
        self.drops.map_or(0, |drops| drops.count)
    }
}

/// Whether the program empties the queue that a finding is about: then its length is the fault, else the program's pace.
pub fn is_emptied(overflow: &Finding, _: &Finding) -> bool {
    let figures = overflow.count_of("accept_queue").zip(overflow.count_of("accept_limit"));
    let oldest = overflow.evidence.iter().find(|one| one.name == OLDEST);
    figures.is_some_and(|(queue, limit)| queue <= limit)
        || oldest.is_some_and(|one| matches!(one.value, Figure::Time(age) if age < EMPTIED))
}

/// Whether the queue is full of connections that wait for the program.
pub fn is_stuck(overflow: &Finding, effect: &Finding) -> bool {
    !is_emptied(overflow, effect)
}

/// The figures of one listener's queue.
pub fn queue(finding: Finding, listener: &Listener) -> Finding {
    let finding = finding.evidence("accept_queue", Figure::Count(listener.queue.into()), "idiag_rqueue");
    match listener.limit {
        Some(limit) => finding.evidence("accept_limit", Figure::Count(limit.into()), "idiag_wqueue"),
        None => finding,
    }
}

/// The figures of one listener's queue, before them a sentence with both if its limit is known.
pub fn proof(finding: Finding, id: &'static str, listener: &Listener) -> Finding {
    let sentence = |limit: u32| Sentence::plain(id).count("queue", listener.queue.into()).count("limit", limit.into());
    let finding = match listener.limit {
        Some(limit) => finding.proof(sentence(limit)),
        None => finding,
    };
    queue(finding, listener)
}

/// The figures of a service's fullest queue.
pub fn figures(finding: Finding, service: &Service<'_>) -> Finding {
    let finding = queue(finding, service.fullest);
    match service.listeners.len() {
        1 => finding,
        more => finding.evidence("listeners", Figure::Count(more as u64), "idiag_state"),
    }
}

/// The command that shows the queue of a service and its limit.
fn inspect(service: &Service<'_>) -> ShellCommand {
    ShellCommand::new("sockdoc list -tl sport = :").then(service.fullest.port)
}

/// All that helps a queue that is too full, in order: the program, its own backlog, the system's cap.
pub fn remedies(input: &RuleInput<'_>, finding: Finding, service: &Service<'_>) -> Finding {
    let subject = finding.subject.clone();
    let own_limit = Sentence::plain("accept-own-limit").with("hint", hint::own_limit(subject.runtime()).part());
    let pid = subject.program().map(|program| program.pid);
    let finding = awaited::tell(input, finding, service.inodes());
    let accept = pid.and_then(|pid| without_descriptors(input, pid)).unwrap_or_else(|| Sentence::plain("accept-loop"));
    let mut finding = finding
        .remedy(Remedy::new(RemedyKind::Config, own_limit))
        .remedy(Remedy::new(RemedyKind::Code, accept))
        .remedy(Remedy::new(RemedyKind::Config, "accept-workers").verify(inspect(service)))
        .remedy(backlog(input, service, &subject, 0));
    if let Some(pid) = pid {
        let find = |id, command: ShellCommand| Remedy::new(RemedyKind::Operate, id).inspect().command(command);
        finding = finding
            .remedy(relief::relief(input, pid, subject.runtime()))
            .remedy(
                find("accept-strace", ShellCommand::new("strace -f -e trace=accept,accept4 -p ").then(pid))
                    .needs("needs-ptrace"),
            )
            .remedy(find(
                "accept-throttled",
                ShellCommand::new("grep nr_throttled \"/sys/fs/cgroup$(sed -n s/^0:://p /proc/")
                    .then(pid)
                    .then("/cgroup)/cpu.stat\""),
            ));
    }
    let finding = finding.remedy(somaxconn(input, service));
    match SilentClients::of(input, &service.listeners) {
        Some(clients) => clients.tell_workers(input, finding),
        None => finding,
    }
}

/// What to do about a process that has hardly a descriptor left, so that `accept()` fails; `None` of another.
pub fn without_descriptors(input: &RuleInput<'_>, pid: u32) -> Option<Sentence> {
    let (used, most) = input.descriptors(pid).filter(|&(used, most)| is_nearly_full(used, most))?;
    let facts = input.process(pid)?;
    let text = match facts.sockets.filter(|_| !facts.is_mostly_sockets(used, MOSTLY)) {
        Some(sockets) => Sentence::plain("accept-loop-files").count("sockets", sockets),
        None => Sentence::plain("accept-loop-descriptors"),
    };
    Some(text.count("used", used).count("most", most))
}

/// Whether a process has hardly a descriptor left.
pub fn is_nearly_full(used: u64, most: u64) -> bool {
    used as f64 >= DESCRIPTORS_FULL * most as f64
}

/// A longer backlog in the program; `None` if the system limit already caps it.
///
/// Twice the current length plus the drops, at most the system limit.
pub fn backlog(input: &RuleInput<'_>, service: &Service<'_>, subject: &Subject, dropped: u64) -> Option<Remedy> {
    let most = input.sysctl(SOMAXCONN)?;
    let current = service.fullest_limit()?;
    if current >= most {
        return None;
    }
    let runtime = subject.runtime();
    let (text, proposed) = if runtime == Runtime::Go {
        // Go always asks for all the system allows, which was less when it called listen().
        (Sentence::plain("accept-listen-again").number("most", most), most)
    } else {
        let proposed = (2 * current).max(current + dropped).max(OLD_SOMAXCONN).min(most);
        let text = Sentence::plain("accept-backlog").number("proposed", proposed);
        (text.with("hint", hint::backlog(runtime).part()), proposed)
    };
    let mut remedy = Remedy::new(RemedyKind::Config, text.number("current", current))
        .risk("accept-risk-wait")
        .verify(inspect(service));
    remedy.current = Some(current.to_string());
    remedy.proposed = Some(proposed.to_string());
    Some(remedy)
}

/// A higher system limit (doubled), if it caps the queue.
pub fn somaxconn(input: &RuleInput<'_>, service: &Service<'_>) -> Option<Remedy> {
    let most = input.sysctl(SOMAXCONN).filter(|&most| Some(most) == service.fullest_limit())?;
    let proposed = (2 * most).min(MOST_SOMAXCONN);
    let remedy = sysctl::raise(input, SOMAXCONN, proposed, "accept-somaxconn")?;
    Some(remedy.risk("accept-risk-wait").verify(inspect(service)))
}
