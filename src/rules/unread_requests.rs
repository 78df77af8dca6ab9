//! Clients whose requests a program accepted and does not read.
//!
//! Detected: inbound `ESTABLISHED` with unread data, the last of which arrived ten seconds ago or more, on five connections
//! of a listener or more; of UNIX sockets, which show no times, the same data in two samples ten seconds apart. Of fewer
//! connections, those of which nothing was ever read until the second of two samples. A program at work takes a request within
//! moments: its workers are all taken, or wait for something else. One sample shows how long the data has lain there; that nothing was taken in between takes two. A
//! program that waits for its own receiver (a proxy) is not at fault, one connection may be paused on purpose, a process
//! with one client (a backend of `PostgreSQL`) may be at work for it, and a program that keeps sending to a client serves it.

use std::net::Ipv4Addr;

use super::{awaited, connections, prelude::*, slow_reader::HeldUpByPeers};
use crate::model::tcp_info::{LAST_DATA_RECV, LAST_DATA_SENT};

/// A program at work takes a request sooner.
pub(super) const AGE: Threshold = Threshold::seconds("age", 10.0);
/// A program that has a worker left takes a request within this time.
const SERVED: Duration = Duration::from_secs(1);
/// From this number on, waiting clients of a listener are not chance.
const CLIENTS: Threshold = Threshold::count("clients", 5.0);
/// Sockets whose holders are found, to learn how many each has: finding all costs too much.
const MOST: usize = 256;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unread-requests",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[AGE, CLIENTS],
    needs: &[Need::Tcp, Need::Details(&[State::ESTABLISHED])],
    relations: &[
        Relation::same_fault("close-wait-unread", SharedBy::Process),
        Relation::same_fault("accept-queue-full", SharedBy::Process),
        Relation::same_fault("accept-queue-high", SharedBy::Process),
        Relation::same_fault("unaccepted-established", SharedBy::Process),
    ],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let held_up = HeldUpByPeers::of(input);
    let mut by_port: BTreeMap<u16, Vec<(&Seen, Duration)>> = BTreeMap::new();
    for seen in input.sockets(State::ESTABLISHED).filter(|seen| seen.is_unread()) {
        let Some(age) = seen.since(&LAST_DATA_RECV).filter(|&age| age >= input.time(&AGE)) else { continue };
        let is_inbound = input.listener(seen.socket.local, seen.socket.local_port).is_some();
        if is_inbound && !is_served(input, seen, age) && !held_up.holds(input, seen) {
            by_port.entry(seen.socket.local_port).or_default().push((seen, age));
        }
    }
    let unix = unix(input).into_iter().filter_map(|(path, inodes)| judge_unix(input, path, inodes));
    by_port.into_values().filter_map(|all| judge(input, &all, &held_up)).chain(unix).collect()
}

/// Whether the program still sends on a connection whose last data is this old. The answer to a request before the last may
/// have been sent after that came, and is soon as old.
fn is_served(input: &RuleInput<'_>, seen: &Seen, unread: Duration) -> bool {
    seen.since(&LAST_DATA_SENT).is_some_and(|sent| sent < input.time(&AGE) || sent * 2 < unread)
}

/// By their paths the accepted UNIX sockets of which nothing was read between the samples.
fn unix<'a>(input: &RuleInput<'a>) -> BTreeMap<&'a str, Vec<u32>> {
    let mut by_path: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    let Some((before, _)) = input.before().filter(|(_, between)| *between >= input.time(&AGE)) else { return by_path };
    for socket in before.unix_unread.iter().filter(|socket| input.now().unix_unread.contains(socket)) {
        by_path.entry(&socket.path).or_default().push(socket.inode);
    }
    by_path
}

fn judge_unix(input: &RuleInput<'_>, path: &str, inodes: Vec<u32>) -> Option<Finding> {
    let (_, between) = input.before()?;
    let count = inodes.len() as u64;
    let workers = input.pids(inodes.iter().copied()).len();
    if (count as f64) < input.limit(&CLIENTS) || workers * 2 > inodes.len() {
        return None;
    }
    let listener = input.now().unix.iter().flatten().find(|one| one.path.as_deref() == Some(path))?;
    let subject = Subject::Listener {
        address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        port: 0,
        path: Some(path.to_owned()),
        program: input.program(listener.inode).or_else(|| input.main_program(&inodes)),
    };
    let program = subject.program_word();
    let finding = input
        .finding(Severity::Warning, subject)
        .count("count", count)
        .time("age", between)
        .why(Sentence::plain("why").with("program", program))
        .evidence("sockets", Figure::Count(count), "UNIX_DIAG_RQLEN")
        .about(inodes.iter().copied().chain([listener.inode]).collect(), count)
        .remedy(Remedy::new(RemedyKind::Code, "fix"))
        .myth("myth");
    Some(awaited::tell(input, finding, inodes))
}

/// Of a few clients those that prove it: in two samples nothing was ever read of them, and the only process at their
/// listener holds them. A program at work for a client has read something of it.
fn never_read<'a>(input: &RuleInput<'_>, all: &[(&'a Seen, Duration)]) -> Vec<(&'a Seen, Duration)> {
    let is_apart = input.before().is_some_and(|(_, between)| between >= input.time(&AGE));
    let is_never_read = |seen: &Seen| {
        let socket = &seen.socket;
        let stayed = input.earlier(seen).is_some_and(|earlier| earlier.socket.rqueue == socket.rqueue);
        let listener = input.listener(socket.local, socket.local_port).map(|listener| input.pids([listener.inode]));
        let is_its_own = || listener.is_some_and(|pids| pids.len() == 1 && pids == input.pids([socket.inode]));
        // Before owners are known it is a suspect.
        stayed && seen.consumed() == Some(0) && (!input.knows_owners() || is_its_own())
    };
    all.iter().copied().filter(|(seen, _)| is_apart && is_never_read(seen)).collect()
}

fn judge(input: &RuleInput<'_>, all: &[(&Seen, Duration)], held_up: &HeldUpByPeers) -> Option<Finding> {
    let are_few = (all.len() as f64) < input.limit(&CLIENTS);
    let few = if are_few { never_read(input, all) } else { Vec::new() };
    let all = if are_few { &few } else { all };
    let count = all.len() as u64;
    let sockets: Vec<&Seen> = all.iter().map(|(seen, _)| *seen).collect();
    // A process with one client works for it, and reads on afterwards: a backend of PostgreSQL.
    let workers = input.workers(&sockets).len();
    if !are_few && workers * 2 > sockets.len().min(MOST) {
        return None;
    }
    let subject = connections::listener(input, &sockets)?;
    let oldest = all.iter().map(|(_, age)| *age).max()?;
    let bytes: u64 = sockets.iter().map(|seen| u64::from(seen.socket.rqueue)).sum();
    // Unread at both samples, and nothing new came in between: nothing was taken.
    let stayed = sockets
        .iter()
        .filter(|seen| input.earlier(seen).is_some_and(|earlier| earlier.socket.rqueue == seen.socket.rqueue));
    let is_proven = input.before().is_some() && stayed.count() as f64 >= input.limit(&CLIENTS);
    let severity = if is_proven { Severity::Warning } else { Severity::Notice };
    let first = sockets.first()?;
    let (local, port) = (first.socket.local, first.socket.local_port);
    let listener = input.listener(local, port).map(|listener| listener.inode);
    let inodes = connections::inodes(&sockets).into_iter().take(MOST).chain(held_up.unknown()).chain(listener);
    let open = input.sockets(State::ESTABLISHED).filter(|seen| seen.socket.local_port == port).count() as u64;
    let mut proof = Sentence::plain("proof").count("count", count).bytes("bytes", bytes);
    if are_few {
        proof = Sentence::plain("proof-few").count("count", count).bytes("bytes", bytes);
    } else if input.now().all_established {
        proof = Sentence::plain("proof-of").count("count", count).count("total", open.max(count)).bytes("bytes", bytes);
    }
    let program = subject.program_word();
    let served = served(input, port);
    let (why, fix) = if served > 0 { ("why-some", "fix-some") } else { ("why", "fix") };
    let mut finding = input
        .finding(severity, subject.clone())
        .count("count", count)
        .time("age", oldest)
        .confidence(if is_proven { Confidence::Proven } else { Confidence::Likely })
        .why(Sentence::plain(why).with("program", program.clone()))
        .proof(proof)
        .evidence("sockets", Figure::Count(count), "idiag_rqueue")
        .evidence("unread_bytes", Figure::Bytes(bytes), "idiag_rqueue")
        .evidence("oldest", Figure::Time(oldest), "tcp_info.last_data_recv")
        .counts(sockets.iter().copied())
        .about(inodes.collect(), count)
        .remedy(Remedy::new(RemedyKind::Code, fix))
        .myth("myth");
    if served > 0 {
        let source = "idiag_rqueue, tcp_info.last_data_recv, tcp_info.last_data_sent";
        finding = finding.proof(Sentence::plain("proof-served").count("count", served)).evidence(
            "served",
            Figure::Count(served),
            source,
        );
    }
    let finding = awaited::tell(input, finding, connections::inodes(&sockets));
    let Some(pid) = subject.program().map(|program| program.pid) else { return Some(finding) };
    let find = Sentence::plain("find").with("program", program);
    let inspect = |text: Sentence, command: ShellCommand| {
        Remedy::new(RemedyKind::Operate, text).inspect().command(command).needs("needs-root")
    };
    let calls = ShellCommand::new("sockdoc list -tp established pid = ").then(pid);
    Some(finding.remedy(inspect(find, connections::stacks(pid))).remedy(inspect(Sentence::plain("find-calls"), calls)))
}

/// Clients at a port whose requests the program took while others lay unread; 0 unless it takes all but those at once. Where the workers are all taken, other requests wait, too, each for as long as it happens to.
fn served(input: &RuleInput<'_>, port: u16) -> u64 {
    let open = || input.sockets(State::ESTABLISHED).filter(|seen| seen.socket.local_port == port);
    let unread_for = |seen: &Seen| seen.since(&LAST_DATA_RECV).filter(|_| seen.is_unread());
    let is_late = |seen: &Seen| unread_for(seen).is_some_and(|age| age >= SERVED && age < input.time(&AGE));
    let is_served = |seen: &&Seen| {
        let is_young = |field| seen.since(field).is_some_and(|age| age < input.time(&AGE));
        !seen.is_unread() && seen.kind() == Kind::Full && is_young(&LAST_DATA_RECV) && is_young(&LAST_DATA_SENT)
    };
    let takes_all = input.now().all_established && !open().any(is_late);
    if takes_all { open().filter(is_served).count() as u64 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, severities, snapshot, socket, with_info},
        *,
    };
    use crate::model::{
        snapshot::{Sample, Snapshot},
        tcp_info::BYTES_RECEIVED,
    };

    fn clients(count: u32, age: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        snapshot.now.listeners.push(listener(443, 9_999));
        snapshot.now.add((1..=count).map(|number| {
            let seen = with_info(socket(State::ESTABLISHED, number), &LAST_DATA_SENT, age);
            let mut seen = with_info(seen, &LAST_DATA_RECV, age);
            (seen.socket.local_port, seen.socket.rqueue) = (443, 80);
            seen
        }));
        snapshot
    }

    #[test]
    fn five_requests_unread_for_ten_seconds_are_a_notice() {
        assert_eq!(severities(&RULE, &clients(5, 10_000)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &clients(4, 10_000)), []);
        assert_eq!(severities(&RULE, &clients(10, 9_999)), []);
    }

    #[test]
    fn two_samples_prove_that_nothing_was_taken() {
        let mut snapshot = clients(10, 10_000);
        let mut before = Sample::default();
        before.add(snapshot.now.sockets.iter().cloned());
        snapshot.before = Some(before);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
    }

    #[test]
    fn of_few_clients_two_samples_prove_it_if_nothing_was_ever_read() {
        let few = |received: u64, pids: &[u32]| {
            let mut snapshot = clients(1, 20_000);
            for seen in &mut snapshot.now.sockets {
                *seen = with_info(seen.clone(), &BYTES_RECEIVED, received);
            }
            let mut before = Sample::default();
            before.add(snapshot.now.sockets.iter().cloned());
            snapshot.before = Some(before);
            pids.iter().for_each(|&pid| snapshot.hold(pid, "orders", Runtime::Native, [9_999]));
            snapshot.hold(7, "orders", Runtime::Native, [1, 9_999]);
            severities(&RULE, &snapshot)
        };
        assert_eq!(few(80, &[]), [Severity::Notice]);
        assert_eq!(few(81, &[]), [], "it sent more than the program needs now");
        assert_eq!(few(80, &[8]), [], "of several processes at one port, one may be at work for it");
    }

    #[test]
    fn others_are_served_only_where_no_other_request_waits() {
        let with = |rqueue: u32, age: u64| {
            let mut snapshot = clients(10, 20_000);
            snapshot.now.all_established = true;
            snapshot.now.add((11..=13).map(|number| {
                let seen = with_info(socket(State::ESTABLISHED, number), &LAST_DATA_SENT, age);
                let mut seen = with_info(seen, &LAST_DATA_RECV, age);
                (seen.socket.local_port, seen.socket.rqueue) = (443, rqueue);
                seen
            }));
            let found = findings(&RULE, &snapshot).remove(0);
            (found.weight, found.count_of("served"))
        };
        assert_eq!(with(0, 500), (10, Some(3)));
        assert_eq!(with(0, 10_000), (10, None), "they ask nothing");
        assert_eq!(with(80, 2_000), (10, None), "their requests wait, too: the workers are taken");
        assert_eq!(with(80, 500), (10, None), "requests that just came");
    }

    #[test]
    fn a_program_that_keeps_sending_serves_its_clients() {
        let sent = |age: u64, unread: u64| {
            let mut snapshot = clients(10, unread);
            for seen in &mut snapshot.now.sockets {
                *seen = with_info(seen.clone(), &LAST_DATA_SENT, age);
            }
            severities(&RULE, &snapshot)
        };
        assert_eq!((sent(9_999, 10_000), sent(29_999, 60_000)), (vec![], vec![]));
        assert_eq!(sent(10_000, 10_001), [Severity::Notice], "an answer to an earlier request");
        assert_eq!(sent(60_000, 60_000), [Severity::Notice]);
    }

    #[test]
    fn without_a_listener_they_are_answers_to_this_host() {
        let mut snapshot = clients(10, 10_000);
        snapshot.now.listeners.clear();
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
