//! Every process below a live `/proc`, with several threads if there are many.
//!
//! The threads share the open directory: each one in turn reads a piece of the listing and then the processes in it,
//! while others read on. A host with few processes starts no thread; if none can be started, one does everything.

use std::{
    io,
    mem::MaybeUninit,
    os::fd::OwnedFd,
    path::Path,
    sync::{Mutex, PoisonError},
    thread::{self, Builder},
};

use rustix::fs::{self, Mode};

use super::{
    fast::{MOST_THREADS, OPEN, numbers},
    kernel_threads,
};

/// Holds some 500 entries.
const BUFFER_BYTES: usize = 16 << 10;

/// Fewer processes than this take less time than starting a thread.
const MANY: usize = 256;

/// Lets `visit` note something of every process below `root` but the kernel's own threads, which have neither
/// descriptors nor a namespace other than the first. Each thread's notes come by themselves.
///
/// # Errors
/// When `root` cannot be listed.
pub(super) fn process<T: Default + Send>(
    root: &Path,
    visit: &(impl Fn(&OwnedFd, u32, &mut T) + Sync),
) -> io::Result<Vec<T>> {
    let root = fs::open(root, OPEN, Mode::empty())?;
    let listing = ProcessListing { root: &root, turn: Mutex::new(()), kernel: kernel_threads::all(&root) };
    let mut pids = Vec::new();
    let mut goes_on = listing.next(&mut pids)?;
    let threads = match goes_on && pids.len() >= MANY {
        true => thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS),
        false => 1,
    };
    let rest = || {
        let (mut notes, mut pids) = (T::default(), Vec::new());
        loop {
            let goes_on = listing.next(&mut pids)?;
            pids.iter().for_each(|&pid| visit(&root, pid, &mut notes));
            if !goes_on {
                return io::Result::Ok(notes);
            }
        }
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map_while(|_| Builder::new().spawn_scoped(scope, rest).ok()).collect();
        let mut first = T::default();
        loop {
            pids.iter().for_each(|&pid| visit(&root, pid, &mut first));
            if !goes_on {
                break;
            }
            goes_on = listing.next(&mut pids)?;
        }
        let mut notes = vec![first];
        for other in others {
            notes.push(other.join().map_err(|_| io::Error::other("scan thread panicked"))??);
        }
        Ok(notes)
    })
}

/// The listing of `/proc` as it is being read.
struct ProcessListing<'a> {
    root: &'a OwnedFd,
    turn: Mutex<()>,
    /// Sorted.
    kernel: Vec<u32>,
}

impl ProcessListing<'_> {
    /// The next processes; false at the end.
    fn next(&self, pids: &mut Vec<u32>) -> io::Result<bool> {
        let mut buffer = [MaybeUninit::uninit(); BUFFER_BYTES];
        pids.clear();
        let goes_on = {
            let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
            numbers(self.root, &mut buffer, pids)?
        };
        pids.retain(|pid| self.kernel.binary_search(pid).is_err());
        Ok(goes_on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_process_is_looked_at_once() {
        let seen: Vec<u32> = process(Path::new("/proc"), &|_, pid, seen: &mut Vec<u32>| seen.push(pid))
            .unwrap()
            .into_iter()
            .flatten()
            .collect();
        let mut once = seen.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), seen.len());
        assert!(once.binary_search(&std::process::id()).is_ok());
        assert!(process(Path::new("/nowhere"), &|_, _, (): &mut ()| ()).is_err());
    }
}
