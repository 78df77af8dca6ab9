//! Every listening TCP socket, with its queue and drops.
//!
//! The kernel keeps listeners in a separate table: a query for them alone walks no connections, so it includes their
//! memory.

use super::ports::PortSet;
use crate::{
    collect::{
        prelude::*,
        query::DumpQuery,
        walk::{self, Walked},
    },
    model::{
        census::Census,
        snapshot::{Listener, Seen},
    },
    wire::seen::seen,
};

/// The result of the walk.
#[derive(Default)]
pub(super) struct Listening {
    pub(super) census: Census,
    pub(super) listeners: Vec<Listener>,
    /// Their ports, of any address and family.
    pub(super) ports: PortSet,
}

pub(super) fn walk(source: &mut dyn Source) -> Walked<Listening> {
    let query = DumpQuery { needs: Needs::MEMORY, ..DumpQuery::states(StateSet::of(State::LISTEN)) };
    walk::gather(source, Protocol::Tcp, &query, |found: &mut Listening, record| {
        found.census.count(record.state(), record.timer(), record.inode());
        if let Some(seen) = seen(record) {
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
        limit: socket.accept_limit(),
        drops: seen.memory.and_then(|memory| memory.drops),
        inode: socket.inode,
        cookie: socket.cookie,
        uid: socket.raw_uid,
        cgroup_id: seen.cgroup_id,
    }
}
