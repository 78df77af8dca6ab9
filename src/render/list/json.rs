//! JSON and JSON Lines, streamed: the same in every language; unknown is `null`, never 0. The schema stands in
//! `schema/list.json`.

use std::io::{self, Write};

use serde::Serialize;

use super::{
    address::{Endpoint, ethernet, netlink},
    digits::number,
    json_detail::{details, memory, tcp_info},
    json_parts::{address, array, digits, figure, flag, name, or_null, raw, string},
    name::abstract_name,
    row::{Owner, SocketRow},
    shown::Shown,
};
use crate::{
    model::{
        entry::{End, Entry},
        owner::{Container, NO_FD},
        socket::Timer,
    },
    render::json::SCHEMA,
};

/// JSON under way.
pub(super) struct Json<'a> {
    shown: Shown<'a>,
    lines: bool,
    rows: bool,
}

impl<'a> Json<'a> {
    pub(super) fn new(shown: Shown<'a>, lines: bool) -> Json<'a> {
        Json { shown, lines, rows: false }
    }

    pub(super) fn row(&mut self, out: &mut Vec<u8>, row: &SocketRow<'_>) {
        if self.lines {
            raw(out, "{\"schema\":\"");
            raw(out, SCHEMA);
            raw(out, "\",");
        } else {
            self.begin(out);
            raw(out, if self.rows { ",{" } else { "{" });
        }
        self.rows = true;
        socket(out, row, &self.shown);
        raw(out, if self.lines { "}\n" } else { "}" });
    }

    fn begin(&self, out: &mut Vec<u8>) {
        if !self.rows {
            raw(out, "{\"schema\":\"");
            raw(out, SCHEMA);
            raw(out, "\",\"sockets\":[");
        }
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>, gaps: &[impl Serialize]) -> io::Result<()> {
        if self.lines {
            return Ok(());
        }
        self.begin(out);
        raw(out, "],\"gaps\":");
        crate::render::json::to_writer(out, gaps)?;
        out.write_all(b"}\n")
    }
}

/// The fields of a socket, without the braces.
fn socket(out: &mut Vec<u8>, row: &SocketRow<'_>, shown: &Shown<'_>) {
    let entry = row.entry;
    raw(out, "\"netid\":\"");
    raw(out, entry.netid.name());
    raw(out, "\",\"netns\":");
    name(out, row.netns);
    raw(out, ",\"family\":\"");
    raw(out, entry.family.name());
    raw(out, "\",\"mapped\":");
    flag(out, entry.mapped);
    raw(out, ",\"v6only\":");
    or_null(out, entry.v6only, flag);
    raw(out, ",\"state\":\"");
    match entry.state.name() {
        Some(name) => raw(out, name),
        None => {
            raw(out, "STATE_");
            number(out, entry.state.number());
        }
    }
    raw(out, "\",\"local\":");
    end(out, row, Endpoint::Local);
    raw(out, ",\"peer\":");
    end(out, row, Endpoint::Peer);
    queues(out, entry);
    raw(out, ",\"uid\":");
    figure(out, entry.uid());
    raw(out, ",\"user\":");
    name(out, row.user);
    raw(out, ",\"inode\":");
    figure(out, shown.inode(entry));
    raw(out, ",\"cookie\":");
    or_null(out, Some(entry.cookie).filter(|cookie| *cookie != 0), digits);
    raw(out, ",\"mark\":");
    figure(out, entry.mark);
    raw(out, ",\"shutdown\":");
    name(out, entry.shutdown.map(shutdown));
    timer(out, entry);
    raw(out, ",\"ends\":\"");
    raw(out, row.ends.name());
    raw(out, "\",\"ends_in_ms\":");
    figure(out, row.ends.in_ms());
    place(out, row);
    raw(out, ",\"owners\":");
    or_null(out, Some(row.owners).filter(|_| shown.has_owners()), owners);
    raw(out, ",\"owner_unknown\":");
    name(out, row.unknown.map(|unknown| unknown.name()));
    raw(out, ",\"peer_owners\":");
    let has_peer = matches!(entry.peer, End::Unix { inode, .. } if inode != 0);
    or_null(out, Some(row.peer_owners).filter(|_| shown.has_owners() && has_peer), owners);
    let detail = entry.detail.as_deref();
    raw(out, ",\"tcp_info\":");
    or_null(out, detail.and_then(|detail| detail.tcp_info.as_ref()), tcp_info);
    raw(out, ",\"memory\":");
    or_null(out, detail.and_then(|detail| detail.memory.as_ref()), memory);
    raw(out, ",\"details\":");
    or_null(out, detail, |out, detail| details(out, detail, entry.netid));
}

/// Which directions are shut down.
fn shutdown(mask: u8) -> &'static str {
    match mask & 3 {
        0 => "none",
        1 => "receive",
        2 => "send",
        _ => "both",
    }
}

/// Bytes, or on a listener connections.
fn queues(out: &mut Vec<u8>, entry: &Entry) {
    if entry.is_listener() {
        raw(out, ",\"recv_queue_bytes\":null,\"send_queue_bytes\":null,\"accept_queue\":");
        number(out, entry.rqueue);
        raw(out, ",\"accept_limit\":");
        figure(out, entry.accept_limit());
    } else {
        raw(out, ",\"recv_queue_bytes\":");
        number(out, entry.rqueue);
        raw(out, ",\"send_queue_bytes\":");
        number(out, entry.wqueue);
        raw(out, ",\"accept_queue\":null,\"accept_limit\":null");
    }
}

fn timer(out: &mut Vec<u8>, entry: &Entry) {
    if matches!(entry.timer, Timer::None | Timer::UNKNOWN) {
        return raw(out, ",\"timer\":null");
    }
    raw(out, ",\"timer\":{\"kind\":\"");
    raw(out, entry.timer.name());
    raw(out, "\",\"expires_ms\":");
    number(out, entry.expires_ms);
    raw(out, ",\"retrans\":");
    number(out, entry.retrans);
    out.push(b'}');
}

/// Where the socket belongs.
fn place(out: &mut Vec<u8>, row: &SocketRow<'_>) {
    let place = row.place;
    raw(out, ",\"cgroup\":");
    name(out, place.and_then(|place| place.cgroup.as_deref()));
    raw(out, ",\"unit\":");
    name(out, place.and_then(|place| place.unit.as_deref()));
    raw(out, ",\"container\":");
    or_null(out, place.and_then(|place| place.container.as_ref()), container);
}

fn container(out: &mut Vec<u8>, container: &Container) {
    raw(out, "{\"runtime\":");
    string(out, container.runtime.as_bytes());
    raw(out, ",\"id\":");
    string(out, container.id.as_bytes());
    raw(out, ",\"pod\":");
    name(out, container.pod.as_deref());
    out.push(b'}');
}

fn owners(out: &mut Vec<u8>, owners: &[Owner<'_>]) {
    array(out, owners, |out, owner| {
        raw(out, "{\"pid\":");
        number(out, owner.pid);
        raw(out, ",\"tid\":");
        number(out, owner.tid);
        raw(out, ",\"fd\":");
        figure(out, Some(owner.fd).filter(|fd| *fd != NO_FD));
        raw(out, ",\"program\":");
        string(out, &owner.process.program);
        raw(out, ",\"uid\":");
        figure(out, owner.process.uid);
        raw(out, ",\"user\":");
        name(out, owner.user);
        raw(out, ",\"unit\":");
        name(out, owner.process.place.unit.as_deref());
        raw(out, ",\"container\":");
        or_null(out, owner.process.place.container.as_ref(), container);
        raw(out, ",\"context\":");
        name(out, owner.process.context.as_deref());
        raw(out, ",\"socket_context\":");
        name(out, owner.socket_context);
        out.push(b'}');
    });
}

/// One end; a peer that is not there is `null`.
fn end(out: &mut Vec<u8>, row: &SocketRow<'_>, side: Endpoint) {
    let interface = |out: &mut Vec<u8>, index: u32| {
        let unnamed = || format!("if{index}");
        match row.interface {
            _ if index == 0 => raw(out, "null"),
            Some(name) => string(out, name.as_bytes()),
            None => string(out, unnamed().as_bytes()),
        }
    };
    let any = |out: &mut Vec<u8>, value: u32| figure(out, Some(value).filter(|value| *value != u32::MAX));
    match side.of(row.entry) {
        End::None => return raw(out, "null"),
        End::Inet(ip, 0) if side == Endpoint::Peer && ip.is_unspecified() => return raw(out, "null"),
        End::Unix { name: None, inode: 0 } if side == Endpoint::Peer => return raw(out, "null"),
        End::Inet(ip, port) => {
            raw(out, "{\"address\":");
            address(out, *ip);
            raw(out, ",\"port\":");
            number(out, *port);
            if side == Endpoint::Local {
                raw(out, ",\"interface\":");
                interface(out, row.entry.interface);
            }
        }
        End::Unix { name, inode } => {
            raw(out, "{\"path\":");
            or_null(out, name.as_deref(), |out, name| string(out, &abstract_name(name)));
            raw(out, ",\"inode\":");
            figure(out, Some(*inode).filter(|inode| *inode != 0));
        }
        End::Packet { protocol, interface: index } => {
            raw(out, "{\"protocol\":\"");
            ethernet(out, *protocol);
            raw(out, "\",\"interface\":");
            interface(out, *index);
        }
        End::Netlink { protocol, port } => {
            raw(out, "{\"protocol\":\"");
            netlink(out, *protocol);
            raw(out, "\",\"port\":");
            any(out, *port);
        }
        End::Vsock { cid, port } => {
            raw(out, "{\"cid\":");
            any(out, *cid);
            raw(out, ",\"port\":");
            any(out, *port);
        }
        End::Tipc { node, reference } => {
            raw(out, "{\"node\":");
            number(out, *node);
            raw(out, ",\"reference\":");
            number(out, *reference);
        }
        End::Xdp { interface: index, queue } => {
            raw(out, "{\"interface\":");
            interface(out, *index);
            raw(out, ",\"queue\":");
            figure(out, Some(*queue).filter(|_| *index != 0));
        }
    }
    out.push(b'}');
}
