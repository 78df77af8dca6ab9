//! The route to an address and the next hop on it.

use std::{io, net::IpAddr};

use crate::{
    model::reach::{Hop, Neighbour},
    source::Source,
    wire::route,
};

/// The route to an address, out of one interface where that is not 0; its interface has no name.
pub(super) fn hop(source: &dyn Source, to: IpAddr, interface: u32) -> io::Result<Hop> {
    route::route(&source.route_answer(&route::route_request(to, interface))?)
}

/// The next hop of a route as the neighbour table has it; `None` where it has none.
pub fn neighbour(source: &dyn Source, hop: &Hop, to: IpAddr) -> Option<Neighbour> {
    if hop.is_local() {
        return None;
    }
    let address = hop.gateway.unwrap_or(to);
    let answer = source.route_answer(&route::neighbour_request(address, hop.index)).ok()?;
    Some(Neighbour { address, state: route::neighbour_state(&answer).ok()? })
}
