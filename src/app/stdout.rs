//! Standard output: whether it exists, and the characters it accepts.

#![allow(unsafe_code, reason = "a closed stdout can only be seen before the runtime opens /dev/null in its place")]

use std::{
    cell::RefCell,
    io::{self, IsTerminal, Stdout, Write},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::archive::Output;

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

/// Standard output, or its substitute.
pub(crate) enum OutputStream {
    /// The descriptor.
    Stdout(Stdout),
    /// A part of the live view.
    Part(Arc<Mutex<Vec<u8>>>),
}

/// Longest output of a page in the live view, in bytes; anything beyond is cut.
const LONGEST_PART: usize = 1 << 20;

thread_local! {
    /// Receives the output of this thread, instead of stdout, while a page of the live view is made.
    static PART: RefCell<Option<Arc<Mutex<Vec<u8>>>>> = const { RefCell::new(None) };
}

/// Standard output.
///
/// # Errors
/// When it was closed before the program began.
pub(crate) fn open() -> io::Result<OutputStream> {
    if let Some(part) = PART.with_borrow(Clone::clone) {
        return Ok(OutputStream::Part(part));
    }
    if WAS_CLOSED.load(Ordering::Relaxed) {
        return Err(io::Error::from_raw_os_error(libc::EBADF));
    }
    Ok(OutputStream::Stdout(io::stdout()))
}

/// Runs a function that prints, and returns the bytes for its standard streams.
pub(crate) fn captured<T>(run: impl FnOnce() -> T) -> (T, String) {
    let part = Arc::new(Mutex::new(Vec::new()));
    let before = PART.replace(Some(Arc::clone(&part)));
    let result = run();
    PART.set(before);
    let bytes = std::mem::take(&mut *part.lock().unwrap_or_else(PoisonError::into_inner));
    (result, String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes to standard error, or to the part of a live view that is being made.
pub(crate) fn write_error(line: &[u8]) {
    // If stderr is closed too, the message is lost.
    let _ = match PART.with_borrow(Clone::clone) {
        Some(part) => OutputStream::Part(part).write_all(line),
        None => io::stderr().write_all(line),
    };
}

impl Write for OutputStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            OutputStream::Stdout(stdout) => stdout.write(bytes),
            OutputStream::Part(part) => {
                let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
                if part.len() >= LONGEST_PART {
                    return Err(io::Error::from(io::ErrorKind::BrokenPipe));
                }
                part.extend_from_slice(bytes);
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            OutputStream::Stdout(stdout) => stdout.flush(),
            OutputStream::Part(_) => Ok(()),
        }
    }
}

impl Output for OutputStream {
    fn commit(mut self: Box<Self>) -> io::Result<()> {
        self.flush()
    }
}

/// The columns of the terminal; `None` if the output is not a terminal.
pub(crate) fn width(variable: &dyn Fn(&str) -> Option<String>) -> Option<usize> {
    let stdout = io::stdout();
    if !stdout.is_terminal() {
        return None;
    }
    let asked = || variable("COLUMNS").and_then(|columns| columns.parse().ok());
    reported_width().or_else(asked).or(Some(crate::render::screen::PLAIN_WIDTH))
}

/// The number of columns that the terminal reports.
pub(crate) fn reported_width() -> Option<usize> {
    let told = rustix::termios::tcgetwinsize(io::stdout()).ok().map(|size| usize::from(size.ws_col));
    told.filter(|&columns| columns > 0)
}

/// The rows of the terminal; `None` if the output is not a terminal, or its height is unknown.
pub(crate) fn rows() -> Option<usize> {
    let stdout = io::stdout();
    if !stdout.is_terminal() {
        return None;
    }
    let told = rustix::termios::tcgetwinsize(&stdout).ok().map(|size| usize::from(size.ws_row));
    told.filter(|&rows| rows > 0)
}

/// Whether keys can be read and a whole screen painted: both streams are one terminal's, whose kind is known.
pub(crate) fn takes_screen(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let is_known = variable("TERM").is_some_and(|term| !matches!(term.as_str(), "" | "dumb" | "unknown"));
    is_known && io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Whether colours may be used, unless the command line says otherwise.
pub(crate) fn takes_color(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    io::stdout().is_terminal()
        && variable("NO_COLOR").is_none_or(|value| value.is_empty())
        && variable("TERM").is_none_or(|term| term != "dumb")
}
