//! Counts sockets by keys: memory grows with the groups, not with the sockets.

use std::collections::{BTreeSet, HashMap};

use super::{known::Known, prelude::*, query::DumpQuery, selected::selected, snapshot, walk};
use crate::{
    filter::{Filter, facts::Facts},
    model::{
        census::Census,
        group::{Direction, Key, Value, network},
        selection::Selection,
    },
};

/// Rows in no order, and the gaps.
#[derive(Debug, Default)]
pub struct Grouped {
    /// One value for each key, and how many sockets share them.
    pub rows: Vec<(Box<[Value]>, u64)>,
    /// Data that could not be read, or only in part.
    pub gaps: Vec<Gap>,
    /// Sockets whose direction was inferred from the listeners, not read from the kernel.
    pub inferred: u64,
}

/// Groups the selected sockets that match a filter, with their looked-up data.
pub fn group_where(
    source: &mut dyn Source,
    selection: &Selection,
    filter: &Filter,
    known: &Known,
    keys: &[Key],
    kernel: Option<(u32, u32)>,
) -> Grouped {
    let mut grouped = Grouped::default();
    if keys == [Key::State] && filter.is_states_alone() {
        by_state_alone(source, selection, kernel, &mut grouped);
        return grouped;
    }
    let wants_direction = keys.contains(&Key::Direction);
    let sides = Sides::read(source, wants_direction && selection.wants(Protocol::Tcp), &mut grouped.gaps);
    let devices = if keys.contains(&Key::Device) { source.interface_names() } else { BTreeMap::new() };
    let lookup = LookedUp { sides: &sides, known, devices: &devices };
    let needs = Needs::INFO.when(wants_direction) | Needs::CONGESTION.when(keys.contains(&Key::Congestion));
    let mut tally = GroupCounts::default();
    let gaps = selected(source, selection, filter, known, needs, kernel, &mut |entry| tally.add(keys, entry, &lookup));
    grouped.gaps.extend(gaps);
    grouped.inferred = tally.inferred;
    grouped.rows = tally.finish();
    grouped.merge_equal_rows();
    grouped
}

/// The states of a census are groups already.
fn by_state_alone(source: &mut dyn Source, selection: &Selection, kernel: Option<(u32, u32)>, grouped: &mut Grouped) {
    let counted = super::count::count(source, selection, kernel);
    grouped.gaps = counted.gaps;
    for (_, census) in counted.netids {
        for (state, sockets) in census.iter().flat_map(Census::counts) {
            grouped.rows.push((Box::from([Value::State(state)]), sockets));
        }
    }
    grouped.merge_equal_rows();
}

impl Grouped {
    /// Rows of several protocols may share all values.
    pub fn merge_equal_rows(&mut self) {
        self.rows.sort_unstable();
        self.rows.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                earlier.1 += later.1;
            }
            same
        });
    }
}

/// Counts by values, with the last group at hand: most sockets fall in the group of the one before.
#[derive(Default)]
struct GroupCounts {
    groups: HashMap<Box<[Value]>, u64>,
    last: Vec<Value>,
    run: u64,
    scratch: Vec<Value>,
    inferred: u64,
}

impl GroupCounts {
    fn add(&mut self, keys: &[Key], entry: &Entry, lookup: &LookedUp<'_>) {
        self.scratch.clear();
        for &key in keys {
            let value = match key {
                Key::Direction => {
                    let (direction, inferred) = lookup.sides.direction(entry);
                    self.inferred += u64::from(inferred);
                    direction.map_or(Value::Unknown, Value::Direction)
                }
                key => value(key, entry, lookup.known, lookup.devices),
            };
            self.scratch.push(value);
        }
        self.count();
    }

    fn count(&mut self) {
        if self.scratch != self.last || self.run == 0 {
            self.settle();
            std::mem::swap(&mut self.scratch, &mut self.last);
        }
        self.run += 1;
    }

    /// Books the run of equal sockets.
    fn settle(&mut self) {
        if self.run == 0 {
            return;
        }
        match self.groups.get_mut(self.last.as_slice()) {
            Some(count) => *count += self.run,
            None => {
                self.groups.insert(self.last.as_slice().into(), self.run);
            }
        }
        self.run = 0;
    }

    fn finish(mut self) -> Vec<(Box<[Value]>, u64)> {
        self.settle();
        self.groups.into_iter().collect()
    }
}

/// Facts that a record lacks.
struct LookedUp<'a> {
    sides: &'a Sides,
    known: &'a Known,
    devices: &'a BTreeMap<u32, String>,
}

/// The value of a key, but for the direction.
pub fn value(key: Key, entry: &Entry, known: &dyn Facts, devices: &BTreeMap<u32, String>) -> Value {
    let inet = |end: &End| match end {
        End::Inet(address, port) => Some((*address, *port)),
        _ => None,
    };
    // The kernel writes zeros if there is no peer: a listener, an unconnected UDP socket.
    let peer = inet(&entry.peer).filter(|(address, port)| *port != 0 || !address.is_unspecified());
    let text = |text: Option<&str>| text.map(|text| Value::Name(text.as_bytes().into()));
    let found = match key {
        Key::State => Some(Value::State(entry.state)),
        Key::Family => Some(Value::Family(entry.family)),
        Key::Local => match &entry.local {
            End::Unix { name: Some(name), .. } => Some(Value::Path(name.clone())),
            end => inet(end).map(|(address, _)| Value::Address(address)),
        },
        Key::LocalPort => inet(&entry.local).map(|(_, port)| Value::Port(port)),
        Key::Peer => peer.map(|(address, _)| Value::Address(address)),
        Key::PeerNetwork { v4, v6 } => peer.map(|(address, _)| {
            let (address, length) = network(address, v4, v6);
            Value::Network(address, length)
        }),
        Key::PeerPort => peer.map(|(_, port)| port).filter(|port| *port != 0).map(Value::Port),
        Key::Service => peer.map(|(address, port)| Value::Endpoint(address, port)),
        Key::Timer if matches!(entry.local, End::Inet(..)) => Some(Value::Timer(entry.timer)),
        Key::User => entry.uid().map(Value::Uid),
        Key::Program => first_process(entry, known).map(|process| Value::Name(process.program.clone())),
        Key::Pid => known.holders(entry).first().map(|holder| Value::Pid(holder.pid)),
        Key::Unit => text(place(entry, known).and_then(|place| place.unit.as_deref())),
        Key::Container => text(place(entry, known).and_then(|place| Some(&*place.container.as_ref()?.id))),
        Key::Congestion => text(entry.detail.as_ref().and_then(|detail| detail.congestion.as_deref())),
        Key::Device if entry.interface != 0 => Some(match devices.get(&entry.interface) {
            Some(name) => Value::Name(name.as_bytes().into()),
            None => Value::Name(entry.interface.to_string().into_bytes().into()),
        }),
        Key::Netns => text(known.netns(entry)),
        Key::Device | Key::Timer | Key::Direction => None,
    };
    found.unwrap_or(Value::Unknown)
}

/// The process with the lowest id that holds the socket: a group counts each socket once.
fn first_process<'a>(entry: &Entry, known: &'a dyn Facts) -> Option<&'a Process> {
    known.process(known.holders(entry).first()?.pid)
}

/// By the socket's own cgroup, else by the process that holds it.
fn place<'a>(entry: &Entry, known: &'a dyn Facts) -> Option<&'a Place> {
    known.place(entry).or_else(|| Some(&first_process(entry, known)?.place))
}

/// The facts that direction is inferred from where the kernel's own count is missing: the listening ports (IPv4, mapped
/// and IPv6 together) and the ephemeral range.
#[derive(Debug, Default)]
struct Sides {
    listening: BTreeSet<u16>,
    ephemeral: Option<(u16, u16)>,
    applies: bool,
}

impl Sides {
    fn read(source: &mut dyn Source, wanted: bool, gaps: &mut Vec<Gap>) -> Sides {
        if !wanted {
            return Sides::default();
        }
        let query = DumpQuery::states(StateSet::of(State::LISTEN));
        let walked = walk::gather(source, Protocol::Tcp, &query, |ports: &mut BTreeSet<u16>, record| {
            ports.insert(record.local_port());
        });
        gaps.extend(walked.gaps.into_iter().filter(Gap::is_loss));
        Sides {
            listening: walked.value.unwrap_or_default(),
            ephemeral: snapshot::ephemeral_range(source),
            applies: true,
        }
    }

    /// The side that connected, and whether that is inferred.
    fn direction(&self, entry: &Entry) -> (Option<Direction>, bool) {
        let End::Inet(_, local_port) = entry.local else { return (None, false) };
        if !self.applies || entry.netid != Netid::Tcp {
            return (None, false);
        }
        match entry.state {
            State::LISTEN => return (Some(Direction::Listener), false),
            State::SYN_SENT => return (Some(Direction::Outbound), false),
            State::SYN_RECV => return (Some(Direction::Inbound), false),
            State::CLOSE | State::BOUND_INACTIVE => return (None, false),
            state @ (State::ESTABLISHED | State::CLOSE_WAIT) => {
                let info = entry.detail.as_ref().and_then(|detail| detail.tcp_info.as_ref());
                if let Some(direction) = info.and_then(|info| info.direction(state, entry.wqueue)) {
                    return (Some(direction), false);
                }
            }
            _ => {}
        }
        let outside = self.ephemeral.is_some_and(|(low, high)| !(low..=high).contains(&local_port));
        let inbound = self.listening.contains(&local_port) || outside;
        (Some(if inbound { Direction::Inbound } else { Direction::Outbound }), true)
    }
}
