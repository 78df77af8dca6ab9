//! Descriptors and limits of processes, and the data of those that findings need.

use std::path::PathBuf;

use super::{files::Files, runtime};
use crate::{
    collect::{
        owners::{self, ProcessFields},
        prelude::*,
    },
    model::snapshot::{ProcessFacts, Snapshot},
};

/// With fewer descriptors no process is near any limit worth speaking of.
const WORTH_INSPECTING: u64 = 32;

/// A process is known from this part of its limit on: rules warn later.
const KNOWN_FROM: f64 = 0.5;

/// From this part of its limit on, its sockets are counted apart from its other descriptors, with one read for each.
const SOCKETS_FROM: f64 = 0.8;

/// Up to this many descriptors, each is read; beyond that, only [`PROBES`] of them.
const EACH_UP_TO: u64 = 1024;

/// Enough to distinguish a program that is near its limit for its sockets from one that is so for its files.
const PROBES: u64 = 64;

/// How many descriptors each process has open; empty where they cannot be listed.
pub(super) fn descriptors(source: &dyn Source) -> BTreeMap<u32, u64> {
    source.descriptor_counts().unwrap_or_default().into_iter().filter(|(_, count)| *count > 0).collect()
}

/// Adds the processes that are near their limit of descriptors to those that are known.
pub(super) fn add_near_limit(source: &dyn Source, snapshot: &mut Snapshot, counts_sockets: bool) {
    let mut files = Files::new(source);
    for (&pid, &used) in snapshot.now.descriptors.iter().filter(|(_, used)| **used >= WORTH_INSPECTING) {
        let Some((soft, hard)) = limits(&mut files, pid) else { continue };
        let part = used as f64 / soft.max(1) as f64;
        if part < KNOWN_FROM || lives_elsewhere(source, pid, snapshot.host.netns) {
            continue;
        }
        let Some(process) = owners::process(source, pid, ProcessFields::OWNER) else { continue };
        let mut facts = facts(source, process, Some((soft, hard)));
        if part >= SOCKETS_FROM || counts_sockets {
            facts.sockets = sockets(source, pid, used);
        }
        snapshot.processes.insert(pid, facts);
    }
}

/// Adds the processes that have descriptors without a socket to those that are known, with their limits.
pub(super) fn add_closed(source: &dyn Source, snapshot: &mut Snapshot) {
    let mut files = Files::new(source);
    for &pid in snapshot.closed_descriptors.iter().flatten().map(|(pid, _)| pid) {
        if snapshot.processes.contains_key(&pid) {
            continue;
        }
        let Some(process) = owners::process(source, pid, ProcessFields::OWNER) else { continue };
        snapshot.processes.insert(pid, facts(source, process, limits(&mut files, pid)));
    }
}

/// How many of a process's descriptors are sockets, of many descriptors about how many.
///
/// The kernel gives out the lowest number that is free, so the numbers up to their count are mostly those in use: some
/// of these are read, which takes no listing of the directory.
fn sockets(source: &dyn Source, pid: u32, used: u64) -> Option<u64> {
    if used <= EACH_UP_TO {
        return source.sockets_of(pid).ok().map(|inodes| inodes.len() as u64);
    }
    let links = (0..PROBES).filter_map(|probe| {
        let fd = probe * used / PROBES;
        source.link(&format!("/proc/{pid}/fd/{fd}")).ok()
    });
    let is_socket = |link: PathBuf| link.to_str().is_some_and(|link| link.starts_with("socket:["));
    let (mut seen, mut sockets) = (0, 0);
    for link in links {
        seen += 1;
        sockets += u64::from(is_socket(link));
    }
    (seen > 0).then(|| used * sockets / seen.max(1))
}

/// Everything about a process but its sockets.
pub(super) fn facts(source: &dyn Source, process: Process, limits: Option<(u64, u64)>) -> ProcessFacts {
    ProcessFacts {
        runtime: runtime::of(source, process.pid, &process.program),
        soft_limit: limits.map(|(soft, _)| soft),
        hard_limit: limits.map(|(_, hard)| hard),
        sockets: None,
        is_init: process.pid == 1,
        parent: None,
        threads: None,
        master: None,
        busy_threads: 0,
        cpu_percent: 100,
        held_up: None,
        process,
    }
}

/// Of processes of one name, the parents that are the same program.
pub(super) fn read_masters(source: &dyn Source, processes: &mut BTreeMap<u32, ProcessFacts>) {
    let mut files = Files::new(source);
    let mut of_name: BTreeMap<Box<[u8]>, Vec<u32>> = BTreeMap::new();
    for (&pid, facts) in processes.iter() {
        of_name.entry(facts.process.program.clone()).or_default().push(pid);
    }
    let mut names: BTreeMap<u32, Option<Box<[u8]>>> = BTreeMap::new();
    for (name, pids) in of_name.into_iter().filter(|(_, pids)| pids.len() > 1) {
        for pid in pids {
            let Some(parent) = files.text(&format!("/proc/{pid}/stat")).and_then(parent) else { continue };
            let read = || Some(files.text(&format!("/proc/{parent}/comm"))?.trim_end_matches('\n').as_bytes().into());
            let is_same = names.entry(parent).or_insert_with(read).as_deref() == Some(&*name);
            if let Some(facts) = processes.get_mut(&pid).filter(|_| is_same) {
                facts.master = Some(parent);
            }
        }
    }
}

/// The parent in `/proc/PID/stat`: `7 (name) S 1 ...`, where the name may hold anything.
fn parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(1)?.parse().ok()
}

/// Whether a process is known to live in another network namespace, where it is another sample's business.
fn lives_elsewhere(source: &dyn Source, pid: u32, netns: Option<u64>) -> bool {
    let theirs = source.inode(&format!("/proc/{pid}/ns/net")).ok();
    theirs.zip(netns).is_some_and(|(theirs, ours)| theirs != ours)
}

/// The soft and the hard limit of open descriptors.
pub(super) fn limits(files: &mut Files<'_>, pid: u32) -> Option<(u64, u64)> {
    open_files(files.text(&format!("/proc/{pid}/limits"))?)
}

/// `Max open files            1024                 524288               files`.
fn open_files(text: &str) -> Option<(u64, u64)> {
    let line = text.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    let mut fields = line.split_ascii_whitespace();
    let mut limit = || match fields.next()? {
        "unlimited" => Some(u64::MAX),
        number => number.parse().ok(),
    };
    Some((limit()?, limit()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_limits_are_read() {
        let text = "Limit                     Soft Limit           Hard Limit           Units     \n\
                    Max processes             unlimited            unlimited            processes \n\
                    Max open files            1024                 unlimited            files     \n";
        assert_eq!(open_files(text), Some((1024, u64::MAX)));
        assert_eq!(open_files("Max processes 1 1 processes\n"), None);
    }
}
