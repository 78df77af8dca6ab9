//! A second process of this program, and descriptors that another one hands over.

#![allow(
    unsafe_code,
    reason = "fork and inherited descriptors have no safe wrapper; the process has one thread when it forks"
)]

use std::{
    io::{self, Read, Write},
    os::fd::{FromRawFd, OwnedFd},
};

use rustix::process::{WaitOptions, wait};

/// Which of the two a process is after a fork.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Forked {
    /// The one that was there before.
    Parent,
    /// The new one.
    Child,
}

/// Makes a second process, which goes on here too.
///
/// # Errors When the process has other threads, whose locks the child would keep forever; or if fork fails.
pub fn fork() -> io::Result<Forked> {
    let threads = std::fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
    if threads > 1 {
        return Err(io::ErrorKind::ResourceBusy.into());
    }
    // SAFETY: there is no other thread, so the child finds all locks free and all state complete.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(Forked::Child),
        _ => Ok(Forked::Parent),
    }
}

/// Ends a second process at once, without flushing output that the first one has buffered.
pub fn end(status: u8) -> ! {
    // SAFETY: the call only ends the process.
    unsafe { libc::_exit(i32::from(status)) }
}

/// More than this is not taken from another process.
const MOST: u64 = 64 << 10;

/// Runs a function in a second process, and returns its output; nothing if it fails.
///
/// # Errors
/// When there can be no second process.
pub fn apart(work: impl FnOnce() -> Option<Vec<u8>>) -> io::Result<Vec<u8>> {
    let (ours, mut theirs) = io::pipe()?;
    if fork()? == Forked::Child {
        let done = work().is_some_and(|said| theirs.write_all(&said).is_ok());
        end(u8::from(!done));
    }
    drop(theirs);
    let mut said = Vec::new();
    ours.take(MOST).read_to_end(&mut said)?;
    wait(WaitOptions::empty())?;
    Ok(said)
}

/// The first descriptor that systemd hands over.
const FIRST: i32 = 3;

/// The sockets that systemd hands to this process (`LISTEN_PID`, `LISTEN_FDS`); none where it does not.
pub fn handed_over(variable: &dyn Fn(&str) -> Option<String>) -> Vec<OwnedFd> {
    let number = |name: &str| variable(name)?.parse::<u32>().ok();
    if number("LISTEN_PID") != Some(std::process::id()) {
        return Vec::new();
    }
    let count = i32::try_from(number("LISTEN_FDS").unwrap_or(0)).unwrap_or(0).min(16);
    let is_open = |descriptor: &i32| {
        // SAFETY: F_SETFD changes a flag of a descriptor, and any number may be asked about.
        unsafe { libc::fcntl(*descriptor, libc::F_SETFD, libc::FD_CLOEXEC) >= 0 }
    };
    // SAFETY: by the protocol these descriptors belong to this process, and no other code in it uses them.
    (FIRST..FIRST + count).filter(is_open).map(|descriptor| unsafe { OwnedFd::from_raw_fd(descriptor) }).collect()
}
