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
    ask: &HolderQuery<'_>,
    wanted: &WantedInodes<'_>,
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
        match source.link(&format!("/proc/{pid}/ns/net")) {
            Ok(link) => found.note(within(bytes(&link), b"net:["), pid),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => found.denied += 1,
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
    fn each_thread_is_given_the_descriptors_of_its_process() {
        let found =
            holders(&held(), &HolderQuery { wanted: Some(&[50]), threads: true, ..HolderQuery::default() }).unwrap();
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
