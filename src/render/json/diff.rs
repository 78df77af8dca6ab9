//! `diff` as JSON.

use std::net::IpAddr;

use serde_json::{Map, Value as Json, json};

use super::{
    findings::{caused_by, subject},
    writer::{SCHEMA, time, write_line},
};
use crate::{
    diff::{Change, Diff, Move, ObservationHead},
    model::{
        finding::Finding,
        group::{NamedKey, Value},
        state::State,
    },
    render::{
        findings::rule_words,
        group::{self, Users},
        prelude::*,
    },
    report::incident::{Incident, incidents},
};

/// Writes `{schema, a, b, seconds, states, keys, groups, incidents, findings, sockets, counters}`.
pub fn write(out: &mut dyn Write, diff: &Diff, keys: &[NamedKey], users: &Users) -> io::Result<()> {
    let catalogue = Catalogue::new(Lang::En);
    let named = |of: &State, a: u64, b: u64| json!({"state": of.to_string(), "a": a, "b": b});
    let states: Vec<Json> = diff.states.iter().map(|one| named(&one.of, one.a, one.b)).collect();
    let findings = |all: &[Finding]| all.iter().map(|one| finding(one, &catalogue)).collect::<Vec<_>>();
    let changed = |(before, after): &(Finding, Finding)| {
        json!({
            "id": after.id,
            "rule": after.rule,
            "netns": after.netns,
            "subject": subject(&after.subject),
            "caused_by": caused_by(after),
            "a": {"severity": before.severity.name(), "title": title(before, &catalogue)},
            "b": {"severity": after.severity.name(), "title": title(after, &catalogue)},
        })
    };
    let sockets = diff.sockets.as_ref().ok().map(|moves| {
        let of_state = |(state, sockets): (&State, &u64)| json!({"state": state.to_string(), "sockets": sockets});
        let moved = moves
            .moved
            .iter()
            .map(|((from, to), sockets)| json!({"from": from.to_string(), "to": to.to_string(), "sockets": sockets}));
        let each = |(from, to, [local, peer]): &Move| {
            let state = |state: &Option<State>| state.map(|state| state.to_string());
            let end = |(address, port): &(IpAddr, u16)| json!({"address": address.to_string(), "port": port});
            // The wildcard is not a peer.
            let peer = (!peer.0.is_unspecified() || peer.1 != 0).then(|| end(peer));
            json!({"from": state(from), "to": state(to), "local": end(local), "peer": peer})
        };
        json!({
            "born": moves.born.iter().map(of_state).collect::<Vec<_>>(),
            "died": moves.died.iter().map(of_state).collect::<Vec<_>>(),
            "moved": moved.collect::<Vec<_>>(),
            "each": moves.each.iter().map(each).collect::<Vec<_>>(),
            "beyond": moves.beyond,
        })
    });
    let counters = diff
        .counters
        .iter()
        .map(|one| json!({"name": one.of, "a": one.a, "b": one.b, "per_second": diff.per_second(one)}));
    let document = json!({
        "schema": SCHEMA,
        "a": side(&diff.a),
        "b": side(&diff.b),
        "seconds": diff.between.map(|between| between.as_secs_f64()),
        "states": states,
        "keys": keys.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        "groups": diff.groups.iter().map(|one| row(one, keys, users)).collect::<Vec<_>>(),
        "incidents": {
            "appeared": gathered(&diff.findings.appeared),
            "gone": gathered(&diff.findings.gone),
            "changed": gathered(&diff.findings.changed.iter().map(|(_, after)| after.clone()).collect::<Vec<_>>()),
            "unchanged": gathered(&diff.findings.unchanged),
            "not_checked_before": gathered(&diff.findings.unchecked_before),
            "not_checked_after": gathered(&diff.findings.unchecked_after),
        },
        "findings": {
            "appeared": findings(&diff.findings.appeared),
            "gone": findings(&diff.findings.gone),
            "changed": diff.findings.changed.iter().map(changed).collect::<Vec<_>>(),
            "unchanged": findings(&diff.findings.unchanged),
            "not_checked_before": findings(&diff.findings.unchecked_before),
            "not_checked_after": findings(&diff.findings.unchecked_after),
        },
        "sockets": sockets,
        "counters": counters.collect::<Vec<_>>(),
    });
    write_line(out, &document)
}

fn side(end: &ObservationHead) -> Json {
    json!({"name": end.name, "host": end.host.name, "kernel": end.host.kernel, "taken_at": time(end.taken_at)})
}

fn title(finding: &Finding, catalogue: &Catalogue) -> String {
    rule_words(finding.rule, catalogue, true).say(&finding.title)
}

fn finding(finding: &Finding, catalogue: &Catalogue) -> Json {
    json!({
        "id": finding.id,
        "rule": finding.rule,
        "severity": finding.severity.name(),
        "netns": finding.netns,
        "subject": subject(&finding.subject),
        "title": title(finding, catalogue),
        "caused_by": caused_by(finding),
    })
}

/// The findings of a list, gathered by their causes.
fn gathered(findings: &[Finding]) -> Vec<Json> {
    let one = |incident: &Incident<'_>| {
        let parts: Vec<&str> = incident.parts.iter().map(|part| part.finding.id.as_str()).collect();
        json!({"id": incident.cause.id, "severity": incident.severity.name(), "parts": parts})
    };
    incidents(findings).iter().map(one).collect()
}

/// A group: its fields are named by the keys.
fn row(one: &Change<Box<[Value]>>, keys: &[NamedKey], users: &Users) -> Json {
    let mut row = Map::new();
    for ((name, _), value) in keys.iter().zip(&one.of) {
        let value = match value {
            Value::Port(port) => json!(port),
            Value::Pid(pid) => json!(pid),
            value => json!(group::text(value, users).as_deref().map(String::from_utf8_lossy)),
        };
        row.insert(name.clone(), value);
    }
    row.insert("a".to_owned(), one.a.into());
    row.insert("b".to_owned(), one.b.into());
    row.into()
}
