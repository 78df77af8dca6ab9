//! Forked processes that end with their parent, or when their guard is dropped.
//!
//! Not `Command::spawn`: with a `pre_exec` it makes a pair of UNIX sockets for the time of the exec (std's way to a pidfd),
//! and they would be counted.

#![allow(unsafe_code, reason = "fork, waitpid and kill have no safe wrapper")]

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

use super::namespace;

/// A child of this process.
pub(crate) struct Process {
    pid: libc::pid_t,
    reaped: bool,
}

impl Process {
    /// Forks a process that runs `body` and exits with its result. The caller should have one thread, as always with fork.
    pub(crate) fn fork(body: impl FnOnce() -> i32) -> Self {
        let parent = std::process::id();
        // SAFETY: the caller has one thread, so no lock can be held by a thread that the child lacks.
        Self::born(unsafe { libc::fork() }, parent, body)
    }

    /// Forks into new namespaces (`libc::CLONE_NEW...`). In a new process namespace the child is process 1, and so is
    /// its parent 0.
    pub(crate) fn fork_into(namespaces: libc::c_int, body: impl FnOnce() -> i32) -> Self {
        let parent = if namespaces & libc::CLONE_NEWPID == 0 { std::process::id() } else { 0 };
        let flags = libc::c_long::from(namespaces | libc::SIGCHLD);
        // SAFETY: with neither stack nor CLONE_VM this is a fork; the caller has one thread, as there.
        let pid = unsafe { libc::syscall(libc::SYS_clone, flags, 0_usize, 0_usize, 0_usize, 0_usize) };
        Self::born(libc::pid_t::try_from(pid).expect("a pid"), parent, body)
    }

    fn born(pid: libc::pid_t, parent: u32, body: impl FnOnce() -> i32) -> Self {
        assert!(pid >= 0, "fork: {}", io::Error::last_os_error());
        if pid == 0 {
            // The parent may have ended before the kernel was asked to end us with it.
            let bound = namespace::die_with_parent().is_ok() && std::os::unix::process::parent_id() == parent;
            let status = if bound { body() } else { 1 };
            // SAFETY: ends the child at once; the parent's exit handlers and buffers are not its own to run or flush.
            unsafe { libc::_exit(status) };
        }
        Self { pid, reaped: false }
    }

    /// Starts a program. Descriptors of the command, such as ends of pipes, are closed here.
    pub(crate) fn start(mut command: Command) -> Self {
        Self::fork(|| {
            let error = command.exec();
            eprintln!("starting {command:?}: {error}");
            127
        })
    }

    /// The process id.
    pub(crate) fn pid(&self) -> u32 {
        self.pid.unsigned_abs()
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, number: libc::c_int) {
        // SAFETY: this pid is an unreaped child of ours, so it cannot name another process.
        unsafe { libc::kill(self.pid, number) };
    }

    /// Waits for its end as process 1 of a namespace, which buries all whose parent has gone: the exit code, or `None`
    /// when a signal ended it.
    pub(crate) fn wait_and_bury(mut self) -> Option<i32> {
        let mut status = 0;
        loop {
            // SAFETY: the status outlives the call; the one child that has a guard is noted as reaped.
            let ended = unsafe { libc::waitpid(-1, &mut status, 0) };
            if ended == self.pid {
                self.reaped = true;
                return libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status));
            }
        }
    }

    /// Waits for its end: the exit code, or `None` when a signal ended it. Panics when that takes longer than `limit`;
    /// the process is killed then.
    #[track_caller]
    pub(crate) fn wait(mut self, limit: Duration) -> Option<i32> {
        let end = Instant::now() + limit;
        let mut status = 0;
        loop {
            // SAFETY: the pid is an unreaped child of ours, and the status outlives the call.
            let ended = unsafe { libc::waitpid(self.pid, &mut status, libc::WNOHANG) };
            if ended == self.pid {
                self.reaped = true;
                return libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status));
            }
            assert!(ended == 0, "waitpid: {}", io::Error::last_os_error());
            assert!(Instant::now() < end, "the program took more than {limit:?}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Sets the signals that end a program to their default. A shell starts a job in the background with SIGINT and SIGQUIT
/// ignored, `nohup` with SIGHUP; a program keeps that over exec, and then no test can end it by them.
pub(crate) fn heed_signals() {
    for number in [libc::SIGINT, libc::SIGQUIT, libc::SIGHUP, libc::SIGTERM] {
        // SAFETY: the default action is no function of this process.
        unsafe { libc::signal(number, libc::SIG_DFL) };
    }
}

/// Follows a process as a debugger does, and holds it where that is wished; until this process ends.
#[allow(dead_code, reason = "only the proofs have a debugger")]
pub(crate) fn trace(pid: u32, holds: bool) {
    let pid = libc::pid_t::try_from(pid).expect("a process id");
    let none = std::ptr::null_mut::<libc::c_void>();
    let mut status = 0;
    // SAFETY: requests that take no memory, and a status that outlives the call.
    unsafe {
        let seized = libc::ptrace(libc::PTRACE_SEIZE, pid, none, none);
        assert_eq!(seized, 0, "{}", io::Error::last_os_error());
        if holds {
            assert_eq!(libc::ptrace(libc::PTRACE_INTERRUPT, pid, none, none), 0);
            assert_eq!(libc::waitpid(pid, &mut status, libc::__WALL), pid);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !self.reaped {
            // SAFETY: this pid is an unreaped child of ours, so it cannot name another process.
            unsafe {
                libc::kill(self.pid, libc::SIGKILL);
                libc::waitpid(self.pid, std::ptr::null_mut(), 0);
            }
        }
    }
}
