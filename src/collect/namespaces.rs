//! How many network namespaces there are beside one's own.
//!
//! A namespace is found by a process that lives in it or by its name under `/run/netns`; one that is
//! held only by an open descriptor or a socket is not found.

use std::{collections::BTreeSet, io, path::Path};

use crate::{
    model::{
        gap::{Gap, What, Why},
        host::Others,
    },
    source::Source,
};

/// Counts the namespaces other than `own`.
pub fn others(source: &dyn Source, own: Option<u64>) -> Others {
    let mut found = BTreeSet::new();
    let mut denied = 0;
    let processes = match source.list("/proc") {
        Ok(names) => names,
        Err(error) => {
            let why = Why::Unreadable(format!("reading /proc: {error}"));
            return Others { count: 0, gap: Some(Gap { what: What::Namespaces, why }) };
        }
    };
    for pid in processes.iter().filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())) {
        match source.link(&format!("/proc/{pid}/ns/net")) {
            Ok(target) => found.extend(inode(&target)),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => denied += 1,
            // The process has ended, or is ending.
            Err(_) => {}
        }
    }
    for name in source.list("/run/netns").unwrap_or_default() {
        found.extend(source.inode(&format!("/run/netns/{name}")));
    }
    let count = found.iter().filter(|&&inode| Some(inode) != own).count() as u64;
    let gap = (denied > 0).then_some(Gap { what: What::Namespaces, why: Why::Denied(denied) });
    Others { count, gap }
}

/// `net:[4026531840]`.
fn inode(link: &Path) -> Option<u64> {
    link.to_str()?.strip_prefix("net:[")?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::held::Held;

    #[test]
    fn a_namespace_counts_once_however_many_processes_live_in_it() {
        let mut held = Held::default();
        for (pid, inode) in [("1", 10), ("2", 10), ("3", 20), ("4", 20), ("5", 30)] {
            held.symlink(&format!("/proc/{pid}/ns/net"), &format!("net:[{inode}]"));
        }
        held.symlink("/run/netns/blue", "net:[40]");
        held.symlink("/run/netns/red", "net:[20]");
        assert_eq!(others(&held, Some(10)), Others { count: 3, gap: None });
    }

    #[test]
    fn an_unreadable_proc_is_a_gap_and_no_zero() {
        assert!(others(&Held::default(), None).gap.is_some());
    }
}
