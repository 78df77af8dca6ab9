//! UNIX sockets: how many there are of each type, and those that listen.

use netlink_packet_sock_diag::unix::ShowFlags;

use crate::{
    collect::{
        entries::blank,
        tables::{self, Unix},
    },
    model::{
        census::Census,
        entry::End,
        family::Netid,
        gap::Gap,
        snapshot::UnixListener,
        socket::Timer,
        state::{State, StateSet},
    },
    source::Source,
    wire::{unix, wanted::Wanted},
};

const NETIDS: [Netid; 3] = [Netid::UnixStream, Netid::UnixDatagram, Netid::UnixSeqpacket];

/// What the walk leaves behind.
pub(super) struct Walked {
    pub(super) counted: Vec<(Netid, Option<Census>)>,
    /// `None` where their queues could not be read.
    pub(super) listeners: Option<Vec<UnixListener>>,
    pub(super) gap: Option<Gap>,
}

struct Found {
    counted: [(Netid, Census); 3],
    listeners: Vec<UnixListener>,
}

pub(super) fn walk(source: &mut dyn Source) -> Walked {
    let fresh = &|| Found { counted: NETIDS.map(|netid| (netid, Census::default())), listeners: Vec::new() };
    let mut entry = blank(Netid::UnixStream, 0);
    let show = ShowFlags::NAME | ShowFlags::RQLEN;
    let walked = tables::unix(source, StateSet::ALL, show, fresh, &mut |found, one| {
        let head = match one {
            Unix::Record(payload) => unix::head(payload),
            Unix::Line(socket) => Some((socket.netid, socket.state)),
        };
        let Some((netid, state)) = head else { return };
        if let Some((_, census)) = found.counted.iter_mut().find(|(known, _)| *known == netid) {
            // No timer and always an inode, as in `count`.
            census.count(state, Timer::None, 1);
        }
        if let Unix::Record(payload) = one
            && state == State::LISTEN
            && unix::fill(payload, Wanted::NOTHING, &mut entry)
        {
            let path = match &entry.local {
                End::Unix { name, .. } => name.as_deref().map(shown),
                _ => None,
            };
            let (queue, limit, inode) = (entry.rqueue, entry.wqueue, entry.inode);
            found.listeners.push(UnixListener { netid, path, queue, limit, inode });
        }
    });
    match walked.value {
        Some(Found { counted, listeners }) => Walked {
            counted: counted.into_iter().map(|(netid, census)| (netid, Some(census))).collect(),
            // `/proc/net/unix` has no queues.
            listeners: walked.gap.is_none().then_some(listeners),
            gap: walked.gap,
        },
        None => Walked { counted: NETIDS.map(|netid| (netid, None)).to_vec(), listeners: None, gap: walked.gap },
    }
}

/// The kernel begins an abstract name with a zero byte; people write `@`.
fn shown(name: &[u8]) -> String {
    match name {
        [0, hidden @ ..] => format!("@{}", String::from_utf8_lossy(hidden)),
        path => String::from_utf8_lossy(path).into_owned(),
    }
}
