//! The census: one pass over every TCP socket that does not listen, without attributes.
//!
//! A healthy socket costs a count and four bytes. Suspicious ones are kept as evidence; `TIME_WAIT` and outgoing
//! connections are aggregated on the fly; the listeners are known before ([`super::listeners`]).

use std::collections::BTreeMap;

use super::{
    ports::PortSet,
    routes::{Outbound, Routes},
};
use crate::{
    model::{
        census::Census,
        snapshot::{Route, Seen, TimeWaits},
        socket::Timer,
        state::State,
        uapi::{inet_diag, u64_at},
        usage::UsageCounter,
    },
    wire::{inet::Record, seen::seen},
};

/// Full records that are kept for each state.
const MOST_OF_A_STATE: u64 = 1000;

/// The number of healthy connections to keep: few enough to look up one by one.
pub(super) const FEW: usize = 64;

/// Whether every socket of a state may show a fault.
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

/// The data known before the walk.
pub(super) struct Ground<'a> {
    /// Ports with a listener, of any address and family.
    pub(super) listening: &'a PortSet,
    /// The ephemeral range; the kernel's default where it is unknown.
    pub(super) range: (u16, u16),
    /// Whether to count sockets by cgroup.
    pub(super) usage: bool,
}

/// The result of the walk.
#[derive(Default)]
pub(super) struct Connections {
    pub(super) census: Census,
    /// Evidence, at most [`MOST_OF_A_STATE`] of each.
    pub(super) sockets: Vec<Seen>,
    /// Evidence of a state that there was no room for.
    pub(super) beyond: BTreeMap<State, u64>,
    /// `ESTABLISHED` without signs of a fault, while there are no more than [`FEW`] of them.
    pub(super) healthy: Vec<Seen>,
    /// How many of those there are.
    pub(super) healthy_count: u64,
    /// Inodes of `ESTABLISHED`.
    pub(super) inodes: Vec<u32>,
    /// `TIME_WAIT` on ports that listen.
    pub(super) inbound: BTreeMap<u16, TimeWaits>,
    pub(super) routes: Routes,
    pub(super) usage: UsageCounter,
    kept: [u64; 16],
}

/// Whether an `ESTABLISHED` socket may show a fault.
#[inline(always)]
fn is_established_telling(record: &Record<'_>) -> bool {
    record.rqueue() | record.wqueue() != 0
        || record.retrans() != 0
        || record.inode() == 0
        || record.timer() == Timer::Persist
}

impl Connections {
    /// Takes one socket.
    #[inline]
    pub(super) fn take(&mut self, record: &Record<'_>, ground: &Ground<'_>) {
        let (state, local_port, inode) = (record.state(), record.local_port(), record.inode());
        self.census.count(state, record.timer(), inode);
        if ground.usage {
            let cgroup = || u64_at(record.attribute(inet_diag::CGROUP_ID)?, 0);
            self.usage.count(state, (record.rqueue(), record.wqueue()), cgroup);
        }
        let listens = ground.listening.contains(local_port);
        if !listens && (ground.range.0..=ground.range.1).contains(&local_port) {
            self.outbound(record);
        }
        match state {
            State::ESTABLISHED => {
                if inode != 0 {
                    self.inodes.push(inode);
                }
                if is_established_telling(record) {
                    self.keep(record);
                } else {
                    self.keep_healthy(record);
                }
            }
            State::TIME_WAIT if listens => {
                self.inbound.entry(local_port).or_default().add(record.expires_ms());
            }
            state if is_telling(state) => self.keep(record),
            _ => {}
        }
    }

    fn outbound(&mut self, record: &Record<'_>) {
        let route = || {
            let (source, address) = record.addresses()?;
            Some(Route { source, address, port: record.peer_port() })
        };
        let one = Outbound {
            state: record.state(),
            local_port: record.local_port(),
            inode: record.inode(),
            expires_ms: record.expires_ms(),
        };
        self.routes.add(record.route_bytes(), route, &one);
    }

    #[inline(always)]
    fn keep_healthy(&mut self, record: &Record<'_>) {
        self.healthy_count += 1;
        if self.healthy_count <= FEW as u64 {
            self.healthy.extend(seen(record));
        }
    }

    #[cold]
    fn keep(&mut self, record: &Record<'_>) {
        let state = record.state();
        let Some(kept) = self.kept.get_mut(usize::from(state.number())) else { return };
        if *kept < MOST_OF_A_STATE {
            *kept += 1;
            self.sockets.extend(seen(record));
        } else {
            *self.beyond.entry(state).or_default() += 1;
        }
    }
}
