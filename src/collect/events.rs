//! Facts about sockets before they ended, from dumps of the living ones: owner, peer, time of the first dump with them.
//! The kernel's cookie joins a socket's end with these facts.

pub mod changes;
mod judge;
mod settling;

use std::{
    collections::{BTreeSet, HashMap, HashSet, VecDeque},
    net::IpAddr,
    time::{Duration, Instant, SystemTime},
};

use settling::Settling;

use super::{
    cgroups::CgroupMap,
    entries::entries,
    known::Known,
    owners::{self, ProcessFields},
    prelude::*,
    query::DumpQuery,
};
use crate::{
    filter::facts::Facts,
    model::{
        ending::{EndKind, Ending, Lived, OwnerOrigin, figure},
        group::Direction,
        owner::Holder,
        socket::Kind,
        tcp_info::TOTAL_RETRANS,
    },
    source::processes::HolderQuery,
};

/// Living sockets that are remembered.
pub const MOST: usize = 100_000;

/// Facts about a socket that lives, or lived at the dump before the last.
#[derive(Debug)]
struct Birth {
    /// It was not there when this dump began; `None` of a socket that is older than the watch.
    after: Option<Instant>,
    /// When a dump first had it.
    seen: Instant,
    /// The number of the last dump that had it.
    dump: u64,
    local: End,
    peer: End,
    inode: u32,
    raw_uid: Option<u32>,
    cgroup_id: Option<u64>,
    is_listener: bool,
    /// Whether it was seen while it connected.
    is_outbound: bool,
}

/// The listener of a port.
#[derive(Clone, Copy, Debug)]
struct PortHolder {
    inode: u32,
    cgroup_id: Option<u64>,
}

/// The living sockets by their cookies.
#[derive(Debug, Default)]
pub struct Births {
    births: HashMap<u64, Birth>,
    /// By address and port; the unspecified address stands for all.
    listeners: HashMap<(IpAddr, u16), PortHolder>,
    ports: HashSet<u16>,
    /// Inodes whose owners were sought.
    seen_before: BTreeSet<u32>,
    /// When each of the last dumps began, and when all earlier ends had been reported; the newest first.
    walks: VecDeque<(Instant, Instant)>,
    dumps: u64,
    /// Whether there were more sockets than can be remembered.
    pub is_full: bool,
}

impl Births {
    /// Dumps the living sockets, forgets the others, and looks for the owners of new ones, which are put to `known`.
    ///
    /// `are_ends_read` tells whether no end of a socket waits in the kernel to be read.
    pub fn update(&mut self, source: &mut dyn Source, known: &mut Known, are_ends_read: &dyn Fn() -> bool) -> Vec<Gap> {
        let began = Instant::now();
        let settling = Settling::begin(source);
        let after = self.walks.front().map(|(began, _)| *began);
        self.dumps += 1;
        self.listeners.clear();
        self.ports.clear();
        let mut gaps = Vec::new();
        for (protocol, states) in [
            (Protocol::Tcp, StateSet::ALL.without(State::TIME_WAIT).without(State::SYN_RECV)),
            (Protocol::Udp, StateSet::ALL),
        ] {
            gaps.extend(entries(source, protocol, &DumpQuery::states(states), &mut |entry| self.meet(entry, after)));
        }
        let dumps = self.dumps;
        // One dump may miss a socket whose neighbour in the table goes while it runs.
        self.births.retain(|_, birth| birth.dump + 1 >= dumps);
        self.births.shrink_to(2 * self.births.len());
        self.walks.push_front((began, settling.finish(source, are_ends_read)));
        let now = Instant::now();
        // An end that was read earlier may need the dump before that.
        let enough = self.walks.iter().position(|(_, settled)| *settled <= now).map_or(usize::MAX, |place| place + 2);
        self.walks.truncate(enough);
        gaps.extend(self.look_up(source, known));
        gaps
    }

    fn meet(&mut self, entry: &Entry, after: Option<Instant>) {
        if entry.cookie == 0 || matches!(entry.kind(), Kind::MiniSock | Kind::RequestSock) {
            return;
        }
        if let (State::LISTEN, End::Inet(address, port)) = (entry.state, &entry.local) {
            let listener = PortHolder { inode: entry.inode, cgroup_id: entry.cgroup_id };
            self.listeners.insert((*address, *port), listener);
            self.ports.insert(*port);
        }
        let (first_after, seen, outbound) = match self.births.get(&entry.cookie) {
            Some(birth) => (birth.after, birth.seen, birth.is_outbound),
            None if self.births.len() >= MOST => {
                self.is_full = true;
                return;
            }
            None => (after, Instant::now(), false),
        };
        let birth = Birth {
            after: first_after,
            seen,
            dump: self.dumps,
            local: entry.local.clone(),
            peer: entry.peer.clone(),
            inode: entry.inode,
            raw_uid: entry.uid(),
            cgroup_id: entry.cgroup_id,
            is_listener: entry.state == State::LISTEN,
            is_outbound: outbound || entry.state == State::SYN_SENT,
        };
        match self.births.get_mut(&entry.cookie) {
            // An orphan has lost its owner, who is still the one to name.
            Some(before) if birth.inode == 0 && before.inode != 0 => before.dump = self.dumps,
            Some(before) => *before = birth,
            None => {
                self.births.insert(entry.cookie, birth);
            }
        }
    }

    /// Looks for the owners of sockets that are new; those of sockets that are gone are forgotten.
    fn look_up(&mut self, source: &dyn Source, known: &mut Known) -> Vec<Gap> {
        let living: BTreeSet<u32> = self.births.values().map(|birth| birth.inode).filter(|inode| *inode != 0).collect();
        let wanted: Vec<u32> = living.difference(&self.seen_before).copied().collect();
        let has_strangers = self
            .births
            .values()
            .filter_map(|birth| birth.cgroup_id)
            .any(|id| id != 0 && !known.places.contains_key(&id));
        self.seen_before = living;
        if has_strangers {
            known.places = CgroupMap::new(source).all(source);
        }
        if wanted.is_empty() && known.owners.is_some() {
            return Vec::new();
        }
        let ask = HolderQuery { wanted: Some(&wanted), ..HolderQuery::default() };
        let found = match owners::find(source, &ask, ProcessFields { uid: true, place: true, context: false }) {
            Ok(found) => found,
            Err(error) => {
                known.owners_unreadable = Some(error.to_string());
                return known.gaps();
            }
        };
        let is_first = known.owners.is_none();
        let mut owners = found;
        if let Some(mut before) = known.owners.take() {
            before.retain(|holder| self.seen_before.contains(&holder.inode) && owners.of(holder.inode).is_empty());
            owners.merge(before);
        }
        known.owners = Some(owners);
        if is_first { known.gaps() } else { Vec::new() }
    }

    /// Joins the facts about a socket that has ended, and forgets the socket.
    pub fn end(&mut self, known: &Known, mut entry: Entry, at: SystemTime, read: Instant) -> Ending {
        let birth = self.births.remove(&entry.cookie);
        // As the kernel reported it: only then is something put in from the dump.
        let was_listener = birth.as_ref().is_some_and(|birth| birth.is_listener);
        let judged = judge::judge(&entry, was_listener, birth.as_ref().is_some_and(|birth| birth.is_outbound));
        let direction = judged.direction.or_else(|| self.inferred(known, &entry, judged.end));
        let lived = self.lived(birth.as_ref(), judged.lived, read);
        let (mut held, mut cgroup_id, mut owner) = (0, None, None);
        if let Some(birth) = birth {
            (held, cgroup_id, owner) = (birth.inode, birth.cgroup_id, Some(OwnerOrigin::Socket));
            (entry.inode, entry.raw_uid, entry.cgroup_id) = (birth.inode, birth.raw_uid, birth.cgroup_id);
            let lacks = |end: &End| matches!(end, End::Inet(address, port) if *port == 0 || address.is_unspecified());
            let is_same = |one: &End, other: &End| matches!((one, other), (End::Inet(one, _), End::Inet(other, _)) if one == other || one.is_unspecified());
            if lacks(&entry.peer) && is_same(&entry.peer, &birth.peer) {
                entry.peer = birth.peer;
            }
            if lacks(&entry.local) {
                entry.local = birth.local;
            }
        }
        if held == 0
            && direction == Some(Direction::Inbound)
            && let Some(listener) = self.listener(&entry.local)
        {
            (held, owner) = (listener.inode, Some(OwnerOrigin::Listener));
            cgroup_id = cgroup_id.or(listener.cgroup_id);
        }
        Ending {
            at,
            entry,
            end: judged.end,
            direction,
            lived,
            origin: owner,
            held,
            cgroup_id,
            is_wiped: judged.is_wiped,
        }
    }

    /// The side that connected, by ports alone: the peer, if this host listens on the port; this host, if the local
    /// port is ephemeral and the peer's is not.
    fn inferred(&self, known: &Known, entry: &Entry, end: EndKind) -> Option<Direction> {
        let (End::Inet(_, port), End::Inet(_, peer)) = (&entry.local, &entry.peer) else { return None };
        if entry.netid != Netid::Tcp || !end.was_connected() {
            return None;
        }
        if self.ports.contains(port) {
            return Some(Direction::Inbound);
        }
        let (low, high) = known.ephemeral_ports(entry)?;
        let is_given = |port: &u16| (low..=high).contains(port);
        (is_given(port) && *peer != 0 && !is_given(peer)).then_some(Direction::Outbound)
    }

    /// The listener that took a connection at this end.
    fn listener(&self, local: &End) -> Option<PortHolder> {
        let End::Inet(address, port) = *local else { return None };
        let any = [IpAddr::from([0u8; 4]), IpAddr::from([0u8; 16])];
        [address].into_iter().chain(any).find_map(|address| self.listeners.get(&(address, port)).copied())
    }

    /// How long a socket lived: by its own clock, else by the dumps that had it and those that had not.
    fn lived(&self, birth: Option<&Birth>, own: judge::OwnClock, read: Instant) -> Lived {
        if let judge::OwnClock::Is(exactly) = own {
            return Lived { at_least: exactly, at_most: Some(exactly) };
        }
        let since = |then: Instant| read.saturating_duration_since(then);
        let (at_least, after) = match birth {
            Some(birth) => (since(birth.seen), birth.after),
            // An end that was there before a dump was over may be that of a socket which the dump no longer met.
            None => {
                let walk = self.walks.iter().find(|(_, settled)| *settled <= read);
                (Duration::ZERO, walk.map(|(began, _)| *began))
            }
        };
        let judge::OwnClock::AtLeast(own) = own else { return Lived { at_least, at_most: after.map(since) } };
        let at_most = after.map(since);
        let at_least = at_least.max(own);
        Lived { at_least: at_most.map_or(at_least, |most| at_least.min(most)), at_most }
    }
}

/// The facts about a socket that has ended, for filters and groupings.
pub struct EndingFacts<'a> {
    /// Owners and other data of sockets.
    pub known: &'a Known,
    /// The socket.
    pub ending: &'a Ending,
    /// The process that called `connect()` or `listen()`, if that was seen.
    pub caller: Option<&'a (Holder, Process)>,
    /// The label of its namespace, where several are followed.
    pub netns: Option<&'a str>,
}

impl EndingFacts<'_> {
    /// The socket as a filter tests it: a connection that was made has figures, and its retransmissions are all of its life.
    pub fn row(&self) -> Entry {
        let mut row = self.ending.entry.clone();
        if row.netid == Netid::Tcp && !self.ending.is_wiped && self.ending.end.was_connected() {
            row.state = State::ESTABLISHED;
        }
        row.retrans = figure(&row, &TOTAL_RETRANS).unwrap_or(0).try_into().unwrap_or(u8::MAX);
        row
    }
}

impl Facts for EndingFacts<'_> {
    fn holders(&self, _entry: &Entry) -> &[Holder] {
        match (self.caller, &self.known.owners) {
            (Some((caller, _)), _) => std::slice::from_ref(caller),
            (None, Some(owners)) if self.ending.held != 0 => owners.of(self.ending.held),
            _ => &[],
        }
    }

    fn process(&self, pid: u32) -> Option<&Process> {
        let caller = self.caller.map(|(_, process)| process).filter(|caller| caller.pid == pid);
        caller.or_else(|| self.known.process(pid))
    }

    fn place(&self, _entry: &Entry) -> Option<&Place> {
        self.known.places.get(&self.ending.cgroup_id?)
    }

    fn netns(&self, entry: &Entry) -> Option<&str> {
        self.netns.or_else(|| self.known.netns(entry))
    }

    fn lived(&self, _entry: &Entry) -> Option<(u64, Option<u64>)> {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        Some((micros(self.ending.lived.at_least), self.ending.lived.at_most.map(micros)))
    }

    fn ephemeral_ports(&self, entry: &Entry) -> Option<(u16, u16)> {
        self.known.ephemeral_ports(entry)
    }
}
