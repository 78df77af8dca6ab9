//! Data that other BPF programs store with sockets: maps by their number.

use std::{
    io,
    os::fd::{AsRawFd, OwnedFd, RawFd},
};

use super::sys::{BpfCall, address, bpf, number, opened};

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
    // The number, the next one, which is not used, and no flags.
    let map = Map(opened(BpfCall::MapById, &mut [id, 0, 0])?);
    if kind(&map.0)? == SK_STORAGE { Ok(map) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

/// `struct bpf_map_info` begins with the type and the number.
fn kind(map: &OwnedFd) -> io::Result<u32> {
    let mut info = [0u32; 2];
    let [place, place_high] = address(info.as_mut_ptr());
    bpf(BpfCall::ObjectInfo, &mut [number(map), size_of_val(&info) as u32, place, place_high])?;
    Ok(info[0])
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
