//! UDP: how many there are, and those that lost datagrams or have some in a queue.

use crate::{
    collect::{
        prelude::*,
        query::DumpQuery,
        walk::{self, Walked},
    },
    model::{census::Census, snapshot::Seen},
    wire::seen::seen,
};

/// Full records that are kept.
const MOST: usize = 1000;

/// The result of the walk.
#[derive(Default)]
pub(super) struct Udp {
    pub(super) census: Census,
    pub(super) telling: Vec<Seen>,
}

pub(super) fn walk(source: &mut dyn Source) -> Walked<Udp> {
    let query = DumpQuery { needs: Needs::MEMORY, ..DumpQuery::states(StateSet::ALL) };
    walk::gather(source, Protocol::Udp, &query, |udp: &mut Udp, record| {
        udp.census.count(record.state(), record.timer(), record.inode());
        if udp.telling.len() < MOST {
            udp.telling.extend(seen(record).filter(is_telling));
        }
    })
}

fn is_telling(seen: &Seen) -> bool {
    let drops = seen.memory.and_then(|memory| memory.drops).unwrap_or(0);
    drops > 0 || seen.socket.rqueue > 0 || seen.socket.wqueue > 0
}
