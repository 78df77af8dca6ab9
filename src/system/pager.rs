//! The program that long texts are read with: the only one that is ever started.

#![allow(unsafe_code, reason = "signals are told to be ignored by the C library's own call")]

use std::{
    io::{self, Write},
    process::{Child, Command, Stdio},
};

/// What is taken where `PAGER` says nothing.
const USUAL: &str = "less -R";

/// What a shell answers when there is no such command, or when it may not be run.
const NO_COMMAND: [i32; 2] = [126, 127];

/// Shows a text; `false` where no pager was to be had and nothing was shown. `asked` is what `PAGER` says.
///
/// # Errors
/// When the pager cannot be waited for.
pub fn show(asked: Option<&str>, text: &str) -> io::Result<bool> {
    let command = asked.unwrap_or(USUAL).trim();
    if matches!(command, "" | "cat" | "-") {
        return Ok(false);
    }
    let Ok(mut pager) = start(command) else { return Ok(false) };
    // An interrupt is for the pager, which stays; this program must not leave the terminal before it.
    let before = interrupts(libc::SIG_IGN);
    if let Some(mut input) = pager.stdin.take() {
        // Whoever has seen enough closes the pager before all was written.
        let _ = input.write_all(text.as_bytes());
    }
    let ended = pager.wait();
    interrupts(before);
    Ok(!ended?.code().is_some_and(|code| NO_COMMAND.contains(&code)))
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

/// Says what an interrupt does, and what it did before.
fn interrupts(what: libc::sighandler_t) -> libc::sighandler_t {
    // SAFETY: SIG_IGN and what this call gave before are valid; no handler of this program's own is installed.
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
