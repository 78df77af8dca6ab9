//! This host's part in reaching an address: the route, the next hop, and whether SYNs leave the host.

use std::net::{IpAddr, SocketAddr};

use super::snapshot;
use crate::{
    model::reach::{Hop, Neighbour},
    source::{Source, connect::route_answer},
    wire::route,
};

/// The route to an address, with the name of its interface.
///
/// # Errors The kernel's error number, for example `ENETUNREACH` without a route.
pub fn route(source: &dyn Source, to: SocketAddr) -> Result<Hop, i32> {
    let scope = match to {
        SocketAddr::V6(to) => to.scope_id(),
        SocketAddr::V4(_) => 0,
    };
    let answer = route_answer(&route::route_request(to.ip(), scope)).and_then(|answer| route::route(&answer));
    let mut hop = answer.map_err(|error| error.raw_os_error().unwrap_or(libc::EIO))?;
    hop.interface = source.interface_names().remove(&hop.index);
    Ok(hop)
}

/// The next hop of a route as the neighbour table has it; `None` where it has none.
pub fn neighbour(hop: &Hop, to: IpAddr) -> Option<Neighbour> {
    let address = hop.gateway.unwrap_or(to);
    let answer = route_answer(&route::neighbour_request(address, hop.index)).ok().filter(|_| !hop.is_local())?;
    Some(Neighbour { address, state: route::neighbour_state(&answer).ok()? })
}

/// How often a repeated segment could not be handed to the network; unknown on kernels that do not count it.
pub fn kept_back(source: &dyn Source) -> Option<u64> {
    snapshot::counter(source, "TcpExtTCPRetransFail")
}
