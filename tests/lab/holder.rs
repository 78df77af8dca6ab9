//! A forked process that holds sockets, for more of them than one process may have descriptors.

#![allow(unsafe_code, reason = "closing inherited descriptors and pause have no safe wrapper")]

use std::fs;
use std::io::{PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::counts::Counts;
use super::process::Process;

/// A child process with its own sockets. It ends when this is dropped, or when its parent ends.
pub(crate) struct Holder {
    process: Process,
    report: Option<PipeReader>,
    made: Counts,
}

/// The sockets that a holder keeps until it ends, and their counts.
pub(crate) struct Holding {
    /// Kept open, never used.
    pub(crate) sockets: Vec<OwnedFd>,
    /// The counts that the kernel should show because of this holder.
    pub(crate) made: Counts,
}

impl Holder {
    /// Forks a process that runs `make` and then holds what it returned. It does not wait: see [`Self::ready`].
    ///
    /// The caller should have one thread only, as always with fork. The child keeps no descriptor of its parent.
    pub(crate) fn start(make: impl FnOnce() -> Holding) -> Self {
        Self::born(|body| Process::fork(body), make)
    }

    /// The same in new namespaces (`libc::CLONE_NEW...`).
    pub(crate) fn start_in(namespaces: libc::c_int, make: impl FnOnce() -> Holding) -> Self {
        Self::born(|body| Process::fork_into(namespaces, body), make)
    }

    fn born<M: FnOnce() -> Holding>(fork: impl FnOnce(Box<dyn FnOnce() -> i32 + '_>) -> Process, make: M) -> Self {
        let (read, write) = std::io::pipe().expect("a pipe for the holder");
        let process = fork(Box::new(|| in_child(write, make)));
        Self { process, report: Some(read), made: Counts::default() }
    }

    /// Waits until the sockets are made; panics with the holder's own message when it failed.
    pub(crate) fn ready(&mut self) -> &Counts {
        if let Some(mut report) = self.report.take() {
            let mut text = String::new();
            report.read_to_string(&mut text).expect("the holder's report");
            self.made = match text.strip_prefix("ready\n") {
                Some(lines) => Counts::from_lines(lines).expect("counts in the holder's report"),
                None => panic!("a holder process failed: {text}"),
            };
        }
        &self.made
    }

    /// The process id of the holder.
    pub(crate) fn pid(&self) -> u32 {
        self.process.pid()
    }
}

fn in_child(mut report: PipeWriter, make: impl FnOnce() -> Holding) -> i32 {
    close_all_but(report.as_raw_fd());
    let outcome = catch_unwind(AssertUnwindSafe(make));
    let text = match &outcome {
        Ok(holding) => format!("ready\n{}", holding.made.to_lines()),
        Err(panic) => panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "no message".to_owned()),
    };
    if report.write_all(text.as_bytes()).is_err() || outcome.is_err() {
        return 1;
    }
    drop(report);
    loop {
        // SAFETY: only sleeps; the end comes by SIGKILL, from the parent or for its death.
        unsafe { libc::pause() };
    }
}

/// Closes what the parent had open, or its sockets would live on here after it dropped them.
pub(crate) fn close_all_but(keep: RawFd) {
    let open: Vec<RawFd> = fs::read_dir("/proc/self/fd")
        .expect("/proc/self/fd")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    for fd in open.into_iter().filter(|fd| *fd > 2 && *fd != keep) {
        // SAFETY: the owners of these numbers belong to the parent's side of the fork and are never used or dropped here.
        unsafe { libc::close(fd) };
    }
}
