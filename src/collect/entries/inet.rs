//! Entries of the tables that `inet_diag` dumps.

use super::{Ask, Out, Take, from_proc, stream};
use crate::{
    collect::{proc_net, tables},
    model::{
        family::{Family, Netid, Protocol},
        gap::{What, Why},
        socket::Socket,
        state::{State, StateSet},
        uapi::{IPPROTO_DCCP, IPPROTO_RAW, IPPROTO_SCTP, IPPROTO_TCP, IPPROTO_UDP},
    },
    source::Source,
    wire::{WireError, inet::Record, inet_detail, request::Request},
};

/// TCP: one walk for both families where the kernel has it.
pub(super) fn tcp(source: &mut dyn Source, out: &mut Out<'_>) {
    if out.ask.family.is_none() {
        let request = Request::tcp_one_walk(out.ask.states, out.ask.wanted.extensions());
        match asked(source, &request, out, &mut take_inet) {
            Ok(()) => return,
            Err(WireError::NotAvailable(_)) => {}
            Err(error) => return out.gap(What::Sockets(Protocol::Tcp), Why::Unreadable(error.to_string())),
        }
    }
    inet(source, Protocol::Tcp, out);
}

/// A dump for each family, each with its own file of `/proc/net` to fall back on.
pub(super) fn inet(source: &mut dyn Source, protocol: Protocol, out: &mut Out<'_>) {
    let ask = out.ask;
    let what = What::Sockets(protocol);
    for family in families(ask) {
        let by = |number| Request::inet(family, number, ask.states, ask.wanted.extensions());
        let request = match protocol {
            Protocol::Tcp => by(IPPROTO_TCP),
            Protocol::Udp => by(IPPROTO_UDP),
            Protocol::Sctp => by(IPPROTO_SCTP),
            Protocol::Dccp => by(IPPROTO_DCCP),
            Protocol::Mptcp => Request::mptcp(family, ask.states, ask.wanted.extensions()),
            _ => by(IPPROTO_RAW),
        };
        let refused = match asked(source, &request, out, &mut take_inet) {
            Ok(()) => continue,
            Err(WireError::NotAvailable(error)) => WireError::NotAvailable(error).to_string(),
            Err(error) => {
                out.gap(what, Why::Unreadable(error.to_string()));
                continue;
            }
        };
        if !matches!(protocol, Protocol::Tcp | Protocol::Udp | Protocol::Raw) {
            out.gap(what, Why::NotAvailable(refused));
            continue;
        }
        ask.wanted.clear(&mut out.entry);
        let read = proc_net::inet_family(source, protocol, family, &mut |socket: &Socket| {
            inet_detail::common(socket, &mut out.entry);
            out.give_selected();
        });
        out.gap(what, from_proc(refused, read));
    }
}

/// TCP sockets that are bound but neither listen nor connect: reported in state 7, by a walk of their own.
pub(super) fn bound_inactive(source: &mut dyn Source, out: &mut Out<'_>) {
    let ask = out.ask;
    if ask.kernel.is_some_and(|version| version < tables::BOUND_INACTIVE_SINCE) {
        return out.gap(What::BoundInactive, Why::TooOld("6.8"));
    }
    let states = StateSet::of(State::BOUND_INACTIVE);
    for family in families(ask) {
        let request = Request::inet(family, IPPROTO_TCP, states, ask.wanted.extensions());
        let answered = asked(source, &request, out, &mut |payload, out| {
            let Some(record) = Record::new(payload) else { return };
            if inet_detail::fill(&record, out.ask.wanted, &mut out.entry) {
                out.entry.state = State::BOUND_INACTIVE;
                out.give();
            }
        });
        if let Err(error) = answered {
            out.gap(What::BoundInactive, Why::Unreadable(error.to_string()));
        }
    }
}

/// Asks with all that narrows and adds; a kernel that refuses that is asked again without it.
fn asked(source: &mut dyn Source, bare: &Request, out: &mut Out<'_>, take: Take<'_>) -> Result<(), WireError> {
    let ask = out.ask;
    let narrow = ask.bytecode.as_deref().map(|program| bare.clone().with_bytecode(program));
    if ask.wanted.bpf_storages {
        let request = narrow.as_ref().unwrap_or(bare).clone().with_bpf_storages(&ask.bpf_maps);
        match stream(source, &request, out, take) {
            Err(WireError::NotAvailable(error)) => {
                let why = WireError::NotAvailable(error).to_string();
                let answered = without_storages(source, bare, narrow.as_ref(), out, take);
                if answered.is_ok() {
                    out.gap(What::BpfStorages, Why::NotAvailable(why));
                }
                return answered;
            }
            answered => return answered,
        }
    }
    without_storages(source, bare, narrow.as_ref(), out, take)
}

fn without_storages(
    source: &mut dyn Source,
    bare: &Request,
    narrow: Option<&Request>,
    out: &mut Out<'_>,
    take: Take<'_>,
) -> Result<(), WireError> {
    if let Some(request) = narrow {
        match stream(source, request, out, take) {
            Err(WireError::NotAvailable(_)) => {}
            answered => return answered,
        }
    }
    stream(source, bare, out, take)
}

fn take_inet(payload: &[u8], out: &mut Out<'_>) {
    let Some(record) = Record::new(payload) else { return };
    let ask = out.ask;
    // The states of SCTP's associations are known only after the attributes.
    let is_sctp = out.entry.netid == Netid::Sctp;
    if !is_sctp && !ask.states.contains(record.state()) {
        return;
    }
    let wanted_family = ask.family.is_none_or(|only| record.family() == Some(only));
    if wanted_family && inet_detail::fill(&record, ask.wanted, &mut out.entry) {
        out.give_selected();
    }
}

fn families(ask: &Ask) -> impl Iterator<Item = Family> + use<> {
    let only = ask.family;
    [Family::Inet, Family::Inet6].into_iter().filter(move |&one| only.is_none_or(|only| only == one))
}
