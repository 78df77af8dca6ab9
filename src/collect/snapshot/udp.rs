//! UDP: how many there are, and those that lost datagrams or have some in a queue.

use netlink_packet_sock_diag::inet::ExtensionFlags;

use super::walk::look;
use crate::{
    collect::tables::{self, Walked},
    model::{census::Census, family::Protocol, selection::Selection, snapshot::Seen, state::StateSet},
    source::Source,
};

/// Full records are kept of so many sockets.
const MOST: usize = 1000;

/// What the walk leaves behind.
#[derive(Default)]
pub(super) struct Udp {
    pub(super) census: Census,
    pub(super) telling: Vec<Seen>,
}

pub(super) fn walk(source: &mut dyn Source) -> Walked<Udp> {
    let selection = Selection::tcp(StateSet::ALL).with_protocols(&[Protocol::Udp]);
    let extensions = ExtensionFlags::SKMEMINFO;
    tables::inet(source, Protocol::Udp, &selection, extensions, &Udp::default, &mut |udp, sighting| {
        udp.census.count(sighting.state(), sighting.timer(), sighting.inode());
        if udp.telling.len() < MOST {
            udp.telling.extend(look(sighting).filter(is_telling));
        }
    })
}

fn is_telling(seen: &Seen) -> bool {
    let drops = seen.memory.and_then(|memory| memory.drops).unwrap_or(0);
    drops > 0 || seen.socket.rqueue > 0 || seen.socket.wqueue > 0
}
