//! Standard output: whether there is one, and what it takes.

#![allow(unsafe_code, reason = "a closed stdout can only be seen before the runtime opens /dev/null in its place")]

use std::{
    io::{self, IsTerminal, Stdout},
    sync::atomic::{AtomicBool, Ordering},
};

/// Whether descriptor 1 was closed when the process began.
static WAS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Runs before Rust's runtime, which opens `/dev/null` on closed standard descriptors: output would
/// vanish and the run pass for a success.
extern "C" fn look() {
    // SAFETY: F_GETFD only reads the flags of a descriptor, and any number may be asked about.
    let closed = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) } < 0;
    WAS_CLOSED.store(closed, Ordering::Relaxed);
}

// SAFETY: the C library calls every function of this section once at start; this one needs nothing that
// is set up later.
#[used]
#[unsafe(link_section = ".init_array")]
static AT_START: extern "C" fn() = look;

/// Standard output.
///
/// # Errors
/// When it was closed before the program began.
pub(crate) fn open() -> io::Result<Stdout> {
    if WAS_CLOSED.load(Ordering::Relaxed) {
        return Err(io::Error::from_raw_os_error(libc::EBADF));
    }
    Ok(io::stdout())
}

/// The columns of the terminal; `None` where output is no terminal.
pub(crate) fn width(variable: &dyn Fn(&str) -> Option<String>) -> Option<usize> {
    let stdout = io::stdout();
    if !stdout.is_terminal() {
        return None;
    }
    let asked = || variable("COLUMNS").and_then(|columns| columns.parse().ok());
    told_width().or_else(asked).or(Some(crate::render::screen::PLAIN_WIDTH))
}

/// The columns that the terminal itself tells.
pub(crate) fn told_width() -> Option<usize> {
    let told = rustix::termios::tcgetwinsize(io::stdout()).ok().map(|size| usize::from(size.ws_col));
    told.filter(|&columns| columns > 0)
}

/// The rows of the terminal; `None` where output is no terminal, or one of unknown height.
pub(crate) fn rows() -> Option<usize> {
    let stdout = io::stdout();
    if !stdout.is_terminal() {
        return None;
    }
    let told = rustix::termios::tcgetwinsize(&stdout).ok().map(|size| usize::from(size.ws_row));
    told.filter(|&rows| rows > 0)
}

/// Whether colours may be used, unless the command line says otherwise.
pub(crate) fn takes_color(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    io::stdout().is_terminal()
        && variable("NO_COLOR").is_none_or(|value| value.is_empty())
        && variable("TERM").is_none_or(|term| term != "dumb")
}
