//! The only walk over a table of sockets, for counting and listing, with the best interface of this kernel.
//!
//! TCP is walked once for both families, or once for each; a family that `sock_diag` does not list is read from
//! `/proc/net`, and one that neither lists is a gap, never an empty success. The kernel selects by state and family;
//! the walk tests both again, so that an unselected answer (a recording, `/proc/net`) gives the same sockets.

mod attempt;

use attempt::{Ended, Walk};

use super::{prelude::*, proc_net, query::DumpQuery};
use crate::{
    model::uapi::{IPPROTO_DCCP, IPPROTO_RAW, IPPROTO_SCTP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE},
    wire::{inet::Record, request::Request, unix},
};

pub use attempt::Visitor;

/// The first kernel that lists sockets which are bound and unused (`INET_DIAG` bit 13).
const BOUND_INACTIVE_SINCE: (u32, u32) = (6, 8);

/// The result of a walk that may start again, such as a count.
#[derive(Default)]
struct Anew<C>(C);

impl<C: Default> Visitor for Anew<C> {
    fn restart(&mut self) -> bool {
        *self = Anew::default();
        true
    }
}

/// The result of a walk, with its gaps.
#[derive(Debug)]
pub struct Walked<C> {
    /// `None` where a part of the table could not be read.
    pub value: Option<C>,
    /// Gaps, and the tables read from `/proc/net`.
    pub gaps: Vec<Gap>,
}

impl<C> Walked<C> {
    fn new(value: C, gaps: Vec<Gap>) -> Walked<C> {
        let is_read = gaps.iter().all(|gap| matches!(gap.why, Why::ReadFromProc(_)));
        Walked { value: is_read.then_some(value), gaps }
    }
}

/// Walks the table of an internet protocol, all that is left of it being a value.
pub fn gather<C: Default>(
    source: &mut dyn Source,
    protocol: Protocol,
    query: &DumpQuery,
    mut each: impl FnMut(&mut C, &Record<'_>),
) -> Walked<C> {
    let mut value = Anew::default();
    let gaps = inet(source, protocol, query, &mut value, &mut |value, record| each(&mut value.0, record));
    Walked::new(value.0, gaps)
}

/// As [`gather`], for TCP sockets that are bound but neither listen nor connect.
pub fn gather_bound_inactive<C: Default>(
    source: &mut dyn Source,
    query: &DumpQuery,
    mut each: impl FnMut(&mut C, &Record<'_>),
) -> Walked<C> {
    let mut value = Anew::default();
    let gaps = bound_inactive(source, query, &mut value, &mut |value, record| each(&mut value.0, record));
    Walked::new(value.0, gaps)
}

/// As [`gather`], for the payloads of UNIX sockets.
pub fn gather_unix<C: Default>(
    source: &mut dyn Source,
    states: StateSet,
    show: u32,
    mut each: impl FnMut(&mut C, &[u8]),
) -> Walked<C> {
    let mut value = Anew::default();
    let gaps = unix(source, states, show, &mut value, &mut |value, payload| each(&mut value.0, payload));
    Walked::new(value.0, gaps)
}

/// Passes every socket of an internet protocol to a visitor, and returns the gaps.
pub fn inet<V: Visitor>(
    source: &mut dyn Source,
    protocol: Protocol,
    query: &DumpQuery,
    visitor: &mut V,
    visit: &mut impl FnMut(&mut V, &Record<'_>),
) -> Vec<Gap> {
    let (states, needs) = (query.states, query.needs);
    // The attributes hold the state of an SCTP association.
    let are_states_later = protocol == Protocol::Sctp;
    let mut take = |visitor: &mut V, payload: &[u8]| {
        let Some(record) = Record::new(payload) else { return false };
        let is_of_family = query.family.is_none() || record.family() == query.family;
        let is_wanted = is_of_family && (are_states_later || states.contains(record.state()));
        if is_wanted {
            visit(visitor, &record);
        }
        is_wanted
    };
    let request = |family| match protocol {
        Protocol::Tcp => Request::inet(family, IPPROTO_TCP, states, needs),
        Protocol::Udp => Request::inet(family, IPPROTO_UDP, states, needs),
        Protocol::UdpLite => Request::inet(family, IPPROTO_UDPLITE, states, needs),
        Protocol::Sctp => Request::inet(family, IPPROTO_SCTP, states, needs),
        Protocol::Dccp => Request::inet(family, IPPROTO_DCCP, states, needs),
        Protocol::Mptcp => Request::mptcp(family, states, needs),
        _ => Request::inet(family, IPPROTO_RAW, states, needs),
    };
    let has_file = matches!(protocol, Protocol::Tcp | Protocol::Udp | Protocol::UdpLite | Protocol::Raw);
    Walk::new(source, What::Sockets(protocol), visitor).whole(|walk| {
        if protocol == Protocol::Tcp && query.family.is_none() && !query.as_ss {
            match walk.ask(query, Request::tcp_one_walk(states, needs), &mut take) {
                Err(Ended::Lacking(_)) => {}
                answered => return walk.settle(answered),
            }
        }
        for family in query.families() {
            match walk.ask(query, request(family), &mut take) {
                Err(Ended::Lacking(why)) if has_file => {
                    walk.read(why, |source, visitor| {
                        proc_net::inet(source, protocol, family, &mut |payload| {
                            take(visitor, payload);
                        })
                    });
                }
                answered => walk.settle(answered)?,
            }
        }
        Ok(())
    })
}

/// Passes every TCP socket that is bound but neither listens nor connects to a visitor.
///
/// The kernel reports them in state 7 and walks a separate table for them, so they need a separate query.
pub fn bound_inactive<V: Visitor>(
    source: &mut dyn Source,
    query: &DumpQuery,
    visitor: &mut V,
    visit: &mut impl FnMut(&mut V, &Record<'_>),
) -> Vec<Gap> {
    let what = What::BoundInactive;
    if query.kernel.is_some_and(|version| version < BOUND_INACTIVE_SINCE) {
        return vec![Gap { what, why: Why::TooOld("6.8") }];
    }
    let states = StateSet::of(State::BOUND_INACTIVE);
    Walk::new(source, what, visitor).whole(|walk| {
        for family in query.families() {
            let request = Request::inet(family, IPPROTO_TCP, states, query.needs);
            let answered = walk.ask(query, request, &mut |visitor, payload| {
                let record = Record::new(payload);
                // Any other state, or family, is the answer of a kernel that does not know the question.
                let is_bound = |record: &Record<'_>| record.state() == State::CLOSE && record.family() == Some(family);
                let Some(record) = record.filter(is_bound) else { return false };
                visit(visitor, &record.in_state(State::BOUND_INACTIVE));
                true
            });
            walk.settle(answered.map_err(Ended::or_failed))?;
        }
        Ok(())
    })
}

/// Gives the payload of every UNIX socket to a visitor. `/proc/net/unix` lacks the attributes.
pub fn unix<V: Visitor>(
    source: &mut dyn Source,
    states: StateSet,
    show: u32,
    visitor: &mut V,
    visit: &mut impl FnMut(&mut V, &[u8]),
) -> Vec<Gap> {
    let mut take = |visitor: &mut V, payload: &[u8]| {
        let is_wanted = unix::head(payload).is_some_and(|(_, state)| states.contains(state));
        if is_wanted {
            visit(visitor, payload);
        }
        is_wanted
    };
    Walk::new(source, What::Sockets(Protocol::Unix), visitor).whole(|walk| {
        match walk.dump(&Request::unix(states, show), &mut take) {
            Err(Ended::Lacking(why)) => walk.read(why, |source, visitor| {
                proc_net::unix(source, &mut |payload| {
                    take(visitor, payload);
                })
            }),
            answered => walk.settle(answered)?,
        }
        Ok(())
    })
}

/// Passes the payload of every socket of a family with a single query to a visitor, or of its rows in `/proc/net`.
pub fn other<V: Visitor>(
    source: &mut dyn Source,
    protocol: Protocol,
    request: Request,
    visitor: &mut V,
    visit: &mut impl FnMut(&mut V, &[u8]),
    file: Option<impl Fn(&dyn Source, &mut V) -> io::Result<()>>,
) -> Vec<Gap> {
    Walk::new(source, What::Sockets(protocol), visitor).whole(|walk| {
        let answered = walk.dump(&request, &mut |visitor, payload| {
            visit(visitor, payload);
            true
        });
        match (answered, &file) {
            (Err(Ended::Lacking(why)), Some(file)) => walk.read(why, file),
            (answered, _) => walk.settle(answered)?,
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests;
