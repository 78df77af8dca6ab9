//! Counts sockets by state, one pass over each table, in memory that does not grow with them.

use super::{
    prelude::*,
    query::DumpQuery,
    walk::{self, Walked},
};
use crate::{
    model::{census::Census, counted::Counted, family::Family, selection::Selection, socket::Timer},
    wire::{inet::Record, unix},
};

/// Counts the selected sockets. `kernel` is the version, which decides whether it can list bound but unused sockets.
pub fn count(source: &mut dyn Source, selection: &Selection, kernel: Option<(u32, u32)>) -> Counted {
    counted(source, selection, kernel, None)
}

/// The same where only the state counts: with `--engine bpf` the kernel counts TCP itself.
pub fn count_states(source: &mut dyn Source, selection: &Selection, kernel: Option<(u32, u32)>) -> Counted {
    let wants_tcp = selection.wants(Protocol::Tcp) && !selection.states.is_empty();
    match source.tcp_states().filter(|_| wants_tcp) {
        None => count(source, selection, kernel),
        Some(Ok(states)) => counted(source, selection, kernel, Some(selected(&states, selection))),
        Some(Err(failure)) => {
            let mut counted = count(source, selection, kernel);
            counted.gaps.push(Gap { what: What::Engine, why: Why::WithoutBpf(failure) });
            counted
        }
    }
}

/// Converts a program's counts to the census of the selected states.
fn selected(states: &[u64], selection: &Selection) -> Census {
    let mut census = Census::default();
    for (family, states) in [Family::Inet, Family::Inet6].into_iter().zip(states.chunks(16)) {
        for (number, sockets) in (0..).zip(states).filter(|_| selection.wants_family(family)) {
            let state = State::from_kernel(number);
            census.add(state, if selection.states.contains(state) { *sockets } else { 0 });
        }
    }
    census
}

/// Counts, TCP only where that was not done.
fn counted(
    source: &mut dyn Source,
    selection: &Selection,
    kernel: Option<(u32, u32)>,
    mut tcp: Option<Census>,
) -> Counted {
    let mut counted = Counted::default();
    let query = DumpQuery { kernel, ..DumpQuery::selected(selection) };
    for (protocol, netid) in [(Protocol::Tcp, Netid::Tcp), (Protocol::Udp, Netid::Udp), (Protocol::Raw, Netid::Raw)] {
        if selection.wants(protocol) {
            let done = match protocol {
                _ if selection.states.is_empty() => Some(Census::default()),
                Protocol::Tcp => tcp.take(),
                _ => None,
            };
            let mut walked = match done {
                Some(_) => Walked { value: done, gaps: Vec::new() },
                None => walk::gather(source, protocol, &query, census),
            };
            if protocol == Protocol::Tcp && selection.bound_inactive {
                let bound = walk::gather_bound_inactive(source, &query, census);
                if let (Some(census), Some(bound)) = (&mut walked.value, &bound.value) {
                    census.merge(bound);
                }
                counted.gaps.extend(bound.gaps);
            }
            counted.netids.push((netid, walked.value));
            counted.gaps.extend(walked.gaps);
        }
    }
    if selection.wants(Protocol::Unix) && selection.family.is_none() {
        unix(source, selection.states, unix::SHOW_NOTHING, &mut counted, |(): &mut (), _| {});
    }
    counted
}

/// The types of UNIX sockets, which are counted apart.
const UNIX: [Netid; 3] = [Netid::UnixStream, Netid::UnixDatagram, Netid::UnixSeqpacket];

fn census(census: &mut Census, record: &Record<'_>) {
    census.count(record.state(), record.timer(), record.inode());
}

/// Counts the UNIX sockets in the selected states; also passes each of them to `each`.
pub(super) fn unix<C: Default>(
    source: &mut dyn Source,
    states: StateSet,
    show: u32,
    counted: &mut Counted,
    mut each: impl FnMut(&mut C, &[u8]),
) -> Walked<C> {
    let walked = walk::gather_unix(source, states, show, |(censuses, kept): &mut ([Census; 3], C), payload| {
        let Some((netid, state)) = unix::head(payload) else { return };
        if let Some((_, census)) = UNIX.iter().zip(censuses).find(|(one, _)| **one == netid) {
            // No timer and always an inode: a UNIX socket is held by a program or waits in a queue.
            census.count(state, Timer::None, 1);
        }
        each(kept, payload);
    });
    counted.gaps.extend_from_slice(&walked.gaps);
    let (censuses, kept) = walked.value.unzip();
    let censuses = censuses.map_or([const { None }; 3], |censuses| censuses.map(Some));
    counted.netids.extend(UNIX.into_iter().zip(censuses));
    Walked { value: kept, gaps: walked.gaps }
}
