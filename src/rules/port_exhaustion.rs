//! The local ports for one destination run out.
//!
//! Seen: of the usable ports (the range less reserved ones and those that are bound), 70 % or 90 % are taken by sockets
//! from one source to one address and port. It hurts because `connect()` fails with `EADDRNOTAVAIL`. The limit is that
//! of the four-tuple (`__inet_hash_connect()` in net/ipv4/inet_hashtables.c); a `TIME_WAIT` that may be taken over is
//! no port lost.

use super::{
    Case, Need, Rule, Threshold, Unit,
    routes::{self, Load, Reuse},
};
use crate::{
    model::{
        finding::{Confidence, Figure, Finding, Severity},
        sentence::{Sentence, Word},
    },
    text::texts,
};

/// The name, for the rule that explains why ports are not reused.
const NAME: &str = "port-exhaustion";
/// The part of the usable ports from which churn of a usual size fills the rest within minutes.
const WARNING: Threshold = Threshold { name: "warning", unit: Unit::Ratio, default: 0.70 };
/// The part from which a burst meets the end, and `connect()` searches long for a free port.
const CRITICAL: Threshold = Threshold { name: "critical", unit: Unit::Ratio, default: 0.90 };

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: NAME,
    severities: &[Severity::Critical, Severity::Warning],
    thresholds: &[WARNING, CRITICAL],
    needs: &[Need::Tcp, Need::Sysctl("net.ipv4.ip_local_port_range")],
    texts: texts!("port-exhaustion"),
    evaluate,
};

/// The routes this rule warns of.
pub(super) fn pressed<'a>(case: &Case<'a>) -> Vec<Load<'a>> {
    let (limit, _) = case.settings.get(NAME, &WARNING);
    routes::loads(case).filter(|load| load.used > 0 && load.ratio() >= limit).collect()
}

fn evaluate(case: &Case<'_>) -> Vec<Finding> {
    pressed(case).iter().map(|load| told(case, load)).collect()
}

fn told(case: &Case<'_>, load: &Load<'_>) -> Finding {
    let severity = if load.ratio() >= case.limit(&CRITICAL) { Severity::Critical } else { Severity::Warning };
    let title = Sentence::plain("title")
        .with("count", Word::Count(load.used))
        .with("usable", Word::Count(load.usable))
        .with("ratio", Word::Ratio(load.ratio().min(1.0)));
    let why = if load.is_churn() { "why-churn" } else { "why" };
    let proof = Sentence::plain("proof").with("states", load.states()).with("source", Word::Address(load.route.source));
    let mut finding = case
        .finding(severity, load.subject(case), title)
        .why(Sentence::plain(why).with("peer", load.peer()))
        .proof(proof)
        .limit(Some(limit(case, load)))
        .evidence("ports_used", Figure::Count(load.used), "inet_diag")
        .evidence("ports_usable", Figure::Count(load.usable), "net.ipv4.ip_local_port_range")
        .evidence("used", Figure::Ratio(load.ratio()), "inet_diag")
        .evidence("time_wait", Figure::Count(load.time_wait()), "idiag_state")
        .evidence("time_wait_reusable", Figure::Count(load.reusable), "idiag_expires")
        .evidence("close_rate", Figure::PerSecond(load.usage.time_waits.per_second(60)), "idiag_expires")
        .about(load.usage.inodes.clone(), load.used);
    if load.reusable > 0 {
        finding = finding
            .proof(Sentence::plain("proof-reusable").with("count", Word::Count(load.reusable)))
            .confidence(Confidence::Likely);
    }
    if load.reuse == Reuse::PeerWithout && load.resting() > 0 {
        finding = finding.proof(Sentence::plain("proof-peer-without").with("peer", load.peer()));
    }
    let remedies = load.program_remedies(case).into_iter().chain(routes::range_remedies(case));
    // Reuse gives back only ports that rest.
    let reuse = if load.resting() > 0 { load.reuse_remedies(case) } else { Vec::new() };
    finding.remedies.extend(remedies.chain(reuse));
    if load.is_churn() {
        finding = finding.myth("ports-myth-fin-timeout").myth("ports-myth-recycle").myth("ports-myth-linger");
    }
    finding.myth("myth-per-destination")
}

fn limit(case: &Case<'_>, load: &Load<'_>) -> Sentence {
    if load.left() == 0 {
        return Sentence::plain("limit-reached");
    }
    let sentence = match load.full_in(case) {
        Some(time) => Sentence::plain("limit-full-in").with("time", Word::Time(time)),
        None => Sentence::plain("limit"),
    };
    sentence.with("count", Word::Count(load.left()))
}

#[cfg(test)]
mod tests;
