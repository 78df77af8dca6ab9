//! How many descriptors each process has open.
//!
//! Since Linux 6.2 the size of `/proc/PID/fd` is that number, and anyone may ask for it (`proc_fd_getattr`). Before, the
//! directory is read, which takes the right to trace the process.

use std::{io, mem::MaybeUninit, os::fd::OwnedFd, path::Path};

use rustix::fs::{self, AtFlags, Mode};

use super::{
    each::{self, KeptListing},
    fast::{OPEN, descriptors, numbers, other_threads},
};

const BUFFER_BYTES: usize = 16 << 10;

/// Counts below a live `/proc`.
///
/// # Errors
/// When it cannot be listed.
pub fn live(root: &Path, kept: &KeptListing) -> io::Result<Vec<(u32, u64)>> {
    let size_tells = size_tells(root);
    let counts = each::process(root, kept, &|root, pid, counts: &mut Vec<(u32, u64)>| {
        counts.extend(of_process(root, pid, size_tells).map(|count| (pid, count)));
    })?;
    let mut counts = counts.concat();
    counts.sort_unstable();
    Ok(counts)
}

/// How many descriptors some processes have open together.
pub fn of_some(root: &Path, pids: &[u32]) -> u64 {
    let size_tells = size_tells(root);
    let Ok(root) = fs::open(root, OPEN, Mode::empty()) else { return 0 };
    pids.iter().filter_map(|&pid| of_process(&root, pid, size_tells)).sum()
}

/// Whether the size of a directory is the number: this process has at least the descriptor of the listing.
pub(super) fn size_tells(root: &Path) -> bool {
    fs::stat(root.join("self/fd")).is_ok_and(|stat| stat.st_size > 0)
}

/// Counts those of one process; `None` if that may not be seen or it has ended.
pub(super) fn of_process(root: &OwnedFd, pid: u32, size_tells: bool) -> Option<u64> {
    let count = |tid| if size_tells { size(root, tid) } else { entries(root, tid) };
    match count(pid) {
        // Its first thread has ended, and the table is that of the others.
        Some(0) | None => other_threads(root, pid).into_iter().filter_map(count).find(|&count| count > 0),
        count => count,
    }
}

fn size(root: &OwnedFd, tid: u32) -> Option<u64> {
    u64::try_from(fs::statat(root, format!("{tid}/fd"), AtFlags::empty()).ok()?.st_size).ok()
}

fn entries(root: &OwnedFd, tid: u32) -> Option<u64> {
    let directory = descriptors(root, tid).ok()?;
    let mut buffer = vec![MaybeUninit::uninit(); BUFFER_BYTES];
    let mut fds = Vec::new();
    while numbers(&directory, &mut buffer, &mut fds) == Ok(true) {}
    Some(fds.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_and_the_listing_give_the_same_count() {
        let root = OwnedFd::from(std::fs::File::open("/proc").unwrap());
        let own = std::process::id();
        let counts = live(Path::new("/proc"), &KeptListing::default()).unwrap();
        assert!(counts.iter().any(|&(pid, count)| pid == std::process::id() && count > 2), "{counts:?}");
        // Other tests of this process open and close files meanwhile; before Linux 6.2 the size is missing.
        let mut pairs = (0..100).filter_map(|_| Some((size(&root, own)?, entries(&root, own)?)));
        assert!(
            pairs.any(|(size, entries)| size == 0 || size + 1 == entries),
            "the listing's own descriptor is one more"
        );
    }
}
