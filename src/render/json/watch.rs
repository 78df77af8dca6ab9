//! A sample of `watch` as JSON.

use serde_json::{Value, json};

use super::{
    findings::subject,
    gap,
    writer::{SCHEMA, time, write_line},
};
use crate::{
    render::{findings::rule_words, prelude::*},
    report::{
        rates::RATES,
        trend::{Course, IncidentTrend, StateTrend, WatchSample},
    },
};

/// Writes `{schema, host, taken_at, sample, seconds, cost_ms, interval_ms, filter, states, rates, incidents, not_checked,
/// gaps}`.
pub fn write(out: &mut dyn Write, sample: &WatchSample) -> io::Result<()> {
    let catalogue = Catalogue::new(Lang::En);
    let overview = &sample.overview;
    let state = |one: &StateTrend| {
        let name = one.row.state.map(|state| state.to_string());
        json!({"state": name, "sockets": one.row.tally.sockets, "change_per_second": one.per_second})
    };
    let rates = RATES.iter().zip(sample.rises.each()).map(|((_, counters), (name, rise, per_second))| {
        json!({"name": name, "counters": counters, "rise": rise, "per_second": per_second})
    });
    let gaps: Vec<Value> = overview.counted.gaps.iter().map(|one| json!(gap(one))).collect();
    let not_checked = overview.diagnosis.as_ref().map(super::findings::not_checked).unwrap_or_default();
    let document = json!({
        "schema": SCHEMA,
        "host": {"name": overview.host.name, "kernel": overview.host.kernel},
        "taken_at": time(overview.host.taken_at),
        "sample": sample.number,
        "seconds": sample.rises.between.map(|between| between.as_secs_f64()),
        "cost_ms": sample.cost.as_millis() as u64,
        "interval_ms": sample.interval.as_millis() as u64,
        "filter": sample.filter,
        "states": sample.states.iter().map(state).collect::<Vec<_>>(),
        "rates": rates.collect::<Vec<_>>(),
        "incidents": sample.incidents.iter().map(|one| incident(one, &catalogue)).collect::<Vec<_>>(),
        "not_checked": not_checked,
        "gaps": gaps,
    });
    write_line(out, &document)
}

fn incident(one: &IncidentTrend, catalogue: &Catalogue) -> Value {
    let cause = &one.cause;
    // An incident that was gone before is still gone.
    let course = if one.since_baseline == Course::Gone { Course::Gone } else { one.course };
    json!({
        "id": cause.id,
        "rule": cause.rule,
        "severity": one.severity.name(),
        "netns": cause.netns,
        "subject": subject(&cause.subject),
        "title": rule_words(cause.rule, catalogue, true).say(&cause.title),
        "change": course.name(),
        "since": time(one.since),
        "last_seen": time(one.until),
    })
}
