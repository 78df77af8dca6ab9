//! `tcp_info` and memory of the sockets that may show a fault.
//!
//! The kernel takes each socket's lock for `tcp_info`, so the walk that counts does not ask for it. A socket is found
//! without a walk by its addresses and cookie, which costs two system calls; where there are many to ask for, one more
//! dump of their states is cheaper.

use std::collections::BTreeSet;

use super::connections::{Connections, FEW};
use crate::{
    collect::{prelude::*, query::DumpQuery, walk},
    model::{
        census::Census,
        snapshot::Seen,
        socket::{Kind, Socket},
    },
    wire::{dump, inet::Record, request::Request, seen::seen},
};

/// Up to this number of `ESTABLISHED`, the full record of each is read.
const FEW_ESTABLISHED: u64 = 10_000;

/// A lookup costs about as much as this number of records of a dump.
const RECORDS_PER_LOOKUP: u64 = 4;

/// A dump passes by this number of sockets in other states at the cost of one record.
const PASSED_PER_RECORD: u64 = 10;

const NEEDS: Needs = Needs::INFO.union(Needs::MEMORY);

/// Sockets as rules see them.
pub(super) struct Closely {
    pub(super) sockets: Vec<Seen>,
    /// Whether every `ESTABLISHED` is among them, with its `tcp_info`.
    pub(super) all_established: bool,
    pub(super) gaps: Vec<Gap>,
}

/// Reads details of the sockets that the walk kept; also of all `ESTABLISHED` if they are few or `deep` is set.
pub(super) fn read_closely(source: &mut dyn Source, connections: &mut Connections, deep: bool) -> Closely {
    let mut sockets = std::mem::take(&mut connections.sockets);
    if source.blanks().host {
        return as_shown(source, sockets, connections.census.sockets(State::ESTABLISHED), deep);
    }
    let all = deep || connections.census.sockets(State::ESTABLISHED) <= FEW_ESTABLISHED;
    let is_known = |seen: &Seen| seen.info.is_some() || !has_info(seen);
    let healthy_wanted = if all { connections.healthy_count } else { 0 };
    let fits = healthy_wanted <= FEW as u64 && !connections.beyond.contains_key(&State::ESTABLISHED);
    if all && !fits {
        let mut states = states_of(sockets.iter().filter(|seen| !is_known(seen)));
        states = states.with(State::ESTABLISHED);
        return by_dump(source, sockets, states, true);
    }
    let evidence = sockets.len();
    if all {
        sockets.append(&mut connections.healthy);
    }
    let wanted = sockets.iter().filter(|seen| !is_known(seen)).count() as u64;
    let states = states_of(sockets.iter().filter(|seen| !is_known(seen)));
    let records = sockets_of(&connections.census, states) + connections.census.total() / PASSED_PER_RECORD;
    if wanted <= FEW as u64 || wanted * RECORDS_PER_LOOKUP < records {
        by_lookup(source, &mut sockets, evidence);
        let all_established =
            all && sockets.iter().all(|seen| seen.socket.state != State::ESTABLISHED || is_known(seen));
        return Closely { sockets, all_established, gaps: Vec::new() };
    }
    let closely = by_dump(source, sockets, states, all);
    Closely { all_established: closely.all_established && all, ..closely }
}

/// A text or a raw dump cannot be asked again: its records are all the data.
fn as_shown(source: &mut dyn Source, mut sockets: Vec<Seen>, established: u64, deep: bool) -> Closely {
    if !deep && established > FEW_ESTABLISHED {
        return Closely { sockets, all_established: false, gaps: Vec::new() };
    }
    let query = DumpQuery { needs: NEEDS, ..DumpQuery::states(StateSet::of(State::ESTABLISHED)) };
    let walked = walk::gather(source, Protocol::Tcp, &query, |found: &mut Vec<Seen>, record| {
        found.extend(seen(record));
    });
    sockets.retain(|seen| seen.socket.state != State::ESTABLISHED);
    let found = walked.value.unwrap_or_default();
    let all_established = walked.gaps.is_empty() && found.iter().all(|seen| seen.info.is_some());
    sockets.extend(found);
    Closely { sockets, all_established, gaps: walked.gaps }
}

/// Whether the kernel keeps a `tcp_info` of such a socket.
fn has_info(seen: &Seen) -> bool {
    !matches!(seen.kind(), Kind::MiniSock | Kind::RequestSock)
}

fn states_of<'a>(sockets: impl Iterator<Item = &'a Seen>) -> StateSet {
    sockets.fold(StateSet::EMPTY, |states, seen| states.with(seen.socket.state))
}

fn sockets_of(census: &Census, states: StateSet) -> u64 {
    State::ALL.iter().filter(|&&state| states.contains(state)).map(|&state| census.sockets(state)).sum()
}

/// The answer to a lookup.
enum LookupAnswer {
    /// The socket as it is now.
    Found(Box<Seen>),
    /// The kernel has no socket of this cookie any more.
    Gone,
    /// It cannot be asked for: it has no cookie (`/proc/net`), or the kernel refused.
    Unknown,
}

/// Looks up each socket. One that has ended meanwhile was about to end and is not evidence: its age is unknown. One
/// that cannot be looked up stays as the walk saw it, unless the walk saw nothing (those from place `evidence` on).
fn by_lookup(source: &mut dyn Source, sockets: &mut Vec<Seen>, evidence: usize) {
    let mut place = 0;
    sockets.retain_mut(|known| {
        let is_evidence = place < evidence;
        place += 1;
        if known.info.is_some() || !has_info(known) {
            return true;
        }
        match lookup(source, &known.socket) {
            LookupAnswer::Found(later) => {
                *known = *later;
                // A socket that has ended since proves nothing.
                known.socket.state != State::TIME_WAIT
            }
            LookupAnswer::Gone => false,
            LookupAnswer::Unknown => is_evidence,
        }
    });
}

/// The socket of this cookie, as it is now.
fn lookup(source: &mut dyn Source, socket: &Socket) -> LookupAnswer {
    if socket.cookie == 0 {
        return LookupAnswer::Unknown;
    }
    let mut found = None;
    let answered = dump::one(source, &Request::exact(socket, NEEDS), |payload| {
        found = Record::new(payload).and_then(|record| seen(&record));
    });
    // The kernel may answer with the listener where the connection is gone.
    let is_it = |later: &Seen| {
        let later = &later.socket;
        (later.cookie, later.local_port, later.peer_port) == (socket.cookie, socket.local_port, socket.peer_port)
    };
    match (answered, found.filter(is_it)) {
        (Ok(()), Some(later)) => LookupAnswer::Found(Box::new(later)),
        (Ok(()), None) => LookupAnswer::Gone,
        (Err(error), _) if error.number() == Some(libc::ENOENT) => LookupAnswer::Gone,
        (Err(_), _) => LookupAnswer::Unknown,
    }
}

/// Asks for all of these states once more. A record of this dump takes the place of the earlier one with its cookie.
fn by_dump(source: &mut dyn Source, earlier: Vec<Seen>, states: StateSet, all: bool) -> Closely {
    let known: BTreeSet<u64> = earlier.iter().map(|seen| seen.socket.cookie).filter(|&cookie| cookie != 0).collect();
    let query = DumpQuery { needs: NEEDS, ..DumpQuery::states(states) };
    let walked = walk::gather(source, Protocol::Tcp, &query, |found: &mut Vec<Seen>, record| {
        if (all && record.state() == State::ESTABLISHED) || known.contains(&record.cookie()) {
            found.extend(seen(record));
        }
    });
    let mut sockets = walked.value.unwrap_or_default();
    let is_whole = walked.gaps.is_empty();
    let found: BTreeSet<u64> = sockets.iter().map(|seen| seen.socket.cookie).collect();
    // A socket that is gone was about to end; only those that this dump could not answer are kept as first read.
    let is_unanswered = |seen: &Seen| !is_whole || seen.socket.cookie == 0 || !has_info(seen) || seen.info.is_some();
    sockets.extend(earlier.into_iter().filter(|seen| !found.contains(&seen.socket.cookie)).filter(is_unanswered));
    Closely { sockets, all_established: all && is_whole, gaps: walked.gaps }
}
