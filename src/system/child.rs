//! A second process of this program, and what it may no longer do.

#![allow(unsafe_code, reason = "fork and Landlock have no safe wrapper; the process has one thread when it forks")]

use std::{
    io,
    os::fd::{AsRawFd, FromRawFd, OwnedFd},
};

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
/// # Errors
/// When the process has other threads, whose locks the child would keep for ever; and as fork does.
pub fn fork() -> io::Result<Forked> {
    let threads = std::fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
    if threads > 1 {
        return Err(io::ErrorKind::ResourceBusy.into());
    }
    // SAFETY: there is no other thread, so the child finds no lock held and no state half changed.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(Forked::Child),
        _ => Ok(Forked::Parent),
    }
}

/// `struct landlock_ruleset_attr` of Linux 5.13 and, with its second field, of 6.7.
#[repr(C)]
struct Ruleset {
    handled_access_fs: u64,
    handled_access_net: u64,
}

/// All rights of the first version: to execute, read, write, list, remove and make files of every kind.
const FILES: u64 = (1 << 13) - 1;
/// To bind and to connect by TCP.
const NET: u64 = 0b11;
const ONLY_VERSION: libc::c_uint = 1;

/// Gives up new privileges, all files, and new TCP connections; open descriptors stay. An older kernel takes away less.
///
/// # Errors
/// When the kernel has Landlock and refuses it.
pub fn confine() -> io::Result<()> {
    rustix::thread::set_no_new_privs(true)?;
    let none: *const Ruleset = std::ptr::null();
    // SAFETY: without a structure the call only tells its version.
    let version = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, none, 0_usize, ONLY_VERSION) };
    if version < 1 {
        return Ok(());
    }
    let size = if version >= 4 { size_of::<Ruleset>() } else { size_of::<u64>() };
    let ruleset = Ruleset { handled_access_fs: FILES, handled_access_net: NET };
    // SAFETY: the structure is as long as the size says, and is only read.
    let made = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, &raw const ruleset, size, 0 as libc::c_uint) };
    let Ok(made) = i32::try_from(made) else { return Err(io::Error::last_os_error()) };
    if made < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor was just made and is nobody else's.
    let rules = unsafe { OwnedFd::from_raw_fd(made) };
    // SAFETY: it only takes rights away from this thread, the only one.
    match unsafe { libc::syscall(libc::SYS_landlock_restrict_self, rules.as_raw_fd(), 0 as libc::c_uint) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
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
    // SAFETY: by the protocol these descriptors are this process's and nobody else in it knows them.
    (FIRST..FIRST + count).filter(is_open).map(|descriptor| unsafe { OwnedFd::from_raw_fd(descriptor) }).collect()
}
