//! Instructions of the user-space part, which the machine's noise does not affect.

use std::io;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::plan::{FLOOR, Settings, installed, subject};

/// The commands whose instructions are counted.
const COMMANDS: [&str; 5] = [FLOOR, "sockdoc count", "sockdoc", "sockdoc --json", "sockdoc group --by state"];

/// Instructions one run executed outside the kernel.
#[derive(Serialize, Deserialize)]
pub(crate) struct Instructions {
    /// The command.
    pub(crate) command: String,
    /// From its first instruction to its last, the dynamic linker's included.
    pub(crate) executed: u64,
}

/// Whether it can be done here.
pub(crate) fn available() -> bool {
    installed("valgrind")
}

/// Counts for each command.
pub(crate) fn count(settings: &Settings) -> io::Result<Vec<Instructions>> {
    let commands = COMMANDS.iter().filter(|name| !settings.floor_only || **name == FLOOR);
    commands.map(|name| one(name, settings)).collect()
}

fn one(name: &str, settings: &Settings) -> io::Result<Instructions> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(&subject(name, settings).argv)
        .stdin(Stdio::null())
        .output()?;
    let told = String::from_utf8_lossy(&output.stderr);
    let executed =
        told.lines().find_map(|line| line.split_once("Collected : ")).and_then(|(_, count)| count.trim().parse().ok());
    match executed {
        Some(executed) if output.status.success() => Ok(Instructions { command: name.to_owned(), executed }),
        _ => Err(io::Error::other(format!("valgrind {name}: {}: {}", output.status, told.trim()))),
    }
}
