//! Holders, descriptors and namespaces by listings and links alone: slower than the program itself, and apart from it.

#![allow(dead_code, reason = "shared by several test programs; none uses all of it")]

use std::{
    collections::BTreeSet,
    io::{self, Read},
    path::Path,
};

use sockdoc::{
    model::owner::Holder,
    source::{
        Source,
        processes::{Found, HolderQuery, by_links::namespace},
    },
};

/// Set in `/proc/PID/stat` for the kernel's own threads.
const PF_KTHREAD: u32 = 0x0020_0000;

/// Which processes hold which sockets.
///
/// # Errors
/// When `/proc` cannot be listed.
pub(crate) fn holders<S: Source + ?Sized>(source: &S, ask: &HolderQuery<'_>) -> io::Result<Found> {
    let mut wanted = Wanted::new(ask);
    let mut found = Found::default();
    if wanted.is_done() {
        return Ok(found);
    }
    let mut pids: Vec<u32> = source.list("/proc")?.iter().filter_map(|name| name.parse().ok()).collect();
    pids.sort_unstable();
    found.lists_init = pids.binary_search(&1).is_ok();
    for pid in pids {
        if wanted.is_done() {
            break;
        }
        match is_here(source, pid, ask) {
            Ok(true) => search(source, pid, ask, &mut wanted, &mut found),
            Ok(false) => found.elsewhere += 1,
            Err(error) => found.denied += u64::from(is_refusal(&error) && !lacks_descriptors(source, pid)),
        }
    }
    found.settle(ask.threads);
    Ok(found)
}

/// The inodes of the sockets that one process has open.
///
/// # Errors
/// When its descriptors may not be read, or it has ended.
pub(crate) fn sockets_of<S: Source + ?Sized>(source: &S, pid: u32) -> io::Result<Vec<u32>> {
    let of = |tid| Ok(sockets(source, tid)?.into_iter().map(|(_, inode)| inode).collect::<Vec<u32>>());
    let first = of(pid);
    if first.as_ref().is_ok_and(|inodes| !inodes.is_empty()) {
        return first;
    }
    let mut others = other_threads(source, pid).into_iter().filter_map(|tid| of(tid).ok());
    others.find(|inodes| !inodes.is_empty()).map_or(first, Ok)
}

/// The descriptors of a thread that are sockets, with the inodes.
fn sockets<S: Source + ?Sized>(source: &S, tid: u32) -> io::Result<Vec<(u32, u32)>> {
    let fds = source.list(&format!("/proc/{tid}/fd"))?;
    let mut sockets = Vec::new();
    for fd in fds.iter().filter_map(|name| name.parse().ok()) {
        match source.link(&format!("/proc/{tid}/fd/{fd}")) {
            Ok(link) => sockets.extend(within(&link, "socket:[").filter(|&inode| inode != 0).map(|inode| (fd, inode))),
            Err(error) if is_refusal(&error) => return Err(error),
            // Closed meanwhile.
            Err(_) => {}
        }
    }
    Ok(sockets)
}

/// The threads of a process but its first.
fn other_threads<S: Source + ?Sized>(source: &S, pid: u32) -> Vec<u32> {
    let tids = source.list(&format!("/proc/{pid}/task")).unwrap_or_default();
    tids.iter().filter_map(|tid| tid.parse().ok()).filter(|&tid| tid != pid).collect()
}

/// Whether a process lives where holders are looked for.
fn is_here<S: Source + ?Sized>(source: &S, pid: u32, ask: &HolderQuery<'_>) -> io::Result<bool> {
    let Some(namespaces) = ask.netns else { return Ok(true) };
    Ok(namespace(source, pid)?.is_some_and(|inode| namespaces.contains(&inode)))
}

/// Whether the first thread of a process has ended, or is the kernel's.
fn lacks_descriptors<S: Source + ?Sized>(source: &S, pid: u32) -> bool {
    let mut stat = Vec::new();
    let read = source.open(&format!("/proc/{pid}/stat")).and_then(|mut file| file.read_to_end(&mut stat));
    let after = stat.iter().rposition(|&byte| byte == b')').and_then(|place| str::from_utf8(&stat[place + 1..]).ok());
    let mut fields = after.unwrap_or_default().split_ascii_whitespace();
    let has_ended = matches!(fields.next(), Some("Z" | "X"));
    let flags: u32 = fields.nth(5).and_then(|flags| flags.parse().ok()).unwrap_or_default();
    read.is_ok() && (has_ended || flags & PF_KTHREAD != 0)
}

fn is_refusal(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied
}

/// Adds what a process holds: by its first thread, and by the others where that has ended or each is wanted.
fn search<S: Source + ?Sized>(source: &S, pid: u32, ask: &HolderQuery<'_>, wanted: &mut Wanted, found: &mut Found) {
    let mut take = |tid| {
        let sockets = sockets(source, tid)?;
        let is_any = !sockets.is_empty();
        let sockets = sockets.into_iter().filter(|&(_, inode)| wanted.takes(inode));
        found.holders.extend(sockets.map(|(fd, inode)| Holder { inode, pid, tid, fd }));
        io::Result::Ok(is_any)
    };
    let first = take(pid);
    let is_refused = first.as_ref().is_err_and(is_refusal);
    let goes_on = match first {
        Ok(is_any) => !is_any || ask.threads,
        Err(_) => !is_refused || lacks_descriptors(source, pid),
    };
    let is_refused = match goes_on {
        true => other_threads(source, pid).into_iter().any(|tid| take(tid).is_err_and(|error| is_refusal(&error))),
        false => is_refused,
    };
    found.denied += u64::from(is_refused);
}

/// The number in `socket:[70]` or `net:[4026531840]`.
fn within<T: std::str::FromStr>(link: &Path, prefix: &str) -> Option<T> {
    link.to_str()?.strip_prefix(prefix)?.strip_suffix(']')?.parse().ok()
}

/// The inodes that are searched for; each is taken off once it was met, where one holder is enough.
struct Wanted {
    inodes: Option<BTreeSet<u32>>,
    missing: Option<BTreeSet<u32>>,
}

impl Wanted {
    fn new(ask: &HolderQuery<'_>) -> Wanted {
        let inodes = ask.wanted.map(|wanted| wanted.iter().copied().collect::<BTreeSet<u32>>());
        let missing = inodes.clone().filter(|wanted| wanted.is_empty() || !ask.all_holders);
        Wanted { inodes, missing }
    }

    fn takes(&mut self, inode: u32) -> bool {
        self.missing.as_mut().map(|missing| missing.remove(&inode));
        self.inodes.as_ref().is_none_or(|inodes| inodes.contains(&inode))
    }

    fn is_done(&self) -> bool {
        self.missing.as_ref().is_some_and(BTreeSet::is_empty)
    }
}

/// Counts descriptors through a source's own listings.
///
/// # Errors
/// When `/proc` cannot be listed.
pub(crate) fn descriptor_counts<S: Source + ?Sized>(source: &S) -> io::Result<Vec<(u32, u64)>> {
    let pids = source.list("/proc")?;
    let pids = pids.iter().filter_map(|name| name.parse().ok());
    Ok(pids.filter_map(|pid| Some((pid, source.list(&format!("/proc/{pid}/fd")).ok()?.len() as u64))).collect())
}
