//! Counts sockets by keys: memory grows with the groups, not with the sockets.

use std::collections::{BTreeSet, HashMap};

use netlink_packet_sock_diag::{inet::ExtensionFlags, unix::ShowFlags};

use super::{
    sighting::Sighting,
    tables::{self, Unix, Walked},
};
use crate::{
    model::{
        family::{Family, Protocol},
        gap::Gap,
        group::{Direction, Key, Value, network},
        selection::Selection,
        socket::Socket,
        state::{State, StateSet},
    },
    source::Source,
    wire::unix::{self, UnixSocket},
};

/// Rows in no order, and what was not looked at.
#[derive(Debug, Default)]
pub struct Grouped {
    /// One value for each key, and how many sockets share them.
    pub rows: Vec<(Box<[Value]>, u64)>,
    /// What was not, or not fully, looked at.
    pub gaps: Vec<Gap>,
    /// Sockets whose direction was inferred from the listeners, not told by the kernel.
    pub inferred: u64,
}

/// Groups the selected sockets by the keys.
pub fn group(source: &mut dyn Source, selection: &Selection, keys: &[Key], kernel: Option<(u32, u32)>) -> Grouped {
    let mut grouped = Grouped::default();
    let wants_direction = keys.contains(&Key::Direction);
    for protocol in [Protocol::Tcp, Protocol::Udp, Protocol::Raw] {
        if !selection.wants(protocol) {
            continue;
        }
        let sides = Sides::read(source, protocol, wants_direction, &mut grouped.gaps);
        let extensions = match protocol {
            Protocol::Tcp if wants_direction => ExtensionFlags::INFO,
            _ => ExtensionFlags::empty(),
        };
        let fresh = &Tally::default;
        if !selection.states.is_empty() {
            let mut each = |tally: &mut Tally, seen: &Sighting<'_>| tally.inet(keys, seen, &sides);
            grouped.add(tables::inet(source, protocol, selection, extensions, fresh, &mut each));
        }
        if protocol == Protocol::Tcp && selection.bound_inactive {
            let mut each = |tally: &mut Tally, seen: &Sighting<'_>| tally.inet(keys, seen, &sides);
            grouped.add(tables::bound_inactive(source, selection, kernel, fresh, &mut each));
        }
    }
    if selection.wants(Protocol::Unix) && selection.family.is_none() {
        let states = selection.states;
        let mut show = ShowFlags::empty();
        if keys.contains(&Key::Local) {
            show |= ShowFlags::NAME;
        }
        if keys.contains(&Key::User) {
            show |= ShowFlags::from_bits_retain(unix::SHOW_UID);
        }
        let walked = tables::unix(source, states, show, &Tally::default, &mut |tally: &mut Tally, seen| {
            let read;
            let socket = match seen {
                Unix::Record(payload) => {
                    read = unix::socket(payload);
                    read.as_ref()
                }
                Unix::Line(socket) => Some(socket),
            };
            if let Some(socket) = socket.filter(|socket| states.contains(socket.state)) {
                tally.unix(keys, socket);
            }
        });
        grouped.add(walked);
    }
    grouped.merge_equal_rows();
    grouped
}

impl Grouped {
    fn add(&mut self, walked: Walked<Tally>) {
        self.gaps.extend(walked.gap);
        if let Some(tally) = walked.value {
            self.inferred += tally.inferred;
            self.rows.extend(tally.finish());
        }
    }

    /// Rows of several protocols may share all values.
    fn merge_equal_rows(&mut self) {
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
struct Tally {
    groups: HashMap<Box<[Value]>, u64>,
    last: Vec<Value>,
    run: u64,
    scratch: Vec<Value>,
    inferred: u64,
}

impl Tally {
    fn inet(&mut self, keys: &[Key], seen: &Sighting<'_>, sides: &Sides) {
        self.scratch.clear();
        if let [Key::State] = keys {
            self.scratch.push(Value::State(seen.state()));
        } else {
            let Some(socket) = seen.socket() else { return };
            for &key in keys {
                let value = match key {
                    Key::Direction => {
                        let (direction, inferred) = sides.direction(&socket, seen);
                        self.inferred += u64::from(inferred);
                        direction.map_or(Value::Unknown, Value::Direction)
                    }
                    key => inet_value(key, &socket),
                };
                self.scratch.push(value);
            }
        }
        self.count();
    }

    fn unix(&mut self, keys: &[Key], socket: &UnixSocket) {
        self.scratch.clear();
        self.scratch.extend(keys.iter().map(|&key| unix_value(key, socket)));
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

/// The value of a key that the record itself holds.
fn inet_value(key: Key, socket: &Socket) -> Value {
    match key {
        Key::State => Value::State(socket.state),
        Key::Family => Value::Family(socket.family),
        Key::Local => Value::Address(socket.local),
        Key::LocalPort => Value::Port(socket.local_port),
        Key::Peer => Value::Address(socket.peer),
        Key::PeerNetwork { v4, v6 } => {
            let (address, length) = network(socket.peer, v4, v6);
            Value::Network(address, length)
        }
        Key::PeerPort => Value::Port(socket.peer_port),
        Key::Service => Value::Endpoint(socket.peer, socket.peer_port),
        Key::Timer => Value::Timer(socket.timer),
        Key::User => socket.uid().map_or(Value::Unknown, Value::Uid),
        Key::Direction => Value::Unknown,
    }
}

fn unix_value(key: Key, socket: &UnixSocket) -> Value {
    match key {
        Key::State => Value::State(socket.state),
        Key::Family => Value::Family(Family::Unix),
        Key::Local => socket.name.clone().map_or(Value::Unknown, Value::Path),
        Key::User => socket.uid.map_or(Value::Unknown, Value::Uid),
        Key::LocalPort
        | Key::Peer
        | Key::PeerNetwork { .. }
        | Key::PeerPort
        | Key::Service
        | Key::Direction
        | Key::Timer => Value::Unknown,
    }
}

/// What direction is inferred from where the kernel's own count is missing: the ports that listen (IPv4,
/// mapped and IPv6 taken together) and the ephemeral range.
#[derive(Debug, Default)]
struct Sides {
    listening: BTreeSet<u16>,
    ephemeral: Option<(u16, u16)>,
    applies: bool,
}

impl Sides {
    fn read(source: &mut dyn Source, protocol: Protocol, wanted: bool, gaps: &mut Vec<Gap>) -> Sides {
        if !wanted || protocol != Protocol::Tcp {
            return Sides::default();
        }
        let selection = Selection::tcp(StateSet::of(State::LISTEN));
        let fresh = &BTreeSet::new;
        let walked = tables::inet(source, protocol, &selection, ExtensionFlags::empty(), fresh, &mut |ports, seen| {
            ports.extend(seen.socket().map(|socket| socket.local_port));
        });
        gaps.extend(walked.gap.filter(Gap::is_loss));
        Sides { listening: walked.value.unwrap_or_default(), ephemeral: ephemeral_range(source), applies: true }
    }

    /// Who connected, and whether that is inferred.
    fn direction(&self, socket: &Socket, seen: &Sighting<'_>) -> (Option<Direction>, bool) {
        if !self.applies {
            return (None, false);
        }
        match socket.state {
            State::LISTEN => return (Some(Direction::Listener), false),
            State::SYN_SENT => return (Some(Direction::Outbound), false),
            State::SYN_RECV => return (Some(Direction::Inbound), false),
            State::CLOSE | State::BOUND_INACTIVE => return (None, false),
            State::ESTABLISHED | State::CLOSE_WAIT => match seen.we_connected(socket.wqueue) {
                Some(true) => return (Some(Direction::Outbound), false),
                Some(false) => return (Some(Direction::Inbound), false),
                None => {}
            },
            _ => {}
        }
        let outside = self.ephemeral.is_some_and(|(low, high)| !(low..=high).contains(&socket.local_port));
        let inbound = self.listening.contains(&socket.local_port) || outside;
        (Some(if inbound { Direction::Inbound } else { Direction::Outbound }), true)
    }
}

/// `ip_local_port_range`: the ports that `connect()` takes by itself.
fn ephemeral_range(source: &dyn Source) -> Option<(u16, u16)> {
    let mut file = source.open("/proc/sys/net/ipv4/ip_local_port_range").ok()?;
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    let mut ends = text.split_ascii_whitespace().map(str::parse);
    Some((ends.next()?.ok()?, ends.next()?.ok()?))
}
