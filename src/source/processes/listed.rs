//! Holders, descriptors and namespaces of a source that has no faster way than its listings and links.

use std::{
    io::{self, Read},
    path::Path,
};

use super::{Found, HolderQuery, WantedInodes, is_without_descriptors, namespaces::Inhabited, number, socket, within};
use crate::{model::owner::Holder, source::Source};

/// Which processes hold which sockets.
///
/// # Errors
/// When `/proc` cannot be listed.
pub fn holders<S: Source + ?Sized>(source: &S, ask: &HolderQuery<'_>) -> io::Result<Found> {
    let wanted = WantedInodes::new(ask);
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
        match is_here(source, pid, ask) {
            Ok(true) => of_process(source, pid, ask, &wanted, &mut found),
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
pub fn sockets_of<S: Source + ?Sized>(source: &S, pid: u32) -> io::Result<Vec<u32>> {
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
    for fd in fds.iter().filter_map(|name| number(name.as_bytes())) {
        match source.link(&format!("/proc/{tid}/fd/{fd}")) {
            Ok(link) => sockets.extend(socket(bytes(&link)).map(|inode| (fd, inode))),
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
    tids.iter().filter_map(|tid| number(tid.as_bytes())).filter(|&tid| tid != pid).collect()
}

/// Whether a process lives in the searched namespaces.
fn is_here<S: Source + ?Sized>(source: &S, pid: u32, ask: &HolderQuery<'_>) -> io::Result<bool> {
    let Some(namespaces) = ask.netns else { return Ok(true) };
    Ok(namespace(source, pid)?.is_some_and(|inode| namespaces.contains(&inode)))
}

/// The inode of a process's network namespace, seen through another thread where the first has ended.
fn namespace<S: Source + ?Sized>(source: &S, pid: u32) -> io::Result<Option<u64>> {
    let of = |tid| Ok(within(bytes(&source.link(&format!("/proc/{tid}/ns/net"))?), b"net:["));
    of(pid).or_else(|error: io::Error| {
        let mut others = other_threads(source, pid).into_iter().filter_map(|tid| of(tid).ok());
        others.next().filter(|_| error.kind() == io::ErrorKind::NotFound).ok_or(error)
    })
}

/// Whether the first thread of a process has ended, or is the kernel's.
fn lacks_descriptors<S: Source + ?Sized>(source: &S, pid: u32) -> bool {
    let mut stat = Vec::new();
    let read = source.open(&format!("/proc/{pid}/stat")).and_then(|mut file| file.read_to_end(&mut stat));
    read.is_ok() && is_without_descriptors(&stat)
}

fn is_refusal(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied
}

/// Adds what a process holds: by its first thread, and by the others where that has ended or each is wanted.
fn of_process<S: Source + ?Sized>(
    source: &S,
    pid: u32,
    ask: &HolderQuery<'_>,
    wanted: &WantedInodes<'_>,
    found: &mut Found,
) {
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

fn bytes(link: &Path) -> &[u8] {
    link.as_os_str().as_encoded_bytes()
}

/// Counts descriptors through a source's own listings.
///
/// # Errors
/// When `/proc` cannot be listed.
pub fn descriptor_counts<S: Source + ?Sized>(source: &S) -> io::Result<Vec<(u32, u64)>> {
    let pids = source.list("/proc")?;
    let pids = pids.iter().filter_map(|name| number(name.as_bytes()));
    Ok(pids.filter_map(|pid| Some((pid, source.list(&format!("/proc/{pid}/fd")).ok()?.len() as u64))).collect())
}

/// Which network namespaces processes live in.
///
/// # Errors
/// When `/proc` cannot be listed.
pub fn inhabited<S: Source + ?Sized>(source: &S) -> io::Result<Inhabited> {
    let mut found = Inhabited::default();
    let mut pids: Vec<u32> = source.list("/proc")?.iter().filter_map(|name| number(name.as_bytes())).collect();
    pids.sort_unstable();
    for pid in pids {
        match namespace(source, pid) {
            Ok(inode) => found.note(inode, pid),
            Err(error) if is_refusal(&error) => found.denied += 1,
            // The process has ended, or is ending.
            Err(_) => {}
        }
    }
    Ok(found)
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
        assert_eq!(namespace(&held, 20).unwrap(), Some(30));
    }

    #[test]
    fn a_thread_of_the_kernel_is_known_by_its_flags_whatever_its_name() {
        assert!(is_without_descriptors(b"2 (kthreadd) S 0 0 0 0 -1 2129984 0 0"));
        assert!(is_without_descriptors(b"9 (a) S (b) Z 1 9 9 0 -1 4194304 0 0"));
        assert!(!is_without_descriptors(b"9 (a) Z 2129984) S 1 9 9 0 -1 4194304 0 0"));
        assert!(!is_without_descriptors(b""));
    }
}
