//! Sockets that ended, losses and sums as JSON: each a document on a line, whose `event` says what it is.

use std::{
    io::{self, Write},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::{Map, Value, json};

use super::{
    super::events::EventRow,
    rows,
    writer::{SCHEMA, write_line},
};
use crate::{
    model::{
        entry::End,
        group::{Groups, NamedKey},
        owner::Process,
    },
    render::group::Users,
    report::events::EventTally,
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
///
/// # Errors
/// As writing does.
pub fn event(out: &mut dyn Write, row: &EventRow<'_>) -> io::Result<()> {
    let ending = row.ending;
    let entry = &ending.entry;
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let owner = |process: &&Process| {
        let name = String::from_utf8_lossy(&process.program).into_owned();
        json!({"pid": process.pid, "program": name})
    };
    let place = row.place();
    let is_shown = ending.origin.is_some();
    let document = json!({
        "schema": SCHEMA,
        "event": "end",
        "at": time(ending.at),
        "netid": entry.netid.name(),
        "family": entry.family.name(),
        "mapped": entry.mapped,
        "cookie": entry.cookie,
        "local": end(&entry.local),
        "peer": end(&entry.peer),
        "direction": ending.direction.map(|direction| direction.name()),
        "end": ending.end.name(),
        "lived_ms": {"at_least": millis(ending.lived.at_least), "at_most": ending.lived.at_most.map(millis)},
        "owners": row.processes.iter().map(owner).collect::<Vec<_>>(),
        "owners_of": ending.origin.map(|origin| origin.name()),
        "unit": place.and_then(|place| place.unit.as_deref()),
        "container": place.and_then(|place| Some(&*place.container.as_ref()?.id)),
        "uid": entry.uid().filter(|_| is_shown),
        "user": row.user,
        "received_bytes": ending.bytes_in(),
        "sent_bytes": ending.bytes_out(),
        "rtt_us": ending.rtt_us(),
        "retransmitted": ending.retransmitted(),
        "recv_queue_bytes": entry.rqueue,
        "send_queue_bytes": Some(entry.wqueue).filter(|_| !ending.is_wiped),
    });
    write_line(out, &document)
}

/// Writes `{schema, event:"lost", at, lost}`.
///
/// # Errors
/// As writing does.
pub fn lost(out: &mut dyn Write, count: Option<u64>, at: SystemTime) -> io::Result<()> {
    write_line(out, &json!({"schema": SCHEMA, "event": "lost", "at": time(at), "lost": count}))
}

/// Writes `{schema, event:"summary", since, until, ended, ends, losses, lost, groups}`.
///
/// # Errors
/// As writing does.
pub fn sums(
    out: &mut dyn Write,
    tally: &EventTally,
    until: SystemTime,
    groups: Option<(&Groups, &[NamedKey])>,
    users: &Users,
) -> io::Result<()> {
    let (all, ends) = tally.ends();
    let ends: Map<String, Value> = ends.map(|(end, count)| (end.name().to_owned(), json!(count))).collect();
    let groups = groups.map(|(groups, keys)| {
        let names: Vec<&str> = keys.iter().map(|(name, _)| name.as_str()).collect();
        json!({"keys": names, "rows": rows(groups, keys, users), "other": groups.other})
    });
    write_line(
        out,
        &json!({
            "schema": SCHEMA,
            "event": "summary",
            "since": time(tally.since),
            "until": time(until),
            "ended": all,
            "ends": ends,
            "losses": tally.losses,
            "lost": tally.lost(),
            "groups": groups,
        }),
    )
}
