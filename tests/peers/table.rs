//! `docs/soak.md`: the table of all cases, made from their lists.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use libtest_mimic::Failed;

use super::{Case, Expects};

const FILE: &str = "docs/soak.md";

/// The file holds what the lists say; `SOCKDOC_REGENERATE=1` makes it so.
pub(crate) fn is_current() -> Result<(), Failed> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let text = text();
    if std::env::var_os("SOCKDOC_REGENERATE").is_some_and(|value| value == "1") {
        fs::write(&file, &text)?;
    }
    if fs::read_to_string(&file).unwrap_or_default() == text {
        return Ok(());
    }
    Err(format!("{FILE} is not what the cases say; SOCKDOC_REGENERATE=1 cargo test --test peers table rewrites it")
        .into())
}

fn text() -> String {
    let mut text = String::from(
        "# Real servers\n\n\
         What `sockdoc check` says of real servers, each in a network, mount and process namespace of its own. This table is\n\
         made from the tests in `tests/peers/`, and a test compares it; `tests/soak.sh` installs the servers and runs them\n\
         all: 10 seconds for each healthy one, or as many as it is given.\n\n\
         A healthy server is looked at again and again, with one sample, with two, and with `--deep`: no look may have a\n\
         warning or worse. Of a broken one the first incident must be that of the rule, about the program or the listener.\n\n\
         | server | condition | what happens | first incident |\n|---|---|---|---|\n",
    );
    for case in super::cases() {
        let Case { server, what, expects, .. } = case;
        let said = match expects {
            Expects::Silence(_) | Expects::SilenceAfter(_) => "none".to_owned(),
            Expects::Unproven(_) => "none: not proven by any figure of the kernel".to_owned(),
            Expects::Incident(rule, _) => format!("`{rule}`"),
            Expects::IncidentOverTime(rule, _) => format!("`{rule}`, with `--for`"),
        };
        let kind = case.condition();
        writeln!(text, "| {server} | {kind} | {what} | {said} |").expect("a string takes all");
    }
    text
}
