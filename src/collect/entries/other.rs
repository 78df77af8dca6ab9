//! Entries of UNIX sockets and of the families that only some kernels have.

use std::{collections::BTreeMap, io};

use netlink_packet_sock_diag::unix::ShowFlags;

use super::{Out, blank, from_proc, stream};
use crate::{
    collect::proc_net,
    model::{
        entry::{End, Entry},
        family::{Family, Protocol},
        gap::{What, Why},
        socket::NO_LIMIT,
        state::{State, StateSet},
    },
    source::Source,
    wire::{WireError, dump::walk, request::Request, unix, wanted::Wanted},
};

/// Puts a record into an entry.
type Fill = fn(&[u8], Wanted, &mut Entry) -> bool;
/// Reads a file of `/proc/net` into one entry.
type Lines = fn(&dyn Source, &mut Entry, &mut dyn FnMut(&Entry)) -> io::Result<()>;

/// UNIX sockets; with their peers' names, where those are wanted, from a first pass over the same table.
pub(super) fn unix_sockets(source: &mut dyn Source, out: &mut Out<'_>) {
    let ask = out.ask;
    let what = What::Sockets(Protocol::Unix);
    let mut names = BTreeMap::new();
    if ask.wanted.unix_peers {
        let request = Request::unix(StateSet::ALL, ShowFlags::NAME);
        // Where this fails, so does the walk that counts, and that one is told.
        let _ = walk(source, &request, |payload| {
            if let Some(named) = unix::socket(payload).and_then(|socket| Some((socket.inode, socket.name?))) {
                names.insert(named.0, named.1);
            }
        });
    }
    let request = Request::unix(ask.states, unix::show(ask.wanted));
    let answered = stream(source, &request, out, &mut |payload, out| {
        if unix::fill(payload, out.ask.wanted, &mut out.entry) {
            if let End::Unix { name, inode } = &mut out.entry.peer {
                *name = names.get(inode).cloned();
            }
            out.give_selected();
        }
    });
    let refused = match answered {
        Ok(()) => return,
        Err(WireError::NotAvailable(error)) => WireError::NotAvailable(error).to_string(),
        Err(error) => return out.gap(what, Why::Unreadable(error.to_string())),
    };
    ask.wanted.clear(&mut out.entry);
    out.entry.family = Family::Unix;
    let read = proc_net::unix(source, &mut |socket| {
        let entry = &mut out.entry;
        (entry.netid, entry.state, entry.inode) = (socket.netid, socket.state, socket.inode);
        entry.local = End::Unix { name: socket.name.clone(), inode: socket.inode };
        (entry.rqueue, entry.wqueue) = (0, if socket.state == State::LISTEN { NO_LIMIT } else { 0 });
        out.give_selected();
    });
    out.gap(what, from_proc(refused, read));
}

/// A family that only netlink lists, and whose records carry a state.
pub(super) fn plain(source: &mut dyn Source, request: &Request, fill: Fill, what: What, out: &mut Out<'_>) {
    let answered = stream(source, request, out, &mut |payload, out| {
        if fill(payload, out.ask.wanted, &mut out.entry) {
            out.give_selected();
        }
    });
    if let Err(error) = answered {
        let why = error.to_string();
        let is_lacking = matches!(error, WireError::NotAvailable(_));
        out.gap(what, if is_lacking { Why::NotAvailable(why) } else { Why::Unreadable(why) });
    }
}

/// A family without states that `/proc/net` lists too.
pub(super) fn stateless(
    source: &mut dyn Source,
    request: &Request,
    fill: Fill,
    lines: Lines,
    family: Family,
    what: What,
    out: &mut Out<'_>,
) {
    let answered = stream(source, request, out, &mut |payload, out| {
        if fill(payload, out.ask.wanted, &mut out.entry) {
            out.give();
        }
    });
    let refused = match answered {
        Ok(()) => return,
        Err(WireError::NotAvailable(error)) => WireError::NotAvailable(error).to_string(),
        Err(error) => return out.gap(what, Why::Unreadable(error.to_string())),
    };
    let mut entry = blank(out.entry.netid, out.ask.netns);
    entry.family = family;
    out.ask.wanted.clear(&mut entry);
    match lines(source, &mut entry, &mut |entry| (out.each)(entry)) {
        // No file either: the kernel has no such sockets.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            out.gap(what, Why::NotAvailable(format!("{refused}; {error}")));
        }
        read => out.gap(what, from_proc(refused, read)),
    }
}
