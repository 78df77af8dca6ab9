//! UNIX sockets: how many there are of each type, and those that listen.

use crate::{
    collect::{count, prelude::*},
    model::{counted::Counted, snapshot::UnixListener},
    wire::unix,
};

/// Counts them, and gives the listeners; `None` where their queues could not be read, as `/proc/net/unix` has none.
pub(super) fn walk(source: &mut dyn Source, counted: &mut Counted) -> Option<Vec<UnixListener>> {
    let mut entry = Entry::blank(Netid::UnixStream, 0);
    let show = unix::SHOW_NAME | unix::SHOW_QUEUES;
    let walked = count::unix(source, StateSet::ALL, show, counted, |listeners: &mut Vec<UnixListener>, payload| {
        if unix::head(payload).is_some_and(|(_, state)| state == State::LISTEN)
            && unix::fill(payload, Needs::empty(), &mut entry)
        {
            listeners.push(listener(&entry));
        }
    });
    walked.value.filter(|_| walked.gaps.is_empty())
}

fn listener(entry: &Entry) -> UnixListener {
    let path = match &entry.local {
        End::Unix { name, .. } => name.as_deref().map(shown),
        _ => None,
    };
    UnixListener { netid: entry.netid, path, queue: entry.rqueue, limit: entry.accept_limit(), inode: entry.inode }
}

/// The kernel begins an abstract name with a zero byte; people write `@`.
fn shown(name: &[u8]) -> String {
    match name {
        [0, hidden @ ..] => format!("@{}", String::from_utf8_lossy(hidden)),
        path => String::from_utf8_lossy(path).into_owned(),
    }
}
