//! Runs the built sockdoc on a pseudo terminal of a chosen size.

#![allow(unsafe_code, reason = "what a child does between fork and exec is set with an unsafe call")]

use std::fs::File;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::process::Process;
use super::program;

/// The output of a run on its terminal, and its exit code.
#[derive(Debug)]
pub(crate) struct Shown {
    /// As the program wrote it, but each end of line is `\r\n`.
    pub(crate) text: String,
    pub(crate) code: Option<i32>,
}

/// Runs it with all three streams on a terminal of this many columns and rows, with that environment and no other.
#[track_caller]
pub(crate) fn run(columns: u16, rows: u16, args: &[&str], environment: &[(&str, &str)]) -> Shown {
    let mut command = program::command(args);
    command.envs(environment.iter().copied());
    show(columns, rows, command)
}

/// Runs a command likewise.
#[track_caller]
pub(crate) fn show(columns: u16, rows: u16, command: Command) -> Shown {
    let (process, mut master) = start(columns, rows, command);
    let reader = std::thread::spawn(move || {
        let mut bytes = vec![];
        // EIO when the last user of the terminal is gone is the normal end.
        let _ = master.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let code = process.wait(program::LIMIT);
    Shown { text: reader.join().expect("what it wrote"), code }
}

/// Starts a command likewise. What it writes is to be read from the file, or it waits.
#[track_caller]
pub(crate) fn start(columns: u16, rows: u16, mut command: Command) -> (Process, File) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo terminal");
    grantpt(&master).expect("a pseudo terminal");
    unlockpt(&master).expect("a pseudo terminal");
    let name = ptsname(&master, vec![]).expect("its name");
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let terminal = rustix::fs::open(name, flags, Mode::empty()).expect("its other end");
    let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&terminal, size).expect("its size");
    command.stdin(terminal.try_clone().expect("a copy")).stdout(terminal.try_clone().expect("a copy")).stderr(terminal);
    // SAFETY: the closure makes two system calls, which are safe between fork and exec.
    unsafe {
        command.pre_exec(|| {
            rustix::process::setsid()?;
            Ok(rustix::process::ioctl_tiocsctty(rustix::stdio::stdin())?)
        });
    }
    // Starting it closes the terminal's end here: the master only ends when no process holds that.
    (Process::start(command), File::from(master))
}

/// The text without the escape sequences that set colours (`ESC [ … letter`), and with plain line ends.
pub(crate) fn without_escapes(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.trim_start_matches(|c: char| !c.is_ascii_alphabetic()).get(1..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain.replace('\r', "")
}
