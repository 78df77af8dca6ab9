//! Why processes do not run, for those that data or connections wait for.
//!
//! The state shows a stopped, traced or frozen process. A wait for a disk, an endless computation, or a CPU limit shows
//! only over time: two readings a tenth of a second apart, taken if connections have not been accepted for a second, and a
//! third of a process that waited in both, or that may compute but was not seen to do so all the time; of a thread that
//! waits to write to a pipe, the first and the third. Each reading uses another name of the same file, so that a recording
//! keeps all.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    blocked_output::{Writer, WritingThread},
    files::Files,
    process_state::{self, Status, at_once, threads},
};
use crate::{
    model::{
        owner::HeldUp,
        snapshot::{ProcessFacts, Sample},
    },
    source::Source,
};

/// Up to this many descriptors on the host, every holder of a socket is searched; above, one holder per socket is
/// enough, and only sockets of held-up programs count.
const MANY_DESCRIPTORS: u64 = 50_000;
/// Between the two readings.
const BETWEEN: Duration = Duration::from_millis(100);
/// Between the second reading and the third: on a busy machine a short wait may last for tenths of a second.
const LONGER: Duration = Duration::from_millis(400);
/// Of the time between two readings, a thread that wants to run all the time has run, or waited for a CPU, this part, in
/// percent. A wait is added when it ends: on a busy machine the last one may take most of a tenth of a second.
const BUSY_PERCENT: u128 = 80;
/// A process that may compute: in a tenth of a second a thread of it has run, or waited for a CPU, this part.
const ACTIVE_PERCENT: u128 = 10;
/// Up to this number of sockets with queued data, all owners are found.
const FEW_SUSPECTS: usize = 32;
/// The `wchan` of a task that runs, or that we may not inspect.
const RUNS: &str = "0";
/// Parts of the names of the functions in which a stopped, traced or frozen task waits.
const STOPS: [&str; 6] = ["signal_stop", "get_signal", "ptrace_stop", "jobctl", "freezer", "refrigerator"];

/// Reads the states of processes by which something waits. Of those that `may_hang` it is seen over time whether they
/// compute, wait for a device, or wait for a program, among those in `all`, that should take what they write. Returns the
/// number of those not found held up whose writes may not be read.
pub(super) fn read(
    source: &dyn Source,
    processes: &mut BTreeMap<u32, ProcessFacts>,
    pids: &[u32],
    may_hang: &[u32],
    all: &BTreeMap<u32, u64>,
) -> u64 {
    let mut files = Files::new(source);
    let (mut first, mut denied) = (Vec::new(), Vec::new());
    for pid in pids {
        let Some(facts) = processes.get_mut(pid) else { continue };
        let Some(status) = Status::read(&mut files, &format!("/proc/{pid}")) else { continue };
        (facts.parent, facts.threads) = (status.parent, status.threads);
        facts.held_up = at_once(&mut files, *pid, status);
        if facts.held_up.is_none() && may_hang.contains(pid) {
            let threads = threads(source, *pid);
            let cpu = threads.iter().map(|tid| CpuTime::read(&mut files, &format!("/proc/{pid}/task/{tid}"))).collect();
            let throttled = throttled(&mut files, *pid, "/");
            let writes = WritingThread::find(source, &mut files, *pid, &threads);
            denied.extend(writes.is_err().then_some(*pid));
            first.push(StateReading { pid: *pid, status, threads, cpu, throttled, writes: writes.ok().flatten() });
        }
    }
    see_over_time(source, &mut files, processes, first, all);
    let is_unknown = |pid: &&u32| processes.get(pid).is_some_and(|facts| facts.held_up.is_none());
    denied.iter().filter(is_unknown).count() as u64
}

/// Reads again, once or twice, what processes do that had no evident reason to stand still.
fn see_over_time(
    source: &dyn Source,
    files: &mut Files<'_>,
    processes: &mut BTreeMap<u32, ProcessFacts>,
    first: Vec<StateReading>,
    all: &BTreeMap<u32, u64>,
) {
    if first.is_empty() {
        return;
    }
    source.pause(BETWEEN);
    let mut again = Vec::new();
    for earlier in first {
        let Some(facts) = processes.get_mut(&earlier.pid) else { continue };
        let may_go_on = earlier.waits(files, facts) || {
            let times = earlier.since(files, &SECOND);
            earlier.computes(files, facts, &times, &SECOND)
        };
        again.extend((may_go_on || earlier.writes.is_some() && facts.held_up.is_none()).then_some(earlier));
    }
    if again.is_empty() {
        return;
    }
    source.pause(LONGER);
    for earlier in again {
        let Some(facts) = processes.get_mut(&earlier.pid) else { continue };
        if facts.held_up.is_none() && earlier.writes.is_none() {
            let times = earlier.since(files, &THIRD);
            if earlier.computes(files, facts, &times, &THIRD) {
                earlier.stands_still(files, facts, &times);
            }
            continue;
        }
        if let Some(thread) = earlier.writes.as_ref().filter(|_| facts.held_up.is_none()) {
            let output = thread.still(files, &Writer { source, pid: earlier.pid, parent: facts.parent, all });
            facts.held_up = output.map(|output| HeldUp::Output(Box::new(output)));
            continue;
        }
        // An older recording has no third reading.
        let now = Status::read(files, &format!("/proc/{}/", earlier.pid));
        if now.is_some_and(|now| !earlier.status.is_same_wait(&now)) {
            facts.held_up = None;
        }
    }
}

/// Whether the processes of the host have more descriptors than are searched for every holder.
pub(super) fn has_many_descriptors(now: &Sample) -> bool {
    now.descriptors.values().sum::<u64>() > MANY_DESCRIPTORS
}

/// On a host with many queued sockets or many descriptors: the sockets whose process is held up in this sample, and the
/// listeners whose program may hang. `None` on other hosts: they find all owners.
///
/// Where a process waits is one short read, which only root may do for all, and shows nearly all that need no other.
pub(super) fn sockets(source: &dyn Source, now: &Sample) -> Option<Vec<u32>> {
    let waiting: BTreeSet<u32> = now.waiting().into_iter().collect();
    if waiting.len() <= FEW_SUSPECTS && !has_many_descriptors(now) || waiting.is_empty() {
        return None;
    }
    let mut files = Files::new(source);
    let mut found: BTreeSet<u32> = now.not_accepting().map(|listener| listener.inode).collect();
    for &pid in now.descriptors.keys() {
        let place = files.text(&format!("/proc/{pid}/wchan")).unwrap_or(RUNS);
        if place != RUNS && !STOPS.iter().any(|stop| place.contains(stop)) {
            continue;
        }
        if process_state::now(&mut files, pid).is_some() {
            let held = source.sockets_of(pid).unwrap_or_default();
            found.extend(held.into_iter().filter(|inode| waiting.contains(inode)));
        }
    }
    Some(found.into_iter().collect())
}

/// A later reading of a process that may compute: after how long, and what its names have more than those of the first.
struct Later {
    after: Duration,
    thread: &'static str,
    limit: &'static str,
}

const SECOND: Later = Later { after: BETWEEN, thread: "", limit: "//" };
const THIRD: Later = Later { after: BETWEEN.saturating_add(LONGER), thread: "/", limit: "///" };

/// The first reading of a process.
struct StateReading {
    pid: u32,
    status: Status,
    threads: Vec<u32>,
    cpu: Vec<Option<CpuTime>>,
    throttled: Vec<(String, u64)>,
    /// A thread that waits to write.
    writes: Option<WritingThread>,
}

impl StateReading {
    /// Reads its state again: whether it has waited all the time, and where.
    fn waits(&self, files: &mut Files<'_>, facts: &mut ProcessFacts) -> bool {
        let pid = self.pid;
        let now = Status::read(files, &format!("/proc/{pid}/task/{pid}"));
        let waits = now.is_some_and(|now| self.status.is_same_wait(&now));
        if waits {
            let place = files.text(&format!("/proc/{pid}/wchan"));
            facts.held_up = Some(HeldUp::Waits(place.filter(|place| *place != RUNS).map(str::to_owned)));
        }
        waits
    }

    /// Whether a thread, of these times, has wanted to run all the time, and whether a CPU limit kept it from that. If none
    /// has: whether a later reading may show it.
    fn computes(&self, files: &mut Files<'_>, facts: &mut ProcessFacts, all: &[CpuTime], later: &Later) -> bool {
        let busy: Vec<&CpuTime> = all.iter().filter(|thread| thread.percent_of(later.after) >= BUSY_PERCENT).collect();
        if busy.is_empty() {
            let is_active = |thread: &CpuTime| thread.percent_of(later.after) >= ACTIVE_PERCENT;
            return self.status.state == 'R' || all.iter().any(is_active);
        }
        let ran: Duration = busy.iter().map(|thread| thread.ran).sum();
        let waited: Duration = busy.iter().map(|thread| thread.waited).sum();
        facts.busy_threads = busy.len() as u64;
        facts.cpu_percent = (ran.as_nanos() * 100 / (ran + waited).as_nanos().max(1)) as u64;
        let limit = self.limit(files, later).filter(|_| waited > ran);
        facts.held_up = Some(limit.unwrap_or(HeldUp::Busy));
        false
    }

    /// Whether a CPU limit kept it from running most of the time until the third reading, where no thread's times show it:
    /// a wait is added when it ends.
    fn stands_still(&self, files: &mut Files<'_>, facts: &mut ProcessFacts, all: &[CpuTime]) {
        let now = Status::read(files, &format!("/proc/{}/", self.pid));
        let ran: Duration = all.iter().map(|thread| thread.ran).sum();
        let percent = (ran.as_nanos() * 100 / THIRD.after.as_nanos()) as u64;
        if now.is_none_or(|now| now.state != 'R') || percent >= 50 {
            return;
        }
        if let Some(limit) = self.limit(files, &THIRD) {
            facts.cpu_percent = percent;
            facts.held_up = Some(limit);
        }
    }

    /// The limit that has stopped its threads since the first reading.
    fn limit(&self, files: &mut Files<'_>, later: &Later) -> Option<HeldUp> {
        let mut limits = throttled(files, self.pid, later.limit).into_iter().zip(&self.throttled);
        let ((folder, _), _) = limits.find(|((_, now), (_, before))| now > before)?;
        Some(HeldUp::Throttled(folder.as_str().into()))
    }

    /// The times of its threads since the first reading.
    fn since(&self, files: &mut Files<'_>, later: &Later) -> Vec<CpuTime> {
        let times = self.threads.iter().zip(&self.cpu).filter_map(|(tid, before)| {
            let (now, before) = (CpuTime::read(files, &format!("/proc/{tid}{}", later.thread))?, (*before)?);
            Some(CpuTime { ran: now.ran.saturating_sub(before.ran), waited: now.waited.saturating_sub(before.waited) })
        });
        times.collect()
    }
}

/// How long a thread has run, and waited for a CPU: the first two numbers of `schedstat`, in nanoseconds.
#[derive(Clone, Copy)]
struct CpuTime {
    ran: Duration,
    waited: Duration,
}

impl CpuTime {
    /// The part of `time` in which it ran or waited for a CPU.
    fn percent_of(&self, time: Duration) -> u128 {
        (self.ran + self.waited).as_nanos() * 100 / time.as_nanos()
    }

    fn read(files: &mut Files<'_>, folder: &str) -> Option<CpuTime> {
        let text = files.text(&format!("{folder}/schedstat"))?;
        let mut numbers = text.split_ascii_whitespace().map(str::parse).map_while(Result::ok).map(Duration::from_nanos);
        Some(CpuTime { ran: numbers.next()?, waited: numbers.next()? })
    }
}

/// The cgroups with a CPU limit that a process is in, from its own up, and how often each limit has stopped its threads
/// (`nr_throttled`). Version 1 of cgroups has a hierarchy for CPUs, version 2 one for all.
fn throttled(files: &mut Files<'_>, pid: u32, slash: &str) -> Vec<(String, u64)> {
    let of_line = |line: &str| {
        let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
        match controllers {
            "" => Some(("/sys/fs/cgroup", path.to_owned())),
            _ => controllers.split(',').any(|one| one == "cpu").then(|| ("/sys/fs/cgroup/cpu", path.to_owned())),
        }
    };
    let text = files.text(&format!("/proc/{pid}/cgroup"));
    let Some((root, path)) = text.and_then(|text| text.lines().find_map(of_line)) else { return Vec::new() };
    let folders = std::iter::successors(Some(path.trim_start_matches('/')), |path| Some(path.rsplit_once('/')?.0));
    folders
        .filter_map(|folder| {
            let text = files.text(&format!("{root}{slash}{folder}/cpu.stat"))?;
            let count = text.lines().find_map(|line| line.strip_prefix("nr_throttled "))?.parse().ok()?;
            Some((format!("{root}/{folder}"), count))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{super::process_state::FROZEN, *};
    use crate::{
        model::owner::{Freezer, Process},
        source::memory::MemorySource,
    };

    fn held_up(files: &[(&str, &str)]) -> Option<HeldUp> {
        let mut held = MemorySource::default();
        for (path, text) in files {
            held.file(path, *text);
        }
        let process = Process { pid: 7, ..Process::default() };
        let mut all = BTreeMap::from([(7, super::super::processes::facts(&held, process, None))]);
        read(&held, &mut all, &[7], &[7], &BTreeMap::new());
        all.remove(&7).and_then(|facts| facts.held_up)
    }

    #[test]
    fn a_state_says_what_holds_a_process_up() {
        let state = |letter: &str| format!("State:\t{letter} (x)\nPPid:\t1\nTracerPid:\t9\nThreads:\t1\n");
        assert_eq!(held_up(&[("/proc/7/status", &state("T"))]), Some(HeldUp::Stopped));
        assert_eq!(held_up(&[("/proc/7/status", &state("t"))]), Some(HeldUp::Traced(Some(9))));
        for (wchan, freezer) in FROZEN {
            let files = [("/proc/7/status", &*state("S")), ("/proc/7/wchan", wchan)];
            assert_eq!(held_up(&files), Some(HeldUp::Frozen(freezer)));
        }
        assert_eq!(held_up(&[("/proc/7/status", &state("S")), ("/proc/7/wchan", "ep_poll")]), None);
        let of_v1 = |letter, frozen| {
            held_up(&[
                ("/proc/7/status", &*state(letter)),
                ("/proc/7/wchan", "futex_do_wait"),
                ("/proc/7/cgroup", "9:cpu:/\n6:freezer:/docker/a\n0::/\n"),
                ("/sys/fs/cgroup/freezer/docker/a/freezer.state", frozen),
            ])
        };
        assert_eq!(of_v1("D", "FROZEN\n"), Some(HeldUp::Frozen(Freezer::V1)));
        assert_eq!(of_v1("D", "FREEZING\n"), Some(HeldUp::Frozen(Freezer::V1)));
        assert_ne!(of_v1("D", "THAWED\n"), Some(HeldUp::Frozen(Freezer::V1)));
        assert_eq!(of_v1("S", "FROZEN\n"), None);
        assert_eq!(held_up(&[]), None);
    }

    #[test]
    fn a_cpu_limit_is_told_from_a_loop_and_from_other_programs_on_the_cpu() {
        let at = |cgroup: &str, ran: u32, waited: u32, throttled: u32| {
            let (now, limit) =
                (format!("{ran}000000 {waited}000000 9"), format!("nr_periods 9\nnr_throttled {throttled}\n"));
            held_up(&[
                ("/proc/7/status", "State:\tR (running)\n"),
                ("/proc/7/task/7/status", "State:\tR (running)\n"),
                ("/proc/7/cgroup", cgroup),
                ("/proc/7/task/7/schedstat", "0 0 5"),
                ("/proc/7/schedstat", &now),
                ("/sys/fs/cgroup/cpu/a/b/cpu.stat", "nr_throttled 0"),
                ("/sys/fs/cgroup/cpu//a/b/cpu.stat", "nr_throttled 0"),
                ("/sys/fs/cgroup/cpu/a/cpu.stat", "nr_throttled 3\n"),
                ("/sys/fs/cgroup/cpu//a/cpu.stat", &limit),
                ("/sys/fs/cgroup/c/cpu.stat", "nr_throttled 3\n"),
                ("/sys/fs/cgroup//c/cpu.stat", &limit),
            ])
        };
        let v1 = "9:freezer:/x\n4:cpu,cpuacct:/a/b\n0::/\n";
        assert_eq!(at(v1, 5, 90, 4), Some(HeldUp::Throttled("/sys/fs/cgroup/cpu/a".into())), "of a group above");
        assert_eq!(at("0::/c\n", 5, 90, 4), Some(HeldUp::Throttled("/sys/fs/cgroup/c".into())));
        assert_eq!(at(v1, 5, 90, 3), Some(HeldUp::Busy));
        assert_eq!(at(v1, 90, 5, 4), Some(HeldUp::Busy));
        assert_eq!(at(v1, 5, 60, 4), None, "it sleeps, too");
    }

    #[test]
    fn a_loop_on_a_busy_machine_is_seen_over_half_a_second() {
        let at = |second: &str, third: &str| {
            held_up(&[
                ("/proc/7/status", "State:\tS (sleeping)\n"),
                ("/proc/7/task/7/status", "State:\tS (sleeping)\n"),
                ("/proc/7/task/7/schedstat", "0 0 5"),
                ("/proc/7/schedstat", second),
                ("/proc/7//schedstat", third),
            ])
        };
        assert_eq!(at("9000000 40000000 9", "50000000 390000000 9"), Some(HeldUp::Busy), "its last wait has not ended");
        assert_eq!(at("9000000 40000000 9", "50000000 290000000 9"), None, "it sleeps, too");
        assert_eq!(at("1000000 4000000 9", "50000000 390000000 9"), None, "it slept at first");
    }

    #[test]
    fn among_many_descriptors_only_those_of_held_up_programs_are_suspect() {
        use crate::model::{family::Netid, snapshot::UnixListener};
        let listener = |inode| {
            let netid = Netid::UnixStream;
            UnixListener { netid, path: None, queue: 1, limit: Some(8), inode, pending: Vec::new() }
        };
        let mut now = Sample { unix: Some(vec![listener(50), listener(60)]), ..Sample::default() };
        let mut held = MemorySource::default();
        for (pid, state, inode) in [(7, "T", 50), (8, "R", 60)] {
            held.file(&format!("/proc/{pid}/status"), format!("State:\t{state} (x)\n"));
            held.symlink(&format!("/proc/{pid}/fd/3"), &format!("socket:[{inode}]"));
            now.descriptors.insert(pid, MANY_DESCRIPTORS);
        }
        assert_eq!(sockets(&held, &now), Some(vec![50]));
        now.descriptors.remove(&8);
        assert_eq!(sockets(&held, &now), None, "all are looked up");
    }

    #[test]
    fn a_wait_that_lasts_is_reported_from_many_short_ones() {
        let state = |switches: u64| format!("State:\tD (disk sleep)\nvoluntary_ctxt_switches:\t{switches}\n");
        let at = |before: u64, now: u64, later: u64| {
            let (before, now, later) = (state(before), state(now), state(later));
            held_up(&[
                ("/proc/7/status", &*before),
                ("/proc/7/task/7/status", &*now),
                ("/proc/7//status", &*later),
                ("/proc/7/wchan", "rpc_wait_bit_killable"),
            ])
        };
        assert_eq!(at(5, 5, 5), Some(HeldUp::Waits(Some("rpc_wait_bit_killable".to_owned()))));
        assert_eq!(at(5, 6, 6), None);
        assert_eq!(at(5, 5, 6), None, "a wait that was over soon after");
    }
}
