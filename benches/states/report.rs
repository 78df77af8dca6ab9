//! All worlds one after the other, then the tables, the file and the verdict.

use std::io;
use std::path::Path;

use crate::plan::{Kind, Settings};
use crate::world::Outcome;
use crate::{callgrind, host, tables, watch};

/// What `--write` writes: the results of all worlds.
const FILE: &str = "benches/results.md";

/// Runs the requested measurements; false when a relevant budget was exceeded.
pub(crate) fn all(arguments: &[String]) -> io::Result<bool> {
    let mut settings = Settings::read(arguments).map_err(io::Error::other)?;
    let skipped = host::skipped(&settings);
    settings.callgrind &= callgrind::available();
    let mut outcomes: Vec<Outcome> = Vec::new();
    for kind in Kind::ALL.into_iter().filter(|kind| settings.kinds.contains(kind)) {
        let sizes: &[usize] = if kind.is_empty() { &[0] } else { &settings.sizes };
        for &sockets in sizes {
            outcomes.push(watch::world(kind, sockets, &settings)?);
        }
    }
    let verdicts = tables::verdicts(&outcomes, &settings);
    let text = tables::markdown(&outcomes, &verdicts, &skipped, &settings);
    println!("{text}");
    if settings.write {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
        std::fs::write(file, &text)?;
        eprintln!("written: {FILE}");
    }
    let over = verdicts.iter().any(|verdict| !verdict.holds());
    Ok(!(over && settings.enforce))
}
