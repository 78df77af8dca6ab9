//! Destroys sockets, each by its ends and its cookie, for `sockdoc kill` and `-K` alone. [`crate::source`] only reads.

mod probe;

use std::{collections::BTreeSet, io};

pub use self::probe::probe;
use crate::{
    collect::{entries::entries, query::DumpQuery},
    model::{
        entry::Entry,
        family::Protocol,
        kill::DestroyResult,
        socket::{Kind, kind},
        state::{State, StateSet},
    },
    source::{Source, kernel::KernelSource},
    wire::{WireError, destroy, dump, inet::Record},
};

/// Destroys sockets of one network namespace.
pub trait Destroyer {
    /// Destroys the socket with the ends and the cookie of the entry, and no other.
    ///
    /// # Errors
    /// `ENOENT` where the lookup finds no such socket; `EPERM` without CAP_NET_ADMIN in the user namespace that owns the
    /// network namespace; `EOPNOTSUPP` without CONFIG_INET_DIAG_DESTROY.
    fn destroy(&mut self, entry: &Entry) -> io::Result<()>;
}

/// The kernel, in the network namespace of the calling thread.
pub struct KernelDestroyer(KernelSource);

impl KernelDestroyer {
    /// Opens its socket with the first request.
    pub fn new() -> KernelDestroyer {
        KernelDestroyer(KernelSource::new(None))
    }
}

impl Default for KernelDestroyer {
    fn default() -> KernelDestroyer {
        KernelDestroyer::new()
    }
}

impl Destroyer for KernelDestroyer {
    fn destroy(&mut self, entry: &Entry) -> io::Result<()> {
        let request = destroy::request(entry).ok_or_else(|| io::Error::from_raw_os_error(libc::ENOENT))?;
        dump::one(&mut self.0, &request, |_| {}).map_err(|error| match error {
            WireError::NotAvailable(error) | WireError::Kernel(error, _) | WireError::Io(error) => error,
            WireError::Interrupted => io::Error::from_raw_os_error(libc::EINTR),
            WireError::Malformed(what) => io::Error::other(what),
        })
    }
}

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
