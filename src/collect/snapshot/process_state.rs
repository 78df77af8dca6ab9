//! The state of a process or a thread, and what it alone proves.

use super::files::Files;
use crate::{
    model::owner::{Freezer, HeldUp},
    source::Source,
};

/// Of a process with more threads the first are read.
const MOST_THREADS: usize = 64;
/// Where a task of a frozen cgroup waits: version 2 of cgroups, which compilers may inline (nothing else sleeps there), and
/// version 1.
pub(super) const FROZEN: [(&str, Freezer); 3] =
    [("do_freezer_trap", Freezer::V2), ("get_signal", Freezer::V2), ("__refrigerator", Freezer::V1)];

/// Why a process does not run, if its state alone proves it.
pub(super) fn now(files: &mut Files<'_>, pid: u32) -> Option<HeldUp> {
    let status = Status::read(files, &format!("/proc/{pid}"))?;
    at_once(files, pid, status)
}

/// A state that one read of a process proves: stopped, traced or frozen.
pub(super) fn at_once(files: &mut Files<'_>, pid: u32, status: Status) -> Option<HeldUp> {
    match status.state {
        'T' => Some(HeldUp::Stopped),
        't' => Some(HeldUp::Traced(status.tracer)),
        // Version 2 of cgroups shows a frozen process as sleeping, version 1 as waiting.
        'S' | 'D' => {
            let place = files.text(&format!("/proc/{pid}/wchan"))?;
            let is_there =
                |(name, freezer): &&(&str, Freezer)| *name == place && (status.state == 'S' || *freezer == Freezer::V1);
            let freezer = FROZEN.iter().find(is_there).map(|(_, freezer)| *freezer);
            // Since Linux 6.1 version 1 leaves a process where it sleeps.
            let of_v1 = || (status.state == 'D' && is_frozen_by_v1(files, pid)).then_some(Freezer::V1);
            freezer.or_else(of_v1).map(HeldUp::Frozen)
        }
        _ => None,
    }
}

/// Whether the cgroup of a process is frozen, or one above it, in the `freezer` hierarchy of version 1.
fn is_frozen_by_v1(files: &mut Files<'_>, pid: u32) -> bool {
    let of_line = |line: &str| line.split_once(':')?.1.strip_prefix("freezer:").map(str::to_owned);
    let group = files.text(&format!("/proc/{pid}/cgroup")).and_then(|text| text.lines().find_map(of_line));
    // The first group is never frozen.
    let group = group.filter(|group| group != "/");
    let state = group.and_then(|group| files.text(&format!("/sys/fs/cgroup/freezer{group}/freezer.state")));
    state.is_some_and(|state| state.trim() != "THAWED")
}

/// The parent of a process.
pub(super) fn parent(files: &mut Files<'_>, pid: u32) -> Option<u32> {
    Status::read(files, &format!("/proc/{pid}"))?.parent
}

/// The threads of a process.
pub(super) fn threads(source: &dyn Source, pid: u32) -> Vec<u32> {
    let names = source.list(&format!("/proc/{pid}/task")).unwrap_or_default();
    let mut threads: Vec<u32> = names.iter().filter_map(|name| name.parse().ok()).collect();
    threads.sort_unstable();
    threads.truncate(MOST_THREADS);
    threads
}

/// Lines of `/proc/PID/status`.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Status {
    pub(super) state: char,
    pub(super) parent: Option<u32>,
    tracer: Option<u32>,
    pub(super) threads: Option<u64>,
    /// How often it gave up the CPU to wait.
    pub(super) switches: Option<u64>,
}

impl Status {
    pub(super) fn read(files: &mut Files<'_>, folder: &str) -> Option<Status> {
        let text = files.text(&format!("{folder}/status"))?;
        let mut status = Status::default();
        for line in text.lines() {
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name {
                "State" => status.state = value.chars().next()?,
                "PPid" => status.parent = value.parse().ok(),
                "TracerPid" => status.tracer = value.parse().ok().filter(|&pid| pid != 0),
                "Threads" => status.threads = value.parse().ok(),
                "voluntary_ctxt_switches" => status.switches = value.parse().ok(),
                _ => {}
            }
        }
        Some(status)
    }

    /// Whether a thread has slept without a break until a later reading.
    pub(super) fn is_same_sleep(&self, later: &Status) -> bool {
        (self.state, later.state) == ('S', 'S') && self.switches == later.switches
    }

    /// Whether a process has waited in state D without a break until a later reading.
    pub(super) fn is_same_wait(&self, later: &Status) -> bool {
        (self.state, later.state) == ('D', 'D') && self.switches == later.switches
    }
}
