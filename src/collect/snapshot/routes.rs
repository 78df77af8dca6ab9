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

/// Routes that are found by the bytes of a record: few hosts have more that are in use all the time.
const RECENT: usize = 64;

/// All routes, as small as they can be: most hosts have few, a crawler has one for each connection.
pub(super) struct Routes {
    /// The place of each in `uses`.
    places: HashMap<Route, usize>,
    uses: Vec<(Route, Use)>,
    /// The bytes of records, with the place of their route. To hash a route takes as long as all else about a record.
    recent: Box<[([u64; 5], usize); RECENT]>,
    ports: PortSet,
}

impl Default for Routes {
    fn default() -> Routes {
        // No family is 0.
        let recent = Box::new([([0; 5], 0); RECENT]);
        Routes { places: HashMap::new(), uses: Vec::new(), recent, ports: PortSet::default() }
    }
}

#[derive(Default)]
struct Use {
    states: [u32; STATES],
    /// The time left of the first `TIME_WAIT`; most routes of a crawler have one.
    first_time_wait: Option<u32>,
    /// All `TIME_WAIT`, where there are several.
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
    /// Adds a connection. `bytes` are those of its record ([`Record::route_bytes`]), which `route` reads; not added where
    /// they are no addresses.
    ///
    /// [`Record::route_bytes`]: crate::wire::inet::Record::route_bytes
    #[inline]
    pub(super) fn add(&mut self, bytes: [u64; 5], route: impl FnOnce() -> Option<Route>, one: &Outbound) {
        let mixed = bytes.iter().fold(0, |mixed: u64, word| (mixed ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let Some(recent) = self.recent.get_mut((mixed >> 58) as usize) else { return };
        if recent.0 != bytes {
            let Some(route) = route() else { return };
            let place = *self.places.entry(route).or_insert(self.uses.len());
            if place == self.uses.len() {
                self.uses.push((route, Use::default()));
            }
            *recent = (bytes, place);
        }
        self.ports.insert(one.local_port);
        let Some((_, found)) = self.uses.get_mut(recent.1) else { return };
        if let Some(count) = found.states.get_mut(usize::from(one.state.number())) {
            *count += 1;
        }
        if one.state == State::TIME_WAIT {
            match found.first_time_wait {
                Some(first) => found.time_waits.get_or_insert_with(|| only(first)).add(one.expires_ms),
                None => found.first_time_wait = Some(one.expires_ms),
            }
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
        let mut routes = self.uses;
        let beyond = routes.len().saturating_sub(MOST);
        if beyond > 0 {
            routes.sort_unstable_by_key(|(route, used)| (std::cmp::Reverse(used.sockets()), *route));
            routes.truncate(MOST);
        }
        (sorted::map(routes.into_iter().map(|(route, used)| (route, used.finish()))), beyond as u64)
    }
}

/// One `TIME_WAIT` that ends in this many milliseconds.
fn only(expires_ms: u32) -> TimeWaits {
    let mut one = TimeWaits::default();
    one.add(expires_ms);
    one
}

impl Use {
    fn sockets(&self) -> u64 {
        self.states.iter().map(|&count| u64::from(count)).sum()
    }

    fn finish(self) -> RouteUse {
        let numbered = (0u8..).zip(self.states).filter(|(_, count)| *count > 0);
        RouteUse {
            states: sorted::map(numbered.map(|(number, count)| (State::from_kernel(number), u64::from(count)))),
            time_waits: self.time_waits.or(self.first_time_wait.map(only)).unwrap_or_default(),
            inodes: self.inodes,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    #[test]
    fn a_connection_counts_for_its_route_whether_or_not_the_route_was_seen_lately() {
        let mut routes = Routes::default();
        // Every route comes again after many others, and some come twice at once.
        for number in (0..1000_u32).flat_map(|number| [number % 500, number % 500]).chain([7, 7]) {
            let route = Route {
                source: IpAddr::V4(Ipv4Addr::LOCALHOST),
                address: IpAddr::V4(Ipv4Addr::from_bits(number)),
                port: 80,
            };
            let one = Outbound { state: State::ESTABLISHED, local_port: number as u16, inode: 9, expires_ms: 0 };
            routes.add([2, 0, 0, number.into(), 0], || Some(route), &one);
        }
        let none = Outbound { state: State::ESTABLISHED, local_port: 600, inode: 9, expires_ms: 0 };
        routes.add([99, 0, 0, 0, 0], || None, &none);
        assert_eq!(routes.ports_used(), 500);
        let (found, beyond) = routes.finish();
        assert_eq!((found.len(), beyond), (500, 0));
        let counts = |number: u32| {
            let route = found.iter().find(|(route, _)| route.address == IpAddr::V4(Ipv4Addr::from_bits(number)));
            route.map(|(_, used)| (used.sockets(), used.inodes.len()))
        };
        assert_eq!((counts(6), counts(7)), (Some((4, 4)), Some((6, 6))));
    }

    #[test]
    fn of_many_routes_the_largest_are_kept_with_all_their_time_waits() {
        let mut routes = Routes::default();
        let route = |number: u32| Route {
            source: IpAddr::V4(Ipv4Addr::LOCALHOST),
            address: IpAddr::V4(Ipv4Addr::from_bits(number)),
            port: 80,
        };
        let mut add = |number: u32, second: u32| {
            let one = Outbound { state: State::TIME_WAIT, local_port: 40_000, inode: 0, expires_ms: second * 1000 };
            routes.add([2, 0, 0, number.into(), 0], || Some(route(number)), &one);
        };
        let all = MOST as u32 + 10;
        for number in (0..all).rev() {
            add(number, 7);
        }
        for second in [8, 9] {
            add(all - 1, second);
        }
        let (found, beyond) = routes.finish();
        assert_eq!((found.len(), beyond), (MOST, 10));
        let left =
            |number: u32| found.get(&route(number)).map(|used| (used.time_waits.sockets, used.time_waits.left[8]));
        // Of equal ones those with the lowest addresses.
        let kept = [0, MOST as u32 - 2, MOST as u32 - 1, all - 1].map(left);
        assert_eq!(kept, [Some((1, 0)), Some((1, 0)), None, Some((3, 1))]);
    }
}
