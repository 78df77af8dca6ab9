//! Processes that only sleep, as a busy host has thousands of: each costs whoever looks at all processes.

#![allow(unsafe_code, reason = "pause has no safe wrapper")]

use crate::lab::process::Process;

/// A large host's.
const PROCESSES: usize = 5_000;

/// Starts them; they end when they are dropped, or with this process. It must have one thread, as always with fork.
pub(crate) fn start() -> Vec<Process> {
    let sleep = || loop {
        // SAFETY: only sleeps; the end comes by SIGKILL.
        unsafe { libc::pause() };
    };
    (0..PROCESSES).map(|_| Process::fork(sleep)).collect()
}
