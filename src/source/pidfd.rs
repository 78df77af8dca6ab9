//! Sockets that another process holds, by its pidfd.

use std::{
    io,
    os::fd::{AsRawFd, FromRawFd, OwnedFd},
};

use rustix::{
    fs::fstat,
    process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open},
};

/// `SIOCGSKNS` (`include/uapi/linux/sockios.h`).
const SIOCGSKNS: u32 = 0x894C;

/// `PIDFD_THREAD`: the descriptor is that of one thread, which need not be the first of its process (Linux 6.9).
const PIDFD_THREAD: u32 = libc::O_EXCL.cast_unsigned();

/// The inode of the network namespace of a socket behind the descriptor of a process, or of one of its threads.
///
/// # Errors
/// Without the right to trace the process, or to administer the namespace (`sock_ioctl`).
pub(super) fn socket_netns(pid: u32, fd: u32) -> io::Result<u64> {
    let invalid = || io::Error::from(io::ErrorKind::InvalidInput);
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).ok_or_else(invalid)?;
    let fd = i32::try_from(fd).map_err(|_| invalid())?;
    let process = pidfd_open(pid, PidfdFlags::empty())
        .or_else(|_| pidfd_open(pid, PidfdFlags::from_bits_retain(PIDFD_THREAD)))?;
    let socket = pidfd_getfd(&process, fd, PidfdGetfdFlags::empty())?;
    Ok(fstat(namespace(&socket)?)?.st_ino)
}

#[allow(unsafe_code, reason = "rustix has no SIOCGSKNS, and its own ioctl is unsafe as well")]
fn namespace(socket: &OwnedFd) -> io::Result<OwnedFd> {
    // SAFETY: the descriptor is open; this request takes no argument and changes no memory.
    let answer = unsafe { libc::ioctl(socket.as_raw_fd(), SIOCGSKNS as _) };
    if answer < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel has just created this descriptor for us, so it has no other owner.
    Ok(unsafe { OwnedFd::from_raw_fd(answer) })
}
