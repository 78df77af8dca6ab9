//! Walks a protocol's table by the best way this kernel has: one walk, one per family, `/proc/net`.
//!
//! The kernel selects by state and family; both are looked at again here, so that an answer which was
//! not selected (a recording, `/proc/net`) counts the same.

use netlink_packet_sock_diag::{inet::ExtensionFlags, unix::ShowFlags};

use super::{proc_net, sighting::Sighting};
use crate::{
    model::{
        family::{Family, Protocol},
        gap::{Gap, What, Why},
        selection::Selection,
        state::{State, StateSet},
        uapi::{IPPROTO_RAW, IPPROTO_TCP, IPPROTO_UDP},
    },
    source::Source,
    wire::{WireError, dump::walk, inet::Record, request::Request, unix::UnixSocket},
};

/// How often a dump that the kernel broke off is asked for again.
pub(super) const TRIES: usize = 4;

/// What a walk brought: the consumer, unless nothing could be read, and what is missing.
#[derive(Debug)]
pub struct Walked<C> {
    /// The consumer as the last complete walk left it.
    pub value: Option<C>,
    /// What was lost on the way.
    pub gap: Option<Gap>,
}

/// Gives every selected socket of an internet protocol to a consumer.
///
/// A walk that is broken off begins again with a `fresh` consumer.
pub fn inet<C>(
    source: &mut dyn Source,
    protocol: Protocol,
    selection: &Selection,
    extensions: ExtensionFlags,
    fresh: &dyn Fn() -> C,
    each: &mut impl FnMut(&mut C, &Sighting<'_>),
) -> Walked<C> {
    let what = What::Sockets(protocol);
    let states = selection.states;
    let refused = match asked(source, protocol, selection, &extensions, fresh, each) {
        Ok(value) => return Walked { value: Some(value), gap: None },
        Err(error) => error,
    };
    if !matches!(refused, WireError::NotAvailable(_)) {
        return Walked { value: None, gap: Some(Gap { what, why: Why::Unreadable(refused.to_string()) }) };
    }
    let mut value = fresh();
    let read = proc_net::inet(source, protocol, &mut |socket| {
        if states.contains(socket.state) && selection.wants_family(socket.family) {
            each(&mut value, &Sighting::Line(socket));
        }
    });
    match read {
        Ok(()) => Walked { value: Some(value), gap: Some(Gap { what, why: Why::ReadFromProc(refused.to_string()) }) },
        Err(error) => {
            Walked { value: None, gap: Some(Gap { what, why: Why::Unreadable(format!("{refused}; {error}")) }) }
        }
    }
}

/// The ways over netlink, best first.
fn asked<C>(
    source: &mut dyn Source,
    protocol: Protocol,
    selection: &Selection,
    extensions: &ExtensionFlags,
    fresh: &dyn Fn() -> C,
    each: &mut impl FnMut(&mut C, &Sighting<'_>),
) -> Result<C, WireError> {
    let states = selection.states;
    let mut visit = |value: &mut C, _: usize, payload: &[u8]| {
        let Some(record) = Record::new(payload) else { return };
        let wanted = match selection.family {
            None => true,
            only => record.family() == only,
        };
        if wanted && states.contains(record.state()) {
            each(value, &Sighting::Record(record));
        }
    };
    if protocol == Protocol::Tcp && selection.family.is_none() {
        let request = Request::tcp_one_walk(states, extensions.clone());
        match complete(source, &[request], fresh, &mut visit) {
            Err(WireError::NotAvailable(_)) => {}
            answered => return answered,
        }
    }
    let number = match protocol {
        Protocol::Tcp => IPPROTO_TCP,
        Protocol::Udp => IPPROTO_UDP,
        _ => IPPROTO_RAW,
    };
    let requests: Vec<Request> = [Family::Inet, Family::Inet6]
        .into_iter()
        .filter(|&family| selection.wants_family(family))
        .map(|family| Request::inet(family, number, states, extensions.clone()))
        .collect();
    complete(source, &requests, fresh, &mut visit)
}

/// Asks all requests in turn until one whole round is not broken off.
fn complete<C>(
    source: &mut dyn Source,
    requests: &[Request],
    fresh: &dyn Fn() -> C,
    visit: &mut impl FnMut(&mut C, usize, &[u8]),
) -> Result<C, WireError> {
    let mut last = WireError::Interrupted;
    'again: for _ in 0..TRIES {
        let mut value = fresh();
        for (number, request) in requests.iter().enumerate() {
            match walk(source, request, |payload| visit(&mut value, number, payload)) {
                Ok(()) => {}
                Err(WireError::Interrupted) => continue 'again,
                Err(error) => {
                    last = error;
                    break 'again;
                }
            }
        }
        return Ok(value);
    }
    Err(last)
}

/// The first kernel that lists sockets which are bound and unused (`INET_DIAG` bit 13).
pub(super) const BOUND_INACTIVE_SINCE: (u32, u32) = (6, 8);

/// Gives every TCP socket that is bound but neither listens nor connects to a consumer.
///
/// The kernel reports them in state 7 and walks a table of its own for them, so they are asked for apart
/// from all other states.
pub fn bound_inactive<C>(
    source: &mut dyn Source,
    selection: &Selection,
    kernel: Option<(u32, u32)>,
    fresh: &dyn Fn() -> C,
    each: &mut impl FnMut(&mut C, &Sighting<'_>),
) -> Walked<C> {
    let what = What::BoundInactive;
    let states = StateSet::of(State::BOUND_INACTIVE);
    let families: Vec<Family> =
        [Family::Inet, Family::Inet6].into_iter().filter(|&family| selection.wants_family(family)).collect();
    let requests: Vec<Request> =
        families.iter().map(|&family| Request::inet(family, IPPROTO_TCP, states, ExtensionFlags::empty())).collect();
    if kernel.is_some_and(|version| version < BOUND_INACTIVE_SINCE) {
        return Walked { value: None, gap: Some(Gap { what, why: Why::TooOld("6.8") }) };
    }
    let walked = complete(source, &requests, fresh, &mut |value, number, payload| {
        let Some(mut socket) = Record::new(payload).and_then(|record| record.socket()) else { return };
        // Any other state, or family, is the answer of a kernel that does not know the question.
        if socket.state != State::CLOSE || families.get(number) != Some(&socket.family) {
            return;
        }
        socket.state = State::BOUND_INACTIVE;
        each(value, &Sighting::Line(&socket));
    });
    match walked {
        Ok(value) => Walked { value: Some(value), gap: None },
        Err(error) => Walked { value: None, gap: Some(Gap { what, why: Why::Unreadable(error.to_string()) }) },
    }
}

/// Gives the payload of every UNIX socket of the wanted states to a consumer that reads what it needs,
/// or, where the kernel has no `unix_diag`, what `/proc/net/unix` holds.
pub fn unix<C>(
    source: &mut dyn Source,
    states: StateSet,
    show: ShowFlags,
    fresh: &dyn Fn() -> C,
    each: &mut impl FnMut(&mut C, Unix<'_>),
) -> Walked<C> {
    let what = What::Sockets(Protocol::Unix);
    let request = Request::unix(states, show);
    let refused = match complete(source, &[request], fresh, &mut |value, _, payload| {
        each(value, Unix::Record(payload));
    }) {
        Ok(value) => return Walked { value: Some(value), gap: None },
        Err(error) => error,
    };
    if !matches!(refused, WireError::NotAvailable(_)) {
        return Walked { value: None, gap: Some(Gap { what, why: Why::Unreadable(refused.to_string()) }) };
    }
    let mut value = fresh();
    match proc_net::unix(source, &mut |socket| each(&mut value, Unix::Line(socket))) {
        Ok(()) => Walked { value: Some(value), gap: Some(Gap { what, why: Why::ReadFromProc(refused.to_string()) }) },
        Err(error) => {
            Walked { value: None, gap: Some(Gap { what, why: Why::Unreadable(format!("{refused}; {error}")) }) }
        }
    }
}

/// A UNIX socket in passing.
#[derive(Clone, Copy, Debug)]
pub enum Unix<'a> {
    /// The payload of a netlink record.
    Record(&'a [u8]),
    /// What a line of `/proc/net/unix` held.
    Line(&'a UnixSocket),
}
