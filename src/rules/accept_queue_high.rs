//! A listener whose accept queue fills up, because clients come faster than the program accepts them.
//!
//! Detected: `LISTEN` with `Recv-Q` at half or three quarters of `Send-Q`. Each connection in it waits, and a full
//! queue drops new ones. The shares are relative to the listener's own limit; a burst fills a queue for a moment, so
//! only a queue that is that full in two samples is a warning. For queues below four places a share has no meaning.

use super::{
    accept::{self, Service},
    prelude::*,
};

/// The part of the limit that is a trend to full.
const HIGH: Threshold = Threshold::ratio("high", 0.75);
/// The part of the limit that is worth knowing.
const HALF: Threshold = Threshold::ratio("half", 0.50);
/// The shortest queue of which a share is judged.
const LEAST: Threshold = Threshold::count("least-limit", 4.0);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "accept-queue-high",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[HIGH, HALF, LEAST],
    needs: &[Need::Tcp, Need::AcceptLimits],
    relations: &[
        Relation::same_fault("unaccepted-established", SharedBy::Listener),
        Relation::same_fault("close-wait-unaccepted", SharedBy::Listener),
    ],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let is_high = |listener: &Listener| {
        !listener.is_full()
            && listener.limit.is_some_and(|limit| f64::from(limit) >= input.limit(&LEAST))
            && share(listener) >= input.limit(&HALF).min(input.limit(&HIGH))
    };
    let high = Service::all(input).into_iter().filter_map(|all| all.only(is_high));
    high.filter(|service| !service.awaits_start(input)).map(|service| judge(input, &service)).collect()
}

/// The part of its limit that is in use; 0 if the limit is unknown.
fn share(listener: &Listener) -> f64 {
    listener.limit.map_or(0.0, |limit| f64::from(listener.queue) / f64::from(limit.max(1)))
}

fn judge(input: &RuleInput<'_>, service: &Service<'_>) -> Finding {
    let high = input.limit(&HIGH);
    let stays = |listener: &&&Listener| {
        share(listener) >= high && input.earlier_listener(listener).is_some_and(|earlier| share(earlier) >= high)
    };
    let held = service.listeners.iter().find(stays);
    let severity = if held.is_some() { Severity::Warning } else { Severity::Notice };
    let shown = held.copied().unwrap_or(service.fullest);
    let half = input.limit(&HALF).min(high);
    let earlier = input.earlier_listener(shown).filter(|earlier| share(earlier) >= half);
    let subject = service.subject(input);
    let proof = match (earlier, input.before()) {
        (Some(earlier), Some((_, between))) => {
            Sentence::plain("proof-stays").count("then", earlier.queue.into()).time("time", between)
        }
        (None, Some(_)) => Sentence::plain("proof-moment"),
        _ => Sentence::plain("proof-once"),
    };
    let why = Sentence::plain("why");
    let finding = input
        .finding(severity, subject)
        .count("queue", shown.queue.into())
        .count("limit", shown.limit.unwrap_or(0).into())
        .ratio("share", share(shown))
        .why(why)
        .proof(proof.count("queue", shown.queue.into()))
        .evidence("share", Figure::Ratio(share(shown)), "idiag_rqueue / idiag_wqueue")
        .myth("accept-myth-somaxconn")
        .myth("accept-myth-not-bytes")
        .about(service.inodes(), service.waiting());
    accept::remedies(input, accept::figures(finding, service), service)
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{listener, severities, snapshot},
        *,
    };
    use crate::model::{finding::Runtime, snapshot::Snapshot};

    fn queued(before: u32, now: u32, limit: u32) -> Snapshot {
        let mut snapshot = snapshot();
        let sized = |queue| vec![Listener { queue, limit: Some(limit), ..listener(8080, 7) }];
        snapshot.now.listeners = sized(now);
        if let Some(sample) = &mut snapshot.before {
            sample.listeners = sized(before);
        }
        snapshot
    }

    #[test]
    fn three_quarters_at_two_samples_are_a_warning() {
        assert_eq!(severities(&RULE, &queued(75, 75, 100)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &queued(74, 75, 100)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &queued(75, 74, 100)), [Severity::Notice]);
    }

    #[test]
    fn the_proof_says_what_the_first_sample_saw() {
        let proof = |before, now| super::super::fixture::findings(&RULE, &queued(before, now, 100))[0].proof[0].id;
        assert_eq!(proof(75, 75), "proof-stays");
        assert_eq!(proof(50, 50), "proof-stays");
        assert_eq!(proof(74, 75), "proof-stays");
        assert_eq!(proof(49, 50), "proof-moment");
    }

    #[test]
    fn one_sample_is_a_notice_at_most() {
        let mut snapshot = queued(99, 99, 100);
        snapshot.before = None;
        assert_eq!(severities(&RULE, &snapshot), [Severity::Notice]);
    }

    #[test]
    fn less_than_half_is_a_burst() {
        assert_eq!(severities(&RULE, &queued(99, 50, 100)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &queued(99, 49, 100)), []);
    }

    #[test]
    fn a_short_queue_has_no_share() {
        assert_eq!(severities(&RULE, &queued(3, 3, 3)), []);
        assert_eq!(severities(&RULE, &queued(4, 4, 4)), [Severity::Warning]);
    }

    #[test]
    fn a_full_queue_is_another_rule() {
        assert_eq!(severities(&RULE, &queued(100, 101, 100)), []);
    }

    #[test]
    fn a_service_that_is_being_started_is_none() {
        let mut snapshot = queued(90, 90, 100);
        snapshot.hold(1, "systemd", Runtime::Native, [7]);
        assert_eq!(severities(&RULE, &snapshot), []);
    }
}
