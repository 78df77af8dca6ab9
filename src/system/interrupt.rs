//! Signals: those that ask a run to come to its end (Ctrl-C, the end of a session or of a service), and the one of a limit.

#![allow(unsafe_code, reason = "what is done about a signal is asked by the C library's own call")]

use std::{
    io::{self, Read},
    mem::MaybeUninit,
    os::unix::net::UnixStream,
    ptr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ},
    flag,
    low_level::pipe,
};

/// Whether the run was asked to end. The first signal is heeded, a second one ends the process as if nothing listened.
#[derive(Debug)]
pub struct Interrupt {
    asked: Arc<AtomicBool>,
    wakes: UnixStream,
}

impl Interrupt {
    /// Listens from now on.
    ///
    /// # Errors
    /// When the process has no descriptor left, or the kernel refuses a signal handler.
    pub fn listen() -> io::Result<Interrupt> {
        let asked = Arc::new(AtomicBool::new(false));
        let (wakes, woken) = UnixStream::pair()?;
        // A signal that was ignored from the start (`nohup`, a background job) stays ignored.
        for signal in [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|&signal| !is_ignored(signal)) {
            // In this order: the flag is not yet up when the first signal comes.
            flag::register_conditional_default(signal, Arc::clone(&asked))?;
            flag::register(signal, Arc::clone(&asked))?;
            pipe::register(signal, woken.try_clone()?)?;
        }
        Ok(Interrupt { asked, wakes })
    }

    /// Waits for this time, or until the run is asked to end; returns whether it continues.
    pub fn wait(&self, time: Duration) -> bool {
        let end = Instant::now().checked_add(time);
        loop {
            let left = end.map_or(time, |end| end.saturating_duration_since(Instant::now()));
            if self.asked.load(Ordering::Relaxed) {
                return false;
            }
            if left.is_zero() || self.wakes.set_read_timeout(Some(left)).is_err() {
                return true;
            }
            // One byte or none: only the flag and the clock matter.
            let _ = (&self.wakes).read(&mut [0]);
        }
    }
}

/// Lets a write beyond the limit of file sizes (`ulimit -f`) fail with EFBIG; the signal would end the process without a
/// word.
pub fn outlive_file_limit() {
    // If the kernel refuses a handler, the signal keeps its default action.
    let _ = flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
}

/// Whether this process ignores a signal.
fn is_ignored(signal: i32) -> bool {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: without a new action the call only fills the structure, for which all zeros are a value, too.
    let action = unsafe {
        libc::sigaction(signal, ptr::null(), action.as_mut_ptr());
        action.assume_init()
    };
    action.sa_sigaction == libc::SIG_IGN
}
