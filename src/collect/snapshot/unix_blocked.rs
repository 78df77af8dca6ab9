//! Programs that wait for a UNIX datagram socket whose program does not read: all that log, if the logger has stopped.
//!
//! The kernel does not show how many datagrams a socket has received. It shows how much memory each sender has in those that
//! were not read, and where a thread waits. One that has waited in one place for half a second, without a break, got no
//! room in that time.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    files::Files,
    process_state::{Status, threads},
};
use crate::{
    collect::{prelude::*, walk},
    model::{
        snapshot::{Sample, UnixUnread},
        sorted,
        unix_blocked::UnixBlocked,
    },
    source::processes::HolderQuery,
    wire::unix,
};

/// Where a sender waits: for room in the queue of the receiver, or in its own send buffer.
const WAITS: [&str; 3] = ["unix_wait_for_peer", "sock_alloc_send_pskb", "sock_wait_for_wmem"];
/// Less memory than that of the few datagrams which fit the shortest common queue.
const LEAST_BYTES: u64 = 4_096;
/// Between the two readings of a thread.
const BETWEEN: Duration = Duration::from_millis(500);
/// Of more senders the first are looked up.
const MOST_SENDERS: usize = 1_024;

/// A thread that waits to write.
struct BlockedThread {
    pid: u32,
    tid: u32,
    receiver: u32,
    place: &'static str,
    status: Status,
}

/// The receivers for which programs have waited in two readings.
pub(super) fn read(source: &mut dyn Source, now: &Sample) -> Vec<UnixBlocked> {
    let unread = now.unix_unread.iter().filter(|socket| socket.netid == Netid::UnixDatagram);
    let receivers: BTreeMap<u32, &UnixUnread> = sorted::map(unread.map(|socket| (socket.inode, socket)));
    if receivers.is_empty() {
        return Vec::new();
    }
    let senders = senders(source, &receivers);
    let waiting = waiting(source, &senders);
    let blocked = |(&inode, receiver): (&u32, &&UnixUnread)| {
        let mine: Vec<&BlockedThread> = waiting.iter().filter(|one| one.receiver == inode).collect();
        let pids: BTreeSet<u32> = sorted::set(mine.iter().map(|one| one.pid));
        Some(UnixBlocked {
            receiver: inode,
            path: receiver.path.clone(),
            senders: senders.iter().filter(|(_, to)| **to == inode).map(|(sender, _)| *sender).collect(),
            pids: pids.into_iter().collect(),
            place: mine.first()?.place,
        })
    };
    receivers.iter().filter_map(blocked).collect()
}

/// The sockets that are connected to each receiver whose unread datagrams use more than a little memory.
fn senders(source: &mut dyn Source, receivers: &BTreeMap<u32, &UnixUnread>) -> BTreeMap<u32, u32> {
    let mut entry = Entry::blank(Netid::UnixDatagram, 0);
    let show = unix::SHOW_PEER | unix::SHOW_QUEUES;
    let walked = walk::gather_unix(source, StateSet::ALL, show, |found: &mut Vec<(u32, u32, u64)>, payload| {
        let is_datagram = unix::head(payload).is_some_and(|(netid, _)| netid == Netid::UnixDatagram);
        if is_datagram && unix::fill(payload, Needs::empty(), &mut entry) {
            match entry.peer {
                End::Unix { inode, .. } if receivers.contains_key(&inode) => {
                    found.push((entry.inode, inode, entry.wqueue.into()));
                }
                _ => {}
            }
        }
    });
    let found = walked.value.unwrap_or_default();
    let mut bytes: BTreeMap<u32, u64> = BTreeMap::new();
    for (_, receiver, unread) in &found {
        *bytes.entry(*receiver).or_default() += unread;
    }
    let is_much = |receiver: &u32| bytes.get(receiver).is_some_and(|&bytes| bytes >= LEAST_BYTES);
    let much = found.into_iter().filter(|(_, receiver, _)| is_much(receiver));
    sorted::map(much.take(MOST_SENDERS).map(|(sender, receiver, _)| (sender, receiver)))
}

/// The threads of programs with such sockets that wait without a break.
fn waiting(source: &dyn Source, senders: &BTreeMap<u32, u32>) -> Vec<BlockedThread> {
    let wanted: Vec<u32> = senders.keys().copied().collect();
    let ask = HolderQuery { wanted: Some(&wanted), all_holders: true, ..HolderQuery::default() };
    let found = if wanted.is_empty() { None } else { source.holders(&ask).ok() };
    let mut goals: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for holder in found.iter().flat_map(|found| &found.holders) {
        goals.entry(holder.pid).or_default().extend(senders.get(&holder.inode));
    }
    let mut files = Files::new(source);
    let mut waiting = Vec::new();
    for (pid, receivers) in goals {
        // Of several full receivers the kernel does not show which one a thread waits for.
        let (Some(&receiver), 1) = (receivers.first(), receivers.len()) else { continue };
        for tid in threads(source, pid) {
            let place = files.text(&format!("/proc/{pid}/task/{tid}/wchan")).unwrap_or_default();
            let Some(place) = WAITS.into_iter().find(|one| *one == place) else { continue };
            let status = Status::read(&mut files, &format!("/proc/{pid}/task/{tid}/"));
            waiting.extend(status.map(|status| BlockedThread { pid, tid, receiver, place, status }));
        }
    }
    if waiting.is_empty() {
        return waiting;
    }
    source.pause(BETWEEN);
    waiting.retain(|one| {
        let now = Status::read(&mut files, &format!("/proc/{}/task/{}//", one.pid, one.tid));
        now.is_some_and(|now| one.status.is_same_sleep(&now))
    });
    waiting
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    #[test]
    fn a_thread_that_went_on_between_the_readings_does_not_wait() {
        let blocked = |place: &str, before: u64, now: u64| {
            let state = |switches: u64| format!("State:\tS (sleeping)\nvoluntary_ctxt_switches:\t{switches}\n");
            let mut held = MemorySource::default();
            held.symlink("/proc/7/fd/3", "socket:[50]");
            held.file("/proc/7/task/8/wchan", place);
            held.file("/proc/7/task/8//status", state(before));
            held.file("/proc/7/task/8///status", state(now));
            waiting(&held, &BTreeMap::from([(50, 60)]))
                .into_iter()
                .map(|one| (one.pid, one.receiver))
                .collect::<Vec<_>>()
        };
        assert_eq!(blocked("unix_wait_for_peer", 5, 5), [(7, 60)]);
        assert_eq!(blocked("unix_wait_for_peer", 5, 6), []);
        assert_eq!(blocked("ep_poll", 5, 5), []);
    }
}
