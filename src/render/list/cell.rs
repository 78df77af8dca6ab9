//! One cell: for people, with a dash for an unknown value, or for CSV, with an empty field.

use super::{
    address::{Endpoint, address, end, port},
    columns::Column,
    digits::{hex, number, rate, thousandths, timer},
    name::push_visible,
    owners,
    row::SocketRow,
    shown::Shown,
    words::RowWords,
};
use crate::{
    model::{
        entry::Entry,
        family::{Netid, Protocol},
        field::{Field, Unit},
        owner::Place,
        socket::Timer,
        state::State,
        tcp_info,
    },
    report::ends::Ends,
};

/// The audience.
#[derive(Clone, Copy)]
pub(super) enum Audience<'a> {
    /// People, with their words.
    People(&'a RowWords),
    /// Programs.
    Program,
}

/// The state as a table shows it: `UNCONN` where no state was ever meant, as in `ss`.
pub(super) fn state(out: &mut Vec<u8>, entry: &Entry) {
    let has_states =
        matches!(entry.netid.protocol(), Protocol::Tcp | Protocol::Mptcp | Protocol::Sctp | Protocol::Dccp);
    match entry.state.name() {
        Some(_) if entry.state == State::CLOSE && !has_states => out.extend_from_slice(b"UNCONN"),
        Some(name) => out.extend_from_slice(name.as_bytes()),
        None => {
            out.extend_from_slice(b"STATE_");
            number(out, entry.state.number());
        }
    }
}

/// Writes the cell; nothing where the value is not known.
#[inline]
pub(super) fn cell(
    out: &mut Vec<u8>,
    column: Column,
    row: &SocketRow<'_>,
    shown: &Shown<'_>,
    reader: Audience<'_>,
    unicode: bool,
) {
    let entry = row.entry;
    match column {
        Column::Netid => out.extend_from_slice(entry.netid.name().as_bytes()),
        Column::State => state(out, entry),
        Column::RecvQ | Column::SendQ if shown.blanks.queues => {}
        Column::RecvQ => number(out, entry.rqueue),
        Column::SendQ => entry.send_queue().into_iter().for_each(|count| number(out, count)),
        Column::Local => end(out, row, Endpoint::Local, shown.services, unicode),
        Column::Peer => end(out, row, Endpoint::Peer, shown.services, unicode),
        column => rarer_cell(out, column, row, shown, reader, unicode),
    }
}

/// The columns that are not shown unless asked for: apart, so that the others stay fast.
#[inline(never)]
fn rarer_cell(
    out: &mut Vec<u8>,
    column: Column,
    row: &SocketRow<'_>,
    shown: &Shown<'_>,
    reader: Audience<'_>,
    unicode: bool,
) {
    let entry = row.entry;
    let services = shown.services;
    let name = |out: &mut Vec<u8>, name: Option<&str>| {
        if let Some(name) = name {
            push_visible(out, name.as_bytes(), unicode);
        }
    };
    let place = |part: fn(&Place) -> Option<&str>| row.place().and_then(part);
    match column {
        // Written by the caller.
        Column::Netid | Column::State | Column::RecvQ | Column::SendQ | Column::Local | Column::Peer => {}
        Column::LocalAddress => address(out, row, Endpoint::Local, unicode),
        Column::PeerAddress => address(out, row, Endpoint::Peer, unicode),
        Column::LocalPort => port(out, row, Endpoint::Local, services, unicode),
        Column::PeerPort => port(out, row, Endpoint::Peer, services, unicode),
        Column::Process => process(out, row, reader, unicode),
        Column::Pid => owners::each(out, row.owners, |owner| Some(owner.pid), |out, owner| number(out, owner.pid)),
        Column::Fd => owners::each(out, row.owners, |owner| owner.fd, |out, owner| number(out, owner.fd.unwrap_or(0))),
        Column::User => match (row.user, entry.uid()) {
            (Some(_), _) => name(out, row.user),
            (None, Some(uid)) => number(out, uid),
            (None, None) => {}
        },
        Column::Uid => figure(out, entry.uid()),
        Column::Inode => figure(out, shown.inode(entry)),
        Column::Cookie if entry.cookie != 0 => hex(out, entry.cookie, 1),
        Column::Cookie => {}
        Column::Family => out.extend_from_slice(entry.family.name().as_bytes()),
        Column::Timer => running(out, entry, reader),
        Column::Expires => figure(out, Some(entry.expires_ms).filter(|_| entry.timer != Timer::None)),
        Column::Retrans => figure(out, Some(u32::from(entry.retrans)).filter(|_| entry.timer != Timer::None)),
        Column::Ends => ends(out, row, reader),
        Column::Unit => name(out, place(|place| place.unit.as_deref())),
        Column::Container => match reader {
            // Twelve digits are what docker and podman show and take.
            Audience::People(_) => name(out, place(|place| place.container.as_ref().map(|one| short(&one.id)))),
            Audience::Program => name(out, place(|place| place.container.as_ref().map(|one| &*one.id))),
        },
        Column::Pod => name(out, place(|place| place.container.as_ref().and_then(|one| one.pod.as_deref()))),
        Column::Netns => name(out, row.netns),
        Column::Cgroup => name(out, place(|place| place.cgroup.as_deref())),
        Column::Mark => figure(out, entry.mark),
        Column::Interface => match (row.interface, entry.interface) {
            (Some(_), _) => name(out, row.interface),
            (None, 0) => {}
            (None, index) => number(out, index),
        },
        Column::Congestion => name(out, entry.detail.as_ref().and_then(|detail| detail.congestion.as_deref())),
        Column::Info(field) => info(out, entry, field, shown.numeric, reader),
    }
}

fn figure(out: &mut Vec<u8>, value: Option<u32>) {
    if let Some(value) = value {
        number(out, value);
    }
}

fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

fn process(out: &mut Vec<u8>, row: &SocketRow<'_>, reader: Audience<'_>, unicode: bool) {
    match (reader, row.unknown) {
        (Audience::People(words), Some(unknown)) if row.owners.is_empty() => {
            out.extend_from_slice(words.unknown(unknown).as_bytes());
        }
        (Audience::People(_), _) => owners::folded(out, row.owners, unicode),
        (Audience::Program, _) => owners::each(
            out,
            row.owners,
            |owner| Some(owner.process.program.clone()),
            |out, owner| push_visible(out, &owner.process.program, unicode),
        ),
    }
}

fn running(out: &mut Vec<u8>, entry: &Entry, reader: Audience<'_>) {
    if entry.timer == Timer::None {
        return;
    }
    let name = if entry.netid == Netid::Sctp { "T3_RTX" } else { entry.timer.name() };
    out.extend_from_slice(name.as_bytes());
    if let Audience::People(_) = reader {
        out.push(b',');
        timer(out, entry.expires_ms);
        out.push(b',');
        number(out, entry.retrans);
    }
}

fn ends(out: &mut Vec<u8>, row: &SocketRow<'_>, reader: Audience<'_>) {
    match (row.ends, reader) {
        (Ends::Timer(left), Audience::People(words)) => words.duration(out, left),
        (Ends::Timer(left), Audience::Program) => number(out, left),
        (Ends::Never, Audience::People(words)) => out.extend_from_slice(words.never_cell(row.entry).as_bytes()),
        (Ends::Never, Audience::Program) => out.extend_from_slice(b"never"),
        (Ends::Unknown, _) => {}
    }
}

/// A field of `tcp_info`: for people in the unit that `ss` uses, for programs in the kernel's.
fn info(out: &mut Vec<u8>, entry: &Entry, field: &Field, numeric: bool, reader: Audience<'_>) {
    let info = entry.detail.as_ref().and_then(|detail| detail.tcp_info.as_ref());
    let Some(value) = info.and_then(|info| info.get(field)) else { return };
    let names: &[&str] = match field.name {
        name if name == tcp_info::CA_STATE.name => &tcp_info::CA_STATES,
        name if name == tcp_info::FASTOPEN_CLIENT_FAIL.name => &tcp_info::FASTOPEN_FAILS,
        _ => &[],
    };
    if let Some(name) = usize::try_from(value).ok().and_then(|value| names.get(value)) {
        return out.extend_from_slice(name.as_bytes());
    }
    match (field.unit, reader) {
        (Unit::BytesPerSecond, _) if value == tcp_info::NO_RATE => {}
        (Unit::Micros, Audience::People(_)) => thousandths(out, value),
        (Unit::BytesPerSecond, Audience::People(_)) => rate(out, value.saturating_mul(8), numeric),
        _ => number(out, value),
    }
}
