//! Processes that are one service: they share a fault, and its remedy.
//!
//! They run the same program, and listen at one port, or were forked by one master, or are in one systemd service or
//! container. An interpreter alone says little: a supervisor runs several programs in its own service.

use std::{collections::BTreeMap, net::IpAddr};

use crate::model::{
    owner::Process,
    snapshot::{ProcessFacts, Sample},
};

/// Names of interpreters, whose programs are their arguments.
const INTERPRETERS: [&[u8]; 7] = [b"python", b"pypy", b"java", b"node", b"ruby", b"php", b"perl"];

/// A lower process of the same service, for each process but the lowest.
#[derive(Clone, Default, Debug)]
pub(super) struct ProcessGroups(BTreeMap<u32, u32>);

/// A service's common property of several processes of one program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Common<'a> {
    Cgroup(&'a str),
    Master(u32),
    Port(IpAddr, u16),
    Unix(u32),
}

impl ProcessGroups {
    /// Groups the known processes; `holders` gives those of a socket.
    pub(super) fn of(
        processes: &BTreeMap<u32, ProcessFacts>,
        now: &Sample,
        holders: impl Fn(u32) -> Vec<u32>,
    ) -> ProcessGroups {
        let mut services = ProcessGroups::default();
        // On a healthy host no owner is known, so the listeners need not be walked.
        if processes.len() < 2 {
            return services;
        }
        let mut known: BTreeMap<(&[u8], Common<'_>), u32> = BTreeMap::new();
        let mut join = |common, pid| {
            let Some(facts) = processes.get(&pid) else { return };
            let first = *known.entry((&facts.process.program, common)).or_insert(pid);
            services.join(first, pid);
        };
        for (&pid, facts) in processes {
            cgroup(facts).into_iter().for_each(|cgroup| join(Common::Cgroup(cgroup), pid));
            if let Some(master) = facts.master {
                join(Common::Master(master), master);
                join(Common::Master(master), pid);
            }
        }
        let tcp = now.listeners.iter().map(|one| (Common::Port(one.address, one.port), one.inode));
        let unix = now.unix.iter().flatten().map(|one| (Common::Unix(one.inode), one.inode));
        for (common, inode) in tcp.chain(unix) {
            holders(inode).into_iter().for_each(|pid| join(common, pid));
        }
        services
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.first(one), self.first(other));
        if one != other {
            self.0.insert(one.max(other), one.min(other));
        }
    }

    /// The lowest known process of the service that a process belongs to.
    pub(super) fn first(&self, mut pid: u32) -> u32 {
        while let Some(&lower) = self.0.get(&pid) {
            pid = lower;
        }
        pid
    }
}

/// The cgroup of a service or a container, for a program whose name is not that of an interpreter.
fn cgroup(facts: &ProcessFacts) -> Option<&str> {
    let Process { program, place, .. } = &facts.process;
    let is_version = |c: &u8| c.is_ascii_digit() || matches!(c, b'.' | b'-');
    let end = program.iter().rposition(|c| !is_version(c)).map_or(0, |last| last + 1);
    let is_service = place.container.is_some() || place.unit.as_deref().is_some_and(|unit| unit.ends_with(".service"));
    let is_known = is_service && !INTERPRETERS.contains(&program.get(..end).unwrap_or_default());
    place.cgroup.as_deref().filter(|_| is_known)
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{listener, snapshot},
        *,
    };
    use crate::model::{finding::Runtime, snapshot::Snapshot};

    fn firsts(snapshot: &Snapshot, pids: [u32; 3]) -> [u32; 3] {
        let holders = snapshot.holders.as_deref().unwrap_or_default();
        let of = |inode| holders.iter().filter(|holder| holder.inode == inode).map(|holder| holder.pid).collect();
        let services = ProcessGroups::of(&snapshot.processes, &snapshot.now, of);
        pids.map(|pid| services.first(pid))
    }

    /// Processes 7, 8, 9 of these programs, each in a session.
    fn programs(names: [&str; 3]) -> Snapshot {
        let mut snapshot = snapshot();
        for (pid, name) in (7..).zip(names) {
            snapshot.hold(pid, name, Runtime::Native, [pid]);
        }
        for facts in snapshot.processes.values_mut() {
            facts.process.place.unit = Some("session-1.scope".into());
            facts.process.place.cgroup = Some("/user.slice/session-1.scope".into());
        }
        snapshot
    }

    #[test]
    fn a_session_is_no_service() {
        assert_eq!(firsts(&programs(["web", "web", "web"]), [7, 8, 9]), [7, 8, 9]);
    }

    #[test]
    fn programs_of_one_name_that_hold_one_listener_are_a_service() {
        let mut snapshot = programs(["web", "web", "sh"]);
        let both = listener(443, 50);
        snapshot.now.listeners.push(both);
        for (pid, name) in [(7, "web"), (8, "web"), (9, "sh")] {
            let facts = snapshot.processes[&pid].clone();
            snapshot.hold(pid, name, Runtime::Native, [50]);
            snapshot.processes.insert(pid, facts);
        }
        assert_eq!(firsts(&snapshot, [7, 8, 9]), [7, 7, 9]);
    }

    #[test]
    fn what_one_master_forked_is_a_service() {
        let mut snapshot = programs(["web", "web", "web"]);
        for pid in [8, 9] {
            snapshot.processes.get_mut(&pid).unwrap().master = Some(3);
        }
        assert_eq!(firsts(&snapshot, [7, 8, 9]), [7, 8, 8]);
    }

    #[test]
    fn a_unit_makes_a_service_of_a_program_and_none_of_an_interpreter() {
        for (name, expected) in [("web", [7, 7, 9]), ("python3.12", [7, 8, 9]), ("php-fpm8.2", [7, 7, 9])] {
            let mut snapshot = programs([name, name, "other"]);
            for facts in snapshot.processes.values_mut() {
                facts.process.place.unit = Some("all.service".into());
            }
            assert_eq!(firsts(&snapshot, [7, 8, 9]), expected, "{name}");
        }
    }
}
