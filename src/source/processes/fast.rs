//! The search on a live `/proc`: no allocation for a descriptor, and several threads on one queue.
//!
//! The unit of work is one buffer of directory entries, not one process: the worker that filled it hands the open
//! directory on before it reads the links, so a single process with a million descriptors keeps every thread busy.

use std::{
    io,
    mem::MaybeUninit,
    os::fd::{AsFd, OwnedFd},
    path::Path,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, Builder},
    vec,
};

use rustix::{
    fs::{self, FileType, Mode, OFlags, RawDir},
    io::{Errno, read},
    path::DecInt,
};

use super::{Found, HolderQuery, WantedInodes, is_without_descriptors, kernel_threads, number, socket, within};
use crate::model::owner::Holder;

/// More threads bring little: they wait for the same locks in the kernel.
pub(super) const MOST_THREADS: usize = 4;

/// Holds some 1 000 entries; a larger one was not faster.
const BUFFER_BYTES: usize = 32 << 10;

/// From this number of entries on, the remaining ones of a directory are offered to the other threads.
const SHARED_FROM: usize = 512;

pub(super) const OPEN: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// Searches the processes below `root`, with the threads that can be started.
///
/// # Errors
/// When `root` cannot be listed.
pub fn scan(root: &Path, ask: &HolderQuery<'_>) -> io::Result<Found> {
    if WantedInodes::new(ask).is_done() {
        return Ok(Found::default());
    }
    let directory = fs::open(root, OPEN, Mode::empty())?;
    let mut buffer = vec![MaybeUninit::uninit(); BUFFER_BYTES];
    let mut pids = Vec::new();
    while numbers(&directory, &mut buffer, &mut pids)? {}
    let lists_init = pids.contains(&1);
    let kernel = kernel_threads::all(&directory);
    pids.retain(|pid| kernel.binary_search(pid).is_err());
    Ok(Found { lists_init, ..scan_of(root, ask, pids)? })
}

/// Searches some processes below `root`.
///
/// # Errors
/// When `root` cannot be opened.
pub fn scan_of(root: &Path, ask: &HolderQuery<'_>, pids: Vec<u32>) -> io::Result<Found> {
    let wanted = WantedInodes::new(ask);
    let root = fs::open(root, OPEN, Mode::empty())?;
    let threads = thread::available_parallelism().map_or(1, usize::from).clamp(1, MOST_THREADS).min(pids.len().max(1));
    let queue = Queue::new(pids);
    let worker = Worker { root: &root, ask, wanted: &wanted, queue: &queue };
    let mut found = thread::scope(|scope| {
        let start = |_| Builder::new().spawn_scoped(scope, || worker.work()).ok();
        let others: Vec<_> = (1..threads).map_while(start).collect();
        let mut found = worker.work();
        for other in others {
            let other = other.join().map_err(|_| io::Error::other("scan thread panicked"))?;
            found.holders.extend(other.holders);
            found.denied += other.denied;
            found.elsewhere += other.elsewhere;
        }
        io::Result::Ok(found)
    })?;
    found.settle(ask.threads);
    Ok(found)
}

/// The names and inode numbers of the directories in a directory.
pub fn directories(path: &Path) -> io::Result<Vec<(String, u64)>> {
    let directory = fs::open(path, OPEN, Mode::empty())?;
    let mut buffer = [MaybeUninit::uninit(); BUFFER_BYTES / 4];
    let mut entries = RawDir::new(&directory, &mut buffer);
    let mut found = Vec::new();
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if entry.file_type() == FileType::Directory && name != b"." && name != b".." {
            found.push((String::from_utf8_lossy(name).into_owned(), entry.ino()));
        }
    }
    Ok(found)
}

/// The inodes of the sockets that one process below `root` has open.
///
/// # Errors
/// When its descriptors may not be read, or it has ended.
pub fn sockets_of(root: &Path, pid: u32) -> io::Result<Vec<u32>> {
    let root = fs::open(root, OPEN, Mode::empty())?;
    let first = sockets_of_thread(&root, pid);
    if first.as_ref().is_ok_and(|inodes| !inodes.is_empty()) {
        return first;
    }
    let others = other_threads(&root, pid).into_iter();
    let mut others = others.filter_map(|tid| sockets_of_thread(&root, tid).ok());
    others.find(|inodes| !inodes.is_empty()).map_or(first, Ok)
}

/// Those of some holders below `root` whose descriptors still lead to their sockets.
pub fn still_held(root: &Path, mut holders: Vec<Holder>) -> Vec<Holder> {
    let Ok(root) = fs::open(root, OPEN, Mode::empty()) else { return Vec::new() };
    holders.sort_unstable_by_key(|holder| holder.tid);
    let mut open: Option<(u32, OwnedFd)> = None;
    let mut link = [0; 32];
    holders.retain(|holder| {
        if open.as_ref().is_none_or(|(tid, _)| *tid != holder.tid) {
            open = descriptors(&root, holder.tid).ok().map(|directory| (holder.tid, directory));
        }
        let length =
            |(_, directory): &(u32, OwnedFd)| fs::readlinkat_raw(directory, DecInt::new(holder.fd), &mut link).ok();
        let length = open.as_ref().and_then(length);
        length.and_then(|length| link.get(..length).and_then(socket)) == Some(holder.inode)
    });
    holders
}

fn sockets_of_thread(root: &OwnedFd, tid: u32) -> io::Result<Vec<u32>> {
    let directory = descriptors(root, tid)?;
    let mut buffer = vec![MaybeUninit::uninit(); BUFFER_BYTES];
    let (mut fds, mut inodes) = (Vec::new(), Vec::new());
    let mut link = [0; 32];
    loop {
        fds.clear();
        let goes_on = numbers(&directory, &mut buffer, &mut fds)?;
        for &fd in &fds {
            match fs::readlinkat_raw(&directory, DecInt::new(fd), &mut link) {
                Ok(length) => inodes.extend(link.get(..length).and_then(socket)),
                Err(error) if is_refusal(error) => return Err(error.into()),
                // Closed meanwhile.
                Err(_) => {}
            }
        }
        if !goes_on {
            return Ok(inodes);
        }
    }
}

/// Opens the directory of a thread's descriptors; `/proc/TID` is there though it is not listed.
pub(super) fn descriptors(root: &OwnedFd, tid: u32) -> Result<OwnedFd, Errno> {
    fs::openat(root, format!("{tid}/fd"), OPEN, Mode::empty())
}

/// The threads of a process but its first; none where it has ended.
pub(super) fn other_threads(root: &OwnedFd, pid: u32) -> Vec<u32> {
    let mut tids = Vec::new();
    if let Ok(tasks) = fs::openat(root, format!("{pid}/task"), OPEN, Mode::empty()) {
        let mut buffer = [MaybeUninit::uninit(); BUFFER_BYTES / 4];
        // If the process ends meanwhile, the part read so far is kept.
        while numbers(&tasks, &mut buffer, &mut tids) == Ok(true) {}
    }
    tids.retain(|&tid| tid != pid);
    tids
}

/// The inode of a process's network namespace, seen through another thread where the first has ended.
pub(super) fn namespace(root: &OwnedFd, pid: u32) -> Result<Option<u64>, Errno> {
    let of = |tid: u32| {
        let mut link = [0; 32];
        let length = fs::readlinkat_raw(root, format!("{tid}/ns/net"), &mut link)?;
        Ok(within(link.get(..length).unwrap_or_default(), b"net:["))
    };
    match of(pid) {
        Err(Errno::NOENT) => other_threads(root, pid).into_iter().find_map(|tid| of(tid).ok()).ok_or(Errno::NOENT),
        first => first,
    }
}

/// Adds the numbers among the next names of a directory; false at its end.
pub(super) fn numbers(
    directory: impl AsFd,
    buffer: &mut [MaybeUninit<u8>],
    found: &mut Vec<u32>,
) -> Result<bool, Errno> {
    let mut entries = RawDir::new(directory, buffer);
    loop {
        match entries.next() {
            Some(entry) => found.extend(number(entry?.file_name().to_bytes())),
            None => return Ok(false),
        }
        if entries.is_buffer_empty() {
            return Ok(true);
        }
    }
}

/// A thread whose descriptors are being read.
struct Open {
    pid: u32,
    tid: u32,
    descriptors: OwnedFd,
    is_denied: AtomicBool,
}

enum Job {
    Process(u32),
    Rest(Arc<Open>),
}

struct Queue {
    state: Mutex<Waiting>,
    changed: Condvar,
}

struct Waiting {
    rest: Vec<Arc<Open>>,
    pids: vec::IntoIter<u32>,
    /// Jobs at work, each of which may yet offer a rest.
    busy: usize,
}

impl Queue {
    fn new(pids: Vec<u32>) -> Queue {
        let state = Mutex::new(Waiting { rest: Vec::new(), pids: pids.into_iter(), busy: 0 });
        Queue { state, changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Option<(Job, Turn<'_>)> {
        let mut state = self.lock();
        loop {
            let rest = state.rest.pop().map(Job::Rest);
            if let Some(job) = rest.or_else(|| state.pids.next().map(Job::Process)) {
                state.busy += 1;
                return Some((job, Turn(self)));
            }
            if state.busy == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn offer(&self, open: Arc<Open>) {
        self.lock().rest.push(open);
        self.changed.notify_one();
    }
}

/// A job at work; ends however the work ends, so that no thread waits forever.
struct Turn<'a>(&'a Queue);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.busy -= 1;
        if state.busy == 0 {
            self.0.changed.notify_all();
        }
    }
}

struct Worker<'a> {
    root: &'a OwnedFd,
    ask: &'a HolderQuery<'a>,
    wanted: &'a WantedInodes<'a>,
    queue: &'a Queue,
}

impl Worker<'_> {
    fn work(&self) -> Found {
        let mut found = Found::default();
        let mut buffer = vec![MaybeUninit::uninit(); BUFFER_BYTES];
        let mut fds = Vec::new();
        while let Some((job, _turn)) = self.queue.take() {
            if self.wanted.is_done() {
                break;
            }
            match job {
                Job::Rest(open) => {
                    let read = self.read(&open, &mut buffer, &mut fds, &mut found.holders);
                    found.denied += u64::from(read.is_err());
                }
                Job::Process(pid) => match self.is_here(pid) {
                    Ok(true) => self.process(pid, &mut buffer, &mut fds, &mut found),
                    Ok(false) => found.elsewhere += 1,
                    Err(error) => found.denied += u64::from(is_refusal(error) && !self.is_without_descriptors(pid)),
                },
            }
        }
        found
    }

    /// Whether a process lives in the searched namespaces.
    fn is_here(&self, pid: u32) -> Result<bool, Errno> {
        let Some(namespaces) = self.ask.netns else { return Ok(true) };
        Ok(namespace(self.root, pid)?.is_some_and(|inode| namespaces.contains(&inode)))
    }

    /// Reads the descriptors of a process: those of its first thread, and of the others where that has ended or each
    /// thread is wanted.
    fn process(&self, pid: u32, buffer: &mut [MaybeUninit<u8>], fds: &mut Vec<u32>, found: &mut Found) {
        let first = self.thread(pid, pid, buffer, fds, &mut found.holders);
        let is_refused = first.is_err_and(is_refusal);
        if first == Ok(true) && !self.ask.threads || is_refused && !self.is_without_descriptors(pid) {
            found.denied += u64::from(is_refused);
            return;
        }
        for tid in other_threads(self.root, pid) {
            if self.thread(pid, tid, buffer, fds, &mut found.holders).is_err_and(is_refusal) {
                found.denied += 1;
                return;
            }
        }
    }

    /// Reads the descriptors of a thread; false if it has none.
    fn thread(
        &self,
        pid: u32,
        tid: u32,
        buffer: &mut [MaybeUninit<u8>],
        fds: &mut Vec<u32>,
        holders: &mut Vec<Holder>,
    ) -> Result<bool, Errno> {
        let open = Open { pid, tid, descriptors: descriptors(self.root, tid)?, is_denied: AtomicBool::new(false) };
        self.read(&Arc::new(open), buffer, fds, holders)
    }

    /// Reads descriptors until the directory ends or another worker is offered the rest; false if there was none. Of
    /// several workers that are refused the links of one directory, the first reports it.
    fn read(
        &self,
        open: &Arc<Open>,
        buffer: &mut [MaybeUninit<u8>],
        fds: &mut Vec<u32>,
        holders: &mut Vec<Holder>,
    ) -> Result<bool, Errno> {
        let mut is_any = false;
        loop {
            fds.clear();
            // A thread that ended reads as an empty directory or as ENOENT.
            let goes_on = numbers(&open.descriptors, buffer, fds) == Ok(true);
            is_any |= !fds.is_empty();
            let is_shared = goes_on && fds.len() >= SHARED_FROM;
            if is_shared {
                self.queue.offer(Arc::clone(open));
            }
            let is_readable = self.links(open, fds, holders);
            if !is_readable && !open.is_denied.swap(true, Ordering::Relaxed) {
                return Err(Errno::ACCESS);
            }
            if !goes_on || is_shared || !is_readable || self.wanted.is_done() {
                return Ok(is_any);
            }
        }
    }

    /// Reads links; false if that is not permitted, as it is not for any other descriptor of the process then.
    fn links(&self, open: &Open, fds: &[u32], holders: &mut Vec<Holder>) -> bool {
        let (pid, tid) = (open.pid, open.tid);
        // Longer links are cut, and do not lead to sockets.
        let mut link = [0; 32];
        for &fd in fds {
            match fs::readlinkat_raw(&open.descriptors, DecInt::new(fd), &mut link) {
                Ok(length) => {
                    let inode = link.get(..length).and_then(socket).filter(|&inode| self.wanted.takes(inode));
                    holders.extend(inode.map(|inode| Holder { inode, pid, tid, fd }));
                }
                Err(error) if is_refusal(error) => return false,
                // Closed meanwhile.
                Err(_) => {}
            }
        }
        true
    }

    fn is_without_descriptors(&self, pid: u32) -> bool {
        let file = fs::openat(self.root, format!("{pid}/stat"), OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty());
        let Ok(file) = file else { return false };
        let mut stat = [0; 512];
        let length = read(&file, &mut stat).unwrap_or(0);
        is_without_descriptors(stat.get(..length).unwrap_or_default())
    }
}

pub(super) fn is_refusal(error: Errno) -> bool {
    matches!(error, Errno::ACCESS | Errno::PERM)
}
