//! Destroys sockets, each by its ends and its cookie, for `sockdoc kill` and `-K` alone. [`crate::source`] only reads.

mod destroyer;
mod probe;

use std::collections::BTreeSet;

pub use self::{
    destroyer::{Destroyer, KernelDestroyer},
    probe::probe,
};
use crate::{
    collect::{entries::entries, query::DumpQuery},
    model::{
        entry::Entry,
        family::Protocol,
        kill::DestroyResult,
        socket::{Kind, kind},
        state::{State, StateSet},
    },
    source::Source,
    wire::{destroy, dump, inet::Record},
};

/// Destroys each of these sockets and checks afterwards what became of it; the results in their order. One that became a
/// record of the kernel's since it was seen (`TIME_WAIT`, an orphan) is left to end by itself.
pub fn all(destroyer: &mut dyn Destroyer, source: &mut dyn Source, sockets: &[&Entry]) -> Vec<DestroyResult> {
    let results: Vec<Option<DestroyResult>> = sockets.iter().map(|entry| one(destroyer, source, entry)).collect();
    let is_unfound = |result: &Option<DestroyResult>| result.is_none();
    let there = if results.iter().any(is_unfound) { cookies(source, sockets) } else { BTreeSet::new() };
    let result = |(entry, result): (&&Entry, Option<DestroyResult>)| {
        let later = || match there.contains(&entry.cookie) {
            true => DestroyResult::NotAddressable,
            false => DestroyResult::GoneBefore,
        };
        result.unwrap_or_else(later)
    };
    sockets.iter().zip(results).map(result).collect()
}

/// The result for a socket; `None` where the kernel's lookup does not find it.
fn one(destroyer: &mut dyn Destroyer, source: &mut dyn Source, entry: &Entry) -> Option<DestroyResult> {
    let (_, now) = lookup(source, entry)?;
    let is_record = |kind| matches!(kind, Kind::MiniSock | Kind::Orphan);
    if is_record(now) && !is_record(entry.kind()) {
        return Some(DestroyResult::GoneBefore);
    }
    match destroyer.destroy(entry) {
        Ok(()) => {
            let left = lookup(source, entry).map(|(state, _)| DestroyResult::Left(state));
            Some(left.unwrap_or(DestroyResult::Destroyed))
        }
        Err(error) => match error.raw_os_error() {
            Some(libc::ENOENT) => None,
            Some(libc::EOPNOTSUPP) => Some(DestroyResult::Unsupported),
            errno => Some(DestroyResult::Refused(errno.unwrap_or(libc::EIO))),
        },
    }
}

/// The state and kind of the socket now, by an exact lookup; `None` where there is none with its cookie.
fn lookup(source: &mut dyn Source, entry: &Entry) -> Option<(State, Kind)> {
    let mut found = None;
    let answered = dump::one(source, &destroy::lookup(entry)?, |payload| {
        // The kernel may answer with the listener where the connection is gone.
        let record = Record::new(payload).filter(|record| record.cookie() == entry.cookie);
        found = record.map(|record| (record.state(), kind(record.state(), record.timer(), record.inode())));
    });
    answered.ok().and(found)
}

/// The cookies of all sockets of the protocols of these.
fn cookies(source: &mut dyn Source, sockets: &[&Entry]) -> BTreeSet<u64> {
    let mut there = BTreeSet::new();
    for protocol in [Protocol::Tcp, Protocol::Udp] {
        if sockets.iter().any(|entry| entry.netid.protocol() == protocol) {
            // One that cannot be read again counts as gone, as its lookup said.
            let _gaps = entries(source, protocol, &DumpQuery::states(StateSet::ALL), &mut |entry| {
                there.insert(entry.cookie);
            });
        }
    }
    there
}
