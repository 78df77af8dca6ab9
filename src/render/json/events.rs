//! Sockets that ended, losses and sums as JSON: each a document on a line, with its kind in `event`.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::{
    super::events::{EventRow, StateRow},
    rows,
    writer::{SCHEMA, write_line},
};
use crate::{
    model::{
        entry::End,
        group::{Groups, NamedKey},
        owner::Process,
        state::State,
    },
    render::{group::Users, prelude::*},
    report::events::{EventTally, states::StateTally},
};

/// RFC 3339 in UTC, with milliseconds.
fn time(at: SystemTime) -> String {
    humantime::format_rfc3339_millis(at.max(UNIX_EPOCH)).to_string()
}

fn end(end: &End) -> Value {
    match end {
        End::Inet(address, port) if *port != 0 || !address.is_unspecified() => {
            json!({"address": address, "port": Some(*port).filter(|port| *port != 0)})
        }
        _ => Value::Null,
    }
}

/// Writes `{schema, event:"end", at, netid, family, mapped, end, direction, …}`.
pub fn event(out: &mut dyn Write, row: &EventRow<'_>) -> io::Result<()> {
    let ending = row.ending;
    let entry = &ending.entry;
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let own = json!({
        "event": "end",
        "end": ending.end.name(),
        "lived_ms": {"at_least": millis(ending.lived.at_least), "at_most": ending.lived.at_most.map(millis)},
        "received_bytes": ending.bytes_in(),
        "sent_bytes": ending.bytes_out(),
        "rtt_us": ending.rtt_us(),
        "retransmitted": ending.retransmitted(),
        "recv_queue_bytes": entry.rqueue,
        "send_queue_bytes": Some(entry.wqueue).filter(|_| !ending.is_wiped),
    });
    with_socket(out, own, row, ending.origin.is_some())
}

/// Writes `{schema, event:"change", at, netid, family, mapped, from, to, in_state_us, …}`.
pub fn change(out: &mut dyn Write, row: &StateRow<'_>) -> io::Result<()> {
    let change = row.transition;
    let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let lived = change.socket.lived;
    let is_known = lived.at_most.is_some() || !lived.at_least.is_zero();
    let own = json!({
        "event": "change",
        "from": change.from.to_string(),
        "to": change.to().to_string(),
        "in_state_us": is_known.then(|| json!({
            "at_least": micros(lived.at_least),
            "at_most": lived.at_most.map(micros),
        })),
        "connect_us": change.connect_us(),
        "cause": change.cause(),
        "netns_inode": change.netns,
        "netns": row.netns,
    });
    with_socket(out, own, &row.event, true)
}

/// Writes a document with the common part of a socket's events; `is_shown`: whether the user is its own.
fn with_socket(out: &mut dyn Write, mut document: Value, row: &EventRow<'_>, is_shown: bool) -> io::Result<()> {
    let (entry, place) = (&row.ending.entry, row.place());
    let owner = |process: &&Process| {
        let name = String::from_utf8_lossy(&process.program).into_owned();
        json!({"pid": process.pid, "program": name})
    };
    let mut socket = json!({
        "schema": SCHEMA,
        "at": time(row.ending.at),
        "netid": entry.netid.name(),
        "family": entry.family.name(),
        "mapped": entry.mapped,
        "cookie": entry.cookie,
        "local": end(&entry.local),
        "peer": end(&entry.peer),
        "direction": row.ending.direction.map(|direction| direction.name()),
        "owners": row.processes.iter().map(owner).collect::<Vec<_>>(),
        "owners_of": row.ending.origin.map(|origin| origin.name()),
        "unit": place.and_then(|place| place.unit.as_deref()),
        "container": place.and_then(|place| Some(&*place.container.as_ref()?.id)),
        "uid": entry.uid().filter(|_| is_shown),
        "user": row.user,
    });
    if let (Some(all), Some(own)) = (socket.as_object_mut(), document.as_object_mut()) {
        all.append(own);
    }
    write_line(out, &socket)
}

/// Writes `{schema, event:"lost", at, lost}`.
pub fn lost(out: &mut dyn Write, count: Option<u64>, at: SystemTime) -> io::Result<()> {
    write_line(out, &json!({"schema": SCHEMA, "event": "lost", "at": time(at), "lost": count}))
}

/// Writes `{schema, event:"summary", since, until, ended, ends, losses, lost, groups}`.
pub fn sums(
    out: &mut dyn Write,
    tally: &EventTally,
    until: SystemTime,
    groups: Option<(&Groups, &[NamedKey])>,
    users: &Users,
) -> io::Result<()> {
    let (all, ends) = tally.ends();
    let ends: Map<String, Value> = ends.map(|(end, count)| (end.name().to_owned(), json!(count))).collect();
    with_groups(out, json!({"event": "summary", "ended": all, "ends": ends}), tally, until, groups, users)
}

/// Writes `{schema, event:"states", since, until, changes, states, connects, causes, losses, lost, groups}`.
pub fn state_sums(
    out: &mut dyn Write,
    tally: &StateTally,
    until: SystemTime,
    groups: Option<(&Groups, &[NamedKey])>,
    users: &Users,
) -> io::Result<()> {
    let (all, counts) = tally.events.counts();
    let entered = |state: State| counts.get(usize::from(state.number())).copied().unwrap_or_default();
    let states: Map<String, Value> =
        State::ALL.into_iter().map(|state| (state.to_string(), json!(entered(state)))).collect();
    let cause = |(cause, sockets): (&String, &u64)| json!({"cause": cause, "sockets": sockets});
    let causes: Vec<Value> = tally.causes.iter().map(cause).collect();
    let times = &tally.connects;
    let own = json!({
        "event": "states",
        "changes": all,
        "states": states,
        "connects": {
            "connections": times.count,
            "median_us": times.percentile(50),
            "p99_us": times.percentile(99),
            "longest_us": Some(times.longest).filter(|_| times.count > 0),
        },
        "causes": causes,
    });
    with_groups(out, own, &tally.events, until, groups, users)
}

/// Writes a document with the common part of sums.
fn with_groups(
    out: &mut dyn Write,
    mut document: Value,
    tally: &EventTally,
    until: SystemTime,
    groups: Option<(&Groups, &[NamedKey])>,
    users: &Users,
) -> io::Result<()> {
    let groups = groups.map(|(groups, keys)| {
        let names: Vec<&str> = keys.iter().map(|(name, _)| name.as_str()).collect();
        json!({"keys": names, "rows": rows(groups, keys, users), "other": groups.other})
    });
    let mut sums = json!({
        "schema": SCHEMA,
        "since": time(tally.since),
        "until": time(until),
        "losses": tally.losses,
        "lost": tally.lost(),
        "groups": groups,
    });
    if let (Some(all), Some(own)) = (sums.as_object_mut(), document.as_object_mut()) {
        all.append(own);
    }
    write_line(out, &sums)
}
