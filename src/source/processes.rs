//! The holders of sockets: the descriptors of every process, by their links `socket:[INODE]`.
//!
//! Three implementations share one set of rules: [`fast`] reads the kernel's `/proc` with system calls on reused buffers;
//! [`by_bpf`] lets the kernel walk its own tables, where that is allowed and cheaper; [`listed`] reads any other source
//! through its listings and links.
//!
//! A process has one descriptor table, read through its first thread; if that has ended (`pthread_exit` in `main`),
//! through the others. In thread mode each thread's table is read, because a thread may have unshared its own
//! (`CLONE_FILES`).

pub mod by_bpf;
pub mod counts;
mod each;
pub mod fast;
pub mod kept;
mod kernel_threads;
pub mod listed;
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
        // Only a search that may end early must remember what it met.
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
