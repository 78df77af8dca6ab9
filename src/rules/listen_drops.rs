//! A listener that drops connection attempts.
//!
//! Detected: the listener's own counter (`skmem.drops`) and `TcpExtListenDrops` both rose between two samples. Impact:
//! the client gets no answer and retries after 1, 2, 3 … s. Either counter alone proves nothing: the listener's also
//! counts bare RST and FIN, and with `TCP_DEFER_ACCEPT` every healthy connection; the other counts for all listeners.
//! Drops before the first sample are reported without a severity above OK or notice.

use super::{
    accept::{self, Drops, Losses, Service},
    half_open,
    prelude::*,
};

/// The drops of all listeners of the namespace.
const DROPS: &str = "TcpExtListenDrops";

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "listen-drops",
    severities: &[Severity::Critical, Severity::Notice, Severity::Ok],
    thresholds: &[],
    needs: &[Need::Counter(DROPS)],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let Some(ever) = input.counter(DROPS).filter(|&ever| ever > 0) else { return Vec::new() };
    if input.now().tcp.is_none() {
        return vec![counted(input, ever)];
    }
    let losses = Losses::of(input);
    let judge = |service: Service<'_>| {
        if let Some(losses) = &losses
            && let Some(drops) = losses.drops(&service)
        {
            let lossy = service.only(|listener| losses.rise(listener) > 0)?;
            return Some(dropping(input, &lossy, losses, drops));
        }
        let counted = |listener: &Listener| listener.drops.is_some_and(|drops| drops > 0);
        Some(past(input, &service.only(counted)?, ever))
    };
    Service::all(input).into_iter().filter_map(judge).collect()
}

/// It drops now.
fn dropping(input: &RuleInput<'_>, service: &Service<'_>, losses: &Losses, drops: Drops) -> Finding {
    let excused = service.is_for_one_client() || service.awaits_start(input);
    let severity = if excused { Severity::Notice } else { Severity::Critical };
    let subject = service.subject(input);
    let rate = drops.count as f64 / losses.between.as_secs_f64();
    let is_overflow = losses.overflowed != Some(0);
    let why = if is_overflow { "why" } else { "why-other" };
    let finding = input
        .finding(severity, subject.clone())
        .count("count", drops.count)
        .time("time", losses.between)
        .decimal("rate", rate)
        .why(why)
        .proof(if drops.is_proven { "proof" } else { "proof-shared" })
        .evidence("drops", Figure::Count(drops.count), "skmem.drops, TcpExtListenDrops")
        .evidence("rate", Figure::PerSecond(rate), "skmem.drops")
        .myth("accept-myth-abort")
        .about(service.inodes(), drops.count);
    let mut finding = accept::figures(finding, service);
    if let Some(overflowed) = losses.overflowed {
        finding = finding.evidence("overflows_of_all", Figure::Count(overflowed), "TcpExtListenOverflows");
    }
    if !drops.is_proven {
        finding = finding.confidence(Confidence::Likely);
    }
    // The queue that a program empties is too short, and the program at work.
    if is_overflow && service.is_for_one_client() && !service.fullest.is_full() {
        let backlog = accept::backlog(input, service, &finding.subject, drops.count);
        return finding.remedy(backlog);
    }
    if is_overflow {
        return accept::remedies(input, finding, service);
    }
    let inspect = Remedy::new(RemedyKind::Operate, "fix-other");
    finding
        .remedy(inspect.command("nstat -az TcpExtTCPReqQFullDrop TcpExtTCPMemoryPressures IpOutNoRoutes"))
        .remedy(half_open::cookies(input))
}

/// Counters without sockets: something was dropped at some time.
fn counted(input: &RuleInput<'_>, ever: u64) -> Finding {
    let inspect = Remedy::new(RemedyKind::Operate, "find").inspect().command("ss -ltnpm");
    input
        .finding(Severity::Notice, Subject::Host)
        .title(Sentence::plain("title-so-far").count("count", ever))
        .confidence(Confidence::Inferred)
        .why("why-so-far")
        .evidence("drops_of_all", Figure::Count(ever), DROPS)
        .remedy(inspect)
        .about(Vec::new(), ever)
}

/// It dropped at some time since it was made.
fn past(input: &RuleInput<'_>, service: &Service<'_>, ever: u64) -> Finding {
    let counted: u64 = service.listeners.iter().filter_map(|listener| listener.drops).map(u64::from).sum();
    let count = counted.min(ever);
    let (title, why) = match input.before() {
        Some((_, between)) => (Sentence::plain("title-past").time("time", between), "why-past"),
        None => (Sentence::plain("title-so-far"), "why-so-far"),
    };
    // One sample cannot distinguish a burst of just now from one of last year.
    let severity = if input.before().is_some() { Severity::Ok } else { Severity::Notice };
    input
        .finding(severity, service.subject(input))
        .title(title.count("count", count))
        .confidence(Confidence::Likely)
        .why(why)
        .evidence("drops_since_start", Figure::Count(counted), "skmem.drops")
        .evidence("drops_of_all", Figure::Count(ever), DROPS)
        .about(service.inodes(), count)
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, severities, snapshot},
        *,
    };
    use crate::model::snapshot::Snapshot;

    /// Listeners on ports 8001 and up with these rises, and the counters of the namespace.
    fn dropped(rises: &[u32], listen_drops: u64, overflows: u64) -> Snapshot {
        let mut snapshot = snapshot();
        let listeners = |base: u32, rises: &[u32]| -> Vec<Listener> {
            let one = |(place, rise): (u16, &u32)| Listener {
                drops: Some(base + rise),
                ..listener(8001 + place, u32::from(place) + 1)
            };
            (0..).zip(rises).map(one).collect()
        };
        if let Some(before) = &mut snapshot.before {
            before.listeners = listeners(0, &vec![0; rises.len()]);
            before.counter(DROPS, 0);
            before.counter("TcpExtListenOverflows", 0);
        }
        snapshot.now.listeners = listeners(0, rises);
        snapshot.now.counter(DROPS, listen_drops);
        snapshot.now.counter("TcpExtListenOverflows", overflows);
        snapshot
    }

    #[test]
    fn counters_alone_tell_that_something_was_dropped() {
        let mut counters = snapshot();
        (counters.before, counters.now.tcp) = (None, None);
        counters.now.counter(DROPS, 650_010);
        let found = findings(&RULE, &counters).remove(0);
        assert_eq!((found.severity, found.confidence), (Severity::Notice, Confidence::Inferred));
        assert_eq!(found.count_of("drops_of_all"), Some(650_010));
    }

    #[test]
    fn both_counters_rising_are_critical_and_the_smaller_counts() {
        let finding = findings(&RULE, &dropped(&[12], 9, 9)).remove(0);
        assert_eq!((finding.severity, finding.weight), (Severity::Critical, 9));
        assert_eq!(finding.confidence, Confidence::Proven);
        assert_eq!(findings(&RULE, &dropped(&[9], 12, 12)).remove(0).weight, 9);
    }

    #[test]
    fn the_listeners_counter_alone_is_nothing() {
        assert_eq!(severities(&RULE, &dropped(&[20], 0, 0)), []);
    }

    #[test]
    fn deferred_accepts_are_not_charged_with_the_drops_of_another_listener() {
        let mut snapshot = dropped(&[1000, 50], 50, 50);
        // The second was full; without that, the two causes are indistinguishable.
        assert_eq!(severities(&RULE, &snapshot), [Severity::Ok, Severity::Ok]);
        snapshot.now.listeners[1].queue = 512;
        let finding = findings(&RULE, &snapshot).remove(0);
        assert_eq!((finding.severity, finding.confidence), (Severity::Critical, Confidence::Likely));
        assert_eq!(finding.inodes, [2]);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Critical, Severity::Ok]);
    }

    #[test]
    fn what_another_drops_while_the_counters_are_read_is_not_charged_to_those_that_defer() {
        // The second listener went on between its own counter and that of the namespace.
        for (own, all) in [(2_000, 2_020), (1, 2)] {
            let mut snapshot = dropped(&[20, own], all, all);
            snapshot.now.listeners[1].queue = 512;
            assert_eq!(severities(&RULE, &snapshot), [Severity::Critical, Severity::Ok]);
            assert_eq!(findings(&RULE, &snapshot)[0].inodes, [2]);
        }
        // Of several that drop as much, each is sure.
        let snapshot = dropped(&[500; 5], 2_500, 0);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Critical; 5]);
    }

    #[test]
    fn drops_for_another_reason_need_no_longer_queue() {
        let finding = findings(&RULE, &dropped(&[12], 12, 0)).remove(0);
        assert_eq!(finding.remedies.len(), 1);
        assert_eq!(finding.why.map(|why| why.id), Some("why-other"));
        let mut snapshot = dropped(&[12], 12, 0);
        snapshot.sysctls.insert(half_open::SYNCOOKIES.to_owned(), "0".to_owned());
        assert_eq!(findings(&RULE, &snapshot)[0].remedies.len(), 2);
    }

    #[test]
    fn a_queue_for_one_client_is_a_notice() {
        let mut snapshot = dropped(&[12], 12, 12);
        snapshot.now.listeners[0].limit = Some(1);
        assert_eq!(severities(&RULE, &snapshot), [Severity::Notice]);
    }

    #[test]
    fn what_was_before_the_first_sample_is_reported_and_not_judged() {
        let mut snapshot = dropped(&[12], 12, 12);
        snapshot.before.as_mut().unwrap().listeners = snapshot.now.listeners.clone();
        snapshot.before.as_mut().unwrap().counter(DROPS, 12);
        assert_eq!(findings(&RULE, &snapshot)[0].title.id, "title-past");
        snapshot.before = None;
        let finding = findings(&RULE, &snapshot).remove(0);
        assert_eq!((finding.severity, finding.title.id), (Severity::Notice, "title-so-far"));
    }

    #[test]
    fn no_drops_say_nothing() {
        let mut snapshot = snapshot();
        snapshot.now.counter(DROPS, 0);
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
