//! Every listening TCP socket, with its queue and what it dropped.
//!
//! The kernel keeps listeners in a table of their own: asked for alone they cost no walk over the connections, so their
//! memory is asked for in the same breath.

use netlink_packet_sock_diag::inet::ExtensionFlags;

use super::{ports::PortSet, walk::look};
use crate::{
    collect::tables::{self, Walked},
    model::{
        census::Census,
        family::Protocol,
        selection::Selection,
        snapshot::{Listener, Seen},
        state::{State, StateSet},
    },
    source::Source,
};

/// What the walk leaves behind.
#[derive(Default)]
pub(super) struct Listening {
    pub(super) census: Census,
    pub(super) listeners: Vec<Listener>,
    /// Their ports, of any address and family.
    pub(super) ports: PortSet,
}

pub(super) fn walk(source: &mut dyn Source) -> Walked<Listening> {
    let selection = Selection::tcp(StateSet::of(State::LISTEN));
    let fresh = &Listening::default;
    tables::inet(source, Protocol::Tcp, &selection, ExtensionFlags::SKMEMINFO, fresh, &mut |found, sighting| {
        found.census.count(sighting.state(), sighting.timer(), sighting.inode());
        if let Some(seen) = look(sighting) {
            found.ports.insert(seen.socket.local_port);
            found.listeners.push(listener(&seen));
        }
    })
}

fn listener(seen: &Seen) -> Listener {
    let socket = &seen.socket;
    Listener {
        family: socket.family,
        address: socket.local,
        port: socket.local_port,
        interface: socket.interface,
        queue: socket.rqueue,
        limit: socket.wqueue,
        drops: seen.memory.and_then(|memory| memory.drops),
        inode: socket.inode,
        cookie: socket.cookie,
        uid: socket.raw_uid,
        cgroup_id: seen.cgroup_id,
    }
}
