//! A listener whose accept queue is full, so that the kernel drops new clients.
//!
//! Detected: `LISTEN` with `Recv-Q` above `Send-Q`: the limit plus one fit (`sk_acceptq_is_full`). Impact: the kernel
//! silently drops every further SYN, and clients retry after 1, 2, 3 … s. The limit is the kernel's. A queue for one
//! client (qemu, gdbserver), and one whose service is starting, may be full without a fault.

use super::{
    accept::{self, Losses, Service},
    prelude::*,
};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "accept-queue-full",
    severities: &[Severity::Critical, Severity::Notice],
    thresholds: &[],
    needs: &[Need::Tcp, Need::AcceptLimits],
    relations: &[
        Relation::causes("listen-drops", SharedBy::Listener),
        Relation::causes("syn-recv-pileup", SharedBy::Listener),
        Relation::causes("unaccepted-established", SharedBy::Listener),
        Relation::causes("close-wait-unaccepted", SharedBy::Listener),
        Relation::causes("peer-zero-window", SharedBy::OtherEnd),
        Relation::causes("syn-sent-stuck", SharedBy::Service),
        Relation::causes("path-dead", SharedBy::Service),
    ],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let losses = Losses::of(input);
    let full = Service::all(input).into_iter().filter_map(|all| {
        let listeners = all.listeners.len();
        Some((all.only(Listener::is_full)?, listeners))
    });
    full.map(|(full, listeners)| judge(input, &full, listeners, losses.as_ref())).collect()
}

fn judge(input: &RuleInput<'_>, full: &Service<'_>, listeners: usize, losses: Option<&Losses>) -> Finding {
    let subject = full.subject(input);
    let waiting = full.waiting();
    let one_client = full.is_for_one_client();
    let starting = full.awaits_start(input);
    let severity = if one_client || starting { Severity::Notice } else { Severity::Critical };
    let (title, why) = match () {
        () if starting => ("title-starting", "why-starting"),
        () if one_client => ("title-one-client", "why-one-client"),
        () if listeners > 1 => ("title-several", "why"),
        () => ("title", "why"),
    };
    let proof = Sentence::plain("proof")
        .count("queue", full.fullest.queue.into())
        .count("limit", full.fullest_limit().unwrap_or(0));
    let mut finding = input
        .finding(severity, subject)
        .title(title)
        .count("waiting", waiting)
        .count("count", waiting)
        .count("limit", full.limit().unwrap_or(0))
        .count("full", full.listeners.len() as u64)
        .count("listeners", listeners as u64)
        .why(why)
        .proof(proof)
        .myth("accept-myth-abort")
        .myth("accept-myth-not-bytes")
        .about(full.inodes(), waiting);
    finding.touches.explained.extend(input.not_accepted(&full.listeners).map(Seen::flow));
    finding = accept::figures(finding, full);
    if let Some(drops) = full.fullest.drops {
        finding = finding.evidence("drops_since_start", Figure::Count(drops.into()), "skmem.drops");
    }
    if let Some((losses, drops)) = losses.and_then(|losses| Some((losses, losses.drops(full)?))) {
        let sentence = Sentence::plain("proof-drops").count("count", drops.count).time("time", losses.between);
        finding =
            finding.proof(sentence).evidence("drops", Figure::Count(drops.count), "skmem.drops, TcpExtListenDrops");
    }
    if severity == Severity::Notice {
        let fix = if starting { "fix-starting" } else { "fix-one-client" };
        return finding.remedy(Remedy::new(RemedyKind::Operate, fix));
    }
    accept::remedies(input, finding, full)
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, severities, snapshot},
        *,
    };
    use crate::model::{
        finding::{Runtime, Subject},
        snapshot::Snapshot,
    };

    fn waiting(queue: u32, limit: u32) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        snapshot.now.listeners = vec![Listener { queue, limit: Some(limit), ..listener(8080, 7) }];
        snapshot
    }

    #[test]
    fn one_more_than_the_limit_is_full() {
        assert_eq!(severities(&RULE, &waiting(512, 511)), [Severity::Critical]);
        assert_eq!(severities(&RULE, &waiting(511, 511)), []);
    }

    #[test]
    fn a_queue_for_one_client_may_be_full() {
        assert_eq!(severities(&RULE, &waiting(2, 1)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &waiting(1, 0)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &waiting(3, 2)), [Severity::Critical]);
    }

    #[test]
    fn a_service_that_systemd_starts_just_now_may_be_full() {
        let mut snapshot = waiting(129, 128);
        snapshot.hold(1, "systemd", Runtime::Native, [7]);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Notice]);
        snapshot.hold(900, "orders", Runtime::Native, [7]);
        let finding = findings(&RULE, &snapshot).remove(0);
        assert_eq!(finding.severity, Severity::Critical);
        assert_eq!(finding.subject.program().map(|program| program.pid), Some(900));
    }

    #[test]
    fn a_program_without_descriptors_is_reported_so() {
        let mut snapshot = waiting(512, 511);
        snapshot.hold(900, "orders", Runtime::Haproxy, [7]);
        let ids = |snapshot: &Snapshot| -> Vec<&str> {
            findings(&RULE, snapshot).remove(0).remedies.iter().map(|remedy| remedy.text.id).collect()
        };
        assert_eq!(ids(&snapshot)[..3], ["accept-own-limit", "accept-loop", "accept-workers"]);
        snapshot.now.descriptors.insert(900, 1020);
        assert_eq!(ids(&snapshot)[1], "accept-loop-files", "one of them is a socket");
        if let Some(facts) = snapshot.processes.get_mut(&900) {
            facts.sockets = Some(900);
        }
        assert_eq!(ids(&snapshot)[1], "accept-loop-descriptors");
    }

    #[test]
    fn the_cap_is_raised_only_where_it_caps() {
        let commands = |limit| -> Vec<ShellCommand> {
            let finding = findings(&RULE, &waiting(limit + 1, limit)).remove(0);
            finding.remedies.into_iter().filter_map(|remedy| remedy.command).collect()
        };
        assert_eq!(commands(511), Vec::<ShellCommand>::new());
        assert_eq!(commands(4096), ["sysctl -w net.core.somaxconn=8192"]);
    }

    #[test]
    fn several_full_queues_of_one_port_are_one_finding() {
        let mut snapshot = waiting(512, 511);
        snapshot.now.listeners.push(Listener { queue: 600, limit: Some(511), ..listener(8080, 8) });
        snapshot.now.listeners.push(listener(8080, 9));
        let finding = findings(&RULE, &snapshot).remove(0);
        assert_eq!((finding.weight, finding.inodes), (1112, vec![7, 8]));
        assert_eq!(finding.title.id, "title-several");
        assert!(matches!(finding.subject, Subject::Listener { port: 8080, program: None, .. }));
    }

    #[test]
    fn drops_between_two_samples_are_reported() {
        let mut snapshot = waiting(512, 511);
        let mut before = super::super::fixture::snapshot().before.unwrap();
        before.listeners = vec![listener(8080, 7)];
        snapshot.before = Some(before);
        snapshot.now.listeners[0].drops = Some(40);
        snapshot.now.counter("TcpExtListenDrops", 40);
        assert_eq!(findings(&RULE, &snapshot)[0].proof.len(), 2);
    }
}
