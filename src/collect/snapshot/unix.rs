//! UNIX sockets: how many there are of each type, and those that listen.

use crate::{
    collect::{count, prelude::*, walk},
    model::{
        counted::Counted,
        snapshot::{Sample, UnixListener, UnixUnread},
    },
    wire::unix,
};

/// The listeners, and the sockets with a path that have unread data.
type UnixTable = (Vec<UnixListener>, Vec<UnixUnread>);

/// Counts them, and keeps the listeners and what is unread; no listeners where their queues could not be read, as
/// `/proc/net/unix` has none.
pub(super) fn walk(source: &mut dyn Source, counted: &mut Counted, sample: &mut Sample) {
    let mut entry = Entry::blank(Netid::UnixStream, 0);
    let show = unix::SHOW_NAME | unix::SHOW_QUEUES;
    let walked = count::unix(source, StateSet::ALL, show, counted, |(listeners, unread): &mut UnixTable, payload| {
        let listens = unix::head(payload).is_some_and(|(_, state)| state == State::LISTEN);
        if (listens || unix::receive_queue(payload) > Some(0)) && unix::fill(payload, Needs::empty(), &mut entry) {
            let (path, queue, inode) = (path(&entry), entry.rqueue, entry.inode);
            match path {
                path if listens => {
                    let limit = entry.accept_limit();
                    let pending = Vec::new();
                    listeners.push(UnixListener { netid: entry.netid, path, queue, limit, inode, pending });
                }
                Some(path) => unread.push(UnixUnread { netid: entry.netid, path, bytes: queue, inode }),
                None => {}
            }
        }
    });
    let is_whole = walked.gaps.is_empty();
    (sample.unix, sample.unix_unread) = match walked.value {
        Some((listeners, unread)) if is_whole => (Some(listeners), unread),
        _ => (None, Vec::new()),
    };
    let mut waiting = sample.unix.iter_mut().flatten().filter(|listener| listener.queue > 0).peekable();
    if waiting.peek().is_some() {
        let found = pending(source);
        for listener in waiting {
            let mine = found.iter().find(|(inode, _)| *inode == listener.inode);
            listener.pending = mine.map(|(_, clients)| clients.clone()).unwrap_or_default();
        }
    }
}

/// The clients in the queues of all listeners, by the listener's inode. The kernel ends a dump at a queue that does not
/// fit into one message (8,000 clients), so the listeners themselves are read without.
fn pending(source: &mut dyn Source) -> Vec<(u32, Vec<u32>)> {
    let states = StateSet::of(State::LISTEN);
    let walked = walk::gather_unix(source, states, unix::SHOW_PENDING, |found: &mut Vec<_>, payload| {
        found.extend(unix::pending(payload));
    });
    walked.value.unwrap_or_default()
}

fn path(entry: &Entry) -> Option<String> {
    match &entry.local {
        End::Unix { name, .. } => name.as_deref().map(shown),
        _ => None,
    }
}

/// The kernel begins an abstract name with a zero byte; people write `@`.
fn shown(name: &[u8]) -> String {
    match name {
        [0, hidden @ ..] => format!("@{}", String::from_utf8_lossy(hidden)),
        path => String::from_utf8_lossy(path).into_owned(),
    }
}
