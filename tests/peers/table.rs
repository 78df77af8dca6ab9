//! `docs/soak.md`: the table of all cases, made from their lists.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use libtest_mimic::Failed;

use super::{Case, Expects};

const FILE: &str = "docs/soak.md";

/// Why two of the broken ones raise no alarm.
const UNPROVEN: &str = "
## Limits that no figure shows

A server that refuses clients beyond a limit of its own is found where the kernel's figures prove it:

- Redis at maxclients and sshd at MaxStartups close without reading the request. One sample shows the connections that stay
  and nothing of those refused: a reset leaves no TIME_WAIT. Two samples show it: of 50 connections that came in within a
  second 45 were counted by TCPAbortOnClose and 5 by TCPAbortOnData, and no new one stayed (`closed-at-once`).
- Where the clients are on the same host nothing tells whose close was counted: a client that closes with an answer unread
  counts in the same way.
- PostgreSQL at max_connections reads the startup message and answers, and its client closes first. The server was the first
  to close in 10 of 36 refused sessions, and in 29 of 427 healthy ones of `pgbench -C`; resets are alike. A
  refused session looks like a short one. The log says it: \"sorry, too many clients already\".
";

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
    text.push_str(UNPROVEN);
    text
}
