//! Who holds a socket: the descriptors of every process, by their links `socket:[INODE]`.
//!
//! Two ways lead through one set of rules: the kernel's `/proc` is read fast, by system calls on reused buffers
//! ([`fast`]); any other source through its own listings and links ([`walk`]).
//!
//! A descriptor table belongs to a process here. Threads that unshared theirs (`CLONE_FILES` off) are rare; asked for
//! threads, each is given the descriptors of its process.

pub mod counts;
pub mod fast;

use std::{
    io::{self, Read},
    path::Path,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
};

use super::Source;
use crate::model::owner::Holder;

/// Set in the ninth field of `/proc/PID/stat` for the kernel's own threads (`include/linux/sched.h`).
const PF_KTHREAD: u32 = 0x0020_0000;

/// What to look for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Ask<'a> {
    /// The inodes whose holders are wanted, sorted; without it every socket is.
    pub wanted: Option<&'a [u32]>,
    /// Whether every holder is wanted. Otherwise one of each inode is enough: the search ends when all inodes have
    /// been met, and which of several holders it then knows depends on the order it met them.
    pub all_holders: bool,
    /// Only processes in these network namespaces; a socket passed to a process elsewhere is missed.
    pub netns: Option<&'a [u64]>,
    /// Whether a holder is given for each thread.
    pub threads: bool,
}

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// The holders, sorted.
    pub holders: Vec<Holder>,
    /// Processes whose descriptors may not be read; the kernel's threads and zombies, which have none, do not count.
    pub denied: u64,
    /// Processes not looked at as they live in another network namespace.
    pub elsewhere: u64,
    /// Whether process 1 was listed: it is always there, unless `hidepid` hides it.
    pub lists_init: bool,
}

/// The inodes wanted, and how many of them have not been met yet.
struct Wanted<'a> {
    inodes: Option<&'a [u32]>,
    met: Vec<AtomicU64>,
    missing: AtomicUsize,
    stops: bool,
}

impl<'a> Wanted<'a> {
    fn new(ask: &Ask<'a>) -> Wanted<'a> {
        let count = ask.wanted.map_or(0, <[u32]>::len);
        // Only a search that may end early must remember what it met.
        let words = if ask.all_holders { 0 } else { count.div_ceil(64) };
        Wanted {
            inodes: ask.wanted,
            met: (0..words).map(|_| AtomicU64::new(0)).collect(),
            missing: AtomicUsize::new(count),
            stops: ask.wanted.is_some_and(|wanted| wanted.is_empty() || !ask.all_holders),
        }
    }

    /// Whether a holder of this inode is to be kept.
    fn takes(&self, inode: u32) -> bool {
        let Some(inodes) = self.inodes else { return true };
        let Ok(place) = inodes.binary_search(&inode) else { return false };
        if let Some(word) = self.met.get(place / 64) {
            let bit = 1 << (place % 64);
            if word.fetch_or(bit, Ordering::Relaxed) & bit == 0 {
                self.missing.fetch_sub(1, Ordering::Relaxed);
            }
        }
        true
    }

    fn is_done(&self) -> bool {
        self.stops && self.missing.load(Ordering::Relaxed) == 0
    }
}

/// Searches a source that has no faster way than its listings and links.
///
/// # Errors
/// When `/proc` cannot be listed.
pub fn walk<S: Source + ?Sized>(source: &S, ask: &Ask<'_>) -> io::Result<Found> {
    let wanted = Wanted::new(ask);
    let mut found = Found::default();
    if wanted.is_done() {
        return Ok(found);
    }
    let mut pids: Vec<u32> = source.list("/proc")?.iter().filter_map(|name| number(name.as_bytes())).collect();
    pids.sort_unstable();
    found.lists_init = pids.binary_search(&1).is_ok();
    for pid in pids {
        if wanted.is_done() {
            break;
        }
        match of_process(source, pid, ask, &wanted, &mut found.holders) {
            Ok(true) => {}
            Ok(false) => found.elsewhere += 1,
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                let mut stat = Vec::new();
                let read = source.open(&format!("/proc/{pid}/stat")).and_then(|mut file| file.read_to_end(&mut stat));
                found.denied += u64::from(read.is_err() || !is_without_descriptors(&stat));
            }
            // The process has ended, or is ending.
            Err(_) => {}
        }
    }
    found.holders.sort_unstable();
    Ok(found)
}

/// The inodes of the sockets that one process has open.
///
/// # Errors
/// When its descriptors may not be read, or it has ended.
pub fn sockets_of<S: Source + ?Sized>(source: &S, pid: u32) -> io::Result<Vec<u32>> {
    let fds = source.list(&format!("/proc/{pid}/fd"))?;
    let mut inodes = Vec::new();
    for fd in fds.iter().filter_map(|name| number(name.as_bytes())) {
        match source.link(&format!("/proc/{pid}/fd/{fd}")) {
            Ok(link) => inodes.extend(socket(bytes(&link))),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Err(error),
            // Closed meanwhile.
            Err(_) => {}
        }
    }
    Ok(inodes)
}

/// Adds what one process holds; false if it lives elsewhere.
fn of_process<S: Source + ?Sized>(
    source: &S,
    pid: u32,
    ask: &Ask<'_>,
    wanted: &Wanted<'_>,
    holders: &mut Vec<Holder>,
) -> io::Result<bool> {
    if let Some(namespaces) = ask.netns {
        let link = source.link(&format!("/proc/{pid}/ns/net"))?;
        if !within(bytes(&link), b"net:[").is_some_and(|inode| namespaces.contains(&inode)) {
            return Ok(false);
        }
    }
    let fds = source.list(&format!("/proc/{pid}/fd"))?;
    let tids = if ask.threads { source.list(&format!("/proc/{pid}/task")).unwrap_or_default() } else { Vec::new() };
    let mut tids: Vec<u32> = tids.iter().filter_map(|tid| number(tid.as_bytes())).collect();
    if tids.is_empty() {
        tids.push(pid);
    }
    for fd in fds.iter().filter_map(|name| number(name.as_bytes())) {
        match source.link(&format!("/proc/{pid}/fd/{fd}")) {
            Ok(link) => {
                if let Some(inode) = socket(bytes(&link)).filter(|&inode| wanted.takes(inode)) {
                    holders.extend(tids.iter().map(|&tid| Holder { inode, pid, tid, fd }));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Err(error),
            // Closed meanwhile.
            Err(_) => {}
        }
    }
    Ok(true)
}

fn bytes(link: &Path) -> &[u8] {
    link.as_os_str().as_encoded_bytes()
}

/// The inode of a descriptor's link, if it is a socket's.
fn socket(link: &[u8]) -> Option<u32> {
    within(link, b"socket:[").and_then(|inode| u32::try_from(inode).ok()).filter(|&inode| inode != 0)
}

/// The number in `net:[4026531840]`. No path of a file reads like that: those begin with a slash.
fn within(link: &[u8], prefix: &[u8]) -> Option<u64> {
    let digits = link.strip_prefix(prefix)?.strip_suffix(b"]")?;
    digits.iter().try_fold(0_u64, |number, &digit| match digit {
        b'0'..=b'9' => number.checked_mul(10)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })
}

/// A name that is a number: a process, a thread, a descriptor.
fn number(name: &[u8]) -> Option<u32> {
    name.first().filter(|byte| byte.is_ascii_digit())?;
    str::from_utf8(name).ok()?.parse().ok()
}

/// Whether `/proc/PID/stat` tells a thread of the kernel or a process that has ended: neither has descriptors.
fn is_without_descriptors(stat: &[u8]) -> bool {
    // `comm` stands in parentheses and may hold parentheses and blanks itself.
    let after = stat.iter().rposition(|&byte| byte == b')').and_then(|place| stat.get(place + 1..));
    let mut fields = after.unwrap_or_default().split(|&byte| byte == b' ').filter(|field| !field.is_empty());
    let state = fields.next();
    let flags = fields.nth(5).and_then(number);
    matches!(state, Some(b"Z" | b"X")) || flags.is_some_and(|flags| flags & PF_KTHREAD != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    fn held() -> MemorySource {
        let mut held = MemorySource::default();
        for (pid, fd, link) in [
            ("1", "3", "socket:[70]"),
            ("20", "0", "/dev/null"),
            ("20", "1", "/tmp/socket:[70]"),
            ("20", "4", "socket:[50]"),
            ("20", "5", "socket:[70]"),
            ("20", "6", "socket:[0]"),
            ("20", "7", "socket:[99999999999]"),
        ] {
            held.symlink(&format!("/proc/{pid}/fd/{fd}"), link);
        }
        held.symlink("/proc/1/ns/net", "net:[10]");
        held.symlink("/proc/20/ns/net", "net:[20]");
        held.file("/proc/20/task/20/comm", "a\n");
        held.file("/proc/20/task/21/comm", "b\n");
        held.file("/proc/meminfo", "");
        held
    }

    fn plain(found: &Found) -> Vec<(u32, u32, u32, u32)> {
        found.holders.iter().map(|holder| (holder.inode, holder.pid, holder.tid, holder.fd)).collect()
    }

    #[test]
    fn every_holder_comes_sorted_by_inode() {
        let found = walk(&held(), &Ask::default()).unwrap();
        assert_eq!(plain(&found), [(50, 20, 20, 4), (70, 1, 1, 3), (70, 20, 20, 5)]);
        assert!(found.lists_init);
    }

    #[test]
    fn the_search_ends_when_each_wanted_inode_was_met_unless_all_holders_are_wanted() {
        let ask = Ask { wanted: Some(&[70]), ..Ask::default() };
        assert_eq!(plain(&walk(&held(), &ask).unwrap()), [(70, 1, 1, 3)]);
        let ask = Ask { all_holders: true, ..ask };
        assert_eq!(plain(&walk(&held(), &ask).unwrap()), [(70, 1, 1, 3), (70, 20, 20, 5)]);
        let nothing = Ask { wanted: Some(&[]), all_holders: true, ..Ask::default() };
        assert_eq!(walk(&MemorySource::default(), &nothing).unwrap(), Found::default());
    }

    #[test]
    fn a_namespace_that_is_not_looked_at_is_left_out_and_counted() {
        let found = walk(&held(), &Ask { netns: Some(&[10]), ..Ask::default() }).unwrap();
        assert_eq!((plain(&found), found.elsewhere), (vec![(70, 1, 1, 3)], 1));
    }

    #[test]
    fn each_thread_is_given_the_descriptors_of_its_process() {
        let found = walk(&held(), &Ask { wanted: Some(&[50]), threads: true, ..Ask::default() }).unwrap();
        assert_eq!(plain(&found), [(50, 20, 20, 4), (50, 20, 21, 4)]);
    }

    #[test]
    fn a_thread_of_the_kernel_is_known_by_its_flags_whatever_its_name() {
        assert!(is_without_descriptors(b"2 (kthreadd) S 0 0 0 0 -1 2129984 0 0"));
        assert!(is_without_descriptors(b"9 (a) S (b) Z 1 9 9 0 -1 4194304 0 0"));
        assert!(!is_without_descriptors(b"9 (a) Z 2129984) S 1 9 9 0 -1 4194304 0 0"));
        assert!(!is_without_descriptors(b""));
    }
}
