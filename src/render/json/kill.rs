//! The document of `kill`.

use serde_json::{Value, json};

use super::{SCHEMA, time, write_line};
use crate::{
    model::{kill::DestroyResult, reach::errno_name},
    render::{
        kill::{KillView, KillWords},
        prelude::*,
    },
    report::kill::{Consequence, KillTarget, both},
};

/// Writes it. Sentences are English in every language of the run.
pub fn write(out: &mut dyn Write, view: &KillView<'_>) -> io::Result<()> {
    let told = KillWords { catalogue: &Catalogue::new(Lang::En), screen: &Screen::plain(true), command: "" };
    let report = view.report;
    let target = |target: &KillTarget| {
        let consequence = Consequence::of(&target.entry);
        let error = match target.result {
            Some(DestroyResult::Refused(errno)) => {
                Some(errno_name(errno).map_or_else(|| errno.to_string(), str::to_owned))
            }
            _ => None,
        };
        let state_after = match target.result {
            Some(DestroyResult::Left(state)) => state.name(),
            _ => None,
        };
        let mut document = socket(target);
        extend(
            &mut document,
            json!({
                "consequence": consequence.name(),
                "explanation": told.consequence(consequence),
                "result": target.result.map(DestroyResult::name),
                "error": error,
                "state_after": state_after,
            }),
        );
        document
    };
    let skipped = |(target, reason): &(KillTarget, crate::report::kill::SkipReason)| {
        let mut document = socket(target);
        extend(&mut document, json!({"reason": reason.name()}));
        document
    };
    write_line(
        out,
        &json!({
            "schema": SCHEMA,
            "host": {"name": view.host.name, "kernel": view.host.kernel},
            "taken_at": time(view.host.taken_at),
            "netns": view.netns,
            "filter": view.filter,
            "dry_run": view.dry_run,
            "command": view.command.as_deref().filter(|_| view.dry_run),
            "sockets": report.targets.iter().map(target).collect::<Vec<_>>(),
            "skipped": report.skipped.iter().map(skipped).collect::<Vec<_>>(),
        }),
    )
}

/// A socket, and who holds it.
fn socket(target: &KillTarget) -> Value {
    let entry = &target.entry;
    let [local, peer] = both(entry).map_or([Value::Null, Value::Null], |ends| {
        ends.map(|(address, port)| json!({"address": address, "port": port}))
    });
    let owner = |process: &crate::model::owner::Process| json!({"pid": process.pid, "program": String::from_utf8_lossy(&process.program)});
    json!({
        "netid": entry.netid.name(),
        "family": entry.family.name(),
        "mapped": entry.mapped,
        "state": entry.state.name(),
        "local": local,
        "peer": peer,
        "cookie": Some(format!("{:x}", entry.cookie)).filter(|_| entry.cookie != 0),
        "inode": entry.inode,
        "uid": entry.uid(),
        "owners": target.owners.iter().map(owner).collect::<Vec<_>>(),
        "unit": target.unit(),
        "container": target.place.as_ref().and_then(|place| Some(&*place.container.as_ref()?.id)),
    })
}

/// Adds the members of another object.
fn extend(document: &mut Value, more: Value) {
    if let (Value::Object(document), Value::Object(more)) = (document, more) {
        document.extend(more);
    }
}
