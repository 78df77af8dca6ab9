//! BPF maps by their number (`bpf(2)`).

#![allow(unsafe_code, reason = "no crate here makes this system call")]

use std::{
    io,
    os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd},
};

/// `BPF_MAP_GET_FD_BY_ID`.
const MAP_GET_FD_BY_ID: libc::c_long = 14;
/// `BPF_OBJ_GET_INFO_BY_FD`.
const OBJ_GET_INFO_BY_FD: libc::c_long = 15;
/// `BPF_MAP_TYPE_SK_STORAGE`.
const SK_STORAGE: u32 = 24;

/// An open map.
#[derive(Debug)]
pub struct Map(OwnedFd);

impl Map {
    /// Its descriptor, for a question to the kernel.
    pub fn descriptor(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

/// Opens a map that stores data with sockets (`sk_storage`).
///
/// # Errors
///
/// `NotFound` if the map does not exist, `InvalidInput` if it has another type, and the kernel's error if it may not be
/// opened.
pub fn map(id: u32) -> io::Result<Map> {
    let map = Map(open(id)?);
    if kind(&map.0)? == SK_STORAGE { Ok(map) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

fn open(id: u32) -> io::Result<OwnedFd> {
    // The number, the next one, which is not used, and no flags.
    let mut attributes = [id, 0, 0];
    // SAFETY: the kernel reads as many bytes of the attributes as it is told, and they live until it returns.
    let answer =
        unsafe { libc::syscall(libc::SYS_bpf, MAP_GET_FD_BY_ID, attributes.as_mut_ptr(), size_of_val(&attributes)) };
    let descriptor = RawFd::try_from(answer).unwrap_or(-1);
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel has just made it for this process, and nothing else knows of it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

/// `struct bpf_map_info` begins with the type and the number.
fn kind(map: &OwnedFd) -> io::Result<u32> {
    /// The attributes: which descriptor, how much room, and where it is.
    #[repr(C)]
    struct InfoRequest {
        descriptor: u32,
        length: u32,
        place: u64,
    }
    let mut info = [0u32; 2];
    let descriptor = u32::try_from(map.as_raw_fd()).map_err(|_| io::ErrorKind::InvalidInput)?;
    let length = size_of_val(&info) as u32;
    let mut question = InfoRequest { descriptor, length, place: info.as_mut_ptr() as u64 };
    // SAFETY: the kernel writes no more than `length` bytes to `place`; both buffers live until it returns.
    let answer =
        unsafe { libc::syscall(libc::SYS_bpf, OBJ_GET_INFO_BY_FD, &raw mut question, size_of::<InfoRequest>()) };
    if answer < 0 { Err(io::Error::last_os_error()) } else { Ok(info[0]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_that_is_not_there_is_not_found_or_may_not_be_looked_for() {
        let error = map(u32::MAX).unwrap_err();
        assert!(
            matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported
            ),
            "{error:?}"
        );
    }
}
