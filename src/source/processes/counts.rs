//! How many descriptors each process has open.
//!
//! Since Linux 6.2 the size of `/proc/PID/fd` is that number, and anyone may ask for it (`proc_fd_getattr`). Before, the
//! directory is read, which takes the right to trace the process.

use std::{io, mem::MaybeUninit, path::Path};

use rustix::fs::{self, AtFlags, Mode};

use super::fast::{OPEN, numbers};

const BUFFER_BYTES: usize = 16 << 10;

/// Counts below a live `/proc`.
///
/// # Errors
/// When it cannot be listed.
pub fn live(root: &Path) -> io::Result<Vec<(u32, u64)>> {
    let root = fs::open(root, OPEN, Mode::empty())?;
    let mut buffer = vec![MaybeUninit::uninit(); BUFFER_BYTES];
    let mut pids = Vec::new();
    while numbers(&root, &mut buffer, &mut pids)? {}
    // This process has at least the descriptor above.
    let size_tells = fs::statat(&root, "self/fd", AtFlags::empty()).is_ok_and(|stat| stat.st_size > 0);
    let mut counts = Vec::with_capacity(pids.len());
    let mut fds = Vec::new();
    for pid in pids {
        let path = format!("{pid}/fd");
        if size_tells {
            if let Ok(stat) = fs::statat(&root, &path, AtFlags::empty()) {
                counts.push((pid, u64::try_from(stat.st_size).unwrap_or(0)));
            }
            continue;
        }
        let Ok(directory) = fs::openat(&root, &path, OPEN, Mode::empty()) else { continue };
        fds.clear();
        while numbers(&directory, &mut buffer, &mut fds) == Ok(true) {}
        counts.push((pid, fds.len() as u64));
    }
    Ok(counts)
}
