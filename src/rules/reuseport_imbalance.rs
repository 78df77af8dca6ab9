//! One of several listeners of a port (`SO_REUSEPORT`) that does not serve its share.
//!
//! Detected in both samples: one queue full, or at least four times the others', while the others' are short. Impact:
//! the kernel assigns connections by hash, for good: the share of a stuck listener waits or is dropped while others
//! idle. The hash is fair, so healthy queues differ little; in a burst a queue differs for a moment, so one sample
//! proves nothing.

use super::{accept::Service, prelude::*};

/// How many times the usual queue a queue must be.
const TIMES: Threshold = Threshold::count("times", 4.0);
/// The least excess beyond that, because queues are usually empty.
const BEYOND: Threshold = Threshold::count("beyond", 4.0);
/// Processes named in the proof.
const MOST_NAMED: usize = 8;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "reuseport-imbalance",
    severities: &[Severity::Warning],
    thresholds: &[TIMES, BEYOND],
    needs: &[Need::Tcp, Need::TwoSamples],
    relations: &[
        Relation::contributes("accept-queue-full", SharedBy::Listener),
        Relation::contributes("listen-drops", SharedBy::Listener),
        Relation::causes("accept-queue-high", SharedBy::Listener),
        Relation::causes("unaccepted-established", SharedBy::Listener).where_(has_room),
        Relation::causes("close-wait-unaccepted", SharedBy::Listener).where_(has_room),
    ],
    evaluate: Evaluate::Many(evaluate),
};

/// Whether its queue is not full: a full one is the cause itself.
fn has_room(stuck: &Finding, _: &Finding) -> bool {
    stuck.count_of("limit").is_none_or(|limit| stuck.weight <= limit)
}

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let several = Service::all(input).into_iter().filter(|service| service.listeners.len() > 1);
    several.filter_map(|service| judge(input, &service)).collect()
}

fn judge(input: &RuleInput<'_>, service: &Service<'_>) -> Option<Finding> {
    let before: Vec<&Listener> =
        service.listeners.iter().filter_map(|listener| input.earlier_listener(listener)).collect();
    let (usual, usual_before) = (median(&service.listeners)?, median(&before)?);
    let is_stuck = |listener: &Listener| {
        let earlier = before.iter().find(|earlier| earlier.cookie == listener.cookie);
        is_apart(input, listener, usual) && earlier.is_some_and(|earlier| is_apart(input, earlier, usual_before))
    };
    let stuck = service.only(is_stuck)?;
    let subject = stuck.subject(input);
    let worst = stuck.fullest;
    let queues = service.listeners.iter().map(|listener| u64::from(listener.queue)).collect();
    let inodes = stuck.listeners.iter().map(|listener| Word::Plain(listener.inode.into()));
    let inodes = Word::List(inodes.take(MOST_NAMED).collect());
    let mut finding = input
        .finding(Severity::Warning, subject)
        .count("count", stuck.listeners.len() as u64)
        .count("listeners", service.listeners.len() as u64)
        .count("queue", worst.queue.into())
        .count("usual", usual.into())
        .proof(Sentence::plain("proof").with("inodes", inodes))
        .evidence("queues", Figure::Counts(queues), "idiag_rqueue")
        .evidence("inode", Figure::Text(worst.inode.to_string()), "idiag_inode")
        .about(stuck.inodes(), stuck.waiting());
    if let Some(limit) = worst.limit {
        finding = finding.evidence("limit", Figure::Count(limit.into()), "idiag_wqueue");
    }
    // Names every holder: nginx's master and all its workers hold all listeners, so the evidence points to none of
    // them.
    let pids = input.pids(stuck.inodes());
    if !pids.is_empty() {
        let named = pids.iter().take(MOST_NAMED).map(|&pid| Word::Plain(pid.into())).collect();
        let holders =
            Sentence::plain("proof-holders").count("count", pids.len() as u64).with("pids", Word::List(named));
        let text = pids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        finding = finding.proof(holders).evidence("holders", Figure::Text(text), "/proc/PID/fd");
    }
    Some(remedies(input, finding, &pids))
}

fn remedies(input: &RuleInput<'_>, finding: Finding, pids: &[u32]) -> Finding {
    let mut finding = finding.remedy(Remedy::new(RemedyKind::Code, "fix"));
    if let &[pid] = pids {
        let restart = Sentence::plain("restart").number("pid", pid.into());
        let restart = Remedy::new(RemedyKind::Operate, restart).first_aid().risk("restart-risk");
        let strace = Remedy::new(RemedyKind::Operate, "find").inspect();
        finding = finding.remedy(restart).remedy(
            strace.command(ShellCommand::new("strace -f -e trace=accept,accept4 -p ").then(pid)).needs("needs-ptrace"),
        );
    }
    let migrate = super::sysctl::raise(input, "net.ipv4.tcp_migrate_req", 1, "fix-migrate");
    finding.remedy(migrate.map(|remedy| remedy.risk("migrate-risk")))
}

/// The lower median, so that of two listeners the quiet one is the usual.
fn median(listeners: &[&Listener]) -> Option<u32> {
    let mut queues: Vec<u32> = listeners.iter().map(|listener| listener.queue).collect();
    queues.sort_unstable();
    queues.get(queues.len().checked_sub(1)? / 2).copied()
}

fn is_apart(input: &RuleInput<'_>, listener: &Listener, usual: u32) -> bool {
    let (queue, usual) = (f64::from(listener.queue), f64::from(usual));
    // Where all are full, none of them is the one that does not take its share.
    let is_alone = queue > 2.0 * usual;
    (listener.is_full() && is_alone) || queue >= input.limit(&TIMES) * usual + input.limit(&BEYOND)
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, severities, snapshot},
        *,
    };
    use crate::model::{finding::Runtime, snapshot::Snapshot};

    /// Listeners of one port with these queues at the two samples.
    fn queued(before: &[u32], now: &[u32]) -> Snapshot {
        let mut snapshot = snapshot();
        let all = |queues: &[u32]| -> Vec<Listener> {
            (1..).zip(queues).map(|(inode, &queue)| Listener { queue, ..listener(8080, inode) }).collect()
        };
        snapshot.now.listeners = all(now);
        snapshot.before.as_mut().unwrap().listeners = all(before);
        snapshot
    }

    #[test]
    fn four_times_the_others_and_four_at_both_samples_is_a_warning() {
        assert_eq!(severities(&RULE, &queued(&[0, 0, 0, 4], &[1, 1, 1, 8])), [Severity::Warning]);
        assert_eq!(severities(&RULE, &queued(&[0, 0, 0, 4], &[1, 1, 1, 7])), []);
        assert_eq!(severities(&RULE, &queued(&[0, 0, 0, 3], &[1, 1, 1, 8])), []);
    }

    #[test]
    fn of_two_the_quiet_one_is_the_usual() {
        assert_eq!(severities(&RULE, &queued(&[0, 512], &[0, 512])), [Severity::Warning]);
    }

    #[test]
    fn a_full_one_among_busy_ones_is_a_warning() {
        assert_eq!(severities(&RULE, &queued(&[200, 200, 512], &[200, 200, 512])), [Severity::Warning]);
    }

    #[test]
    fn where_all_are_full_none_is_apart() {
        assert_eq!(severities(&RULE, &queued(&[512, 512, 512], &[512, 512, 512])), []);
    }

    #[test]
    fn another_one_each_time_is_chance() {
        assert_eq!(severities(&RULE, &queued(&[9, 0, 0, 0], &[0, 0, 0, 9])), []);
    }

    #[test]
    fn one_listener_shares_with_nobody() {
        assert_eq!(severities(&RULE, &queued(&[512], &[512])), []);
        let mut snapshot = queued(&[0, 512], &[0, 512]);
        snapshot.now.listeners[0].port = 8081;
        assert_eq!(severities(&RULE, &snapshot), []);
    }

    #[test]
    fn every_holder_is_named_and_none_accused() {
        let mut snapshot = queued(&[0, 0, 40], &[0, 0, 50]);
        snapshot.hold(10, "nginx", Runtime::Nginx, [1, 2, 3]);
        snapshot.hold(11, "nginx", Runtime::Nginx, [1, 2, 3]);
        let finding = findings(&RULE, &snapshot).remove(0);
        assert_eq!(finding.inodes, [3]);
        assert!(finding.evidence.iter().any(|one| one.value == Figure::Text("10,11".to_owned())));
        assert_eq!(finding.remedies.len(), 1);
    }

    #[test]
    fn a_single_holder_can_be_restarted_and_its_queue_handed_on() {
        let mut snapshot = queued(&[0, 0, 40], &[0, 0, 50]);
        snapshot.hold(10, "api", Runtime::Go, [3]);
        snapshot.sysctls.insert("net.ipv4.tcp_migrate_req".to_owned(), "0\n".to_owned());
        let finding = findings(&RULE, &snapshot).remove(0);
        let commands: Vec<_> = finding.remedies.into_iter().filter_map(|remedy| remedy.command).collect();
        assert_eq!(commands.last().map(|command| &**command), Some("sysctl -w net.ipv4.tcp_migrate_req=1"));
    }
}
