//! The holders of sockets: the descriptors of every process, by their links `socket:[INODE]`.
//!
//! Two implementations share one set of rules: [`fast`] reads the kernel's `/proc` with system calls on reused buffers;
//! [`by_bpf`] lets the kernel walk its own tables, where that is allowed and cheaper.
//!
//! A process has one descriptor table, read through its first thread; if that has ended (`pthread_exit` in `main`),
//! through the others. In thread mode each thread's table is read, because a thread may have unshared its own
//! (`CLONE_FILES`).

pub mod by_bpf;
pub mod by_links;
pub mod by_process;
pub mod counts;
pub mod each;
pub mod fast;
pub mod kept;
mod kernel_threads;
pub mod namespaces;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::model::{engine::BpfFailure, owner::Holder};

/// Set in the ninth field of `/proc/PID/stat` for the kernel's own threads (`include/linux/sched.h`).
const PF_KTHREAD: u32 = 0x0020_0000;

/// The inodes to search for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct HolderQuery<'a> {
    /// The inodes whose holders are wanted, sorted; without it every socket is.
    pub wanted: Option<&'a [u32]>,
    /// Whether every holder is wanted. Otherwise one of each inode is enough: the search ends when all inodes have
    /// been met, and which of several holders it then knows depends on the order it met them.
    pub all_holders: bool,
    /// Only processes in these network namespaces; a socket passed to a process elsewhere is missed.
    pub netns: Option<&'a [u64]>,
    /// Whether a holder is given for each thread.
    pub threads: bool,
    /// The processes to search, in this order, instead of all: the kernel's may be too large for that, and then none is
    /// found; another source may search more.
    pub among: Option<&'a [u32]>,
}

/// The result of the search.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// The holders, sorted.
    pub holders: Vec<Holder>,
    /// Processes whose descriptors may not be read; the kernel's threads and zombies, which have none, do not count.
    pub denied: u64,
    /// Processes skipped because they live in another network namespace.
    pub elsewhere: u64,
    /// Whether process 1 was listed: it is always there, unless `hidepid` hides it.
    pub lists_init: bool,
    /// Why BPF did not find them.
    pub failure: Option<BpfFailure>,
}

impl Found {
    /// Sorts the holders; unless threads were asked for, a descriptor that several threads share counts once.
    pub fn settle(&mut self, threads: bool) {
        if !threads && self.holders.iter().any(|holder| holder.tid != holder.pid) {
            self.holders.sort_unstable_by_key(|holder| (holder.inode, holder.pid, holder.fd, holder.tid));
            self.holders.dedup_by_key(|holder| (holder.inode, holder.pid, holder.fd));
        }
        self.holders.sort_unstable();
    }
}

/// The inodes wanted, and how many of them have not been met yet.
struct WantedInodes<'a> {
    inodes: Option<&'a [u32]>,
    met: Vec<AtomicU64>,
    missing: AtomicUsize,
    stops: bool,
}

impl<'a> WantedInodes<'a> {
    fn new(ask: &HolderQuery<'a>) -> WantedInodes<'a> {
        let count = ask.wanted.map_or(0, <[u32]>::len);
        // Only a search that may end early must remember the inodes that it met.
        let words = if ask.all_holders { 0 } else { count.div_ceil(64) };
        WantedInodes {
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

/// Whether `/proc/PID/stat` is that of a thread of the kernel or of one that has ended: neither has descriptors.
fn is_without_descriptors(stat: &[u8]) -> bool {
    is_of_the_kernel(stat) || matches!(after_name(stat).next(), Some(b"Z" | b"X"))
}

/// Whether `/proc/PID/stat` is that of a thread of the kernel.
fn is_of_the_kernel(stat: &[u8]) -> bool {
    after_name(stat).nth(6).and_then(number).is_some_and(|flags| flags & PF_KTHREAD != 0)
}

/// The fields of `/proc/PID/stat` from the state on; `comm` before it is in parentheses and may hold parentheses and
/// blanks itself.
fn after_name(stat: &[u8]) -> impl Iterator<Item = &[u8]> {
    let after = stat.iter().rposition(|&byte| byte == b')').and_then(|place| stat.get(place + 1..));
    after.unwrap_or_default().split(|&byte| byte == b' ').filter(|field| !field.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::{
        MemorySource,
        listed::{holders, sockets_of},
    };

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
        let found = holders(&held(), &HolderQuery::default()).unwrap();
        assert_eq!(plain(&found), [(50, 20, 20, 4), (70, 1, 1, 3), (70, 20, 20, 5)]);
        assert!(found.lists_init);
    }

    #[test]
    fn the_search_ends_when_each_wanted_inode_was_met_unless_all_holders_are_wanted() {
        let ask = HolderQuery { wanted: Some(&[70]), ..HolderQuery::default() };
        assert_eq!(plain(&holders(&held(), &ask).unwrap()), [(70, 1, 1, 3)]);
        let ask = HolderQuery { all_holders: true, ..ask };
        assert_eq!(plain(&holders(&held(), &ask).unwrap()), [(70, 1, 1, 3), (70, 20, 20, 5)]);
        let nothing = HolderQuery { wanted: Some(&[]), all_holders: true, ..HolderQuery::default() };
        assert_eq!(holders(&MemorySource::default(), &nothing).unwrap(), Found::default());
    }

    #[test]
    fn a_namespace_that_is_not_looked_at_is_left_out_and_counted() {
        let found = holders(&held(), &HolderQuery { netns: Some(&[10]), ..HolderQuery::default() }).unwrap();
        assert_eq!((plain(&found), found.elsewhere), (vec![(70, 1, 1, 3)], 1));
    }

    #[test]
    fn each_thread_has_a_table_and_that_of_the_first_stands_for_the_process() {
        let mut held = held();
        held.symlink("/proc/21/fd/9", "socket:[60]");
        let of = |threads| {
            let ask = HolderQuery { wanted: Some(&[50, 60]), threads, all_holders: true, ..HolderQuery::default() };
            let found = plain(&holders(&held, &ask).unwrap());
            found.into_iter().filter(|(_, pid, ..)| *pid == 20).collect::<Vec<_>>()
        };
        assert_eq!(of(false), [(50, 20, 20, 4)]);
        assert_eq!(of(true), [(50, 20, 20, 4), (60, 20, 21, 9)]);
    }

    #[test]
    fn where_the_first_thread_has_ended_the_others_are_read_and_a_shared_descriptor_counts_once() {
        let mut held = MemorySource::default();
        held.file("/proc/20/stat", "20 (a) Z 1");
        for tid in [20, 21, 22] {
            held.file(&format!("/proc/20/task/{tid}/comm"), "a\n");
        }
        for (tid, fd) in [(21, 4), (22, 4), (22, 5)] {
            held.symlink(&format!("/proc/{tid}/fd/{fd}"), "socket:[50]");
        }
        let of = |held: &MemorySource, threads| {
            let found = holders(held, &HolderQuery { threads, ..HolderQuery::default() }).unwrap();
            found.holders.iter().filter(|holder| holder.pid == 20).map(|one| (one.tid, one.fd)).collect::<Vec<_>>()
        };
        assert_eq!(of(&held, false), [(21, 4), (22, 5)]);
        assert_eq!(of(&held, true), [(21, 4), (22, 4), (22, 5)]);
        assert_eq!(sockets_of(&held, 20).unwrap(), [50]);
        held.symlink("/proc/22/ns/net", "net:[30]");
        assert_eq!(by_links::namespace(&held, 20).unwrap(), Some(30));
    }

    #[test]
    fn a_thread_of_the_kernel_is_known_by_its_flags_whatever_its_name() {
        assert!(is_without_descriptors(b"2 (kthreadd) S 0 0 0 0 -1 2129984 0 0"));
        assert!(is_without_descriptors(b"9 (a) S (b) Z 1 9 9 0 -1 4194304 0 0"));
        assert!(!is_without_descriptors(b"9 (a) Z 2129984) S 1 9 9 0 -1 4194304 0 0"));
        assert!(!is_without_descriptors(b""));
    }
}
