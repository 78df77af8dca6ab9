//! The document of `counters`.

use std::io::{self, Write};

use serde::Serialize;

use super::{HostDocument, SCHEMA, time, write_line};
use crate::{book::counters::CounterBook, model::counter::CounterRow, render::counters::CounterTable};

#[derive(Serialize)]
struct CountersDocument<'a> {
    schema: &'static str,
    host: HostDocument<'a>,
    taken_at: String,
    seconds: Option<f64>,
    counters: Vec<CounterDocument<'a>>,
    hidden: usize,
}

#[derive(Serialize)]
struct CounterDocument<'a> {
    name: &'a str,
    kind: &'static str,
    group: &'static str,
    value: i64,
    rise: Option<i64>,
    per_second: Option<f64>,
    source: String,
    topic: Option<&'a str>,
}

/// Writes `{schema, host, taken_at, seconds, counters, hidden}`; names are the kernel's.
pub fn write(out: &mut dyn Write, table: &CounterTable, book: &CounterBook) -> io::Result<()> {
    write_line(
        out,
        &CountersDocument {
            schema: SCHEMA,
            host: HostDocument { name: &table.host.name, kernel: &table.host.kernel },
            taken_at: time(table.host.taken_at),
            seconds: table.seconds.map(|time| time.as_secs_f64()),
            counters: table.rows.iter().map(|row| document(row, book)).collect(),
            hidden: table.hidden,
        },
    )
}

fn document<'a>(row: &'a CounterRow, book: &CounterBook) -> CounterDocument<'a> {
    let CounterRow { counter, rise, per_second } = row;
    CounterDocument {
        name: &counter.name,
        kind: counter.kind.name(),
        group: book.group(&counter.name),
        value: counter.value,
        rise: *rise,
        per_second: *per_second,
        source: format!("/proc/net/{}", counter.file),
        topic: book.text(&counter.name).filter(|text| text.has_topic).map(|_| counter.name.as_str()),
    }
}
