//! The names by which the program answers as another one: linked as `ss` or `netstat`, it is that program.

use std::{
    ffi::{OsStr, OsString},
    io::{self, Write},
    path::Path,
};

use super::commands::COMMANDS;

/// The arguments of a run. Called by the name of another program, it is that command: `ss -tan` is `sockdoc ss -tan`.
pub(super) fn arguments(mut line: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let called = line.next().unwrap_or_default();
    let name = Path::new(&called).file_name();
    let command = COMMANDS.iter().find(|command| command.is_program() && name == Some(OsStr::new(command.name)));
    command.map(|command| OsString::from(command.name)).into_iter().chain(line).collect()
}

/// Prints an error on stderr in the name of the other program.
pub(super) fn tell(name: &str, line: &str) {
    // One write keeps the lines together. If stderr is closed too, the message is lost.
    let _ = io::stderr().write_all(format!("{name}: {line}\n").as_bytes());
}
