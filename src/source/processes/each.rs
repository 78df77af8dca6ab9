//! Every process below a live `/proc`, with several threads if there are many.
//!
//! The threads share the open directory: each one in turn reads a piece of the listing and then the processes in it,
//! while others read on. A host with few processes starts no thread; if none can be started, one does everything.
//!
//! The kernel makes each entry of the listing anew, which takes about as long as what is read of a process: two walks of
//! one look share a listing.

use std::{
    io,
    mem::MaybeUninit,
    os::fd::OwnedFd,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, Builder},
    time::{Duration, Instant},
    vec,
};

use rustix::fs::{self, Mode};

use super::{
    fast::{MOST_THREADS, OPEN, numbers},
    kernel_threads,
};

/// Holds some 500 entries.
const BUFFER_BYTES: usize = 16 << 10;

/// The processes that a thread takes in one turn from a listing that is kept.
const PIECE: usize = 500;

/// Fewer processes than this take less time than starting a thread.
const MANY: usize = 256;

/// The age up to which a listing is used again.
const LONGEST: Duration = Duration::from_millis(500);

/// The processes of the newest listing; clones share it.
#[derive(Clone, Default, Debug)]
pub struct KeptListing(Arc<Mutex<Option<ListedPids>>>);

#[derive(Debug)]
struct ListedPids {
    /// When the listing began.
    at: Instant,
    /// In its order, without the kernel's own threads.
    pids: Vec<u32>,
}

impl KeptListing {
    /// Those of a listing that is not too old.
    fn young(&self) -> Option<Vec<u32>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|kept| kept.at.elapsed() < LONGEST).map(|kept| kept.pids.clone())
    }

    fn keep(&self, at: Instant, pids: Vec<u32>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(ListedPids { at, pids });
    }
}

/// Lets `visit` note something of every process below `root` but the kernel's own threads, which have neither
/// descriptors nor a namespace other than the first. Each thread's notes come by themselves. A process that ended since
/// the listing is visited too.
///
/// # Errors
/// When `root` cannot be listed.
pub(super) fn process<T: Default + Send>(
    root: &Path,
    kept: &KeptListing,
    visit: &(impl Fn(&OwnedFd, u32, &mut T) + Sync),
) -> io::Result<Vec<T>> {
    let root = fs::open(root, OPEN, Mode::empty())?;
    let at = Instant::now();
    let listing = match kept.young() {
        Some(pids) => {
            ProcessListing { root: &root, kernel: Vec::new(), turn: Mutex::new(Progress::Kept(pids.into_iter())) }
        }
        None => {
            let kernel = kernel_threads::all(&root);
            ProcessListing { root: &root, kernel, turn: Mutex::new(Progress::Read(Vec::new())) }
        }
    };
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
    let notes = thread::scope(|scope| {
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
        io::Result::Ok(notes)
    })?;
    if let Progress::Read(pids) = listing.turn.into_inner().unwrap_or_else(PoisonError::into_inner) {
        kept.keep(at, pids);
    }
    Ok(notes)
}

/// The listing of `/proc` as it is being read.
struct ProcessListing<'a> {
    root: &'a OwnedFd,
    /// Sorted.
    kernel: Vec<u32>,
    turn: Mutex<Progress>,
}

/// How far the listing has come.
enum Progress {
    /// The processes that were read so far.
    Read(Vec<u32>),
    /// Those that were not given out yet.
    Kept(vec::IntoIter<u32>),
}

impl ProcessListing<'_> {
    /// The next processes; false at the end.
    fn next(&self, pids: &mut Vec<u32>) -> io::Result<bool> {
        pids.clear();
        match &mut *self.turn.lock().unwrap_or_else(PoisonError::into_inner) {
            Progress::Read(read) => {
                let mut buffer = [MaybeUninit::uninit(); BUFFER_BYTES];
                let goes_on = numbers(self.root, &mut buffer, pids)?;
                pids.retain(|pid| self.kernel.binary_search(pid).is_err());
                read.extend(&*pids);
                Ok(goes_on)
            }
            Progress::Kept(rest) => {
                pids.extend(rest.take(PIECE));
                Ok(!rest.as_slice().is_empty())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pids(root: &str, kept: &KeptListing) -> io::Result<Vec<u32>> {
        let notes = process(Path::new(root), kept, &|_, pid, seen: &mut Vec<u32>| seen.push(pid))?;
        let mut pids = notes.concat();
        pids.sort_unstable();
        Ok(pids)
    }

    #[test]
    fn every_process_is_looked_at_once() {
        let seen = pids("/proc", &KeptListing::default()).unwrap();
        let mut once = seen.clone();
        once.dedup();
        assert_eq!(once.len(), seen.len());
        assert!(once.binary_search(&std::process::id()).is_ok());
        assert!(pids("/nowhere", &KeptListing::default()).is_err());
    }

    #[test]
    fn a_young_listing_serves_again_and_an_old_one_does_not() {
        let kept = KeptListing::default();
        let many: Vec<u32> = (1..=3 * PIECE as u32).collect();
        kept.keep(Instant::now(), many.clone());
        assert_eq!(pids("/proc", &kept).unwrap(), many);
        assert!(pids("/nowhere", &kept).is_err());
        kept.keep(Instant::now().checked_sub(LONGEST).unwrap(), many);
        let read = pids("/proc", &kept).unwrap();
        assert!(read.binary_search(&std::process::id()).is_ok());
        let mut young = kept.young().unwrap();
        young.sort_unstable();
        assert_eq!(young, read);
    }
}
