//! Facts about a TCP socket when its state changes: when it entered the state before, which side connected, and owners
//! from dumps.

use std::{collections::HashMap, net::IpAddr, time::Duration};

use super::Births;
use crate::{
    collect::{known::Known, prelude::*},
    model::{
        ending::{EndKind, Ending, Lived, OwnerOrigin},
        family::Family,
        group::Direction,
        owner::{Holder, NO_FD},
        state_change::StateChange,
        transition::StateTransition,
    },
    source::bpf::changes,
};

/// Sockets that are remembered.
const MOST: usize = 1_000_000;

/// Facts about a socket from its last change.
#[derive(Debug)]
struct Followed {
    state: State,
    since: u64,
    direction: Option<Direction>,
    /// The process that called `connect()` or `listen()`; for an accepted connection, the one that called `listen()`.
    caller: Option<(Holder, Process)>,
    /// Its own end, which is wiped as it closes.
    local: (IpAddr, u16),
    /// The first change of an accepted connection, which waits for the next: before that it has neither peer nor cookie.
    first: Option<StateChange>,
}

/// The sockets whose changes were followed.
#[derive(Debug)]
pub struct FollowedSockets {
    sockets: HashMap<u64, Followed>,
    /// The listening process, by namespace and end.
    listeners: HashMap<(u32, IpAddr, u16), (Holder, Process)>,
    /// Since then no change was lost, by the kernel's clock.
    whole_since: u64,
}

impl FollowedSockets {
    /// None, from now on.
    pub fn begun() -> FollowedSockets {
        FollowedSockets { sockets: HashMap::new(), listeners: HashMap::new(), whole_since: changes::nanos() }
    }

    /// Forgets all sockets, because changes were lost; returns the changes that waited for the next.
    pub fn forget(&mut self, births: &Births, known: &Known) -> Vec<StateTransition> {
        self.whole_since = changes::nanos();
        self.listeners.clear();
        let mut waiting: Vec<StateChange> = self.sockets.drain().filter_map(|(_, socket)| socket.first).collect();
        waiting.sort_by_key(|change| change.nanos);
        let inbound = Some(Direction::Inbound);
        waiting.iter().map(|change| births.transition(known, change, None, inbound, UNKNOWN)).collect()
    }

    /// Joins the facts about a change, and releases the change before it, which waited for this one.
    pub fn follow(&mut self, births: &Births, known: &Known, mut change: StateChange) -> Vec<StateTransition> {
        let mut seen = self.sockets.remove(&change.socket);
        let mut all = Vec::new();
        if let Some(seen) = seen.as_ref().filter(|_| change.local.1 == 0) {
            change.local = seen.local;
        }
        if let Some(mut first) = seen.as_mut().and_then(|seen| seen.first.take()) {
            (first.cookie, first.local, first.peer) = (change.cookie, change.local, change.peer);
            let listener = seen.as_ref().and_then(|seen| seen.caller.clone());
            all.push(births.transition(known, &first, listener, Some(Direction::Inbound), UNKNOWN));
        }
        let seen = seen.filter(|seen| seen.state == change.from);
        let is_child = (change.from, change.to) == (State::LISTEN, State::SYN_RECV);
        let (mut direction, mut caller) = (None, None);
        let stayed = match seen {
            Some(seen) => {
                (direction, caller) = (seen.direction, seen.caller);
                exactly(change.nanos.saturating_sub(seen.since))
            }
            // A socket is CLOSE from its birth on, and a connection was never a listener.
            None if is_child || change.from == State::CLOSE => UNKNOWN,
            None => Lived { at_most: None, ..exactly(change.nanos.saturating_sub(self.whole_since)) },
        };
        if change.from == State::CLOSE {
            let listens = change.to == State::LISTEN;
            direction = Some(if listens { Direction::Listener } else { Direction::Outbound });
            caller = Some(caller_of(&change, known));
            if let Some(listener) = caller.clone().filter(|_| listens && self.listeners.len() < MOST) {
                self.listeners.insert((change.netns, change.local.0, change.local.1), listener);
            }
        } else if is_child {
            direction = Some(Direction::Inbound);
            caller = self.listener(&change);
        } else if change.from == State::LISTEN {
            self.listeners.remove(&(change.netns, change.local.0, change.local.1));
        }
        let first = is_child.then(|| change.clone());
        if !is_child {
            all.push(births.transition(known, &change, caller.clone(), direction, stayed));
        }
        if self.sockets.len() >= MOST {
            self.sockets.retain(|_, socket| socket.first.is_some());
            self.whole_since = change.nanos;
        }
        if change.to != State::CLOSE {
            let (state, since, local) = (change.to, change.nanos, change.local);
            let followed = Followed { state, since, direction, caller, local, first };
            self.sockets.insert(change.socket, followed);
        }
        all
    }

    /// The listening process of an accepted connection; at that time the connection has the end of its listener.
    fn listener(&self, change: &StateChange) -> Option<(Holder, Process)> {
        let (address, port) = change.local;
        let any = [IpAddr::from([0u8; 4]), IpAddr::from([0u8; 16])];
        let mut addresses = [address, address.to_canonical()].into_iter().chain(any);
        addresses.find_map(|address| self.listeners.get(&(change.netns, address, port)).cloned())
    }
}

const UNKNOWN: Lived = Lived { at_least: Duration::ZERO, at_most: None };

fn exactly(nanos: u64) -> Lived {
    let time = Duration::from_nanos(nanos);
    Lived { at_least: time, at_most: Some(time) }
}

/// The process that made the change, by its name at that time.
fn caller_of(change: &StateChange, known: &Known) -> (Holder, Process) {
    let program = change.program.split(|&byte| byte == 0).next().unwrap_or_default();
    let place = known.places.get(&change.cgroup).cloned().unwrap_or_default();
    let process = Process { pid: change.pid, program: program.into(), uid: Some(change.uid), place, context: None };
    (Holder { inode: 0, pid: change.pid, tid: change.pid, fd: NO_FD }, process)
}

impl Births {
    /// A change with the facts about its socket.
    fn transition(
        &self,
        known: &Known,
        change: &StateChange,
        caller: Option<(Holder, Process)>,
        direction: Option<Direction>,
        stayed: Lived,
    ) -> StateTransition {
        let mut entry = Entry::blank(Netid::Tcp, 0);
        entry.family = if change.is_v6 { Family::Inet6 } else { Family::Inet };
        let end = |(address, port): (IpAddr, u16)| End::Inet(address.to_canonical(), port);
        entry.mapped = change.is_v6 && [change.local.0, change.peer.0].iter().any(|one| one.to_canonical() != *one);
        (entry.state, entry.local, entry.peer) = (change.to, end(change.local), end(change.peer));
        (entry.cookie, entry.raw_uid) = (change.cookie, Some(change.uid));
        entry.cgroup_id = Some(change.cgroup).filter(|id| *id != 0);
        let birth = self.births.get(&change.cookie);
        let seen = birth.map(|birth| match birth {
            _ if birth.is_listener => Direction::Listener,
            _ if birth.is_outbound => Direction::Outbound,
            _ => Direction::Inbound,
        });
        let direction = direction
            .or(seen.filter(|seen| *seen != Direction::Inbound))
            .or_else(|| self.inferred(known, &entry, EndKind::Closed));
        let own =
            birth.filter(|birth| birth.inode != 0).map(|birth| (birth.inode, birth.cgroup_id, OwnerOrigin::Socket));
        let listener = || {
            let listener = self.listener(&entry.local).filter(|_| direction == Some(Direction::Inbound))?;
            Some((listener.inode, listener.cgroup_id, OwnerOrigin::Listener))
        };
        let (held, cgroup_id, origin) = match (&caller, own.or_else(listener)) {
            (Some(_), _) if direction == Some(Direction::Inbound) => (0, None, Some(OwnerOrigin::Listener)),
            (Some(_), _) => (0, None, Some(OwnerOrigin::Caller)),
            (None, Some((held, cgroup_id, origin))) => (held, cgroup_id, Some(origin)),
            (None, None) => (0, None, None),
        };
        entry.inode = if origin == Some(OwnerOrigin::Socket) { held } else { 0 };
        let cgroup_id = entry.cgroup_id.or(cgroup_id);
        let socket = Ending {
            at: change.at,
            entry,
            end: EndKind::Closed,
            direction,
            lived: stayed,
            origin,
            held,
            cgroup_id,
            is_wiped: false,
        };
        let error = if change.to == State::CLOSE { change.error.cast_signed() } else { 0 };
        StateTransition { socket, from: change.from, netns: change.netns, error, caller }
    }
}
