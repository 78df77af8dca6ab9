//! The parts of a container: mount and process namespaces beside that of the network.

#![allow(unsafe_code, reason = "mount has no safe wrapper in the features of rustix used here")]
#![allow(clippy::exit, reason = "the process is the test's own")]

use std::ffi::{CStr, CString};
use std::io;
use std::path::Path;
use std::ptr::{null, null_mut};
use std::time::Duration;

use super::namespace;
use super::peer;
use super::process::Process;

/// Longer than this nothing inside may take.
const LIMIT: Duration = Duration::from_secs(240);

/// The status of a process 1 that got no `/proc`.
const NO_PROC: i32 = 76;

/// A process and mount namespace.
pub(crate) const PROCESSES: libc::c_int = libc::CLONE_NEWPID | libc::CLONE_NEWNS;
/// A mount namespace.
pub(crate) const MOUNTS: libc::c_int = libc::CLONE_NEWNS;
/// A network namespace.
pub(crate) const NETWORK: libc::c_int = libc::CLONE_NEWNET;

/// Runs the rest of a test in new namespaces. The message of a panic goes to stderr, which the harness shows.
#[track_caller]
pub(crate) fn inside(namespaces: libc::c_int, body: impl FnOnce()) {
    let process = Process::fork_into(namespaces, || {
        keep_mounts_apart().expect("mounts of its own");
        if namespaces & NETWORK != 0 {
            namespace::bring_loopback_up().expect("lo");
        }
        status_of(body)
    });
    match process.wait(LIMIT) {
        Some(peer::LACKING) => std::process::exit(peer::LACKING),
        status => assert_eq!(status, Some(0), "inside the namespaces"),
    }
}

/// Runs a whole test where it sees no process but its own and no name of a namespace, and gives its exit status. Nothing
/// that it started outlives it. Where the kernel refuses a `/proc` to it, the test sees the processes of the machine.
pub(crate) fn alone(body: &dyn Fn()) -> i32 {
    let first = Process::fork_into(PROCESSES, || {
        if keep_mounts_apart().and_then(|()| mount_proc(c"")).and_then(|()| hide_names()).is_err() {
            return NO_PROC;
        }
        // Not process 1 itself, which sockdoc takes for the init of a machine.
        Process::fork(|| status_of(body)).wait_and_bury().unwrap_or(1)
    });
    match first.wait_and_bury() {
        Some(NO_PROC) => status_of(body),
        status => status.unwrap_or(1),
    }
}

/// Runs it; a panic, which has written its message, is status 1.
fn status_of(body: impl FnOnce()) -> i32 {
    i32::from(std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).is_err())
}

/// Later mounts are visible in this mount namespace only.
pub(crate) fn keep_mounts_apart() -> io::Result<()> {
    mount(None, Path::new("/"), None, libc::MS_REC | libc::MS_PRIVATE, c"")
}

/// Lays an empty folder over the names of namespaces that the machine has.
fn hide_names() -> io::Result<()> {
    let names = Path::new("/run/netns");
    if names.is_dir() {
        mount(Some(Path::new("none")), names, Some(c"tmpfs"), libc::MS_NOSUID, c"mode=755")
    } else {
        Ok(())
    }
}

/// Mounts the `/proc` of this process namespace over the other one.
pub(crate) fn mount_proc(options: &CStr) -> io::Result<()> {
    let flags = libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC;
    mount(Some(Path::new("proc")), Path::new("/proc"), Some(c"proc"), flags, options)
}

/// An empty `/run/netns`, for no longer than this mount namespace.
pub(crate) fn empty_run_netns() -> io::Result<()> {
    mount(Some(Path::new("none")), Path::new("/run"), Some(c"tmpfs"), libc::MS_NOSUID, c"mode=755")?;
    std::fs::create_dir("/run/netns")
}

/// An empty file system of this many KiB over a folder.
pub(crate) fn mount_small(folder: &Path, kib: u32) -> io::Result<()> {
    let options = CString::new(format!("size={kib}k"))?;
    mount(Some(Path::new("none")), folder, Some(c"tmpfs"), libc::MS_NOSUID, &options)
}

/// Mounts a file over another.
pub(crate) fn lay_over(file: &Path, other: &Path) -> io::Result<()> {
    mount(Some(file), other, None, libc::MS_BIND, c"")
}

/// Gives the network namespace of a process a name, as `ip netns attach` does.
pub(crate) fn name_network(pid: &str, name: &str) -> io::Result<()> {
    let file = Path::new("/run/netns").join(name);
    std::fs::write(&file, "")?;
    mount(Some(&Path::new("/proc").join(pid).join("ns/net")), &file, None, libc::MS_BIND, c"")
}

fn mount(from: Option<&Path>, to: &Path, kind: Option<&CStr>, flags: libc::c_ulong, options: &CStr) -> io::Result<()> {
    let text = |path: &Path| CString::new(path.as_os_str().as_encoded_bytes());
    let (from, to) = (from.map(text).transpose()?, text(to)?);
    let from = from.as_ref().map_or(null(), |from| from.as_ptr());
    let kind = kind.map_or(null(), CStr::as_ptr);
    let options = if options.is_empty() { null_mut() } else { options.as_ptr().cast() };
    // SAFETY: all texts end in a zero byte and outlive the call.
    match unsafe { libc::mount(from, to.as_ptr(), kind, flags, options) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
