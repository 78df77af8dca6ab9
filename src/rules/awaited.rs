//! What a program that keeps its clients waiting waits for: a service, or a CPU.
//!
//! A program that wants to run all the time, and mostly does not, waits for a CPU that others take.
//!
//! Detected: connections of its processes to one place, on each of which a request was sent five seconds ago or more,
//! was acknowledged, and has no answer yet. Alone that is not a fault (a long query, a long poll), so only rules about
//! clients that wait ask for it.

use super::{connections, prelude::*};
use crate::model::{group::Direction, owner::HeldUp, tcp_info};

/// Most services answer sooner.
const AGE: Duration = Duration::from_secs(5);
/// With more requests, owners are not found.
const MOST: usize = 1_000;

/// Programs of this host that wait for each other are followed so far.
const DEEPEST: usize = 8;

/// A service, and the requests to it without an answer.
type AwaitedPlace<'a> = ((IpAddr, u16), Vec<(&'a Seen, Duration)>);

/// With the requests that the holders of these sockets wait for, if there are any.
pub(super) fn tell(input: &RuleInput<'_>, mut finding: Finding, held: impl IntoIterator<Item = u32>) -> Finding {
    let all: Vec<(&Seen, Duration)> =
        input.sockets(State::ESTABLISHED).filter_map(|seen| Some((seen, unanswered(input, seen)?))).collect();
    if !input.knows_owners() {
        let some = || all.iter().take(MOST).map(|(seen, _)| *seen);
        finding.inodes.extend(some().map(|seen| seen.socket.inode));
        finding.inodes.extend(some().filter_map(|seen| here(input, (seen.socket.peer, seen.socket.peer_port))));
        return finding;
    }
    let pids = input.pids(held);
    if let Some((pid, percent)) = pids.iter().find_map(|&pid| Some((pid, starved(input, pid)?))) {
        let fix = Remedy::new(RemedyKind::Operate, "awaited-cpu-fix");
        let find = Remedy::new(RemedyKind::Operate, "awaited-cpu-find").inspect().command("top -b -n 1 -o %CPU");
        finding.remedies.splice(0..0, [fix, find]);
        return finding.proof(Sentence::plain("awaited-cpu").count("percent", percent)).evidence(
            "cpu_percent",
            Figure::Count(percent),
            format!("/proc/{pid}/schedstat"),
        );
    }
    let Some(((address, port), requests)) = place(input, &all, &pids) else { return finding };
    let oldest = requests.iter().map(|(_, age)| *age).max().unwrap_or_default();
    let fix = match here(input, (address, port)).and_then(|inode| input.program(inode)) {
        Some(program) => Sentence::plain("awaited-fix-here")
            .outside("program", program.name.clone())
            .number("pid", program.pid.into()),
        None => Sentence::plain("awaited-fix").endpoint("peer", address, port),
    };
    finding.remedies.insert(0, Remedy::new(RemedyKind::Operate, fix));
    let count = requests.len() as u64;
    let proof = Sentence::plain("awaited").count("count", count).endpoint("peer", address, port).time("age", oldest);
    let mut next = Some(((address, port), requests));
    while let Some((place_of, requests)) = next.filter(|_| finding.touches.awaited.len() < DEEPEST) {
        finding.touches.awaited.push(requests.iter().map(|(seen, _)| seen.flow()).collect());
        next = here(input, place_of).and_then(|inode| place(input, &all, &input.pids([inode])));
    }
    let source = "tcp_info.last_data_sent, tcp_info.last_data_recv";
    finding.proof(proof).evidence("requests_unanswered", Figure::Count(count), source)
}

/// The percentage of the time in which a process wanted to run that it ran, where that is less than half.
fn starved(input: &RuleInput<'_>, pid: u32) -> Option<u64> {
    let facts = input.process(pid).filter(|facts| facts.held_up == Some(HeldUp::Busy))?;
    Some(facts.cpu_percent).filter(|&percent| percent < 50)
}

/// The place to which most unanswered requests of these processes lead.
fn place<'a>(input: &RuleInput<'_>, all: &[(&'a Seen, Duration)], pids: &[u32]) -> Option<AwaitedPlace<'a>> {
    let mut places: BTreeMap<(IpAddr, u16), Vec<(&Seen, Duration)>> = BTreeMap::new();
    let is_theirs = |seen: &Seen| input.pids([seen.socket.inode]).iter().any(|pid| pids.contains(pid));
    for &(seen, age) in all.iter().filter(|(seen, _)| is_theirs(seen)) {
        places.entry((seen.socket.peer, seen.socket.peer_port)).or_default().push((seen, age));
    }
    places.into_iter().max_by_key(|(_, requests)| requests.len())
}

/// The listener of a place on this host.
fn here(input: &RuleInput<'_>, (address, port): (IpAddr, u16)) -> Option<u32> {
    Some(input.listener(address, port).filter(|_| input.is_own(address))?.inode)
}

/// How long ago the last request was sent, on a connection of this host to a service that has not answered it.
fn unanswered(input: &RuleInput<'_>, seen: &Seen) -> Option<Duration> {
    let socket = &seen.socket;
    let is_idle = socket.rqueue == 0 && socket.wqueue == 0 && seen.kind() == Kind::Full;
    let sent = seen.since(&tcp_info::LAST_DATA_SENT).filter(|&age| is_idle && age >= AGE)?;
    let is_outbound = connections::direction(input, seen) == Direction::Outbound;
    // Since then nothing came; of a first request, which may be as old as the connection, nothing ever did. Acknowledged is
    // the SYN, too.
    let is_silent = seen.since(&tcp_info::LAST_DATA_RECV).is_some_and(|age| age > sent)
        || seen.info(&tcp_info::BYTES_RECEIVED) == Some(0);
    let has_asked = seen.info(&tcp_info::BYTES_ACKED).is_some_and(|acked| acked > 1);
    (is_outbound && is_silent && has_asked).then_some(sent)
}
