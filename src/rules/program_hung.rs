//! A program that does not serve its sockets: stopped, frozen, blocked on a device or its own output, throttled, or computing
//! without end.
//!
//! Detected: unread data or connections not accepted, and no process that holds the socket can run. The states stopped,
//! traced and frozen are enough. A wait for a device, a CPU limit and a busy loop need two samples, and count only if
//! connections have not been accepted for a second: a worker that computes with input in its queue is at work. It is not if
//! several clients for each busy thread have been unread for five seconds: an event loop that does not come back. These
//! seconds are of its CPU's time: a program at work that shares a CPU with many lets clients wait for longer. A sleeping process
//! may have a reason (a relay under backpressure, a pager at the end of a pipe); `slow-reader` detects it with two
//! samples. All workers that share a listener must be held up; their parent, which never accepts, does not count. If
//! clients have waited for a second, one stopped worker is enough: with `reuseport` each of nginx's workers holds the
//! listeners of all and accepts from its own.

mod output;
mod remedies;

use super::{accept, connections, prelude::*, services::ProcessGroups};
use crate::model::{
    family::Netid,
    owner::HeldUp,
    snapshot::UnixUnread,
    tcp_info::{BACKOFF, LAST_DATA_RECV, LAST_DATA_SENT},
    waiting::{LONG, SEVERAL_CLIENTS},
};

/// A program that accepts does so sooner.
const LATE: Duration = Duration::from_secs(1);
/// Doublings of the time between probes of a closed window, about 3 s, after which the peer takes nothing.
const STUCK: u64 = 4;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "program-hung",
    severities: &[Severity::Critical, Severity::Warning],
    thresholds: &[],
    needs: &[Need::Tcp, Need::SystemCalls],
    relations: &[
        Relation::causes("accept-queue-full", SharedBy::Process),
        Relation::causes("accept-queue-high", SharedBy::Process),
        Relation::causes("unaccepted-established", SharedBy::Process),
        Relation::causes("accept-queue-full", SharedBy::Listener),
        Relation::causes("accept-queue-high", SharedBy::Listener),
        Relation::causes("unaccepted-established", SharedBy::Listener),
        Relation::causes("reuseport-imbalance", SharedBy::Listener),
        Relation::causes("listen-drops", SharedBy::Process),
        Relation::causes("syn-recv-pileup", SharedBy::Process),
        Relation::causes("syn-sent-stuck", SharedBy::Service),
        Relation::causes("close-wait-unaccepted", SharedBy::Process),
        Relation::causes("close-wait-unread", SharedBy::Process),
        Relation::causes("close-wait-leak", SharedBy::Process),
        Relation::causes("slow-reader", SharedBy::Process),
        Relation::causes("unread-requests", SharedBy::Process),
        Relation::causes("accept-queue-full", SharedBy::Answer),
        Relation::causes("accept-queue-high", SharedBy::Answer),
        Relation::causes("unaccepted-established", SharedBy::Answer),
        Relation::causes("unread-requests", SharedBy::Answer),
        Relation::causes("peer-zero-window", SharedBy::OtherEnd),
        Relation::causes("sndbuf-limited", SharedBy::OtherEnd),
        Relation::causes("fin-wait2-peer", SharedBy::OtherEnd),
        Relation::causes("rcv-prune", SharedBy::Process),
        Relation::causes("udp-drops", SharedBy::Process),
        Relation::causes("unix-backlog-full", SharedBy::Process),
    ],
    evaluate: Evaluate::Many(evaluate),
};

/// The sockets that wait for processes held up in the same way.
#[derive(Default)]
struct HeldUpWork<'a> {
    pids: BTreeSet<u32>,
    unread: Vec<&'a Seen>,
    /// Bytes in receive queues, datagrams too.
    bytes: u64,
    /// UDP sockets with unread data.
    udp: u64,
    /// UNIX sockets with unread datagrams.
    unix_datagrams: u64,
    /// UNIX connections with unread data, or not accepted.
    unix_connections: u64,
    /// UNIX sockets with unread data.
    unread_unix: u64,
    /// Their paths.
    unix: BTreeSet<&'a str>,
    /// Connections that are not accepted.
    queued: u64,
    listeners: BTreeSet<u32>,
}

/// Which processes are counted together: those of one service that are held up in the same way.
type HeldKey<'a> = (u32, &'a HeldUp);

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let now = input.now();
    if !input.knows_owners() {
        // Whether a program is held up is known once its process is.
        let suspects = input.snapshot.held_up_sockets.clone().unwrap_or_else(|| now.waiting());
        let count = suspects.len() as u64;
        let asks = || input.finding(Severity::Warning, Subject::Unknown).about(suspects.clone(), count);
        return (count > 0).then(asks).into_iter().collect();
    }
    let mut all: BTreeMap<HeldKey<'_>, HeldUpWork<'_>> = BTreeMap::new();
    let services = input.services();
    let swamped = swamped(input);
    let unread = now.sockets.iter().filter(|seen| seen.is_unread()).map(Awaiting::Unread);
    let datagrams = now.udp.iter().flatten().filter(|seen| seen.socket.rqueue > 0).map(Awaiting::Datagrams);
    let unread = unread.chain(datagrams).chain(now.unix_unread.iter().map(Awaiting::Unix));
    let tcp = now.listeners.iter().map(|one| Awaiting::Queued(one.inode, one.queue));
    let unix = now.unix.iter().flatten().map(|one| Awaiting::QueuedUnix(one.inode, one.queue));
    let queued = tcp.chain(unix).filter(|work| !matches!(work, Awaiting::Queued(_, 0) | Awaiting::QueuedUnix(_, 0)));
    for work in unread.chain(queued) {
        let Some((key, takers)) = held_up(input, services, &swamped, &work) else { continue };
        let waiting = all.entry(key).or_default();
        waiting.pids.extend(takers);
        waiting.add(work);
    }
    all.into_iter().filter_map(|((_, how), waiting)| judge(input, how, waiting)).collect()
}

/// The work that waits on one socket.
enum Awaiting<'a> {
    /// Data of a connection.
    Unread(&'a Seen),
    /// Datagrams.
    Datagrams(&'a Seen),
    /// Data of a UNIX socket.
    Unix(&'a UnixUnread),
    /// The number of connections in the queue of the listener with that inode.
    Queued(u32, u32),
    /// The same of a UNIX listener.
    QueuedUnix(u32, u32),
}

impl Awaiting<'_> {
    fn inode(&self) -> u32 {
        match self {
            Awaiting::Unread(seen) | Awaiting::Datagrams(seen) => seen.socket.inode,
            Awaiting::Unix(socket) => socket.inode,
            Awaiting::Queued(inode, _) | Awaiting::QueuedUnix(inode, _) => *inode,
        }
    }
}

impl<'a> HeldUpWork<'a> {
    fn add(&mut self, work: Awaiting<'a>) {
        match work {
            Awaiting::Unread(seen) => {
                self.bytes += u64::from(seen.socket.rqueue);
                self.unread.push(seen);
            }
            Awaiting::Datagrams(seen) => {
                self.bytes += u64::from(seen.socket.rqueue);
                self.udp += 1;
            }
            Awaiting::Unix(socket) => {
                self.bytes += u64::from(socket.bytes);
                let sockets = match socket.netid {
                    Netid::UnixDatagram => &mut self.unix_datagrams,
                    _ => &mut self.unix_connections,
                };
                *sockets += 1;
                self.unread_unix += 1;
                self.unix.insert(&socket.path);
            }
            Awaiting::Queued(inode, queue) => {
                self.queued += u64::from(queue);
                self.listeners.insert(inode);
            }
            Awaiting::QueuedUnix(inode, queue) => {
                self.queued += u64::from(queue);
                self.unix_connections += u64::from(queue);
                self.listeners.insert(inode);
            }
        }
    }

    /// Sockets with unread data.
    fn unread_sockets(&self) -> u64 {
        self.unread.len() as u64 + self.udp + self.unread_unix
    }

    /// What waits, in the words of its kind.
    fn words(&self) -> Sentence {
        let all = self.unread_sockets() + self.queued;
        let id = match () {
            () if self.udp == all => "waiting-udp",
            () if self.unix_datagrams == all => "waiting-unix-datagrams",
            () if self.unix_connections == all => "waiting-unix",
            () if self.udp + self.unix_datagrams + self.unix_connections == 0 => "waiting",
            () => "waiting-sockets",
        };
        Sentence::plain(id).count("count", all)
    }
}

/// Whether a connection in a listener's queue has waited for so long.
fn is_late(input: &RuleInput<'_>, inode: u32, late: Duration) -> bool {
    let is_old = |seen: &Seen, listener: &Listener| {
        seen.kind() == Kind::NotAccepted
            && listener.takes(seen.socket.local, seen.socket.local_port)
            && seen.since(&LAST_DATA_SENT).is_some_and(|age| age >= late)
    };
    let mut listeners = input.now().listeners.iter().filter(|listener| listener.inode == inode);
    listeners.any(|listener| input.sockets(State::ESTABLISHED).any(|seen| is_old(seen, listener)))
}

/// Where to count what waits on a socket, and the processes that could take it; `None` unless all of those are held up,
/// in the same way.
fn held_up<'a>(
    input: &RuleInput<'a>,
    services: &ProcessGroups,
    swamped: &BTreeSet<u32>,
    work: &Awaiting<'_>,
) -> Option<(HeldKey<'a>, Vec<u32>)> {
    let pids = input.pids([work.inode()]);
    let parents: BTreeSet<u32> = pids.iter().filter_map(|&pid| input.process(pid)?.parent).collect();
    // Of several programs, each may be the one that serves.
    let is_taker = |pid: &u32| !parents.contains(pid) || !input.is_one_program(&pids);
    let mut takers: Vec<u32> = pids.iter().copied().filter(is_taker).collect();
    if takers.is_empty() {
        takers.clone_from(&pids);
    }
    let state = |pid: &u32| input.process(*pid).and_then(|facts| facts.held_up.as_ref());
    if let Awaiting::Queued(inode, _) = work
        && takers.iter().filter_map(state).any(is_sure)
        && is_late(input, *inode, LATE)
    {
        takers.retain(|pid| state(pid).is_some_and(is_sure));
    }
    let first = *takers.first()?;
    let facts = input.process(first)?;
    let how = facts.held_up.as_ref()?;
    match work {
        // With little of a CPU a program at work lets clients wait for longer.
        Awaiting::Queued(inode, _) | Awaiting::QueuedUnix(inode, _)
            if *how == HeldUp::Busy && !is_late(input, *inode, facts.takes(LATE)) =>
        {
            return None;
        }
        Awaiting::Queued(..) | Awaiting::QueuedUnix(..) => {}
        // A worker that computes, or waits for its disk, with input in its queue is at work.
        _ if !is_sure(how) && !swamped.contains(&first) => return None,
        _ => {}
    }
    // Without a descriptor accept() fails again and again, which is what fd-near-limit says.
    let is_full = input.descriptors(first).is_some_and(|(used, most)| accept::is_nearly_full(used, most));
    if is_full && *how == HeldUp::Busy {
        return None;
    }
    let is_alike =
        |&pid: &u32| state(&pid).is_some_and(|theirs| std::mem::discriminant(theirs) == std::mem::discriminant(how));
    let key: HeldKey<'a> = (services.first(first), how);
    // A parent that is held up like its workers has to go on, too.
    takers.iter().all(is_alike).then(|| (key, pids.iter().copied().filter(|pid| is_alike(pid)).collect()))
}

/// Busy processes with data unread for seconds on too many connections to be working on most of them.
fn swamped(input: &RuleInput<'_>) -> BTreeSet<u32> {
    let unread: Vec<&Seen> = input.now().unread_for_long().collect();
    let is_swamped = |pid: &u32| {
        let Some(facts) = input.process(*pid) else { return false };
        let late = facts.takes(LONG);
        let is_theirs =
            |seen: &&&Seen| seen.since(&LAST_DATA_RECV) >= Some(late) && input.pids([seen.socket.inode]).contains(pid);
        let clients = || unread.iter().filter(is_theirs).count();
        match facts.held_up {
            Some(HeldUp::Busy) => clients() as u64 >= SEVERAL_CLIENTS as u64 * facts.busy_threads,
            Some(HeldUp::Output(ref output)) => {
                // A peer that still takes a little holds up a relay, which is at work for its clients.
                let is_stuck = |seen: &Seen| seen.info(&BACKOFF) >= Some(STUCK);
                output::blocked_connection(input, output).is_none_or(is_stuck) && clients() >= SEVERAL_CLIENTS
            }
            Some(HeldUp::Throttled(_)) => clients() >= SEVERAL_CLIENTS,
            _ => false,
        }
    };
    input.workers(&unread).into_iter().map(|(pid, _)| pid).filter(is_swamped).collect()
}

fn judge(input: &RuleInput<'_>, how: &HeldUp, waiting: HeldUpWork<'_>) -> Option<Finding> {
    let pids: Vec<u32> = waiting.pids.iter().copied().collect();
    let program = input.program_of(&pids)?;
    let pid = program.pid;
    let place = &input.process(pid)?.process.place;
    let has_clients = waiting.queued + waiting.unix_connections > 0
        || waiting.unread.iter().any(|seen| input.listener(seen.socket.local, seen.socket.local_port).is_some());
    let serves = has_clients || !waiting.unix.is_empty();
    let severity = if serves && is_sure(how) { Severity::Critical } else { Severity::Warning };
    let (title, why) = match how {
        HeldUp::Stopped if !has_clients => ("title-stopped", "why-stopped-client"),
        HeldUp::Busy if waiting.queued == 0 => ("title-busy-unread", "why-busy-unread"),
        HeldUp::Output(output) if output::blocked_connection(input, output).is_some() => ("title-send", "why-send"),
        _ => words(how),
    };
    let tracer = match how {
        HeldUp::Traced(Some(tracer)) => Some(*tracer),
        _ => None,
    };
    let unread = waiting.unread_sockets();
    let queued = |id| Sentence::plain(id).count("queued", waiting.queued);
    let unread_bytes = |sentence: Sentence| sentence.count("count", unread).bytes("bytes", waiting.bytes);
    let proof = match (unread, waiting.queued) {
        (0, _) => queued("proof-queued"),
        (_, 0) => unread_bytes(Sentence::plain("proof")),
        _ => unread_bytes(queued("proof-both")),
    };
    let inodes = connections::inodes(&waiting.unread).into_iter().chain(waiting.listeners.iter().copied());
    let mut finding = input
        .finding(severity, Subject::Process(program.clone()))
        .title(Sentence::plain(title).with("waiting", waiting.words().part()))
        .why(Sentence::plain(why).with("program", program_word(Some(&program))))
        .proof(proof)
        .evidence("state", Figure::Text(state(how).to_owned()), format!("/proc/{pid}/status"))
        .evidence("unread_sockets", Figure::Count(unread), "idiag_rqueue")
        .evidence("unread_bytes", Figure::Bytes(waiting.bytes), "idiag_rqueue")
        .evidence("not_accepted", Figure::Count(waiting.queued), "idiag_rqueue of the listeners")
        .counts(waiting.unread.iter().copied())
        .blames(pids.iter().copied())
        .about(inodes.collect(), unread + waiting.queued);
    if let Some(path) = waiting.unix.first() {
        finding = finding.proof(Sentence::plain("proof-unix").outside("path", (*path).to_owned()));
    }
    if let HeldUp::Throttled(group) = how {
        let percent = input.process(pid).map_or(0, |facts| facts.cpu_percent);
        let proof = Sentence::plain("proof-throttled").count("percent", percent).outside("group", group.to_string());
        finding =
            finding.proof(proof).evidence("cpu_percent", Figure::Count(percent), format!("/proc/{pid}/schedstat"));
    }
    if let HeldUp::Output(output) = how {
        finding = output::tell(input, finding, output, pid);
    }
    if let HeldUp::Waits(Some(place)) = how {
        let proof = Sentence::plain("proof-wchan").outside("place", place.clone());
        finding = finding.proof(proof).evidence("wchan", Figure::Text(place.clone()), format!("/proc/{pid}/wchan"));
    }
    if let Some(tracer) = tracer {
        finding = finding.evidence("tracer", Figure::Count(tracer.into()), format!("/proc/{pid}/status"));
    }
    let listeners: Vec<&Listener> =
        input.now().listeners.iter().filter(|one| waiting.listeners.contains(&one.inode)).collect();
    finding.touches.listeners.extend(listeners.iter().map(|listener| (listener.address, listener.port)));
    finding.touches.explained.extend(input.not_accepted(&listeners).map(Seen::flow));
    Some(remedies::add(input, finding, how, &pids, place).myth(remedies::myth(how, has_clients)))
}

/// Whether the state proves it.
fn is_sure(how: &HeldUp) -> bool {
    !matches!(how, HeldUp::Busy | HeldUp::Waits(_) | HeldUp::Throttled(_) | HeldUp::Output(_))
}

/// The headline and the explanation for the cause that holds a program up.
fn words(how: &HeldUp) -> (&'static str, &'static str) {
    match how {
        HeldUp::Stopped => ("title-stopped", "why-stopped"),
        HeldUp::Traced(_) => ("title-traced", "why-traced"),
        HeldUp::Frozen(_) => ("title-frozen", "why-frozen"),
        HeldUp::Waits(_) => ("title-waits", "why-waits"),
        HeldUp::Busy => ("title-busy", "why-busy"),
        HeldUp::Throttled(_) => ("title-throttled", "why-throttled"),
        HeldUp::Output(_) => ("title-output", "why-output"),
    }
}

/// The word for it in the evidence.
fn state(how: &HeldUp) -> &'static str {
    match how {
        HeldUp::Stopped => "T (stopped)",
        HeldUp::Traced(_) => "t (tracing stop)",
        HeldUp::Frozen(_) => "frozen",
        HeldUp::Waits(_) => "D (disk sleep)",
        HeldUp::Busy | HeldUp::Throttled(_) => "R (running)",
        HeldUp::Output(_) => "S (sleeping)",
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{snapshot, socket, with_info};
    use crate::model::{detail::SocketMemory, state::State, tcp_info};

    #[test]
    fn young_data_is_on_its_way_unless_it_fills_half_of_the_buffer() {
        let suspects = |age, rmem_alloc| {
            let mut seen = with_info(socket(State::ESTABLISHED, 1), &tcp_info::LAST_DATA_RECV, age);
            seen.socket.rqueue = 100;
            seen.memory = Some(SocketMemory { rmem_alloc, rcvbuf: 1_000, ..SocketMemory::default() });
            let mut snapshot = snapshot();
            snapshot.now.add([seen]);
            snapshot.now.waiting().len()
        };
        assert_eq!(suspects(9, 499), 0);
        assert_eq!(suspects(10, 499), 1);
        assert_eq!(suspects(0, 500), 1);
    }
}
