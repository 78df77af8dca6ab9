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

sockdoc finds a server that refuses clients above its own limit if the kernel's figures prove it:

- Redis at maxclients and sshd at MaxStartups close without reading the request. One sample shows only the connections
  that stay: a reset leaves no TIME_WAIT. Two samples show the refusals: of 50 connections that came in within a second,
  TCPAbortOnClose counted 45 and TCPAbortOnData 5, and no new one stayed (`closed-at-once`).
- With clients on the same host, no figure shows whose close was counted: a client that closes with an unread answer counts
  in the same way.
- PostgreSQL at max_connections reads the startup message and answers, and its client closes first. The server was the first
  to close in 10 of 36 refused sessions, and in 29 of 427 healthy ones of `pgbench -C`; resets do not differ either. A
  refused session has the same figures as a short one. The log shows it: \"sorry, too many clients already\".
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
         The results of `sockdoc check` on real servers, each in its own network, mount and process namespace. This table\n\
         is made from the tests in `tests/peers/`, and a test compares it; `tests/soak.sh` installs the servers and runs\n\
         them all: each healthy one for 10 seconds, or for as many as its argument says.\n\n\
         Healthy servers are checked repeatedly, with one sample, with two, and with `--deep`: no check may report a warning\n\
         or worse. On a broken one, the first incident must come from the named rule and name the right program,\n\
         listener or destination.\n\n\
         | server | condition | what happens | first incident |\n|---|---|---|---|\n",
    );
    for case in super::cases() {
        let Case { server, what, expects, .. } = case;
        let said = match expects {
            Expects::Silence(_) | Expects::SilenceAfter(_) => "none".to_owned(),
            Expects::Unproven(_) => "none: not proven by any figure of the kernel".to_owned(),
            Expects::Incident(rule, _) | Expects::Cured(rule, ..) => format!("`{rule}`"),
            Expects::IncidentOverTime(rule, _) => format!("`{rule}`, with `--for`"),
        };
        let kind = case.condition();
        writeln!(text, "| {server} | {kind} | {what} | {said} |").expect("a string takes all");
    }
    text.push_str(UNPROVEN);
    text
}
