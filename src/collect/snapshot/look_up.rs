//! The holders of the sockets in findings.

use std::{collections::BTreeSet, path::PathBuf};

use super::{
    files::Files,
    held_up::{self, has_many_descriptors},
    ports::PortSet,
    process_state,
    processes::{self, facts, limits},
};
use crate::{
    collect::{
        cgroups::CgroupMap,
        owners::{self, Owners, ProcessFields},
        prelude::*,
        users,
    },
    model::{
        owner::Holder,
        snapshot::{Sample, Seen, Snapshot},
        sorted,
        waiting::SEVERAL_CLIENTS,
    },
    source::processes::HolderQuery,
};

/// What part of all descriptors is read before all processes are searched, at most.
const LIKELY_PART: u64 = 32;

/// Connections accepted from a listener whose holders are found.
const MOST_ACCEPTED: usize = 64;

/// Of more processes than these it is not asked who shares their sockets: a search of all answers that, too.
const FEW_PROCESSES: usize = 16;

/// Looks up the owners of these inodes and fills in their data: holders, processes with their runtime, limits and
/// descriptors, users, and units and containers if no process is visible.
///
/// Those of `beside` are of use and not needed: an older recording may hold the owners of the others alone.
pub fn look_up(source: &dyn Source, snapshot: &mut Snapshot, inodes: &[u32], beside: &[u32]) {
    let wanted = each_once(inodes.iter().chain(beside));
    let all_holders = !has_many_descriptors(&snapshot.now);
    let find = |wanted: &[u32]| {
        let ask = HolderQuery { wanted: Some(wanted), all_holders, ..HolderQuery::default() };
        owners::find(source, &ask, ProcessFields::OWNER)
    };
    let found = find(&wanted);
    let found = found.or_else(|error| if beside.is_empty() { Err(error) } else { find(&each_once(inodes)) });
    let found = found.map(|mut owners| {
        let accepted = accepted(&snapshot.now, &owners);
        // An older recording does not know their holders.
        let more = (!accepted.is_empty()).then(|| find(&accepted)).and_then(Result::ok);
        more.into_iter().for_each(|more| owners.merge(more));
        owners
    });
    fill(source, snapshot, found, &wanted);
}

/// Some connections that were accepted from listeners which processes of several programs hold: they show which of the
/// programs serves.
fn accepted(now: &Sample, owners: &Owners) -> Vec<u32> {
    let listeners = now.listeners.iter().filter(|listener| is_shared(owners, listener.inode));
    let accepted = listeners.flat_map(|listener| {
        let is_here = |seen: &&Seen| {
            let socket = &seen.socket;
            socket.inode != 0 && listener.takes(socket.local, socket.local_port)
        };
        now.sockets.iter().filter(is_here).take(MOST_ACCEPTED).map(|seen| &seen.socket.inode)
    });
    each_once(accepted)
}

/// Whether processes of several programs hold a socket.
fn is_shared(owners: &Owners, inode: u32) -> bool {
    let mut names = owners.of(inode).iter().filter_map(|holder| Some(&owners.process(holder.pid)?.program));
    let first = names.next();
    names.any(|name| Some(name) != first)
}

/// The same for connections alone, mostly without a search of all processes: the holders of a leak are found in one
/// process with few other descriptors. A process that was passed a connection by another, which keeps it, may be missed.
pub fn look_up_connections(source: &dyn Source, snapshot: &mut Snapshot, inodes: &[u32], beside: &[u32]) {
    let now = &snapshot.now;
    let wanted = each_once(inodes);
    let connections = each_once(now.sockets.iter().map(|seen| &seen.socket.inode));
    let all_connections = wanted.iter().all(|inode| connections.binary_search(inode).is_ok());
    match (has_many_descriptors(now) && all_connections)
        .then(|| holders_in_few(source, &now.descriptors, &wanted, beside))
        .flatten()
    {
        Some(owners) => fill(source, snapshot, Ok(owners), &wanted),
        None => look_up(source, snapshot, inodes, beside),
    }
}

/// The holders of connections, found in likely processes; `None` where all have to be searched.
fn holders_in_few(
    source: &dyn Source,
    descriptors: &BTreeMap<u32, u64>,
    wanted: &[u32],
    beside: &[u32],
) -> Option<Owners> {
    let find = |wanted: &[u32], among: &[u32], all_holders| {
        let ask = HolderQuery { wanted: Some(wanted), all_holders, among: Some(among), ..HolderQuery::default() };
        owners::find(source, &ask, ProcessFields::OWNER).ok()
    };
    let likely = likely(descriptors, wanted.len());
    let have: u64 = likely.iter().filter_map(|pid| descriptors.get(pid)).sum();
    if have < wanted.len() as u64 {
        return None;
    }
    let mut owners = find(wanted, &likely, false)?;
    let is_met = |inode: &u32| !owners.of(*inode).is_empty();
    let pids: Vec<u32> = owners.processes().iter().map(|process| process.pid).collect();
    if pids.len() > FEW_PROCESSES || !wanted.iter().all(is_met) || are_shared(source, descriptors, &owners) {
        return None;
    }
    if pids.len() > 1 {
        owners.merge(find(&each_once(beside), &pids, true)?);
    }
    Some(owners)
}

/// Whether other processes hold some of these sockets: whoever was forked has them at the same numbers, at least the
/// oldest of its parent or the newest. Inodes count up.
fn are_shared(source: &dyn Source, descriptors: &BTreeMap<u32, u64>, owners: &Owners) -> bool {
    let mut ends: BTreeMap<u32, [Holder; 2]> = BTreeMap::new();
    for &holder in owners.holders() {
        let [_, last] = ends.entry(holder.pid).or_insert([holder; 2]);
        *last = holder;
    }
    ends.into_values().flatten().any(|held| {
        let socket = PathBuf::from(format!("socket:[{}]", held.inode));
        let has = |pid: u32| source.link(&format!("/proc/{pid}/fd/{}", held.fd)).is_ok_and(|link| link == socket);
        descriptors.keys().any(|&pid| pid != held.pid && has(pid))
    })
}

/// The processes to search first for the holders of this number of sockets: those that may hold all of them, the
/// smallest first, then the others. Together they have a small part of all descriptors.
fn likely(descriptors: &BTreeMap<u32, u64>, sockets: usize) -> Vec<u32> {
    let mut left = descriptors.values().sum::<u64>() / LIKELY_PART;
    let mut all: Vec<(u32, u64)> = descriptors.iter().map(|(&pid, &count)| (pid, count)).collect();
    sorted::sort_by_key(&mut all, |&(pid, count)| (count < sockets as u64, count, pid));
    all.retain(|(_, count)| {
        let fits = *count <= left;
        left -= if fits { *count } else { 0 };
        fits
    });
    all.into_iter().map(|(pid, _)| pid).collect()
}

/// Inodes in order, each once.
fn each_once<'a>(inodes: impl IntoIterator<Item = &'a u32>) -> Vec<u32> {
    let once: BTreeSet<u32> = sorted::set(inodes.into_iter().copied().filter(|&inode| inode != 0));
    once.into_iter().collect()
}

/// Fills in the data of those that were found.
fn fill(source: &dyn Source, snapshot: &mut Snapshot, found: io::Result<Owners>, wanted: &[u32]) {
    match found {
        Ok(owners) => take(source, snapshot, &owners),
        Err(error) => {
            snapshot.gaps.push(Gap { what: What::Owners, why: Why::Unreadable(error.to_string()) });
            // Sought, none found.
            snapshot.holders.get_or_insert_default();
        }
    }
    unheld_places(source, snapshot, wanted);
    snapshot.users = users::names(source);
}

/// Reads the data of a process besides its name: the limits, its language.
pub fn read_process(source: &dyn Source, process: &Process) {
    let limits = limits(&mut Files::new(source), process.pid);
    facts(source, process.clone(), limits);
}

/// Reads the arguments of a process, which a recording then has.
pub fn read_arguments(source: &dyn Source, process: &Process) {
    let read = source.open(&format!("/proc/{}/cmdline", process.pid));
    // A process that has ended has none.
    let _ = read.and_then(|mut file| file.read_to_end(&mut Vec::new()));
}

fn take(source: &dyn Source, snapshot: &mut Snapshot, owners: &Owners) {
    let mut files = Files::new(source);
    let leaked = snapshot.now.sockets.iter().filter(|seen| seen.socket.state == State::CLOSE_WAIT);
    let leaking: BTreeSet<u32> =
        leaked.flat_map(|seen| owners.of(seen.socket.inode)).map(|holder| holder.pid).collect();
    let mut held: Vec<(u32, u32)> = Vec::new();
    snapshot.now.established_by_process.clear();
    for process in owners.processes() {
        let pid = process.pid;
        let mut facts = facts(source, process.clone(), limits(&mut files, pid));
        // The sockets of a process with many cost as much as a search: only of one that is near its limit, or that may have to be
        // started again.
        if (leaking.contains(&pid) || snapshot.processes.contains_key(&pid))
            && let Ok(inodes) = source.sockets_of(pid)
        {
            facts.sockets = Some(inodes.len() as u64);
            held.extend(inodes.into_iter().map(|inode| (inode, pid)));
            snapshot.now.established_by_process.insert(pid, 0);
        }
        snapshot.processes.insert(pid, facts);
    }
    processes::read_masters(source, &mut snapshot.processes);
    read_parents(&mut files, snapshot, owners);
    held.sort_unstable();
    held.dedup();
    let now = &mut snapshot.now;
    // Most are not among them, which the lower halves of the numbers mostly show.
    let mut lower = PortSet::default();
    held.iter().for_each(|(inode, _)| lower.insert(*inode as u16));
    for inode in now.established_inodes.iter().filter(|inode| lower.contains(**inode as u16)) {
        let from = held.partition_point(|(known, _)| known < inode);
        for (_, pid) in held.get(from..).unwrap_or_default().iter().take_while(|(known, _)| known == inode) {
            *now.established_by_process.entry(*pid).or_default() += 1;
        }
    }
    snapshot.holders = Some(owners.holders().to_vec());
    read_held_up(source, snapshot);
    snapshot.denied = owners.scan.denied;
    for gap in owners.gaps() {
        if !snapshot.gaps.contains(&gap) {
            snapshot.gaps.push(gap);
        }
    }
}

/// Reads the parents of processes that hold a socket together with other programs.
fn read_parents(files: &mut Files<'_>, snapshot: &mut Snapshot, owners: &Owners) {
    let groups = owners.holders().chunk_by(|one, other| one.inode == other.inode);
    let shared = groups.filter(|group| group.first().is_some_and(|one| is_shared(owners, one.inode)));
    let pids: BTreeSet<u32> = shared.flatten().map(|holder| holder.pid).collect();
    for pid in pids {
        if let Some(facts) = snapshot.processes.get_mut(&pid) {
            facts.parent = process_state::parent(files, pid);
        }
    }
}

/// Reads what keeps those processes from running by which something waits.
fn read_held_up(source: &dyn Source, snapshot: &mut Snapshot) {
    let now = &snapshot.now;
    let holders = snapshot.holders.as_deref().unwrap_or_default();
    let of = |inodes: BTreeSet<u32>| -> Vec<u32> {
        let pids = holders.iter().filter(|holder| inodes.contains(&holder.inode)).map(|holder| holder.pid);
        pids.collect::<BTreeSet<u32>>().into_iter().collect()
    };
    let mut may_hang = of(now.not_accepting().map(|listener| listener.inode).collect());
    let unread: BTreeSet<u32> = now.unread_for_long().map(|seen| seen.socket.inode).collect();
    let mut clients: BTreeMap<u32, usize> = BTreeMap::new();
    for holder in holders.iter().filter(|holder| unread.contains(&holder.inode)) {
        *clients.entry(holder.pid).or_default() += 1;
    }
    // Two samples show of one connection that nothing was read, for which its program may have a reason.
    let least = if snapshot.before.is_some() { 1 } else { SEVERAL_CLIENTS };
    may_hang.extend(clients.into_iter().filter(|(_, count)| *count >= least).map(|(pid, _)| pid));
    let waiting = of(now.waiting().into_iter().collect());
    snapshot.calls_denied = held_up::read(source, &mut snapshot.processes, &waiting, &may_hang, &now.descriptors);
}

/// Where the cgroups with these ids belong.
pub fn places(source: &dyn Source, ids: &[u64]) -> BTreeMap<u64, Place> {
    let mut map = CgroupMap::new(source);
    map.resolve(source, ids);
    sorted::map(ids.iter().filter_map(|&id| Some((id, map.place_of(id)?))))
}

/// Units and containers of the sockets that no process is known for, by their own cgroup.
fn unheld_places(source: &dyn Source, snapshot: &mut Snapshot, wanted: &[u32]) {
    let holders = snapshot.holders.as_deref().unwrap_or_default();
    let is_unheld = |inode: u32| {
        let is_wanted = inode == 0 || wanted.binary_search(&inode).is_ok();
        is_wanted && holders.binary_search_by_key(&inode, |holder| holder.inode).is_err()
    };
    let now = &snapshot.now;
    let sockets = now.sockets.iter().chain(now.udp.iter().flatten());
    let of_socket = |seen: &Seen| seen.cgroup_id.filter(|_| is_unheld(seen.socket.inode));
    let listeners = now.listeners.iter();
    let of_listeners = listeners.filter_map(|listener| listener.cgroup_id.filter(|_| is_unheld(listener.inode)));
    let ids: BTreeSet<u64> = sockets.filter_map(of_socket).chain(of_listeners).collect();
    if ids.is_empty() {
        return;
    }
    let ids: Vec<u64> = ids.into_iter().collect();
    snapshot.places.extend(places(source, &ids));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    fn held(all: &[(u32, u32, u32)]) -> MemorySource {
        let mut held = MemorySource::default();
        for (pid, fd, inode) in all {
            held.symlink(&format!("/proc/{pid}/fd/{fd}"), &format!("socket:[{inode}]"));
            held.file(&format!("/proc/{pid}/comm"), "web\n");
        }
        held
    }

    #[test]
    fn a_small_process_with_room_for_all_is_likely_and_large_ones_are_not() {
        let descriptors = BTreeMap::from([(1, 20), (2, 3_000), (3, 90_000), (4, 2_100), (5, 10)]);
        assert_eq!(likely(&descriptors, 2_000), [4, 5, 1]);
        assert!(likely(&BTreeMap::new(), 2_000).is_empty());
    }

    #[test]
    fn a_search_of_few_processes_counts_only_where_it_found_all_and_no_forked_process_shares_them() {
        let all = [(7, 3, 50), (7, 4, 51), (7, 5, 52), (9, 3, 60)];
        let descriptors = BTreeMap::from([(7, 40), (8, 60_000), (9, 10)]);
        let find = |all: &[(u32, u32, u32)], wanted: &[u32]| {
            let found = holders_in_few(&held(all), &descriptors, wanted, &[60]);
            found.map(|found| found.holders().iter().map(|one| (one.inode, one.pid)).collect::<Vec<_>>())
        };
        assert_eq!(find(&all, &[50, 51, 52]), Some(vec![(50, 7), (51, 7), (52, 7)]));
        assert_eq!(find(&all, &[50, 51, 53]), None, "one has no holder");
        // What process 9 shares with process 7 tells which of them are one service.
        assert_eq!(find(&[&all[..], &[(9, 4, 53)]].concat(), &[50, 53]), Some(vec![(50, 7), (53, 9), (60, 9)]));
        for forked in [(8, 3, 50), (8, 5, 52)] {
            assert_eq!(find(&[&all[..], &[forked]].concat(), &[50, 51, 52]), None, "{forked:?} was forked");
        }
    }
}
