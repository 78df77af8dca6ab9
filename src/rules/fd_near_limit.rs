//! A process near its limit of open descriptors because of its sockets.
//!
//! From the limit on accept(), socket() and open() fail with EMFILE, and the connections stay in the accept queue. A
//! process may sit near its limit in health (a `PostgreSQL` backend holds 990 of 1024, one of them a socket), so sockets
//! must be half of them, or the number must grow, or clients must wait for a process at its limit.

use std::cmp::Reverse;

use super::{accept, clients::SilentClients, connections, prelude::*, unit};
use crate::model::snapshot::ProcessFacts;

/// From here on the next burst may meet the limit.
const HIGH: Threshold = Threshold::ratio("high", 0.80);
/// From here on it is about to.
const FULL: Threshold = Threshold::ratio("full", 0.95);
/// The part of the descriptors that sockets must be.
const SOCKETS: Threshold = Threshold::ratio("sockets", 0.50);

/// Up to this number of listeners, the owners of all are found.
const FEW_LISTENERS: usize = 64;

/// Descriptors that a program may have inherited at high numbers.
const INHERITED: u64 = 3;

/// The highest limit of any process (`fs.nr_open`, by default).
const MOST: u64 = 1 << 20;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "fd-near-limit",
    severities: &[Severity::Critical, Severity::Warning],
    thresholds: &[HIGH, FULL, SOCKETS],
    needs: &[Need::Tcp, Need::Descriptors],
    relations: &[
        Relation::causes("accept-queue-full", SharedBy::Process).where_(is_exhausted),
        Relation::causes("accept-queue-high", SharedBy::Process).where_(is_exhausted),
        Relation::causes("listen-drops", SharedBy::Process).where_(is_exhausted),
        Relation::causes("unaccepted-established", SharedBy::Process).where_(is_exhausted),
        Relation::causes("close-wait-unaccepted", SharedBy::Process).where_(is_exhausted),
    ],
    evaluate: Evaluate::Many(evaluate),
};

/// Whether too few descriptors are left, so that accept() keeps failing.
fn is_exhausted(limit: &Finding, _: &Finding) -> bool {
    let figures = limit.count_of("descriptors").zip(limit.count_of("descriptor_limit"));
    figures.is_some_and(|(used, most)| accept::is_nearly_full(used, most))
}

/// A process near its limit.
struct Near<'a> {
    pid: u32,
    facts: &'a ProcessFacts,
    severity: Severity,
    used: u64,
    most: u64,
    /// How many there were at the first sample, if fewer.
    before: Option<u64>,
}

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let services = input.services();
    let mut of_service: BTreeMap<u32, Vec<Near<'_>>> = BTreeMap::new();
    for near in input.snapshot.processes.iter().filter_map(|(&pid, facts)| near(input, pid, facts)) {
        of_service.entry(services.first(near.pid)).or_default().push(near);
    }
    of_service.into_values().filter_map(|all| judge(input, all)).collect()
}

fn near<'a>(input: &RuleInput<'_>, pid: u32, facts: &'a ProcessFacts) -> Option<Near<'a>> {
    let (used, most) = input.descriptors(pid)?;
    if is_sandboxed(input, pid, most) {
        return None;
    }
    let severity = input.near_limit(used, most, &HIGH, &FULL)?;
    let before = input.before().and_then(|(before, _)| before.descriptors.get(&pid).copied());
    let before = before.filter(|&before| used > before);
    let mostly_sockets = facts.sockets.is_some() && facts.is_mostly_sockets(used, input.limit(&SOCKETS));
    // It has no descriptor left to accept the queue.
    let keeps_waiting = || {
        let is_theirs = |inode| !input.knows_owners() || input.pids([inode]).contains(&pid);
        accept::is_nearly_full(used, most) && queues(input).any(is_theirs)
    };
    (before.is_some() || mostly_sockets || keeps_waiting()).then_some(Near { pid, facts, severity, used, most, before })
}

/// The listeners in whose queues clients wait, by their inodes.
fn queues<'a>(input: &RuleInput<'a>) -> impl Iterator<Item = u32> + use<'a> {
    input.now().listeners.iter().filter(|listener| listener.queue > 0).map(|listener| listener.inode)
}

/// Those queues, and the other listeners of a host that has few: which of them the process serves.
fn listeners<'a>(input: &RuleInput<'a>) -> impl Iterator<Item = u32> + use<'a> {
    let all = &input.now().listeners;
    let few = all.iter().take(if all.len() <= FEW_LISTENERS { FEW_LISTENERS } else { 0 });
    queues(input).chain(few.map(|listener| listener.inode))
}

/// The finding for a service, by the process with the fewest descriptors left.
fn judge(input: &RuleInput<'_>, mut all: Vec<Near<'_>>) -> Option<Finding> {
    sorted::sort_by_key(&mut all, |near| (Reverse(near.severity), near.most - near.used, near.pid));
    let &Near { pid, facts, severity, used, most, before } = all.first()?;
    let pids: BTreeSet<u32> = sorted::set(all.iter().map(|near| near.pid));
    let pids: Vec<u32> = pids.into_iter().collect();
    let program = input.program_of(&pids)?;
    let counts: Vec<(u32, u64)> = all.iter().map(|near| (near.pid, near.used)).collect();
    // Their own setting determines their limit, and stops them before the kernel does.
    let sizes_itself = matches!(program.runtime, Runtime::Haproxy | Runtime::Redis);
    let is_files = !facts.is_mostly_sockets(used, input.limit(&SOCKETS));
    let (title, why) = match (sizes_itself, is_files) {
        (_, true) => ("title-files", "why-files"),
        (true, false) => ("title-own-limit", "why-own-limit"),
        (false, false) => ("title", "why"),
    };
    let mut finding = input
        .finding(severity, Subject::Process(program.clone()))
        .title(title)
        .count("used", used)
        .count("most", most)
        .ratio("part", part(used, most))
        .why(why)
        .descriptors(pid, used, most)
        // Those that have as few left: the others may still accept.
        .blames(all.iter().filter(|near| near.severity == severity).map(|near| near.pid))
        // Whose clients wait is known once the owners of the queues are.
        .about(listeners(input).filter(|_| !input.knows_owners()).collect(), used);
    if let Some(sockets) = facts.sockets {
        finding = finding.proof(Sentence::plain("proof").count("sockets", sockets).count("used", used)).evidence(
            "socket_descriptors",
            Figure::Count(sockets),
            format!("/proc/{pid}/fd"),
        );
    }
    if let Some(before) = before {
        finding = finding.evidence("descriptors_before", Figure::Count(before), format!("/proc/{pid}/fd"));
    }
    if is_files {
        let kinds =
            ShellCommand::new("find /proc/").then(pid).then("/fd -printf '%l\\n' | sed 's/[0-9][0-9]*/N/g' | sort");
        let show = kinds.then(" | uniq -c | sort -rn | head");
        finding = finding
            .remedy(Remedy::new(RemedyKind::Operate, "find-files").inspect().command(show).needs("needs-owner"))
            .remedy(Remedy::new(RemedyKind::Code, "fix-files"));
    } else {
        finding = finding.remedy(Remedy::new(RemedyKind::Code, "fix"));
    }
    if sizes_itself && !is_files {
        finding = finding.remedy(Remedy::new(RemedyKind::Config, "fix-own-limit"));
    }
    finding = connections::by_process(finding, &counts);
    for remedy in raise(&pids, facts, most) {
        finding = finding.remedy(remedy);
    }
    let is_theirs = |inode| !input.knows_owners() || input.pids([inode]).contains(&pid);
    let listeners: Vec<&Listener> = input.now().listeners.iter().filter(|listener| is_theirs(listener.inode)).collect();
    let finding = finding.myth("myth");
    Some(match SilentClients::of(input, &listeners) {
        Some(clients) if !is_files => clients.tell(input, finding),
        _ => finding,
    })
}

/// Whether a process was given a lower limit than it has descriptors, as sshd does to itself before the login: it is to
/// open no more. One that accepts is not, and a few above the limit were inherited.
fn is_sandboxed(input: &RuleInput<'_>, pid: u32, most: u64) -> bool {
    let has_more = input.now().descriptors.get(&pid).is_some_and(|&used| used > most + most / 10 + INHERITED);
    has_more && !input.now().listeners.iter().any(|listener| input.pids([listener.inode]).contains(&pid))
}

/// Raising the limit: of the running process, and for good in its unit.
fn raise(pids: &[u32], facts: &ProcessFacts, most: u64) -> Vec<Remedy> {
    let Some(first) = pids.first() else { return Vec::new() };
    let hard = facts.hard_limit.unwrap_or(most);
    let proposed = (most * 2).max(1024);
    let is_within = proposed <= hard;
    let nofile = |soft: u64, hard: u64| {
        let each = pids.iter().fold(ShellCommand::new("for pid in"), |command, &pid| command.then(" ").then(pid));
        let (prlimit, end) = match pids {
            [pid] => (ShellCommand::new("prlimit --pid ").then(*pid), ""),
            _ => (each.then("; do prlimit --pid $pid"), "; done"),
        };
        let soft = prlimit.then(" --nofile=").then(soft).then(":");
        // The hard limit, which only root can raise, is named where it must rise, too.
        let command = if is_within { soft } else { soft.then(hard) };
        command.then(end)
    };
    let mut remedies = Vec::new();
    if proposed <= MOST {
        let mut now = Remedy::new(RemedyKind::Operate, if pids.len() > 1 { "raise-now-all" } else { "raise-now" })
            .first_aid()
            .command(nofile(proposed, proposed))
            .risk("raise-risk")
            .needs(if is_within { "needs-owner" } else { "needs-root" })
            .verify(ShellCommand::new("grep 'open files' /proc/").then(*first).then("/limits"));
        now.current = Some(most.to_string());
        now.proposed = Some(proposed.to_string());
        now.undo = Some(nofile(most, hard));
        remedies.push(now);
    }
    let systemctl = |verb| unit::systemctl(&facts.process.place, verb);
    if let Some(show) = systemctl("show -p LimitNOFILESoft,LimitNOFILE") {
        // Soft and hard: a single number would lower a hard limit that is higher.
        let line = format!("LimitNOFILE={proposed}:{}", hard.max(proposed));
        let mut lasting = Remedy::new(RemedyKind::Config, "raise-unit")
            .first_aid()
            .risk("raise-risk")
            .needs("needs-root")
            .verify(show);
        lasting.current = Some(most.to_string());
        lasting.proposed = Some(proposed.to_string());
        lasting.persist = Some(format!("[Service]\n{line}"));
        lasting.command = unit::edit(&facts.process.place);
        lasting.undo = systemctl("revert");
        remedies.push(lasting);
    }
    remedies
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, severities, snapshot},
        *,
    };
    use crate::model::snapshot::Snapshot;

    fn process(used: u64, sockets: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        snapshot.hold(4321, "orders", Runtime::Java, []);
        snapshot.now.descriptors.insert(4321, used);
        if let Some(facts) = snapshot.processes.get_mut(&4321) {
            facts.soft_limit = Some(1_000);
            facts.sockets = Some(sockets);
        }
        snapshot
    }

    #[test]
    fn the_limit_comes_near_in_two_steps() {
        assert_eq!(severities(&RULE, &process(799, 700)), []);
        assert_eq!(severities(&RULE, &process(800, 700)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &process(950, 700)), [Severity::Critical]);
    }

    #[test]
    fn a_process_full_of_files_is_healthy() {
        assert_eq!(severities(&RULE, &process(990, 1)), []);
        assert_eq!(severities(&RULE, &process(990, 494)), []);
        assert_eq!(severities(&RULE, &process(990, 495)), [Severity::Critical]);
    }

    #[test]
    fn a_limit_lowered_below_what_is_open_is_a_sandbox_unless_it_accepts() {
        assert_eq!(severities(&RULE, &process(1_103, 1_103)), [Severity::Critical]);
        let mut snapshot = process(1_104, 1_104);
        assert_eq!(severities(&RULE, &snapshot), []);
        snapshot.now.listeners.push(listener(8080, 5));
        snapshot.hold(4321, "orders", Runtime::Java, [5]);
        snapshot.now.descriptors.insert(4321, 1_104);
        if let Some(facts) = snapshot.processes.get_mut(&4321) {
            (facts.soft_limit, facts.sockets) = (Some(1_000), Some(1_104));
        }
        assert_eq!(severities(&RULE, &snapshot), [Severity::Critical]);
    }

    #[test]
    fn a_process_that_grows_is_not() {
        let mut snapshot = process(960, 1);
        let mut before = snapshot.now.clone();
        before.at = std::time::Duration::ZERO;
        before.descriptors.insert(4321, 959);
        snapshot.before = Some(before);
        let found = findings(&RULE, &snapshot).remove(0);
        assert_eq!((found.severity, found.title.id), (Severity::Critical, "title-files"));
    }

    #[test]
    fn files_that_leave_no_descriptor_for_clients_are_named() {
        let mut snapshot = process(990, 3);
        snapshot.now.listeners.push(Listener { queue: 2, ..listener(8080, 5) });
        snapshot.hold(4321, "orders", Runtime::Redis, [5]);
        snapshot.now.descriptors.insert(4321, 990);
        if let Some(facts) = snapshot.processes.get_mut(&4321) {
            (facts.soft_limit, facts.sockets) = (Some(1_000), Some(3));
        }
        let found = findings(&RULE, &snapshot).remove(0);
        assert_eq!((found.severity, found.title.id), (Severity::Critical, "title-files"));
        let command = found.remedies.iter().filter_map(|remedy| remedy.command.as_deref()).next();
        assert!(command.is_some_and(|command| command.starts_with("find /proc/4321/fd ")), "{command:?}");
    }

    #[test]
    fn the_running_limit_is_raised_and_the_hard_one_where_it_must_be() {
        let found = findings(&RULE, &process(960, 900));
        let commands: Vec<_> = found[0].remedies.iter().filter_map(|remedy| remedy.command.as_deref()).collect();
        assert_eq!(commands, ["prlimit --pid 4321 --nofile=2000:", "systemctl edit orders.service"]);
        let mut snapshot = process(960, 900);
        if let Some(facts) = snapshot.processes.get_mut(&4321) {
            facts.hard_limit = Some(1_000);
        }
        let now = findings(&RULE, &snapshot).remove(0).remedies.swap_remove(1);
        assert_eq!(now.command.as_deref(), Some("prlimit --pid 4321 --nofile=2000:2000"));
        assert_eq!(now.undo.as_deref(), Some("prlimit --pid 4321 --nofile=1000:1000"));
        assert_eq!(now.needs.map(|needs| needs.id), Some("needs-root"));
        if let Some(facts) = snapshot.processes.get_mut(&4321) {
            (facts.soft_limit, facts.hard_limit, facts.sockets) = (Some(1 << 20), Some(1 << 20), Some(1 << 20));
        }
        snapshot.now.descriptors.insert(4321, 1 << 20);
        assert_eq!(findings(&RULE, &snapshot)[0].remedies.len(), 2);
    }
}
