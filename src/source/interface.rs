//! Queries the kernel about an interface by name.

use std::os::fd::{AsRawFd, OwnedFd};

/// `SIOCGIFFLAGS` and `SIOCGIFMTU` (`include/uapi/linux/sockios.h`).
const SIOCGIFFLAGS: u32 = 0x8913;
const SIOCGIFMTU: u32 = 0x8921;

/// The longest packet of an interface in bytes, and its `IFF_*` flags; `None` if the interface does not exist.
pub(super) fn state(socket: &OwnedFd, name: &str) -> Option<(u32, u32)> {
    let mtu = ask(socket, name, SIOCGIFMTU)?;
    let flags = ask(socket, name, SIOCGIFFLAGS)?;
    // This request returns only the first 16 bits of the flags.
    Some((u32::from_ne_bytes(mtu), u32::from(u16::from_ne_bytes([flags[0], flags[1]]))))
}

/// The first bytes of the answer.
#[allow(unsafe_code, reason = "rustix has neither request, and its own ioctl is unsafe as well")]
fn ask(socket: &OwnedFd, name: &str, request: u32) -> Option<[u8; 4]> {
    // `struct ifreq`: the name with a zero behind it, and a union of 24 bytes.
    let mut ifreq = [0_u8; libc::IFNAMSIZ + 24];
    ifreq.get_mut(..libc::IFNAMSIZ - 1)?.get_mut(..name.len())?.copy_from_slice(name.as_bytes());
    // SAFETY: the descriptor is open, and the kernel reads and writes no more than a `struct ifreq`, which the bytes hold.
    let answer = unsafe { libc::ioctl(socket.as_raw_fd(), request as _, ifreq.as_mut_ptr()) };
    ifreq.get(libc::IFNAMSIZ..)?.first_chunk().copied().filter(|_| answer == 0)
}
