//! A separate network namespace, entered without root through a user namespace.

#![allow(unsafe_code, reason = "unshare and the interface ioctls have no safe wrapper")]

use std::fs;
use std::io;
use std::os::fd::AsRawFd;

use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with};
use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
use rustix::thread::{UnshareFlags, unshare_unsafe};

/// Set, the process stays root of the machine.
const ROOT: &str = "SOCKDOC_LAB_ROOT";

/// Moves the calling process into a new user and network namespace and brings `lo` up there.
///
/// It must still have one thread: the kernel refuses a new user namespace to a threaded process (EINVAL). Afterwards the
/// process is root over its new namespace and over nothing else. Real root gets the network namespace alone on a machine
/// without user namespaces, and where [`ROOT`] asks for its rights (BPF) to stay.
pub(crate) fn enter() -> io::Result<()> {
    if std::env::var_os(ROOT).is_some() {
        enter_another()?;
        return die_with_parent();
    }
    let uid = rustix::process::getuid();
    let gid = rustix::process::getgid();
    let both = UnshareFlags::NEWUSER | UnshareFlags::NEWNET;
    // SAFETY: no descriptor table or address space is unshared, so nothing that Rust relies on changes.
    match unsafe { unshare_unsafe(both) } {
        Ok(()) => {
            // An ordinary user may map its group only after giving up setgroups (user_namespaces(7)).
            fs::write("/proc/self/setgroups", "deny")?;
            fs::write("/proc/self/uid_map", format!("0 {} 1", uid.as_raw()))?;
            fs::write("/proc/self/gid_map", format!("0 {} 1", gid.as_raw()))?;
        }
        Err(refused) if uid.is_root() => {
            // SAFETY: as above.
            unsafe { unshare_unsafe(UnshareFlags::NEWNET) }.map_err(|_| refused)?;
        }
        Err(refused) => return Err(refused.into()),
    }
    bring_loopback_up()?;
    die_with_parent()
}

/// Moves on to one more network namespace, empty again, inside the user namespace that was entered.
pub(crate) fn enter_another() -> io::Result<()> {
    // SAFETY: as in `enter`.
    unsafe { unshare_unsafe(UnshareFlags::NEWNET) }?;
    bring_loopback_up()
}

/// Moves on to an IPC namespace, with which the shared memory of those who were killed goes.
pub(crate) fn keep_shared_memory_apart() -> io::Result<()> {
    // SAFETY: as in `enter`.
    Ok(unsafe { unshare_unsafe(UnshareFlags::NEWIPC) }?)
}

/// Has the kernel kill this process when its parent ends. A change of credentials clears this, an exec does not.
pub(crate) fn die_with_parent() -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    Ok(())
}

/// Raises the soft limit of open descriptors to the hard one and returns it.
pub(crate) fn raise_descriptor_limit() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised).expect("raising the soft descriptor limit");
    limit.maximum.map_or(1_000_000, |n| usize::try_from(n).unwrap_or(usize::MAX)).min(1_000_000)
}

/// Writes a sysctl of this namespace, named as in `net.ipv4.tcp_tw_reuse`.
pub(crate) fn set_sysctl(name: &str, value: &str) -> io::Result<()> {
    let path = format!("/proc/sys/{}", name.replace('.', "/"));
    fs::write(&path, value).map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))
}

/// Brings `lo` up, without which nothing of 127.0.0.1 can be reached.
pub(crate) fn bring_loopback_up() -> io::Result<()> {
    let socket = socket_with(AddressFamily::INET, SocketType::DGRAM, SocketFlags::CLOEXEC, None)?;
    // SAFETY: ifreq is plain data, for which all zeroes is a value.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(*b"lo") {
        *to = libc::c_char::try_from(from).expect("ASCII fits");
    }
    // SAFETY: the descriptor is open and the request is a valid ifreq that outlives the call.
    if unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCGIFFLAGS as _, &mut request) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: SIOCGIFFLAGS has just filled this member of the union.
    let flags = unsafe { request.ifr_ifru.ifru_flags };
    request.ifr_ifru.ifru_flags = flags | libc::c_short::try_from(libc::IFF_UP).expect("IFF_UP is 1");
    // SAFETY: as for the first call.
    if unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS as _, &mut request) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
