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
    thread, vec,
};

use rustix::{
    fs::{self, FileType, Mode, OFlags, RawDir},
    io::{Errno, read},
    path::DecInt,
};

use super::{Found, HolderQuery, WantedInodes, is_without_descriptors, number, socket, within};
use crate::model::owner::Holder;

/// More threads bring little: they wait for the same locks in the kernel.
pub(super) const MOST_THREADS: usize = 4;

/// Holds some 1 000 entries; a larger one was not faster.
const BUFFER_BYTES: usize = 32 << 10;

/// From so many entries on the rest of a directory is offered to the other threads.
const SHARED_FROM: usize = 512;

pub(super) const OPEN: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// Searches the processes below `root`.
///
/// # Errors
/// When `root` cannot be listed.
pub fn scan(root: &Path, ask: &HolderQuery<'_>) -> io::Result<Found> {
    let wanted = WantedInodes::new(ask);
    if wanted.is_done() {
        return Ok(Found::default());
    }
    let root = fs::open(root, OPEN, Mode::empty())?;
    let mut buffer = vec![MaybeUninit::uninit(); BUFFER_BYTES];
    let mut pids = Vec::new();
    while numbers(&root, &mut buffer, &mut pids)? {}
    let lists_init = pids.contains(&1);
    let threads = thread::available_parallelism().map_or(1, usize::from).clamp(1, MOST_THREADS).min(pids.len().max(1));
    let queue = Queue::new(pids);
    let worker = Worker { root: &root, ask, wanted: &wanted, queue: &queue };
    let mut found = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(|| worker.work())).collect();
        let mut found = worker.work();
        for other in others {
            let other = other.join().map_err(|_| io::Error::other("scan thread panicked"))?;
            found.holders.extend(other.holders);
            found.denied += other.denied;
            found.elsewhere += other.elsewhere;
        }
        io::Result::Ok(found)
    })?;
    found.lists_init = lists_init;
    found.holders.sort_unstable();
    Ok(found)
}

/// The names and inode numbers of the directories in a directory.
///
/// # Errors
/// As reading a directory does.
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

/// The inodes of the sockets that one process has open, by its directory of descriptors.
///
/// # Errors
/// When that may not be read, or the process has ended.
pub fn sockets_of(descriptors: &Path) -> io::Result<Vec<u32>> {
    let directory = fs::open(descriptors, OPEN, Mode::empty())?;
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

/// A process whose descriptors are being read.
struct Open {
    pid: u32,
    tids: Vec<u32>,
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

/// A job at work; ends however the work ends, so that nobody waits for ever.
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
            let open = match job {
                Job::Rest(open) => open,
                Job::Process(pid) => match self.open(pid, &mut buffer) {
                    Ok(Some(open)) => Arc::new(open),
                    Ok(None) => {
                        found.elsewhere += 1;
                        continue;
                    }
                    Err(error) => {
                        found.denied += u64::from(is_refusal(error) && !self.is_without_descriptors(pid));
                        continue;
                    }
                },
            };
            self.read(&open, &mut buffer, &mut fds, &mut found);
        }
        found
    }

    /// Opens a process; none if it lives elsewhere.
    fn open(&self, pid: u32, buffer: &mut [MaybeUninit<u8>]) -> Result<Option<Open>, Errno> {
        if let Some(namespaces) = self.ask.netns {
            let mut link = [0; 32];
            let length = fs::readlinkat_raw(self.root, format!("{pid}/ns/net"), &mut link)?;
            let inode = within(link.get(..length).unwrap_or_default(), b"net:[");
            if !inode.is_some_and(|inode| namespaces.contains(&inode)) {
                return Ok(None);
            }
        }
        let descriptors = fs::openat(self.root, format!("{pid}/fd"), OPEN, Mode::empty())?;
        let mut tids = Vec::new();
        if self.ask.threads
            && let Ok(tasks) = fs::openat(self.root, format!("{pid}/task"), OPEN, Mode::empty())
        {
            // One that ends meanwhile leaves what was read of it.
            while numbers(&tasks, buffer, &mut tids) == Ok(true) {}
        }
        if tids.is_empty() {
            tids.push(pid);
        }
        Ok(Some(Open { pid, tids, descriptors, is_denied: AtomicBool::new(false) }))
    }

    /// Reads descriptors until the directory ends or another thread is offered the rest.
    fn read(&self, open: &Arc<Open>, buffer: &mut [MaybeUninit<u8>], fds: &mut Vec<u32>, found: &mut Found) {
        loop {
            fds.clear();
            // A process that ended reads as an empty directory or as ENOENT.
            let goes_on = numbers(&open.descriptors, buffer, fds) == Ok(true);
            let is_shared = goes_on && fds.len() >= SHARED_FROM;
            if is_shared {
                self.queue.offer(Arc::clone(open));
            }
            let is_readable = self.links(open, fds, &mut found.holders);
            if !is_readable && !open.is_denied.swap(true, Ordering::Relaxed) {
                found.denied += 1;
            }
            if !goes_on || is_shared || !is_readable || self.wanted.is_done() {
                return;
            }
        }
    }

    /// Reads links; false if that is not permitted, as it is not for any other descriptor of the process then.
    fn links(&self, open: &Open, fds: &[u32], holders: &mut Vec<Holder>) -> bool {
        let pid = open.pid;
        // Longer links are cut, and are no sockets'.
        let mut link = [0; 32];
        for &fd in fds {
            match fs::readlinkat_raw(&open.descriptors, DecInt::new(fd), &mut link) {
                Ok(length) => {
                    let inode = link.get(..length).and_then(socket);
                    if let Some(inode) = inode.filter(|&inode| self.wanted.takes(inode)) {
                        holders.extend(open.tids.iter().map(|&tid| Holder { inode, pid, tid, fd }));
                    }
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
