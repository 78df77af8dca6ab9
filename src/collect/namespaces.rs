//! How many network namespaces there are beside one's own.
//!
//! A namespace is found by a process that lives in it or by its name under `/run/netns`; one that is
//! held only by an open descriptor or a socket is not found.

use std::collections::BTreeSet;

use super::{owners, prelude::*};
use crate::{
    model::{
        host::Others,
        namespace::{Namespace, Namespaces},
        sorted,
    },
    source::processes::namespaces::Inhabited,
};

/// Counts the namespaces other than `own`.
pub fn others(source: &dyn Source, own: Option<u64>) -> Others {
    match survey(source) {
        Ok(Survey { by_process, named, denied, .. }) => {
            let found: BTreeSet<u64> = by_process.into_keys().chain(named.into_keys()).collect();
            let count = found.iter().filter(|&&inode| Some(inode) != own).count() as u64;
            let gap = owners::denied(source, denied).map(|why| Gap { what: What::Namespaces, why });
            Others { count, gap }
        }
        Err(error) => {
            let why = Why::Unreadable(format!("/proc: {error}"));
            Others { count: 0, gap: Some(Gap { what: What::Namespaces, why }) }
        }
    }
}

/// Finds every namespace that can be entered, with a label for each: its name, else what `describe` says of
/// a process in it, else that process.
///
/// # Errors
/// When `/proc` cannot be listed.
pub fn find(source: &dyn Source, own: Option<u64>, describe: &dyn Fn(u32) -> Option<String>) -> io::Result<Namespaces> {
    let Survey { by_process, named, illegible, denied } = survey(source)?;
    let mut found: Vec<Namespace> = named
        .iter()
        .map(|(&inode, name)| Namespace {
            inode,
            path: format!("{NAMED}/{name}"),
            label: Some(name.clone()),
            own: Some(inode) == own,
        })
        .collect();
    for (inode, pid) in by_process.into_iter().filter(|(inode, _)| !named.contains_key(inode)) {
        let own = Some(inode) == own;
        let label = if own { None } else { describe(pid).or_else(|| Some(format!("pid:{pid}"))) };
        found.push(Namespace { inode, path: format!("/proc/{pid}/ns/net"), label, own });
    }
    sorted::sort_by(&mut found, |a, b| {
        b.own.cmp(&a.own).then_with(|| a.label.cmp(&b.label)).then_with(|| a.inode.cmp(&b.inode))
    });
    Ok(Namespaces { found, denied, illegible })
}

/// Where `ip netns add` puts names.
const NAMED: &str = "/run/netns";

/// The names under `/run/netns`, in order.
pub fn names(source: &dyn Source) -> Vec<String> {
    let mut names = source.list(NAMED).unwrap_or_default();
    names.sort_unstable();
    names
}

/// The file that `NAME`, `pid:N` or a path refers to, and the inode of its target.
///
/// # Errors
///
/// If the file does not exist, or may not be read.
pub fn file_of(source: &dyn Source, word: &str) -> io::Result<(String, u64)> {
    let absent = || io::Error::from(io::ErrorKind::NotFound);
    let candidates = match word.strip_prefix("pid:") {
        Some(pid) => vec![format!("/proc/{}/ns/net", pid.trim().parse::<u32>().map_err(|_| absent())?)],
        None if word.starts_with('/') => vec![word.to_owned()],
        // A name is not a path: all names are in one folder.
        None if word.is_empty() || word.contains('/') || word == "." || word == ".." => return Err(absent()),
        None => vec![format!("{NAMED}/{word}"), format!("/var{NAMED}/{word}")],
    };
    let mut last = absent();
    for path in candidates {
        match source.inode(&path) {
            Ok(inode) => return Ok((path, inode)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// The namespaces of all processes and names.
struct Survey {
    /// The first process of each namespace, by inode.
    by_process: BTreeMap<u64, u32>,
    /// The name of each named namespace, by inode.
    named: BTreeMap<u64, String>,
    /// Names that are no text.
    illegible: Vec<String>,
    /// Processes whose namespace may not be seen.
    denied: u64,
}

fn survey(source: &dyn Source) -> io::Result<Survey> {
    let Inhabited { by_process, denied } = source.inhabited()?;
    let mut named = BTreeMap::new();
    let mut illegible = Vec::new();
    for name in names(source) {
        match source.inode(&format!("{NAMED}/{name}")) {
            Ok(inode) => {
                named.entry(inode).or_insert(name);
            }
            // What was read as this character is another byte.
            Err(_) if name.contains(char::REPLACEMENT_CHARACTER) => illegible.push(name),
            Err(_) => {}
        }
    }
    Ok(Survey { by_process, named, illegible, denied })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    #[test]
    fn a_namespace_counts_once_however_many_processes_live_in_it() {
        let mut held = MemorySource::default();
        for (pid, inode) in [("1", 10), ("2", 10), ("3", 20), ("4", 20), ("5", 30)] {
            held.symlink(&format!("/proc/{pid}/ns/net"), &format!("net:[{inode}]"));
        }
        held.symlink("/run/netns/blue", "net:[40]");
        held.symlink("/run/netns/red", "net:[20]");
        assert_eq!(others(&held, Some(10)), Others { count: 3, gap: None });
    }

    #[test]
    fn a_namespace_is_called_by_its_name_or_by_what_lives_in_it() {
        let mut held = MemorySource::default();
        for (pid, inode) in [("9", 10), ("12", 20), ("13", 30)] {
            held.symlink(&format!("/proc/{pid}/ns/net"), &format!("net:[{inode}]"));
        }
        held.symlink("/run/netns/blue", "net:[20]");
        let found = find(&held, Some(10), &|pid| (pid == 13).then(|| "web.service".to_owned())).unwrap().found;
        let labels: Vec<_> = found.iter().map(|one| (one.label.as_deref(), one.path.as_str(), one.own)).collect();
        let web = (Some("web.service"), "/proc/13/ns/net", false);
        assert_eq!(labels, [(None, "/proc/9/ns/net", true), (Some("blue"), "/run/netns/blue", false), web]);
    }

    #[test]
    fn a_process_name_or_path_stands_for_its_file() {
        let mut held = MemorySource::default();
        held.symlink("/proc/9/ns/net", "net:[10]");
        held.symlink("/run/netns/blue", "net:[20]");
        let file_of = |held: &MemorySource, word: &str| file_of(held, word).ok();
        assert_eq!(file_of(&held, "pid:9"), Some(("/proc/9/ns/net".into(), 10)));
        assert_eq!(file_of(&held, "blue"), Some(("/run/netns/blue".into(), 20)));
        assert_eq!(file_of(&held, "/run/netns/blue"), Some(("/run/netns/blue".into(), 20)));
        assert_eq!(file_of(&held, "red"), None);
        for word in ["pid:x", "", ".", "..", "../netns/blue"] {
            assert_eq!(file_of(&held, word), None, "{word}");
        }
    }

    #[test]
    fn an_unreadable_proc_is_a_gap_and_no_zero() {
        assert!(others(&MemorySource::default(), None).gap.is_some());
    }
}
