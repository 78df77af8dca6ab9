//! The local ports for one destination run out.
//!
//! Seen: of the usable ports (the range less reserved ones and those that are bound), 70 % or 90 % are taken by sockets
//! from one source to one address and port. It hurts because `connect()` fails with `EADDRNOTAVAIL`. The limit is that
//! of the four-tuple (`__inet_hash_connect()` in net/ipv4/inet_hashtables.c); a `TIME_WAIT` that may be reused does not
//! lose a port.

use super::{
    prelude::*,
    routes::{self, Load, Reuse},
};

/// The name, for the rule that explains why ports are not reused.
const NAME: &str = "port-exhaustion";
/// The part of the usable ports from which churn of a usual size fills the rest within minutes.
const WARNING: Threshold = Threshold::ratio("warning", 0.70);
/// The part from which a burst meets the end, and `connect()` searches long for a free port.
const CRITICAL: Threshold = Threshold::ratio("critical", 0.90);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: NAME,
    severities: &[Severity::Critical, Severity::Warning],
    thresholds: &[WARNING, CRITICAL],
    needs: &[Need::Tcp, Need::Sysctl("net.ipv4.ip_local_port_range")],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

/// The routes this rule warns of.
pub(super) fn pressed<'a>(input: &RuleInput<'a>) -> Vec<Load<'a>> {
    let (limit, _) = input.settings.get(NAME, &WARNING);
    routes::loads(input).filter(|load| load.used > 0 && load.ratio() >= limit).collect()
}

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    pressed(input).iter().map(|load| describe(input, load)).collect()
}

fn describe(input: &RuleInput<'_>, load: &Load<'_>) -> Finding {
    let severity = if load.ratio() >= input.limit(&CRITICAL) { Severity::Critical } else { Severity::Warning };
    let why = if load.is_churn() { "why-churn" } else { "why" };
    let proof = Sentence::plain("proof").with("states", load.states()).address("source", load.route.source);
    let (rate, source, _) = load.rate(input);
    let mut finding = input
        .finding(severity, load.subject(input))
        .count("count", load.used)
        .count("usable", load.usable)
        .ratio("ratio", load.ratio().min(1.0))
        .why(Sentence::plain(why).with("peer", load.peer()))
        .proof(proof)
        .limit(Some(limit(input, load)))
        .evidence("ports_used", Figure::Count(load.used), "inet_diag")
        .evidence("ports_usable", Figure::Count(load.usable), "net.ipv4.ip_local_port_range")
        .evidence("used", Figure::Ratio(load.ratio()), "inet_diag")
        .evidence("time_wait", Figure::Count(load.time_wait()), "idiag_state")
        .evidence("time_wait_reusable", Figure::Count(load.reusable), "idiag_expires")
        .evidence("close_rate", Figure::PerSecond(rate), source)
        .over([load.flow()])
        .about(load.usage.inodes.clone(), load.used);
    if load.reusable > 0 {
        finding = finding
            .proof(Sentence::plain("proof-reusable").count("count", load.reusable))
            .confidence(Confidence::Likely);
    }
    if load.reuse == Reuse::PeerWithout && load.resting() > 0 {
        finding = finding.proof(Sentence::plain("proof-peer-without").with("peer", load.peer()));
    }
    // Reuse gives back only ports that rest.
    let reuse = if load.resting() > 0 { load.reuse_remedies(input) } else { Vec::new() };
    let mut range = routes::range_remedies(input);
    if reuse.is_empty() {
        range.iter_mut().for_each(|remedy| remedy.first_aid = true);
    }
    finding.remedies.extend(load.program_remedies(input));
    finding.remedies.extend(range);
    finding.remedies.extend(reuse);
    if load.is_churn() {
        finding = finding.myth("ports-myth-fin-timeout").myth("ports-myth-recycle").myth("ports-myth-linger");
    }
    finding.myth("myth-per-destination")
}

fn limit(input: &RuleInput<'_>, load: &Load<'_>) -> Sentence {
    if load.left() == 0 {
        return Sentence::plain("limit-reached");
    }
    let sentence = match load.full_in(input) {
        Some(time) => Sentence::plain("limit-full-in").time("time", time),
        None => Sentence::plain("limit"),
    };
    sentence.count("count", load.left())
}

#[cfg(test)]
mod tests;
