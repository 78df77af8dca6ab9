//! The same answers by BPF, and when it is asked: it reads no link for a descriptor and no directory for a process, but the
//! kernel's types, which takes some milliseconds.

use std::{
    collections::BTreeSet,
    fs,
    os::{fd::OwnedFd, unix::fs::MetadataExt},
    path::Path,
    time::Instant,
};

use rustix::{
    fs::Mode,
    thread::{CapabilitySet, capabilities},
};

use super::{
    Found, HolderQuery, WantedInodes,
    by_process::{Passed, ProcessSockets},
    counts, fast,
    namespaces::Inhabited,
};
use crate::{
    model::engine::{BpfFailure, BpfStep, Engine},
    source::bpf::iterate::{self, ListedProcess},
};

/// From this number of open files on the host, BPF finds holders sooner.
const MANY_FILES: u64 = 3_000;

/// From this number of threads on the host, BPF counts each process's descriptors sooner.
const MANY_THREADS: u64 = 800;

/// The inodes of the first PID namespace and of the first user namespace (`include/linux/proc_ns.h`).
const FIRST: [(&str, u64); 2] = [("self/ns/pid", 0xefff_fffc), ("self/ns/user", 0xefff_fffd)];

/// Whether BPF is to find holders below `root`; `None` if not, and the reason if it was asked for and cannot.
pub fn is_for_holders(root: &Path, engine: Engine) -> Option<Result<(), BpfFailure>> {
    is_usable(root, engine, || open_files(root) >= MANY_FILES)
}

/// Whether BPF is to count the descriptors of each process.
pub fn is_for_processes(root: &Path, engine: Engine) -> Option<Result<(), BpfFailure>> {
    is_usable(root, engine, || number(root, "loadavg", 3) >= MANY_THREADS)
}

/// How many files are open on the host.
pub fn open_files(root: &Path) -> u64 {
    number(root, "sys/fs/file-nr", 0)
}

fn is_usable(root: &Path, engine: Engine, is_cheaper: impl Fn() -> bool) -> Option<Result<(), BpfFailure>> {
    if engine == Engine::Netlink {
        return None;
    }
    // The program sees the processes of every namespace by their numbers in the first one.
    let is_first =
        FIRST.iter().all(|(file, inode)| fs::metadata(root.join(file)).is_ok_and(|file| file.ino() == *inode));
    let step = if !is_first {
        Some(BpfStep::Container)
    } else if !has_rights() {
        Some(BpfStep::Rights)
    } else {
        None
    };
    match (engine, step) {
        (Engine::Bpf, Some(step)) => Some(Err(BpfFailure { step, error: String::new(), log: String::new() })),
        (Engine::Bpf, None) => Some(Ok(())),
        (_, step) => (step.is_none() && is_cheaper()).then_some(Ok(())),
    }
}

/// To load and to attach, and to see what `/proc` would show.
fn has_rights() -> bool {
    let effective = capabilities(None).map_or(CapabilitySet::empty(), |sets| sets.effective);
    effective.contains(CapabilitySet::SYS_PTRACE)
        && (effective.contains(CapabilitySet::SYS_ADMIN)
            || effective.contains(CapabilitySet::BPF | CapabilitySet::PERFMON))
}

/// A number in a file of one line: the word at a place, up to a slash or behind one.
fn number(root: &Path, file: &str, place: usize) -> u64 {
    let text = fs::read_to_string(root.join(file)).unwrap_or_default();
    let word = text.split_ascii_whitespace().nth(place).unwrap_or_default();
    word.rsplit('/').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn open(root: &Path) -> Result<OwnedFd, BpfFailure> {
    rustix::fs::open(root, fast::OPEN, Mode::empty()).map_err(|error| BpfFailure::new(BpfStep::Read, &error.into()))
}

/// Which processes hold which sockets. All sockets of those that hold some of the wanted ones are kept.
///
/// # Errors
/// With the step that failed and the kernel's reason.
pub fn holders(root: &Path, ask: &HolderQuery<'_>, kept: &ProcessSockets) -> Result<Found, BpfFailure> {
    let wanted = WantedInodes::new(ask);
    let mut found = Found { lists_init: true, ..Found::default() };
    if wanted.is_done() {
        return Ok(found);
    }
    let (mut elsewhere, mut split) = (BTreeSet::new(), BTreeSet::new());
    let (mut passed, began) = (Passed::default(), Instant::now());
    iterate::held_sockets(&mut |held| {
        let holder = held.holder;
        let is_wanted = holder.inode != 0 && wanted.takes(holder.inode);
        if ask.wanted.is_some() {
            passed.note(holder.pid, holder.inode, is_wanted);
        }
        if ask.netns.is_some_and(|here| !here.contains(&held.netns)) {
            elsewhere.insert(holder.pid);
        } else if holder.pid != holder.tid {
            split.insert(holder.pid);
        } else if is_wanted {
            found.holders.push(holder);
        }
    })?;
    found.elsewhere = elsewhere.len() as u64;
    // A thread with its own table, or a first thread that has ended, is rare; the links in `/proc` settle it.
    found.holders.retain(|holder| !split.contains(&holder.pid));
    let mut sockets = passed.finish();
    sockets.retain(|pid, _| !split.contains(pid));
    kept.keep(began, sockets);
    if !split.is_empty() {
        let rest = fast::scan_of(root, ask, split.into_iter().collect());
        found.holders.extend(rest.map(|rest| rest.holders).unwrap_or_default());
    }
    found.settle(ask.threads);
    Ok(found)
}

/// Which network namespaces processes live in.
///
/// # Errors
/// With the step that failed and the kernel's reason.
pub fn inhabited(root: &Path) -> Result<Inhabited, BpfFailure> {
    let mut found = Inhabited::default();
    let root = open(root)?;
    let see = |pid| fast::namespace(&root, pid).ok().flatten();
    iterate::processes(&mut |process| found.note(process.netns.or_else(|| see(process.pid)), process.pid))?;
    Ok(found)
}

/// How many descriptors each process has open.
///
/// # Errors
/// With the step that failed and the kernel's reason.
pub fn descriptor_counts(root: &Path) -> Result<Vec<(u32, u64)>, BpfFailure> {
    let mut all = Vec::new();
    let (directory, size_tells) = (open(root)?, counts::size_tells(root));
    iterate::processes(&mut |ListedProcess { pid, descriptors, .. }| {
        all.extend(descriptors.or_else(|| counts::of_process(&directory, pid, size_tells)).map(|count| (pid, count)));
    })?;
    all.sort_unstable();
    Ok(all)
}
