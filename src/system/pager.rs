//! The program that long texts are read with: the only one that is ever started.

#![allow(unsafe_code, reason = "signals are told to be ignored by the C library's own call")]

use std::{
    io::{self, PipeWriter, Read, Write},
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
};

use rustix::process::{WaitOptions, wait};

use super::child::{self, Forked};

/// The pager without `PAGER`.
const USUAL: &str = "less -R";

/// Exit statuses of a shell if the command does not exist, or may not be run.
const NO_COMMAND: [i32; 2] = [126, 127];

/// The pager of a run.
#[derive(Default, Debug)]
pub struct Pager {
    /// The value of `PAGER`.
    asked: Option<String>,
    /// Where another process waits for the text.
    held: Mutex<Option<PipeWriter>>,
}

impl Pager {
    /// The pager that `PAGER` names.
    pub fn new(asked: Option<String>) -> Pager {
        Pager { asked, held: Mutex::new(None) }
    }

    /// Has another process wait for the text: soon this one may start no program any more.
    ///
    /// # Errors
    /// When there can be no second process.
    pub fn hold(&self) -> io::Result<()> {
        let (mut text, to_pager) = io::pipe()?;
        if child::fork()? == Forked::Parent {
            *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(to_pager);
            return Ok(());
        }
        drop(to_pager);
        let mut whole = String::new();
        let is_there = text.read_to_string(&mut whole).is_ok() && !whole.is_empty();
        child::end(u8::from(!(is_there && show(self.asked.as_deref(), &whole).unwrap_or(false))))
    }

    /// Shows a text; `false` where no pager was to be had and nothing was shown.
    ///
    /// # Errors
    /// When the pager cannot be waited for.
    pub fn show(&self, text: &str) -> io::Result<bool> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut to_pager) = held else { return show(self.asked.as_deref(), text) };
        uninterrupted(|| {
            let _ = to_pager.write_all(text.as_bytes());
            drop(to_pager);
            let ended = wait(WaitOptions::empty())?;
            Ok(ended.and_then(|(_, status)| status.exit_status()) == Some(0))
        })
    }
}

/// Shows a text with this pager, which this process starts.
fn show(asked: Option<&str>, text: &str) -> io::Result<bool> {
    let command = asked.unwrap_or(USUAL).trim();
    if matches!(command, "" | "cat" | "-") {
        return Ok(false);
    }
    let Ok(mut pager) = start(command) else { return Ok(false) };
    uninterrupted(|| {
        if let Some(mut input) = pager.stdin.take() {
            // Whoever has seen enough closes the pager before all was written.
            let _ = input.write_all(text.as_bytes());
        }
        Ok(!pager.wait()?.code().is_some_and(|code| NO_COMMAND.contains(&code)))
    })
}

/// An interrupt is for the pager, which stays; this program must not leave the terminal before it.
fn uninterrupted<T>(work: impl FnOnce() -> T) -> T {
    let before = interrupts(libc::SIG_IGN);
    let done = work();
    interrupts(before);
    done
}

/// Starts a pager: by a shell where its line needs one, as git does.
fn start(line: &str) -> io::Result<Child> {
    let mut command = if line.contains(|c: char| "|&;<>()$`\\\"'*?[#~=%".contains(c)) {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(line);
        shell
    } else {
        let mut words = line.split_whitespace();
        let mut program = Command::new(words.next().unwrap_or_default());
        program.args(words);
        program
    };
    command.stdin(Stdio::piped()).spawn()
}

/// Sets the action of an interrupt, and returns the former one.
fn interrupts(what: libc::sighandler_t) -> libc::sighandler_t {
    // SAFETY: SIG_IGN and the former action are valid; no handler of this program's own is installed.
    unsafe { libc::signal(libc::SIGINT, what) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_pager_nothing_is_shown() {
        for none in ["", "cat", "no-such-program-here", "no-such-program-here 2>/dev/null; exit 127"] {
            assert!(!show(Some(none), "text").unwrap(), "{none}");
        }
    }

    #[test]
    fn a_pager_that_ends_early_is_no_error() {
        assert!(show(Some("true"), &"text\n".repeat(100_000)).unwrap());
        assert!(show(Some("cat >/dev/null"), "text").unwrap());
    }
}
