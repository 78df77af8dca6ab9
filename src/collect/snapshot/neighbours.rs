//! Next hops that do not answer ARP or neighbour discovery: no packet leaves this host for what is behind them.

use std::net::IpAddr;

use super::super::next_hop;
use crate::{
    model::{snapshot::Seen, state::State},
    source::Source,
};

/// Destinations whose routes are asked for; a scanner has more.
const MOST: usize = 64;

/// The peers of `SYN_SENT`, each with its next hop that was asked for and is not known.
pub(super) fn unresolved(source: &dyn Source, sockets: &[Seen]) -> Vec<(IpAddr, IpAddr)> {
    let mut peers: Vec<(IpAddr, u32)> = Vec::new();
    for socket in sockets.iter().map(|seen| &seen.socket).filter(|socket| socket.state == State::SYN_SENT) {
        let peer = (socket.peer, socket.interface);
        if peers.len() < MOST && !peers.contains(&peer) {
            peers.push(peer);
        }
    }
    let hop = |(peer, interface): (IpAddr, u32)| {
        let hop = next_hop::hop(source, peer, interface).ok()?;
        let neighbour = next_hop::neighbour(source, &hop, peer).filter(|neighbour| neighbour.is_unresolved())?;
        Some((peer, neighbour.address))
    };
    peers.into_iter().filter_map(hop).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{
            family::Family,
            socket::{Socket, Timer},
        },
        source::memory::{MemorySource, message},
        wire::route,
    };

    const NEW_ROUTE: u16 = 24;
    const NEW_NEIGHBOUR: u16 = 28;

    fn attempt(peer: IpAddr) -> Seen {
        let socket = Socket {
            family: Family::Inet,
            state: State::SYN_SENT,
            timer: Timer::Retransmit,
            retrans: 0,
            expires_ms: 0,
            local: [10, 9, 0, 1].into(),
            local_port: 40_000,
            peer,
            peer_port: 80,
            mapped: false,
            interface: 0,
            cookie: 1,
            rqueue: 0,
            wqueue: 0,
            raw_uid: None,
            inode: 7,
        };
        Seen { socket, info: None, memory: None, cgroup_id: None }
    }

    /// The route to an address over interface 3 and the state of its next hop.
    fn hold(held: &mut MemorySource, to: IpAddr, gateway: Option<[u8; 4]>, state: u8) {
        let mut payload = vec![0; 12];
        payload.extend([8, 0, 4, 0, 3, 0, 0, 0]);
        payload.extend(gateway.iter().flat_map(|gateway| [&[8, 0, 5, 0], &gateway[..]].concat()));
        held.route(&route::route_request(to, 0), message(NEW_ROUTE, &payload));
        let hop = gateway.map_or(to, IpAddr::from);
        let neighbour = [2, 0, 0, 0, 3, 0, 0, 0, state, 0, 0, 0];
        held.route(&route::neighbour_request(hop, 3), message(NEW_NEIGHBOUR, &neighbour));
    }

    #[test]
    fn a_hop_that_does_not_answer_is_the_peer_or_its_gateway() {
        let (near, far, well) = ([10, 9, 0, 77].into(), [192, 0, 2, 1].into(), [10, 9, 0, 2].into());
        let mut held = MemorySource::default();
        hold(&mut held, near, None, 0x01);
        hold(&mut held, far, Some([10, 9, 0, 1]), 0x20);
        hold(&mut held, well, None, 0x02);
        let all = [near, far, well, [203, 0, 113, 1].into()].map(attempt);
        let hops = unresolved(&held, &all);
        assert_eq!(hops, [(near, near), (far, [10, 9, 0, 1].into())]);
        assert_eq!(unresolved(&MemorySource::default(), &all), []);
    }
}
