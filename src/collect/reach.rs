//! This host's part in reaching an address: the route, the next hop, and whether SYNs leave the host.

use std::net::SocketAddr;

pub use super::next_hop::neighbour;
use super::{next_hop::hop, snapshot};
use crate::{model::reach::Hop, source::Source};

/// The route to an address, with the name of its interface.
///
/// # Errors The kernel's error number, for example `ENETUNREACH` without a route.
pub fn route(source: &dyn Source, to: SocketAddr) -> Result<Hop, i32> {
    let scope = match to {
        SocketAddr::V6(to) => to.scope_id(),
        SocketAddr::V4(_) => 0,
    };
    let mut hop = hop(source, to.ip(), scope).map_err(|error| error.raw_os_error().unwrap_or(libc::EIO))?;
    hop.interface = source.interface_names().remove(&hop.index);
    Ok(hop)
}

/// How often a repeated segment could not be handed to the network; unknown on kernels that do not count it.
pub fn kept_back(source: &dyn Source) -> Option<u64> {
    snapshot::counter(source, "TcpExtTCPRetransFail")
}
