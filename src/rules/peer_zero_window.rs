//! Data that waits here because the receiver does not read: its window is closed.
//!
//! Seen: the persist timer runs and its time was doubled four times and more, which takes about 3 s. Probes do not count:
//! the peer answers each, so that the wait has no end. A client that reads slowly does the same to a healthy server
//! (`curl --limit-rate` gives 6 to 8 doublings), so inbound ones must be many (knowledge: E, catalogue). A proxy of this
//! host whose own receiver reads slowly closes its window just so, and is not at fault.

use super::{connections, hint, prelude::*};
use crate::model::{group::Direction, tcp_info};

/// Four doublings of the first probe's 0.2 s: about 3 s without room.
pub(super) const BACKOFF: Threshold = Threshold::count("backoff", 4.0);
/// Eight: about 50 s.
const LONG: Threshold = Threshold::count("long-backoff", 8.0);
/// The part of its busy time that a connection waited for the receiver.
const HELD: Threshold = Threshold::ratio("held", 0.5);
/// Below this busy time that part says nothing.
const BUSY: Threshold = Threshold::seconds("busy", 10.0);
/// From this number on, more than one client of a service is slow.
const CLIENTS: Threshold = Threshold::count("clients", 20.0);
/// And they must be this part of its connections.
const SHARE: Threshold = Threshold::ratio("share", 0.01);
/// Sockets of slow receivers whose owners are found: finding all costs too much.
const MOST: usize = 256;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "peer-zero-window",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[BACKOFF, LONG, HELD, BUSY, CLIENTS, SHARE],
    needs: &[
        Need::Tcp,
        Need::Timers(&[State::ESTABLISHED, State::CLOSE_WAIT]),
        Need::Details(&[State::ESTABLISHED, State::CLOSE_WAIT]),
    ],
    relations: &[Relation::causes("sndbuf-limited", SharedBy::Connection)],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let mut services: BTreeMap<(IpAddr, u16), Vec<&Seen>> = BTreeMap::new();
    let mut clients: BTreeMap<u16, Vec<&Seen>> = BTreeMap::new();
    // FIN_WAIT1 belongs to fin-wait1-orphans.
    let open = || [State::ESTABLISHED, State::CLOSE_WAIT].into_iter().flat_map(|state| input.sockets(state));
    for seen in open().filter(|seen| is_held_up(input, seen)) {
        let socket = &seen.socket;
        match connections::direction(input, seen) {
            Direction::Inbound => clients.entry(socket.local_port).or_default().push(seen),
            _ => services.entry((socket.peer, socket.peer_port)).or_default().push(seen),
        }
    }
    // A proxy passes data on in its direction: from its clients to services, and back.
    let onward = |way: Direction| -> Vec<u32> {
        let is_slow = |seen: &&Seen| is_taken_slowly(input, seen) && connections::direction(input, seen) == way;
        open().filter(is_slow).map(|seen| seen.socket.inode).take(MOST).collect()
    };
    let (up, down) = (onward(Direction::Outbound), onward(Direction::Inbound));
    let (proxies_up, proxies_down) = (input.pids(up.iter().copied()), input.pids(down.iter().copied()));
    let is_among =
        |proxies: &[u32], readers: &[u32]| !readers.is_empty() && readers.iter().all(|pid| proxies.contains(pid));
    for all in clients.values_mut() {
        let reader = |seen: &Seen| input.peer_here(seen).map(|far| input.pids([far.socket.inode]));
        all.retain(|seen| reader(seen).is_none_or(|reader| !is_among(&proxies_down, &reader)));
    }
    let mut outbound = Blocked::all(input, services);
    outbound.retain(|blocked| !is_among(&proxies_up, &input.pids(blocked.far.iter().copied())));
    let outbound = outbound.iter().map(|blocked| self::outbound(input, blocked));
    let inbound = clients.into_iter().filter_map(|(port, all)| inbound(input, port, &all));
    let mut found: Vec<Finding> = outbound.chain(inbound).collect();
    if !input.knows_owners() {
        found.iter_mut().for_each(|finding| finding.inodes.extend(up.iter().chain(&down)));
    }
    found
}

/// Whether data waits here that the receiver takes little by little: the kernel holds data back, and its window was not
/// closed for long.
fn is_taken_slowly(input: &RuleInput<'_>, seen: &Seen) -> bool {
    seen.kind() == Kind::Full && seen.info(&tcp_info::NOTSENT_BYTES) > Some(0) && !is_held_up(input, seen)
}

fn is_held_up(input: &RuleInput<'_>, seen: &Seen) -> bool {
    seen.kind() == Kind::Full
        && seen.waits_for_window()
        && seen.info(&tcp_info::BACKOFF).is_some_and(|backoff| backoff as f64 >= input.limit(&BACKOFF))
}

/// The connections to a service that does not read.
struct Blocked<'a> {
    peer: (IpAddr, u16),
    all: Vec<&'a Seen>,
    /// The sockets of the other ends that are on this host.
    far: Vec<u32>,
    /// Connections to programs of this host that do not read, because these connections hold them up.
    behind: Vec<&'a Seen>,
}

impl<'a> Blocked<'a> {
    /// Each service with the connections that it holds up through relays of this host.
    fn all(input: &RuleInput<'a>, services: BTreeMap<(IpAddr, u16), Vec<&'a Seen>>) -> Vec<Blocked<'a>> {
        let ends: BTreeSet<_> = sorted::set(services.values().flatten().map(|seen| seen.flow().reversed()));
        let is_far = |seen: &&Seen| ends.contains(&seen.flow().ends());
        let here = input.now().sockets.iter().filter(is_far).map(|seen| (seen.flow().ends(), seen.socket.inode));
        let here: BTreeMap<_, u32> = sorted::map(here);
        let far = |all: &[&Seen]| all.iter().filter_map(|seen| here.get(&seen.flow().reversed()).copied()).collect();
        let all = services.into_iter().map(|(peer, all)| Blocked { peer, far: far(&all), all, behind: Vec::new() });
        let mut all: Vec<Blocked<'_>> = all.collect();
        let mut place = 0;
        while place < all.len() {
            match all.get(place).and_then(|one| one.before(input, &all)) {
                Some(into) => {
                    let one = all.remove(place);
                    let into = if into > place { into - 1 } else { into };
                    all.get_mut(into)
                        .into_iter()
                        .for_each(|root| root.behind.extend(one.all.iter().chain(&one.behind)));
                    // Services blocked by the removed one are now blocked by the root: start again.
                    place = 0;
                }
                None => place += 1,
            }
        }
        all
    }

    /// The connections by which those are held up who do not read these.
    fn before(&self, input: &RuleInput<'_>, all: &[Blocked<'_>]) -> Option<usize> {
        let readers = input.pids(self.far.iter().copied());
        let holds = |other: &Blocked<'_>| {
            let sockets = other.all.iter().chain(&other.behind);
            let waiting = input.pids(sockets.map(|seen| seen.socket.inode));
            other.peer != self.peer && readers.iter().all(|pid| waiting.contains(pid))
        };
        all.iter().position(|other| !readers.is_empty() && holds(other))
    }
}

/// A service that does not read what we send.
fn outbound(input: &RuleInput<'_>, blocked: &Blocked<'_>) -> Finding {
    let Blocked { peer: (address, port), all, far, behind } = blocked;
    let (address, port) = (*address, *port);
    let is_long = |seen: &&&Seen| {
        let doubled = seen.info(&tcp_info::BACKOFF).unwrap_or(0) as f64;
        let (held, busy) = times(std::slice::from_ref(*seen));
        let mostly = busy >= input.time(&BUSY) && held.as_secs_f64() >= input.limit(&HELD) * busy.as_secs_f64();
        doubled >= input.limit(&LONG) || mostly
    };
    let severity = if all.iter().any(|seen| is_long(&seen)) { Severity::Warning } else { Severity::Notice };
    let subject = connections::destination(input, address, Some(port), all);
    let name = subject.program_word();
    let here = far.iter().find_map(|&inode| input.program(inode));
    let fix = connections::ask_peer(here.as_ref(), Word::Endpoint(address, port));
    let finding =
        input.finding(severity, subject).count("count", all.len() as u64).bytes("bytes", waiting(all)).remedy(fix);
    let inodes = all.iter().map(|seen| seen.socket.inode).chain(far.iter().copied()).collect();
    let mut finding = complete(finding, all).counts(all.iter().copied()).about(inodes, all.len() as u64);
    if !behind.is_empty() {
        let proof = Sentence::plain("proof-behind").with("program", name).count("count", behind.len() as u64);
        finding = finding.proof(proof);
        finding.touches.explained.extend(behind.iter().map(|seen| seen.flow()));
    }
    finding
}

/// Many clients of one service that do not read.
fn inbound(input: &RuleInput<'_>, port: u16, all: &[&Seen]) -> Option<Finding> {
    let is_whole = input.now().all_established;
    let open = input.sockets(State::ESTABLISHED).filter(|seen| seen.socket.local_port == port).count() as f64;
    let count = all.len() as f64 * if is_whole { 1.0 } else { connections::scale(input, State::ESTABLISHED) };
    // How many connections a service has is only known where all were read; of all of them is a stricter measure.
    let part =
        if is_whole { (count / open.max(count)).min(1.0) } else { connections::part_of_established(input, count) };
    if count < input.limit(&CLIENTS) || part < input.limit(&SHARE) {
        return None;
    }
    let subject = connections::listener(input, all)?;
    let mut inodes: Vec<u32> = connections::inodes(all);
    inodes.extend(all.first().and_then(|seen| input.listener(seen.socket.local, port)).map(|listener| listener.inode));
    if !input.knows_owners() {
        inodes.extend(all.iter().filter_map(|seen| input.peer_here(seen)).map(|far| far.socket.inode).take(MOST));
    }
    let finding = input
        .finding(Severity::Warning, subject)
        .title("title-clients")
        .count("count", count.round() as u64)
        .ratio("part", part)
        .bytes("bytes", waiting(all))
        .why("why-clients")
        .evidence("part_of_connections", Figure::Ratio(part), "idiag_timer");
    Some(complete(finding, all).counts(all.iter().copied()).about(inodes, count as u64))
}

/// Proof, figures and remedies that both kinds share.
fn complete(finding: Finding, all: &[&Seen]) -> Finding {
    let most = |field| all.iter().filter_map(|seen| seen.info(field)).max();
    let (held, busy) = times(all);
    let runtime = finding.subject.runtime();
    // A peer that vanished with its window closed answers no more; one probe may always be on its way.
    let is_answered = all.iter().all(|seen| seen.socket.retrans <= 1);
    let mut finding = if is_answered {
        finding.proof("proof-answered").limit(Some(Sentence::plain("limit")))
    } else {
        finding.confidence(Confidence::Likely)
    };
    let unanswered = all.iter().map(|seen| u64::from(seen.socket.retrans)).max().unwrap_or(0);
    finding = finding
        .evidence("probes_unanswered", Figure::Count(unanswered), "idiag_retrans")
        .evidence("sockets", Figure::Count(all.len() as u64), "idiag_timer 4")
        .evidence("send_queue_bytes", Figure::Bytes(waiting(all)), "idiag_wqueue")
        .evidence("backoff", Figure::Count(most(&tcp_info::BACKOFF).unwrap_or(0)), "tcp_info.backoff");
    // Absent before Linux 5.4.
    if let Some(window) = most(&tcp_info::SND_WND) {
        finding = finding.proof(Sentence::plain("proof").bytes("window", window)).evidence(
            "peer_window_bytes",
            Figure::Bytes(window),
            "tcp_info.snd_wnd",
        );
    }
    if !busy.is_zero() {
        let part = held.as_secs_f64() / busy.as_secs_f64();
        finding = finding.proof(Sentence::plain("proof-held").ratio("part", part)).evidence(
            "held_up_by_peer",
            Figure::Ratio(part),
            "tcp_info.rwnd_limited, tcp_info.busy_time",
        );
    }
    let timeout = Sentence::plain("fix-timeout").with("hint", hint::give_up(runtime).part());
    finding.remedy(Remedy::new(RemedyKind::Code, timeout)).myth("myth")
}

/// Time held up by the peer's window, and time with data to send, of all together.
fn times(all: &[&Seen]) -> (Duration, Duration) {
    let sum = |field| all.iter().filter_map(|seen| seen.info(field)).fold(0u64, u64::saturating_add);
    (Duration::from_micros(sum(&tcp_info::RWND_LIMITED)), Duration::from_micros(sum(&tcp_info::BUSY_TIME)))
}

/// Bytes in the send queues.
fn waiting(all: &[&Seen]) -> u64 {
    all.iter().map(|seen| u64::from(seen.socket.wqueue)).sum()
}

#[cfg(test)]
mod tests;
