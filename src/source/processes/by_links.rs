//! The namespaces of processes in any source, link by link.

use std::io;

use super::{namespaces::Inhabited, number, within};
use crate::source::Source;

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
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => found.denied += 1,
            // The process has ended, or is ending.
            Err(_) => {}
        }
    }
    Ok(found)
}

/// The inode of a process's network namespace, seen through another thread where the first has ended.
///
/// # Errors
/// As reading a link does.
pub fn namespace<S: Source + ?Sized>(source: &S, pid: u32) -> io::Result<Option<u64>> {
    let of = |tid: u32| {
        let link = source.link(&format!("/proc/{tid}/ns/net"))?;
        Ok(within(link.as_os_str().as_encoded_bytes(), b"net:["))
    };
    of(pid).or_else(|error: io::Error| {
        let tids = source.list(&format!("/proc/{pid}/task")).unwrap_or_default();
        let others = tids.iter().filter_map(|tid| number(tid.as_bytes())).filter(|&tid| tid != pid);
        let mut others = others.filter_map(|tid| of(tid).ok());
        others.next().filter(|_| error.kind() == io::ErrorKind::NotFound).ok_or(error)
    })
}
