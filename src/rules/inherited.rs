//! Which of the processes that hold a socket serve it.
//!
//! A process inherits the sockets of the one that forked it, and may be quite another program: a `sleep`, a job that a
//! server started, or a server whose launcher opened the port. Of the programs that hold a listener, those serve it
//! that hold connections accepted from it; of a family that holds one connection, the eldest accepted it, and a program
//! whose input or output is a connection was handed it. Where no connection shows it, all of them may serve it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    owner::{Holder, never_serves},
    snapshot::{Listener, ProcessFacts, Seen, Snapshot},
    sorted,
    subject::Runtime,
};

/// The highest descriptor of a program's input and output.
const LAST_STANDARD: u32 = 2;
/// More generations are not followed.
const MOST_GENERATIONS: usize = 32;

/// The sockets that processes of several programs hold; on most hosts there are none.
#[derive(Clone, Default, Debug)]
pub(super) struct SharedSockets {
    listeners: BTreeMap<u32, SharedListener>,
    /// The processes that serve each of these sockets, or may.
    serving: BTreeMap<u32, Vec<u32>>,
}

/// A listener that processes of several programs hold.
#[derive(Clone, Debug)]
pub(super) struct SharedListener {
    /// All of them, the eldest first.
    pub(super) all: Vec<u32>,
    /// Those that serve it, or may.
    pub(super) serving: Vec<u32>,
    /// Whether that is known of no program.
    pub(super) is_unclear: bool,
}

impl SharedSockets {
    /// Finds them among the sockets whose holders are known.
    pub(super) fn of(snapshot: &Snapshot) -> SharedSockets {
        let processes = &snapshot.processes;
        let holders = snapshot.holders.as_deref().unwrap_or_default();
        let groups = holders.chunk_by(|one, other| one.inode == other.inode);
        let several = groups.filter(|group| group.len() > 1 && !is_one_program(processes, &pids(group)));
        let groups: BTreeMap<u32, &[Holder]> =
            sorted::map(several.filter_map(|group| Some((group.first()?.inode, group))));
        let mut shared = SharedSockets::default();
        if groups.is_empty() {
            return shared;
        }
        shared.serving.extend(groups.iter().map(|(&inode, group)| (inode, candidates(processes, &pids(group)))));
        let now = &snapshot.now;
        for listener in &now.listeners {
            let is_accepted = |seen: &&Seen| {
                let socket = &seen.socket;
                socket.inode != 0 && listener.takes(socket.local, socket.local_port)
            };
            shared.listen(processes, listener.inode, &groups, || {
                let accepted = now.sockets.iter().filter(is_accepted);
                accepted.map(|seen| holders_of(holders, seen.socket.inode)).collect()
            });
        }
        for listener in now.unix.iter().flatten() {
            shared.listen(processes, listener.inode, &groups, Vec::new);
        }
        for seen in &now.sockets {
            let Some(group) = groups.get(&seen.socket.inode) else { continue };
            let candidates = candidates(processes, &pids(group));
            let is_here = |one: &&Listener| one.takes(seen.socket.local, seen.socket.local_port);
            let listener = now.listeners.iter().find(is_here).and_then(|one| shared.listeners.get(&one.inode));
            let known: Vec<u32> = match listener.filter(|listener| !listener.is_unclear) {
                Some(listener) => candidates.iter().copied().filter(|pid| listener.serving.contains(pid)).collect(),
                None => readers(processes, group, &candidates),
            };
            if !known.is_empty() {
                shared.serving.insert(seen.socket.inode, known);
            }
        }
        shared
    }

    /// Decides which of the programs that hold a listener serves it, by the holders of connections accepted from it.
    fn listen<'a>(
        &mut self,
        processes: &BTreeMap<u32, ProcessFacts>,
        inode: u32,
        groups: &BTreeMap<u32, &[Holder]>,
        accepted: impl Fn() -> Vec<&'a [Holder]>,
    ) {
        let Some(group) = groups.get(&inode) else { return };
        let mut all = pids(group);
        eldest_first(processes, &mut all);
        let mut serving = candidates(processes, &all);
        if !is_one_program(processes, &serving) {
            let acceptors: BTreeSet<u32> =
                sorted::set(accepted().into_iter().flat_map(|holders| acceptors(processes, holders, &serving)));
            let serves = |pid: &u32| acceptors.iter().any(|&other| are_one_program(processes, *pid, other));
            let proven: Vec<u32> = serving.iter().copied().filter(serves).collect();
            if !proven.is_empty() {
                serving = proven;
            }
        }
        let is_unclear = !is_one_program(processes, &serving);
        self.serving.insert(inode, serving.clone());
        self.listeners.insert(inode, SharedListener { all, serving, is_unclear });
    }

    /// A listener of several programs.
    pub(super) fn listener(&self, inode: u32) -> Option<&SharedListener> {
        self.listeners.get(&inode)
    }

    /// The processes that serve a socket of several programs, or may; `None` for a socket of one program.
    pub(super) fn serving(&self, inode: u32) -> Option<&[u32]> {
        self.serving.get(&inode).map(Vec::as_slice)
    }
}

/// Processes that started others before those, as far as that is known; else in order of their numbers.
pub(super) fn eldest_first(processes: &BTreeMap<u32, ProcessFacts>, pids: &mut [u32]) {
    let all = pids.to_vec();
    let elders = |pid: u32| all.iter().filter(|&&other| is_ancestor(processes, other, pid)).count();
    if !is_one_program(processes, &all) {
        sorted::sort_by_key(pids, |&pid| (elders(pid), pid));
    }
}

/// How many of these processes are of the program of the first.
pub(super) fn of_first(processes: &BTreeMap<u32, ProcessFacts>, pids: &[u32]) -> usize {
    let Some(&first) = pids.first() else { return 0 };
    pids.iter().filter(|&&pid| are_one_program(processes, first, pid)).count()
}

/// Whether all of these processes run one program.
pub(super) fn is_one_program(processes: &BTreeMap<u32, ProcessFacts>, pids: &[u32]) -> bool {
    of_first(processes, pids) == pids.len()
}

/// Of the holders of all sockets those of one.
pub(super) fn holders_of(holders: &[Holder], inode: u32) -> &[Holder] {
    let from = holders.partition_point(|holder| holder.inode < inode);
    let rest = holders.get(from..).unwrap_or_default();
    rest.get(..rest.iter().take_while(|holder| holder.inode == inode).count()).unwrap_or_default()
}

/// The processes of some holders, each once, lowest first.
fn pids(holders: &[Holder]) -> Vec<u32> {
    let mut pids: Vec<u32> = holders.iter().map(|holder| holder.pid).collect();
    pids.sort_unstable();
    pids.dedup();
    pids
}

/// Those that may serve a socket, where there are some.
fn candidates(processes: &BTreeMap<u32, ProcessFacts>, all: &[u32]) -> Vec<u32> {
    let never = |pid: &u32| {
        let program = processes.get(pid).map(|facts| &*facts.process.program);
        program.is_some_and(|program| program == b"systemd" || never_serves(program))
    };
    let some: Vec<u32> = all.iter().copied().filter(|pid| !never(pid)).collect();
    if some.is_empty() { all.to_vec() } else { some }
}

/// Those that may have accepted a connection: of a family, the eldest.
fn acceptors(processes: &BTreeMap<u32, ProcessFacts>, holders: &[Holder], candidates: &[u32]) -> Vec<u32> {
    let is_own = |holder: &&Holder| holder.fd > LAST_STANDARD && candidates.contains(&holder.pid);
    eldest(processes, holders.iter().filter(is_own).map(|holder| holder.pid).collect())
}

/// Those that no other of them has started.
fn eldest(processes: &BTreeMap<u32, ProcessFacts>, pids: Vec<u32>) -> Vec<u32> {
    let has_elder = |pid: u32| pids.iter().any(|&other| is_ancestor(processes, other, pid));
    pids.iter().copied().filter(|&pid| !has_elder(pid)).collect()
}

/// Those that are to read a connection: whoever was handed it as its input, else the eldest of a family.
fn readers(processes: &BTreeMap<u32, ProcessFacts>, holders: &[Holder], candidates: &[u32]) -> Vec<u32> {
    let is_input = |holder: &&Holder| holder.fd <= LAST_STANDARD && candidates.contains(&holder.pid);
    let handed: Vec<u32> = holders.iter().filter(is_input).map(|holder| holder.pid).collect();
    if handed.is_empty() { acceptors(processes, holders, candidates) } else { eldest(processes, handed) }
}

/// Whether a process is the parent of another, or of its parent, and so on.
fn is_ancestor(processes: &BTreeMap<u32, ProcessFacts>, elder: u32, pid: u32) -> bool {
    let parent = |pid: &u32| processes.get(pid)?.parent;
    std::iter::successors(parent(&pid), parent).take(MOST_GENERATIONS).any(|one| one == elder)
}

/// Whether two processes run one program: of one name, or one interpreter, whose processes may have the names of scripts.
fn are_one_program(processes: &BTreeMap<u32, ProcessFacts>, one: u32, other: u32) -> bool {
    let (Some(one), Some(other)) = (processes.get(&one), processes.get(&other)) else { return true };
    one.process.program == other.process.program || one.runtime == other.runtime && one.runtime != Runtime::Native
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            RuleInputs, Settings,
            fixture::{listener, snapshot, socket},
        },
        *,
    };
    use crate::model::state::State;

    /// A listener, inode 50, that these processes hold, each with its name and its parent.
    fn held(holders: &[(u32, &str, u32)]) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.now.listeners.push(listener(8080, 50));
        for &(pid, name, parent) in holders {
            snapshot.hold(pid, name, Runtime::Native, [50]);
            snapshot.processes.get_mut(&pid).unwrap().parent = Some(parent);
        }
        snapshot
    }

    /// A connection accepted at that listener, that these processes hold by this descriptor.
    fn accepted(snapshot: &mut Snapshot, inode: u32, holders: &[(u32, u32)]) {
        snapshot.now.add([socket(State::ESTABLISHED, inode)]);
        let all = snapshot.holders.get_or_insert_default();
        all.extend(holders.iter().map(|&(pid, fd)| Holder { inode, pid, tid: pid, fd }));
        all.sort_unstable();
    }

    fn serving(snapshot: &Snapshot, inode: u32) -> (Vec<u32>, bool) {
        let settings = Settings::default();
        let inputs = RuleInputs::new(snapshot, &settings);
        let input = inputs.of("accept-queue-full");
        (input.pids([inode]), input.shared_listener(inode).is_some_and(|shared| shared.is_unclear))
    }

    #[test]
    fn a_program_that_never_serves_holds_what_it_inherited() {
        assert_eq!(serving(&held(&[(7, "sleep", 8), (8, "web", 1)]), 50), (vec![8], false));
        assert_eq!(serving(&held(&[(7, "sleep-123456", 8), (8, "web", 1)]), 50), (vec![8], false));
        assert_eq!(serving(&held(&[(7, "sleep", 1)]), 50), (vec![7], false), "it alone keeps the port");
        assert_eq!(serving(&held(&[(7, "web", 1), (8, "web", 7)]), 50), (vec![7, 8], false));
    }

    #[test]
    fn whoever_holds_accepted_connections_serves() {
        let mut launched = held(&[(7, "launcher", 1), (8, "web", 7)]);
        assert_eq!(serving(&launched, 50), (vec![7, 8], true));
        accepted(&mut launched, 60, &[(8, 5)]);
        assert_eq!(serving(&launched, 50), (vec![8], false));
    }

    #[test]
    fn a_job_of_the_server_that_inherits_the_connection_does_not() {
        let mut forked = held(&[(7, "report", 8), (8, "web", 1)]);
        accepted(&mut forked, 60, &[(7, 5), (8, 5)]);
        assert_eq!(serving(&forked, 50), (vec![8], false));
        assert_eq!(serving(&forked, 60), (vec![8], false), "the connection, too");
    }

    #[test]
    fn a_connection_that_is_its_input_was_handed_to_it() {
        let mut handed = held(&[(7, "web", 1), (8, "report", 7)]);
        accepted(&mut handed, 60, &[(8, 0), (8, 1)]);
        assert_eq!(serving(&handed, 50), (vec![7, 8], true));
        assert_eq!(serving(&handed, 60), (vec![8], false), "it is the one that reads");
    }

    #[test]
    fn without_a_proof_the_eldest_comes_first() {
        assert_eq!(serving(&held(&[(7, "report", 9), (9, "web", 1)]), 50), (vec![9, 7], true));
    }
}
