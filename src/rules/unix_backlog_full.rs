//! A UNIX listener whose queue of clients is full, or nearly full.
//!
//! Detected: more waiting clients than the limit of `listen()`, the kernel's own test (`unix_recvq_full`). A blocking
//! `connect()` then waits, a non-blocking one gets EAGAIN. The same exceptions as for TCP: a queue for one client, and
//! a service that systemd has yet to start (knowledge: G, accept-queue-full, accept-queue-high).
//!
//! In two samples also clients that were in the queue in both, however long it is: nobody accepted them in between.
//!
//! The same of a socket for datagrams that nobody reads: a thread with a socket connected to it has waited to write for
//! half a second without a break. In two samples with a first datagram of the same length, most likely not one was read.

use std::net::Ipv4Addr;

use super::{connections, hint, prelude::*, sysctl, unit};
use crate::model::{
    snapshot::{Sample, UnixListener, UnixUnread},
    unix_blocked::UnixBlocked,
};

/// The part of its limit from which a queue is on the way to full.
const HIGH: Threshold = Threshold::ratio("high", 0.75);
/// Shorter queues are nearly full with a client or two.
const SHORTEST: Threshold = Threshold::count("shortest", 4.0);
/// A program that accepts does so within milliseconds.
const AGE: Threshold = Threshold::seconds("age", 1.0);
/// Listeners for one client at a time, such as debuggers.
const ONE_CLIENT: u32 = 1;
/// Processes that are named.
const NAMED: usize = 5;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unix-backlog-full",
    severities: &[Severity::Critical, Severity::Warning, Severity::Notice],
    thresholds: &[HIGH, SHORTEST, AGE],
    needs: &[Need::Unix],
    relations: &[
        Relation::causes("accept-queue-full", SharedBy::Blocked),
        Relation::causes("accept-queue-high", SharedBy::Blocked),
        Relation::causes("unaccepted-established", SharedBy::Blocked),
        Relation::causes("unread-requests", SharedBy::Blocked),
    ],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let full = input.now().unix.iter().flatten().filter_map(|listener| judge(input, listener));
    full.chain(input.snapshot.unix_blocked.iter().map(|blocked| judge_blocked(input, blocked))).collect()
}

/// A UNIX socket as a subject, with the program that reads it.
fn at_path(input: &RuleInput<'_>, path: Option<&String>, inode: u32) -> Subject {
    Subject::Listener {
        address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        port: 0,
        path: Some(path.cloned().unwrap_or_default()),
        program: input.program(inode),
    }
}

/// A receiver of datagrams for which senders wait.
fn judge_blocked(input: &RuleInput<'_>, blocked: &UnixBlocked) -> Finding {
    let is_it = |socket: &&UnixUnread| socket.inode == blocked.receiver;
    // The kernel shows the length of the first datagram alone.
    let first = |sample: &Sample| sample.unix_unread.iter().find(is_it).map(|socket| socket.bytes);
    let is_proven =
        input.before().is_some_and(|(before, _)| first(before).is_some() && first(before) == first(input.now()));
    let severity = if is_proven { Severity::Critical } else { Severity::Warning };
    let subject = at_path(input, Some(&blocked.path), blocked.receiver);
    let (program, place) = (subject.program().cloned(), blocked.place);
    let name = |pid: &u32| match input.process(*pid) {
        Some(facts) => format!("{} ({pid})", String::from_utf8_lossy(&facts.process.program)),
        None => pid.to_string(),
    };
    let more = (blocked.pids.len() > NAMED).then(|| "...".to_owned());
    let names: Vec<Word> = blocked.pids.iter().take(NAMED).map(name).chain(more).map(Word::Outside).collect();
    let count = blocked.pids.len() as u64;
    let inodes = blocked.senders.iter().copied().chain([blocked.receiver]).collect();
    let mut finding = input
        .finding(severity, subject)
        .title("title-datagrams")
        .count("count", count)
        .why(Sentence::plain("why-datagrams").with("program", program_word(program.as_ref())))
        .proof(Sentence::plain("proof-datagrams").with("list", Word::List(names)).term("place", place))
        .limit(Some(Sentence::plain("limit-datagrams")))
        .evidence("blocked_processes", Figure::Count(count), "/proc/PID/task/TID/wchan")
        .evidence("wchan", Figure::Text(place.to_owned()), "/proc/PID/task/TID/wchan")
        .about(inodes, count);
    finding.touches.blocked.extend(blocked.pids.iter().copied());
    let finding = match &program {
        Some(program) => {
            let place = input.process(program.pid).map(|facts| &facts.process.place);
            let restart = |command| {
                Remedy::new(RemedyKind::Operate, "restart")
                    .first_aid()
                    .command(command)
                    .risk("restart-risk")
                    .needs("needs-root")
            };
            finding.remedy(place.and_then(unit::restart).map(restart)).remedy(find_waits(program.pid))
        }
        None => finding,
    };
    finding.remedy(Remedy::new(RemedyKind::Operate, "fix-datagrams")).myth("myth-datagrams")
}

fn judge(input: &RuleInput<'_>, listener: &UnixListener) -> Option<Finding> {
    let (queue, limit) = (u64::from(listener.queue), u64::from(listener.limit?));
    let is_full = queue > limit;
    let is_waiting_for_service = starts_on_demand(input, listener);
    let left = left_waiting(input, listener);
    let severity = match is_full {
        _ if (is_full || left.is_some()) && (limit <= ONE_CLIENT.into() || is_waiting_for_service) => Severity::Notice,
        true => Severity::Critical,
        false if left.is_some() => Severity::Warning,
        false if is_high(input, listener) && was_high(input, listener) && !is_waiting_for_service => Severity::Warning,
        false => return None,
    };
    let subject = at_path(input, listener.path.as_ref(), listener.inode);
    let (title, why) = match left {
        _ if is_waiting_for_service => ("title-starting", "why-starting"),
        _ if is_full => ("title", "why"),
        Some(_) => ("title-waiting", "why-waiting"),
        None => ("title-high", "why"),
    };
    let runtime = subject.runtime();
    let mut finding = input
        .finding(severity, subject)
        .title(title)
        .count("queue", queue)
        .count("limit", limit)
        .why(why)
        .limit(Some(Sentence::plain("limit")))
        .evidence("accept_queue", Figure::Count(queue), "UNIX_DIAG_RQLEN")
        .evidence("accept_limit", Figure::Count(limit), "UNIX_DIAG_RQLEN")
        .about(vec![listener.inode], queue);
    if let Some((count, time)) = left {
        finding = finding.count("count", count).time("age", time).evidence(
            "waiting_in_both_samples",
            Figure::Count(count),
            "UNIX_DIAG_ICONS",
        );
    }
    if !is_full && input.before().is_none() {
        finding = finding.confidence(Confidence::Likely);
    }
    if let Some(program) = finding.subject.program().filter(|_| left.is_some() && !is_waiting_for_service) {
        let find = find_waits(program.pid);
        finding = finding.remedy(find);
    }
    finding = finding.remedy(Remedy::new(RemedyKind::Code, "fix"));
    // Room in the queue helps only where it is short.
    if !is_full && left.is_some() {
        return Some(finding);
    }
    let capped = input.sysctl("net.core.somaxconn").filter(|&most| most == limit);
    finding = match capped {
        Some(most) => finding.remedy(raise(input, most)),
        None => {
            let backlog = Sentence::plain("fix-backlog").with("hint", hint::backlog(runtime).part());
            finding.remedy(Remedy::new(RemedyKind::Config, backlog))
        }
    };
    Some(finding.myth("myth"))
}

/// How many clients of its queue were in it at the first sample, too, and the time since. The first of a queue is accepted
/// first, so none was.
fn left_waiting(input: &RuleInput<'_>, listener: &UnixListener) -> Option<(u64, Duration)> {
    let (before, between) = input.before().filter(|(_, between)| *between >= input.time(&AGE))?;
    let earlier = before.unix.iter().flatten().find(|earlier| earlier.inode == listener.inode)?;
    let count = listener.pending.iter().filter(|client| earlier.pending.contains(client)).count() as u64;
    (count > 0).then_some((count, between))
}

/// Shows where the threads of a program wait.
fn find_waits(pid: u32) -> Remedy {
    Remedy::new(RemedyKind::Operate, "find").inspect().command(connections::stacks(pid)).needs("needs-root")
}

/// Twice the system's cap; it counts from the program's next `listen()` on.
fn raise(input: &RuleInput<'_>, most: u64) -> Option<Remedy> {
    let remedy = sysctl::raise(input, "net.core.somaxconn", most.saturating_mul(2), "raise")?;
    Some(remedy.risk("raise-risk"))
}

/// Whether systemd alone holds it, the system's or a user's: it listens, and is about to start the service. Process 1
/// of a container is the service itself.
fn starts_on_demand(input: &RuleInput<'_>, listener: &UnixListener) -> bool {
    let holders = input.holders(listener.inode);
    let is_systemd = |pid| input.process(pid).is_some_and(|facts| *facts.process.program == *b"systemd");
    !holders.is_empty() && holders.iter().all(|holder| is_systemd(holder.pid))
}

fn is_high(input: &RuleInput<'_>, listener: &UnixListener) -> bool {
    listener
        .limit
        .map(f64::from)
        .is_some_and(|limit| limit >= input.limit(&SHORTEST) && f64::from(listener.queue) >= input.limit(&HIGH) * limit)
}

/// Whether it was as high at the first sample, where there was one.
fn was_high(input: &RuleInput<'_>, listener: &UnixListener) -> bool {
    let Some((before, _)) = input.before() else { return true };
    before.unix.iter().flatten().any(|earlier| earlier.inode == listener.inode && is_high(input, earlier))
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot},
        *,
    };
    use crate::model::{family::Netid, finding::Runtime, snapshot::Snapshot};

    fn listener(queue: u32, limit: u32) -> UnixListener {
        UnixListener {
            netid: Netid::UnixStream,
            path: Some("/run/orders.sock".to_owned()),
            queue,
            limit: Some(limit),
            inode: 7,
            pending: (1..=queue).collect(),
        }
    }

    fn host(queue: u32, limit: u32) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        snapshot.now.unix = Some(vec![listener(queue, limit)]);
        snapshot.hold(4321, "orders", Runtime::Python, [7]);
        snapshot
    }

    #[test]
    fn a_receiver_that_read_nothing_between_two_samples_is_critical() {
        let mut snapshot = snapshot();
        let blocked = UnixBlocked {
            receiver: 7,
            path: "/dev/log".to_owned(),
            senders: vec![8],
            pids: vec![4321, 5000],
            place: "unix_wait_for_peer",
        };
        let unread = |bytes| UnixUnread { netid: Netid::UnixDatagram, path: "/dev/log".to_owned(), bytes, inode: 7 };
        snapshot.unix_blocked.push(blocked);
        snapshot.hold(9, "syslog", Runtime::Native, [7]);
        snapshot.hold(4321, "orders", Runtime::Python, [8]);
        snapshot.now.unix_unread.push(unread(90));
        assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
        for (bytes, severity) in [(80, Severity::Warning), (90, Severity::Critical)] {
            snapshot.before.as_mut().unwrap().unix_unread = vec![unread(bytes)];
            assert_eq!(severities(&RULE, &snapshot), [severity], "{bytes}");
        }
        let finding = findings(&RULE, &snapshot).remove(0);
        assert_eq!((finding.subject.program().map(|program| program.pid), finding.weight), (Some(9), 2));
    }

    #[test]
    fn full_is_one_more_than_the_limit() {
        assert_eq!(severities(&RULE, &host(5, 4)), [Severity::Critical]);
        assert_eq!(severities(&RULE, &host(4, 4)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &host(3, 4)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &host(2, 4)), []);
    }

    #[test]
    fn short_queues_are_high_with_a_client_or_two() {
        assert_eq!(severities(&RULE, &host(3, 3)), []);
        assert_eq!(severities(&RULE, &host(4, 3)), [Severity::Critical]);
        assert_eq!(severities(&RULE, &host(2, 1)), [Severity::Notice]);
    }

    #[test]
    fn a_burst_between_two_samples_is_no_trend() {
        let mut snapshot = host(3, 4);
        snapshot.before = super::super::fixture::snapshot().before;
        assert_eq!(severities(&RULE, &snapshot), []);
        if let Some(before) = &mut snapshot.before {
            before.unix = Some(vec![listener(3, 4)]);
        }
        assert_eq!(severities(&RULE, &snapshot), [Severity::Warning]);
    }

    #[test]
    fn clients_that_wait_in_both_samples_were_not_accepted() {
        let mut snapshot = host(2, 128);
        snapshot.before = super::super::fixture::snapshot().before;
        let earlier = |pending| Some(vec![UnixListener { pending, ..listener(0, 128) }]);
        snapshot.before.as_mut().unwrap().unix = earlier(vec![8, 9]);
        assert_eq!(severities(&RULE, &snapshot), [], "others");
        snapshot.before.as_mut().unwrap().unix = earlier(vec![2, 3]);
        let finding = findings(&RULE, &snapshot).remove(0);
        assert_eq!((finding.severity, finding.count_of("waiting_in_both_samples")), (Severity::Warning, Some(1)));
        assert_eq!(finding.remedies.len(), 2);
        snapshot.hold(1, "systemd", Runtime::Native, [7]);
        snapshot.holders.as_mut().unwrap().retain(|holder| holder.pid == 1);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Notice]);
        snapshot.before.as_mut().unwrap().at = snapshot.now.at - Duration::from_millis(999);
        assert_eq!(severities(&RULE, &snapshot), [], "an instant");
    }

    #[test]
    fn a_service_that_systemd_is_starting_is_a_notice() {
        let mut snapshot = host(5, 4);
        snapshot.holders = None;
        assert_eq!(severities(&RULE, &snapshot), [Severity::Critical]);
        snapshot.hold(1, "systemd", Runtime::Native, [7]);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Notice]);
        snapshot.hold(4321, "orders", Runtime::Python, [7]);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Critical]);
    }

    #[test]
    fn the_system_is_asked_only_where_it_is_the_cap() {
        let commands = |queue, limit| -> Vec<_> {
            findings(&RULE, &host(queue, limit))[0].remedies.iter().filter_map(|one| one.command.clone()).collect()
        };
        assert_eq!(commands(4_097, 4_096), ["sysctl -w net.core.somaxconn=8192"]);
        assert!(commands(129, 128).is_empty());
    }
}
