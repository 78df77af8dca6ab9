//! Outgoing connections, aggregated by the route that shares their local ports.

use std::collections::{BTreeMap, HashMap};

use super::ports::PortSet;
use crate::model::{
    snapshot::{Route, RouteUse, TimeWaits},
    sorted,
    state::State,
};

/// Inodes that suffice to name the programs of a route.
const INODES: usize = 16;

/// The largest routes are kept, up to this number; a route that runs out of ports is among them.
const MOST: usize = 4096;

/// State numbers below this one have their own place.
const STATES: usize = 12;

/// All routes, as small as they can be: most hosts have few, a crawler has one for each connection.
#[derive(Default)]
pub(super) struct Routes {
    routes: HashMap<Route, Use>,
    ports: PortSet,
}

#[derive(Default)]
struct Use {
    states: [u32; STATES],
    time_waits: Option<TimeWaits>,
    inodes: Vec<u32>,
}

/// One connection that this host made.
pub(super) struct Outbound {
    pub(super) state: State,
    pub(super) local_port: u16,
    pub(super) inode: u32,
    pub(super) expires_ms: u32,
}

impl Routes {
    pub(super) fn add(&mut self, route: Route, one: &Outbound) {
        self.ports.insert(one.local_port);
        let found = self.routes.entry(route).or_default();
        if let Some(count) = found.states.get_mut(usize::from(one.state.number())) {
            *count += 1;
        }
        if one.state == State::TIME_WAIT {
            found.time_waits.get_or_insert_default().add(one.expires_ms);
        }
        if one.inode != 0 && found.inodes.len() < INODES {
            found.inodes.push(one.inode);
        }
    }

    /// Distinct local ports in use.
    pub(super) fn ports_used(&self) -> u32 {
        self.ports.len()
    }

    /// The largest routes, and how many there are beside them.
    pub(super) fn finish(self) -> (BTreeMap<Route, RouteUse>, u64) {
        let mut routes: Vec<(Route, Use)> = self.routes.into_iter().collect();
        let beyond = routes.len().saturating_sub(MOST);
        if beyond > 0 {
            routes.sort_unstable_by_key(|(route, used)| (std::cmp::Reverse(used.sockets()), *route));
            routes.truncate(MOST);
        }
        (sorted::map(routes.into_iter().map(|(route, used)| (route, used.finish()))), beyond as u64)
    }
}

impl Use {
    fn sockets(&self) -> u64 {
        self.states.iter().map(|&count| u64::from(count)).sum()
    }

    fn finish(self) -> RouteUse {
        let numbered = (0u8..).zip(self.states).filter(|(_, count)| *count > 0);
        RouteUse {
            states: sorted::map(numbered.map(|(number, count)| (State::from_kernel(number), u64::from(count)))),
            time_waits: self.time_waits.unwrap_or_default(),
            inodes: self.inodes,
        }
    }
}
