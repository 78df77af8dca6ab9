//! The census: one pass over every TCP socket that does not listen, without attributes.
//!
//! A healthy socket leaves a count and four bytes behind. What tells something is kept as evidence, `TIME_WAIT` and
//! connections that this host made are folded as they come; the listeners are known before ([`super::listeners`]).

use std::{collections::BTreeMap, net::IpAddr};

use super::{
    ports::PortSet,
    routes::{Outbound, Routes},
};
use crate::{
    collect::sighting::Sighting,
    model::{
        census::Census,
        snapshot::{Route, Seen, TimeWaits},
        socket::Timer,
        state::State,
    },
    wire::seen,
};

/// Full records are kept of so many sockets of a state.
const MOST_OF_A_STATE: u64 = 1000;

/// So many healthy connections are kept too: few enough to be looked up one by one.
pub(super) const FEW: usize = 64;

/// Whether every socket of a state tells something.
fn is_telling(state: State) -> bool {
    matches!(
        state,
        State::SYN_SENT
            | State::SYN_RECV
            | State::FIN_WAIT1
            | State::FIN_WAIT2
            | State::CLOSE_WAIT
            | State::LAST_ACK
            | State::CLOSING
    )
}

/// What is known before the walk.
pub(super) struct Ground<'a> {
    /// Ports with a listener, of any address and family.
    pub(super) listening: &'a PortSet,
    /// The ephemeral range.
    pub(super) range: Option<(u16, u16)>,
}

/// What the walk leaves behind.
#[derive(Default)]
pub(super) struct Fold {
    pub(super) census: Census,
    /// Evidence, at most [`MOST_OF_A_STATE`] of each.
    pub(super) sockets: Vec<Seen>,
    /// Evidence of a state that there was no room for.
    pub(super) beyond: BTreeMap<State, u64>,
    /// `ESTABLISHED` that tell nothing, while there are no more than [`FEW`] of them.
    pub(super) healthy: Vec<Seen>,
    /// How many of those there are.
    pub(super) healthy_count: u64,
    /// Inodes of `ESTABLISHED`.
    pub(super) inodes: Vec<u32>,
    /// `TIME_WAIT` on ports that listen.
    pub(super) inbound: BTreeMap<u16, TimeWaits>,
    pub(super) routes: Routes,
    kept: [u64; 16],
}

/// The fields of a record that each socket is judged by.
struct Brief {
    state: State,
    timer: Timer,
    retrans: u8,
    local_port: u16,
    rqueue: u32,
    wqueue: u32,
    inode: u32,
    expires_ms: u32,
}

impl Brief {
    #[inline(always)]
    fn of(sighting: &Sighting<'_>) -> Brief {
        match sighting {
            Sighting::Record(record) => Brief {
                state: record.state(),
                timer: record.timer(),
                retrans: record.retrans(),
                local_port: record.local_port(),
                rqueue: record.rqueue(),
                wqueue: record.wqueue(),
                inode: record.inode(),
                expires_ms: record.expires_ms(),
            },
            Sighting::Line(socket) => Brief {
                state: socket.state,
                timer: socket.timer,
                retrans: socket.retrans,
                local_port: socket.local_port,
                rqueue: socket.rqueue,
                wqueue: socket.wqueue,
                inode: socket.inode,
                expires_ms: socket.expires_ms,
            },
        }
    }

    /// Whether an `ESTABLISHED` socket tells something.
    fn is_telling(&self) -> bool {
        self.rqueue | self.wqueue != 0 || self.retrans != 0 || self.inode == 0 || self.timer == Timer::Persist
    }
}

impl Fold {
    /// Takes one socket.
    #[inline]
    pub(super) fn take(&mut self, sighting: &Sighting<'_>, ground: &Ground<'_>) {
        let brief = Brief::of(sighting);
        self.census.count(brief.state, brief.timer, brief.inode);
        let listens = ground.listening.contains(brief.local_port);
        if !listens && ground.range.is_some_and(|(low, high)| (low..=high).contains(&brief.local_port)) {
            self.outbound(sighting, &brief);
        }
        match brief.state {
            State::ESTABLISHED => {
                if brief.inode != 0 {
                    self.inodes.push(brief.inode);
                }
                if brief.is_telling() {
                    self.keep(sighting, brief.state);
                } else {
                    self.keep_healthy(sighting);
                }
            }
            State::TIME_WAIT if listens => {
                self.inbound.entry(brief.local_port).or_default().add(brief.expires_ms);
            }
            state if is_telling(state) => self.keep(sighting, state),
            _ => {}
        }
    }

    fn outbound(&mut self, sighting: &Sighting<'_>, brief: &Brief) {
        let Some((source, address, port)) = ends(sighting) else { return };
        let one = Outbound {
            state: brief.state,
            local_port: brief.local_port,
            inode: brief.inode,
            expires_ms: brief.expires_ms,
        };
        self.routes.add(Route { source, address, port }, &one);
    }

    #[inline(always)]
    fn keep_healthy(&mut self, sighting: &Sighting<'_>) {
        self.healthy_count += 1;
        if self.healthy_count <= FEW as u64 {
            self.healthy.extend(look(sighting));
        }
    }

    #[cold]
    fn keep(&mut self, sighting: &Sighting<'_>, state: State) {
        let Some(kept) = self.kept.get_mut(usize::from(state.number())) else { return };
        if *kept < MOST_OF_A_STATE {
            *kept += 1;
            self.sockets.extend(look(sighting));
        } else {
            *self.beyond.entry(state).or_default() += 1;
        }
    }
}

/// All that a record tells.
pub(super) fn look(sighting: &Sighting<'_>) -> Option<Seen> {
    match sighting {
        Sighting::Record(record) => seen::seen(record),
        Sighting::Line(socket) => Some(seen::bare((*socket).clone())),
    }
}

/// Local address, peer's address, peer's port.
fn ends(sighting: &Sighting<'_>) -> Option<(IpAddr, IpAddr, u16)> {
    match sighting {
        Sighting::Record(record) => {
            let (local, peer) = record.addresses()?;
            Some((local, peer, record.peer_port()))
        }
        Sighting::Line(socket) => Some((socket.local, socket.peer, socket.peer_port)),
    }
}
