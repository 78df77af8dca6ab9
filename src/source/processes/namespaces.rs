//! Which network namespaces processes live in.

use std::{collections::BTreeMap, io, path::Path};

use super::{
    each::{self, KeptListing},
    fast::{is_refusal, namespace},
};

/// The network namespaces that processes live in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Inhabited {
    /// The first process of each, by inode.
    pub by_process: BTreeMap<u64, u32>,
    /// Processes whose namespace may not be seen.
    pub denied: u64,
}

impl Inhabited {
    pub(super) fn note(&mut self, inode: Option<u64>, pid: u32) {
        if let Some(inode) = inode {
            self.by_process.entry(inode).and_modify(|first| *first = pid.min(*first)).or_insert(pid);
        }
    }
}

/// Reads below a live `/proc`.
///
/// # Errors
///
/// If it cannot be listed.
pub fn live(root: &Path, kept: &KeptListing) -> io::Result<Inhabited> {
    let notes = each::process(root, kept, &|root, pid, found: &mut Inhabited| match namespace(root, pid) {
        Ok(inode) => found.note(inode, pid),
        Err(error) if is_refusal(error) => found.denied += 1,
        Err(_) => {}
    })?;
    Ok(notes.into_iter().fold(Inhabited::default(), |mut all, one| {
        all.denied += one.denied;
        one.by_process.into_iter().for_each(|(inode, pid)| all.note(Some(inode), pid));
        all
    }))
}
