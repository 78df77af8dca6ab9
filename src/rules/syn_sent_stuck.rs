//! Connection attempts without any answer, not even a refusal.
//!
//! Detected: `SYN_SENT` with two or more retransmits, that is 2 to 3 s without an answer, longer than on any healthy
//! network. One is a notice; three to one destination, or one after five timeouts, are a warning. Impact: the caller
//! waits, up to 131 s by default. The socket does not show its age; the timeouts do, because their schedule is fixed
//! (`tcp_write_timeout()` and `tcp_retransmit_timer()` in net/ipv4/tcp_timer.c). If the next hop does not answer ARP or
//! neighbour discovery, an attempt ends after 3 s (`neigh_timer_handler()` in net/core/neighbour.c): two at once suffice,
//! or one in each of two samples.

use super::{accept, connections, prelude::*, sysctl};

/// Timeouts after which an answer is late: 2 s of silence (3 s before Linux 6.5).
pub(super) const RETRANS: Threshold = Threshold::count("retrans", 2.0);
/// From this number on, failed attempts to one destination are not chance.
const COUNT: Threshold = Threshold::count("count", 3.0);
/// Timeouts after which one attempt is enough: 5 s of silence (31 s before Linux 6.5).
const LONG: Threshold = Threshold::count("long", 5.0);
/// Destinations of one owner that are listed one by one; a scanner or crawler has more.
const SEVERAL: usize = 5;
/// The first timeout, `TCP_TIMEOUT_INIT`, and the longest, `TCP_RTO_MAX`, in seconds.
const FIRST: u64 = 1;
const LONGEST: u64 = 120;
/// The proposed `tcp_syn_retries`: 15 s, or 19 s with the four linear timeouts.
const FEWER_RETRIES: u64 = 3;
const RETRIES: &str = "net.ipv4.tcp_syn_retries";
const LINEAR: &str = "net.ipv4.tcp_syn_linear_timeouts";

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "syn-sent-stuck",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[RETRANS, COUNT, LONG],
    needs: &[Need::Tcp, Need::Timers(&[State::SYN_SENT])],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

/// Attempts at once from which a next hop that does not answer ARP is a finding: each attempt ends after 3 s.
const AT_ONCE: usize = 2;
/// Longer than any answer to ARP takes, where a host is asked for the first time.
const ARP: Duration = Duration::from_millis(500);

/// Where attempts go.
type Destination = (IpAddr, u16);

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let dead = dead_hops(input);
    let is_stuck = |seen: &&Seen| is_old(input, seen) || hop(input, seen).is_some_and(|hop| dead.contains(&hop));
    let mut destinations: BTreeMap<Destination, Vec<&Seen>> = BTreeMap::new();
    for seen in input.sockets(State::SYN_SENT).filter(is_stuck) {
        destinations.entry((seen.socket.peer, seen.socket.peer_port)).or_default().push(seen);
    }
    let mut owners: BTreeMap<Subject, Vec<Destination>> = BTreeMap::new();
    for (&destination, stuck) in &destinations {
        if let Some(first) = stuck.first() {
            owners.entry(input.subject(first)).or_default().push(destination);
        }
    }
    let mut findings = Vec::new();
    for (owner, places) in owners {
        let stuck = |place| destinations.get(place).map(Vec::as_slice).unwrap_or_default();
        if places.len() > SEVERAL {
            let all: Vec<&Seen> = places.iter().flat_map(stuck).copied().collect();
            let of_all = common_hop(input, &all).map(|_| severity(input, &all));
            let severity = of_all.or_else(|| places.iter().map(|place| severity(input, stuck(place))).max());
            findings.extend(severity.map(|severity| scattered(input, severity, owner, &all, places.len())));
        } else {
            findings.extend(places.iter().map(|place| describe(input, *place, stuck(place))));
        }
    }
    findings
}

fn is_old(input: &RuleInput<'_>, seen: &Seen) -> bool {
    f64::from(seen.socket.retrans) >= input.limit(&RETRANS)
}

/// The next hop of an attempt, if it is asked for by ARP and does not answer.
fn hop(input: &RuleInput<'_>, seen: &Seen) -> Option<IpAddr> {
    input.now().unresolved.iter().find(|(peer, _)| *peer == seen.socket.peer).map(|(_, hop)| *hop)
}

/// The next hop of all these attempts, if it does not answer ARP.
fn common_hop(input: &RuleInput<'_>, stuck: &[&Seen]) -> Option<IpAddr> {
    let first = hop(input, stuck.first()?)?;
    stuck.iter().all(|seen| hop(input, seen) == Some(first)).then_some(first)
}

/// The next hops that do not answer, however young the attempts are: they end before they are old.
fn dead_hops(input: &RuleInput<'_>) -> Vec<IpAddr> {
    let attempts = input.sockets(State::SYN_SENT).filter_map(|seen| Some((hop(input, seen)?, seen)));
    let attempts: Vec<(IpAddr, &Seen)> = attempts.collect();
    let mut dead = Vec::new();
    for (_, hop) in &input.now().unresolved {
        let waiting = attempts.iter().filter(|(one, _)| one == hop).map(|(_, seen)| *seen);
        let was_dead = || input.before().is_some_and(|(before, _)| before.unresolved.iter().any(|(_, one)| one == hop));
        let is_late = || waiting.clone().any(|seen| age(seen, linear(input)) >= ARP);
        let is_dead = || waiting.clone().count() >= AT_ONCE && is_late();
        if !dead.contains(hop) && (was_dead() || is_dead() || waiting.clone().any(|seen| is_old(input, seen))) {
            dead.push(*hop);
        }
    }
    dead
}

fn severity(input: &RuleInput<'_>, stuck: &[&Seen]) -> Severity {
    let is_long = stuck.iter().any(|seen| f64::from(seen.socket.retrans) >= input.limit(&LONG));
    let is_many = scaled(input, stuck.len()) as f64 >= input.limit(&COUNT);
    if is_many || is_long { Severity::Warning } else { Severity::Notice }
}

/// One destination.
fn describe(input: &RuleInput<'_>, (address, port): Destination, stuck: &[&Seen]) -> Finding {
    let inodes: Vec<u32> = connections::inodes(stuck);
    let program = input.main_program(&inodes);
    let subject = Subject::Destination { source: None, address, port: Some(port), program };
    let name = subject.program_word();
    let peer = || Word::Endpoint(address, port);
    let count = scaled(input, stuck.len());
    let title = Sentence::plain("title").count("count", count);
    let age = Word::Time(oldest(input, stuck));
    let finding = base(input, severity(input, stuck), subject, title.with("age", age), stuck);
    let timeout = Sentence::plain("fix-timeout").with("program", name);
    let timeout = Remedy::new(RemedyKind::Code, timeout);
    if let Some(listener) = input.listener(address, port).filter(|_| input.is_own(address)) {
        return here(input, finding, listener, stuck, peer()).remedy(timeout);
    }
    // Where nothing listens the kernel refuses at once, unless the SYN never gets that far.
    if input.is_own(address) {
        let start = Sentence::plain("fix-service").with("peer", peer());
        return finding
            .why(Sentence::plain("why-filtered").with("peer", peer()))
            .remedy(Remedy::new(RemedyKind::Operate, start))
            .remedy(filter())
            .remedy(timeout)
            .myth("myth-refused");
    }
    if let Some(hop) = common_hop(input, stuck) {
        return unanswered(finding, hop, hop == address).remedy(timeout);
    }
    let inspect = Remedy::new(RemedyKind::Operate, Sentence::plain("fix-path").with("peer", peer()));
    finding
        .why(Sentence::plain("why").with("peer", peer()))
        .remedy(timeout)
        .remedy(inspect.command(ShellCommand::new("ip route get ").then(address)))
        .remedy(give_up(input))
        .myth("myth-refused")
}

/// A listener of this host that does not answer: its queue has no room, or a packet is lost on the way within the host. A
/// half-open handshake of the attempt shows that its SYN arrived.
fn here(input: &RuleInput<'_>, finding: Finding, listener: &Listener, stuck: &[&Seen], peer: Word) -> Finding {
    let dropped = input.earlier_listener(listener).and_then(|earlier| listener.drops?.checked_sub(earlier.drops?));
    let overflows = input.rise("TcpExtListenDrops").or_else(|| input.counter("TcpExtListenDrops"));
    let show = ShellCommand::new("sockdoc list state listening sport = :").then(listener.port).then(" -p");
    if listener.is_full() || dropped > Some(0) || overflows.is_none() {
        let inspect = Remedy::new(RemedyKind::Operate, Sentence::plain("fix-queue").with("peer", peer.clone()));
        return finding
            .why(Sentence::plain("why-here").with("peer", peer))
            .remedy(inspect.command(show))
            .myth("myth-abort");
    }
    let ends: BTreeSet<_> = sorted::set(input.sockets(State::SYN_RECV).map(|seen| seen.flow().reversed()));
    let has_arrived = stuck.iter().any(|seen| ends.contains(&seen.flow().ends()));
    let why = Sentence::plain(if has_arrived { "why-answer-lost" } else { "why-lost-here" }).with("peer", peer);
    accept::proof(finding.why(why), "proof-room", listener)
        .remedy(Remedy::new(RemedyKind::Operate, "fix-here"))
        .remedy(filter())
        .myth("myth-queue")
}

/// A next hop that does not answer ARP: the host itself, or the gateway to it.
fn unanswered(finding: Finding, hop: IpAddr, is_host: bool) -> Finding {
    let protocol = if hop.is_ipv4() { "ARP" } else { "NDP" };
    let (why, fix) = if is_host { ("why-no-host", "fix-no-host") } else { ("why-no-gateway", "fix-no-gateway") };
    let show = Remedy::new(RemedyKind::Operate, "find-hop").inspect();
    finding
        .why(Sentence::plain(why).address("hop", hop).outside("protocol", protocol))
        .evidence("next_hop", Figure::Text(hop.to_string()), "RTM_GETROUTE")
        .evidence("next_hop_state", Figure::Text("unresolved".to_owned()), "RTM_GETNEIGH")
        .remedy(Remedy::new(RemedyKind::Operate, Sentence::plain(fix).address("hop", hop)))
        .remedy(show.command(ShellCommand::new("ip neigh show ").then(hop)))
}

/// Shows filters that may drop packets within this host.
fn filter() -> Remedy {
    Remedy::new(RemedyKind::Operate, "fix-filter").inspect().command("nft list ruleset").needs("needs-root")
}

/// Many destinations of one owner.
fn scattered(input: &RuleInput<'_>, severity: Severity, owner: Subject, stuck: &[&Seen], places: usize) -> Finding {
    let title = Sentence::plain("title-scattered")
        .count("count", scaled(input, stuck.len()))
        .count("destinations", places as u64);
    let name = owner.program_word();
    let inspect = Remedy::new(RemedyKind::Operate, "find");
    let timeout = Remedy::new(RemedyKind::Code, Sentence::plain("fix-timeout").with("program", name));
    let finding =
        base(input, severity, owner, title, stuck).evidence("destinations", Figure::Count(places as u64), "inet_diag");
    if let Some(hop) = common_hop(input, stuck) {
        return unanswered(finding, hop, false).remedy(timeout);
    }
    finding
        .why("why-scattered")
        .remedy(timeout)
        .remedy(inspect.command("sockdoc list state syn-sent -o -p"))
        .remedy(give_up(input))
        .myth("myth-refused")
}

/// The common part of both findings.
fn base(input: &RuleInput<'_>, severity: Severity, subject: Subject, title: Sentence, stuck: &[&Seen]) -> Finding {
    let count = scaled(input, stuck.len());
    let retrans = stuck.iter().map(|seen| u64::from(seen.socket.retrans)).max().unwrap_or(0);
    let finding = input
        .finding(severity, subject)
        .title(title)
        .evidence("attempts", Figure::Count(count), "idiag_state")
        .evidence("timeouts", Figure::Count(retrans), "idiag_retrans")
        .evidence("oldest", Figure::Time(oldest(input, stuck)), "idiag_retrans")
        .counts(stuck.iter().copied())
        .about(connections::inodes(stuck), count);
    if common_hop(input, stuck).is_some() {
        return finding.limit(Some(Sentence::plain("limit-no-host")));
    }
    let end = input.sysctl(RETRIES).map(|retries| elapsed(retries + linear(input) + 1, linear(input)));
    let finding = finding
        .proof(Sentence::plain("proof").count("count", retrans + 1))
        .limit(end.map(|time| Sentence::plain("limit").time("time", time)));
    match end {
        Some(time) => finding.evidence("gives_up_after", Figure::Time(time), RETRIES),
        None => finding,
    }
}

/// Shorter waiting for all programs; the program's own timeout is the better way.
fn give_up(input: &RuleInput<'_>) -> Option<Remedy> {
    let time = elapsed(FEWER_RETRIES + linear(input) + 1, linear(input));
    let text = Sentence::plain("fix-retries").time("time", time);
    Some(sysctl::lower(input, RETRIES, FEWER_RETRIES, text)?.first_aid().risk("risk-retries"))
}

/// Estimates the number of sockets from the number of kept ones, if not all are kept.
fn scaled(input: &RuleInput<'_>, count: usize) -> u64 {
    (count as f64 * connections::scale(input, State::SYN_SENT)).round() as u64
}

fn linear(input: &RuleInput<'_>) -> u64 {
    input.sysctl(LINEAR).unwrap_or(0)
}

fn oldest(input: &RuleInput<'_>, stuck: &[&Seen]) -> Duration {
    stuck.iter().map(|seen| age(seen, linear(input))).max().unwrap_or_default()
}

/// The time since the first SYN: the timeouts that passed, and the elapsed part of the next.
fn age(seen: &Seen, linear: u64) -> Duration {
    let timeouts = u64::from(seen.socket.retrans);
    let next = elapsed(timeouts + 1, linear);
    next.saturating_sub(Duration::from_millis(seen.socket.expires_ms.into())).max(elapsed(timeouts, linear))
}

/// The time that this many timeouts take on this host.
pub(super) fn timeouts(input: &RuleInput<'_>, timeouts: u64) -> Duration {
    elapsed(timeouts, linear(input))
}

/// The time of this number of timeouts: `linear` more than one of a second each, then each twice the one before.
fn elapsed(timeouts: u64, linear: u64) -> Duration {
    let one = |place: u64| {
        let doubled = u32::try_from(place.saturating_sub(linear)).unwrap_or(u32::MAX);
        FIRST.checked_shl(doubled).unwrap_or(LONGEST).clamp(FIRST, LONGEST)
    };
    // No setting allows more than 127 + 127 (net/ipv4/sysctl_net_ipv4.c).
    Duration::from_secs((0..timeouts.min(255)).map(one).sum())
}

#[cfg(test)]
mod tests;
