//! A program that does not read: its receive window is closed, and the senders wait.
//!
//! Detected: unread data in two samples ten seconds apart, not a byte read between them, and no room for more. A queue
//! that does not fall proves nothing (true of 112 connections of a healthy server under load), nor does a reader that
//! reads little at a time; reading nothing does. A proxy whose receiver does not read shows the same and is not the
//! cause (knowledge: catalogue). A client whose output nobody takes (`nc` before a paused `less`) does as it should: a
//! notice says where that leads.

use super::{connections, prelude::*};
use crate::model::{
    group::Direction,
    owner::{BlockedOutput, HeldUp},
    tcp_info::RCV_WND,
};

/// A program at work takes something within this time.
const TIME: Threshold = Threshold::seconds("time", 10.0);
/// The part of the receive buffer from which the window is about to close.
const FULL: Threshold = Threshold::ratio("full", 0.8);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "slow-reader",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[TIME, FULL],
    needs: &[Need::Tcp, Need::SamplesApart(TIME)],
    relations: &[
        Relation::causes("peer-zero-window", SharedBy::OtherEnd),
        Relation::causes("sndbuf-limited", SharedBy::OtherEnd),
        Relation::causes("rcv-prune", SharedBy::Process),
        Relation::causes("unread-requests", SharedBy::Process),
        // What the program that waits to send to it keeps waiting is that program's.
        Relation::contributes("program-hung", SharedBy::Answer),
        Relation::same_fault("accept-queue-full", SharedBy::Process),
        Relation::same_fault("accept-queue-high", SharedBy::Process),
        Relation::same_fault("unaccepted-established", SharedBy::Process),
    ],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    // Whom its own receiver holds up is not at fault: peer-zero-window speaks of that.
    let held_up = HeldUpByPeers::of(input);
    let is_left = |seen: &&Seen| seen.kind() == Kind::Full && is_left(input, seen) && !held_up.holds(input, seen);
    let unread = input.by_subject(input.sockets(State::ESTABLISHED).filter(is_left));
    unread.into_iter().filter_map(|(subject, all)| judge(input, subject, &all, &held_up)).collect()
}

/// Whether data was there at both samples, nothing was read between them, and there is no room for more.
fn is_left(input: &RuleInput<'_>, seen: &Seen) -> bool {
    let Some(earlier) = input.earlier(seen).filter(|earlier| earlier.socket.rqueue > 0) else { return false };
    let was_taken = match (earlier.consumed(), seen.consumed()) {
        (Some(before), Some(now)) => now > before,
        _ => true,
    };
    seen.socket.rqueue > 0 && !was_taken && (is_closed(seen) || is_full(input, seen))
}

/// Whether the window it announces is closed; that field came with Linux 6.2.
fn is_closed(seen: &Seen) -> bool {
    seen.info(&RCV_WND) == Some(0)
}

fn is_full(input: &RuleInput<'_>, seen: &Seen) -> bool {
    let memory = seen.memory.filter(|memory| memory.rcvbuf > 0);
    memory.is_some_and(|memory| f64::from(memory.rmem_alloc) >= input.limit(&FULL) * f64::from(memory.rcvbuf))
}

fn judge(input: &RuleInput<'_>, subject: Subject, all: &[&Seen], held_up: &HeldUpByPeers) -> Option<Finding> {
    let (_, between) = input.before()?;
    let count = all.len() as u64;
    let bytes: u64 = all.iter().map(|seen| u64::from(seen.socket.rqueue)).sum();
    let closed = all.iter().filter(|seen| is_closed(seen)).count() as u64;
    let fullest = all.iter().filter_map(|seen| seen.memory).max_by_key(|memory| memory.rmem_alloc);
    let why = Sentence::plain("why").with("program", subject.program_word());
    let proof = Sentence::plain("proof").count("closed", closed).count("count", count);
    let inodes: BTreeSet<u32> = all.iter().map(|seen| seen.socket.inode).chain(held_up.unknown()).collect();
    let output = blocked_output(input, all);
    let severity = if output.is_some() { Severity::Notice } else { Severity::Warning };
    let mut finding = input
        .finding(severity, subject.clone())
        .count("count", count)
        .time("time", between)
        .bytes("bytes", bytes)
        .why(why)
        .proof(proof)
        .evidence("sockets", Figure::Count(count), "idiag_rqueue")
        .evidence("unread_bytes", Figure::Bytes(bytes), "idiag_rqueue")
        .evidence("nothing_taken_for", Figure::Time(between), "tcp_info.bytes_received, idiag_rqueue")
        .evidence("window_closed", Figure::Count(closed), "tcp_info.rcv_wnd")
        .counts(all.iter().copied())
        .about(inodes.into_iter().collect(), count);
    if let Some(memory) = fullest {
        finding = finding
            .evidence("receive_memory_bytes", Figure::Bytes(memory.rmem_alloc.into()), "skmem.rmem_alloc")
            .evidence("receive_buffer_bytes", Figure::Bytes(memory.rcvbuf.into()), "skmem.rcvbuf");
    }
    if let Some((pid, output)) = output {
        let target = || output.target.clone();
        let finding = finding
            .why(Sentence::plain("why-output").with("program", subject.program_word()))
            .proof(Sentence::plain("proof-output").outside("target", target()))
            .evidence("output", Figure::Text(target()), format!("/proc/{pid}/fd/{}", output.fd));
        let fix = match &output.reader {
            Some(one) => {
                Sentence::plain("fix-reader").outside("name", one.program.clone()).number("pid", one.pid.into())
            }
            None if output.target.starts_with("/dev/") => Sentence::plain("fix-terminal"),
            None => Sentence::plain("fix-output"),
        };
        return Some(finding.remedy(Remedy::new(RemedyKind::Operate, fix)).myth("myth-output"));
    }
    let finding = connections::with_workers(input, finding, all);
    let workers = input.workers(all);
    let Some((program, &(worst, _))) = subject.program().zip(workers.first()) else {
        return Some(finding.confidence(Confidence::Likely).remedy(fix()).myth("myth"));
    };
    let inspect = Sentence::plain("find").outside("program", program.name.clone());
    let inspect =
        Remedy::new(RemedyKind::Operate, inspect).inspect().command(connections::stacks(worst)).needs("needs-root");
    Some(finding.remedy(fix()).remedy(inspect).myth("myth"))
}

/// The output that a client waits for, with its process: all of these connections were made by processes that wait so.
fn blocked_output<'a>(input: &RuleInput<'a>, all: &[&Seen]) -> Option<(u32, &'a BlockedOutput)> {
    let is_client = |seen: &&Seen| connections::direction(input, seen) == Direction::Outbound;
    let pids = all.iter().all(is_client).then(|| input.pids(all.iter().map(|seen| seen.socket.inode)))?;
    let output = |pid: &u32| match &input.process(*pid)?.held_up {
        Some(HeldUp::Output(output)) if output.socket().is_none() => Some((*pid, &**output)),
        _ => None,
    };
    let first = pids.first().and_then(output);
    first.filter(|_| pids.iter().all(|pid| output(pid).is_some()))
}

fn fix() -> Remedy {
    Remedy::new(RemedyKind::Code, "fix")
}

/// A program that waits for a receiver that does not read.
#[derive(Debug)]
pub(super) struct HeldUpByPeers {
    /// The sockets of those connections.
    inodes: Vec<u32>,
    /// The processes that hold them.
    pids: BTreeSet<u32>,
    /// Their units, containers or users, where no process can be seen.
    others: BTreeSet<Subject>,
    is_known: bool,
}

impl HeldUpByPeers {
    pub(super) fn of(input: &RuleInput<'_>) -> HeldUpByPeers {
        let open = [State::ESTABLISHED, State::CLOSE_WAIT].into_iter().flat_map(|state| input.sockets(state));
        let waiting: Vec<&Seen> = open.filter(|seen| seen.waits_for_window() && seen.socket.inode != 0).collect();
        let inodes = connections::inodes(&waiting);
        let pids = input.workers(&waiting).into_iter().map(|(pid, _)| pid).collect();
        // A user may run more than one program.
        let is_one = |subject: &Subject| matches!(subject, Subject::Unit(_) | Subject::Container(_));
        let others = waiting.iter().map(|seen| input.subject(seen)).filter(is_one).collect();
        HeldUpByPeers { inodes, pids, others, is_known: input.snapshot.holders.is_some() }
    }

    /// Whether a socket is held by one of them.
    pub(super) fn holds(&self, input: &RuleInput<'_>, seen: &Seen) -> bool {
        let is_theirs = || input.pids([seen.socket.inode]).iter().any(|pid| self.pids.contains(pid));
        self.is_known && (is_theirs() || !self.others.is_empty() && self.others.contains(&input.subject(seen)))
    }

    /// The sockets whose owners must be known first.
    pub(super) fn unknown(&self) -> Vec<u32> {
        if self.is_known { Vec::new() } else { self.inodes.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Settings, examine,
            fixture::{findings, severities, snapshot, socket, with_info},
        },
        *,
    };
    use crate::model::{
        finding::Runtime,
        snapshot::{Sample, Snapshot},
        tcp_info::{BYTES_ACKED, BYTES_RECEIVED},
    };

    fn reader(number: u32, received: u64, unread: u32, window: u64) -> Seen {
        let seen = with_info(socket(State::ESTABLISHED, number), &BYTES_RECEIVED, received);
        let mut seen = with_info(seen, &RCV_WND, window);
        seen.socket.rqueue = unread;
        seen
    }

    fn two_samples(before: Seen, now: Seen) -> Snapshot {
        let mut snapshot = snapshot();
        let mut first = Sample::default();
        first.add([before]);
        snapshot.before = Some(first);
        snapshot.hold(4321, "orders", Runtime::Java, [now.socket.inode]);
        snapshot.now.add([now]);
        snapshot
    }

    #[test]
    fn nothing_taken_and_no_room_is_a_warning() {
        let found = findings(&RULE, &two_samples(reader(1, 900, 500, 10), reader(1, 1_000, 600, 0)));
        assert_eq!((found[0].severity, found[0].subject.kind()), (Severity::Warning, "process"));
    }

    #[test]
    fn a_full_buffer_says_the_same_on_older_kernels() {
        let filled = |used| {
            let mut now = reader(1, 1_000, 600, 5_000);
            if let Some(memory) = &mut now.memory {
                (memory.rmem_alloc, memory.rcvbuf) = (used, 1_000);
            }
            two_samples(reader(1, 1_000, 600, 5_000), now)
        };
        assert_eq!(severities(&RULE, &filled(800)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &filled(799)), []);
    }

    #[test]
    fn one_byte_taken_is_a_slow_reader_and_no_fault() {
        assert_eq!(severities(&RULE, &two_samples(reader(1, 1_000, 600, 0), reader(1, 1_000, 599, 0))), []);
    }

    #[test]
    fn data_that_came_between_the_samples_were_not_left() {
        assert_eq!(severities(&RULE, &two_samples(reader(1, 400, 0, 600), reader(1, 1_000, 600, 0))), []);
    }

    #[test]
    fn a_new_connection_was_not_left() {
        assert_eq!(severities(&RULE, &two_samples(reader(2, 1_000, 600, 0), reader(1, 1_000, 600, 0))), []);
    }

    #[test]
    fn a_proxy_is_held_up_by_its_own_receiver() {
        let mut snapshot = two_samples(reader(1, 1_000, 600, 0), reader(1, 1_000, 600, 0));
        let mut downstream = socket(State::ESTABLISHED, 5);
        downstream.socket.timer = Timer::Persist;
        snapshot.now.add([downstream]);
        // Somebody else's receiver is somebody else's trouble.
        assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
        snapshot.hold(4321, "proxy", Runtime::Haproxy, [5]);
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn a_client_whose_output_nobody_takes_is_a_notice_that_says_where_it_leads() {
        // An acknowledged SYN is that of a client.
        let of = |acked, target: &str| {
            let seen = || with_info(reader(1, 1_000, 600, 0), &BYTES_ACKED, acked);
            let mut snapshot = two_samples(seen(), seen());
            for facts in snapshot.processes.values_mut() {
                let output = BlockedOutput { fd: 1, target: target.to_owned(), reader: None };
                facts.held_up = Some(HeldUp::Output(Box::new(output)));
            }
            findings(&RULE, &snapshot).remove(0)
        };
        let found = of(1, "pipe:[50]");
        assert_eq!((found.severity, found.remedies[0].text.id), (Severity::Notice, "fix-output"));
        assert!(found.proof.iter().any(|proof| proof.id == "proof-output"), "{found:?}");
        assert_eq!(of(1, "/dev/pts/3").remedies[0].text.id, "fix-terminal");
        assert_eq!(of(1, "socket:[50]").severity, Severity::Warning, "no output, but another connection");
        assert_eq!(of(0, "pipe:[50]").severity, Severity::Warning, "its clients wait for it");
    }

    #[test]
    fn before_owners_are_known_both_legs_are_asked_for() {
        let mut snapshot = two_samples(reader(1, 1_000, 600, 0), reader(1, 1_000, 600, 0));
        let mut downstream = socket(State::ESTABLISHED, 5);
        downstream.socket.timer = Timer::Persist;
        snapshot.now.add([downstream]);
        (snapshot.holders, snapshot.processes) = (None, Default::default());
        let found = findings(&RULE, &snapshot).remove(0);
        assert_eq!((found.confidence, found.inodes), (Confidence::Likely, vec![1, 5]));
    }

    #[test]
    fn looks_too_close_together_say_nothing_and_that_is_reported() {
        let mut snapshot = two_samples(reader(1, 1_000, 600, 0), reader(1, 1_000, 600, 0));
        snapshot.now.at = std::time::Duration::from_millis(9_999);
        let verdict = examine(&snapshot, &[&RULE], &Settings::default());
        assert_eq!((verdict.findings.len(), verdict.not_checked[0].needs), (0, Some("--for 10s")));
        snapshot.before = None;
        assert_eq!(examine(&snapshot, &[&RULE], &Settings::default()).not_checked.len(), 1);
    }
}
