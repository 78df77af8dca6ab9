//! JSON and JSON Lines, streamed: the same in every language; unknown is `null`, never 0. The schema is
//! `schema/list.json`.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use serde::Serialize;

use super::{
    address::{Endpoint, ethernet, netlink},
    cell::{Audience, cell},
    columns::Column,
    json_detail::DetailJson,
    json_parts::{Each, Hex, JsonText, Quoted, ToJson, braces, members, object, raw},
    name::abstract_name,
    row::{Owner, SocketRow},
    shown::Shown,
};
use crate::{
    model::{
        blanks::not_shown,
        entry::{End, Entry},
        owner::Container,
        socket::Timer,
    },
    render::json::{SCHEMA, to_writer},
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
            braces(out, |out| {
                members!(out, ("schema", SCHEMA));
                socket(out, row, &self.shown);
            });
            return out.push(b'\n');
        }
        self.begin(out);
        if self.rows {
            out.push(b',');
        }
        self.rows = true;
        braces(out, |out| socket(out, row, &self.shown));
    }

    fn begin(&self, out: &mut Vec<u8>) {
        if !self.rows {
            raw(out, "{\"schema\":");
            SCHEMA.json(out);
            raw(out, ",\"sockets\":[");
        }
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>, gaps: &[impl Serialize]) -> io::Result<()> {
        if self.lines {
            return Ok(());
        }
        self.begin(out);
        raw(out, "],\"gaps\":");
        to_writer(out, gaps)?;
        out.write_all(b"}\n")
    }
}

/// The columns that were asked for, under the names and with the values that CSV gives them.
fn columns(out: &mut Vec<u8>, columns: &[Column], row: &SocketRow<'_>, shown: &Shown<'_>) {
    let mut field = Vec::new();
    for column in columns {
        field.clear();
        cell(&mut field, *column, row, shown, Audience::Program, true);
        let is_figure = column.is_number() && field.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
        raw(out, ",\"");
        raw(out, column.name());
        raw(out, "\":");
        match field.as_slice() {
            [] => raw(out, "null"),
            figure if is_figure => out.extend_from_slice(figure),
            text => JsonText(text).json(out),
        }
    }
}

/// The fields of a socket: all that are known, or the columns.
fn socket(out: &mut Vec<u8>, row: &SocketRow<'_>, shown: &Shown<'_>) {
    if let Some(chosen) = shown.columns {
        return columns(out, chosen, row, shown);
    }
    let entry = row.entry;
    let listens = entry.is_listener();
    let has_timer = !matches!(entry.timer, Timer::None | Timer::NotShown);
    let has_peer = matches!(entry.peer, End::Unix { inode, .. } if inode != 0);
    let owners = |owners, is_known| Some(Each(owners)).filter(|_| is_known && shown.has_owners());
    let place = row.place;
    let detail = entry.detail.as_deref();
    members!(
        out,
        ("netid", entry.netid.name()),
        ("netns", row.netns),
        ("family", entry.family.name()),
        ("mapped", entry.mapped),
        ("v6only", entry.v6only),
        ("state", entry.state.name().map_or_else(|| Cow::Owned(entry.state.to_string()), Cow::Borrowed)),
        ("local", SocketEnd { row, side: Endpoint::Local }),
        ("peer", SocketEnd { row, side: Endpoint::Peer }),
        // JsonText, or on a listener connections.
        ("recv_queue_bytes", (!listens && !shown.blanks.queues).then_some(entry.rqueue)),
        ("send_queue_bytes", (!listens && !shown.blanks.queues).then_some(entry.wqueue)),
        ("accept_queue", (listens && !shown.blanks.queues).then_some(entry.rqueue)),
        ("accept_limit", entry.accept_limit().filter(|_| listens)),
        ("uid", entry.uid()),
        ("user", row.user),
        ("inode", shown.inode(entry)),
        ("cookie", Some(Hex(entry.cookie)).filter(|_| entry.cookie != 0)),
        ("mark", entry.mark),
        ("shutdown", entry.shutdown.map(shutdown)),
        ("timer", has_timer.then_some(JsonTimer(entry))),
        ("ends", row.ends.name()),
        ("ends_in_ms", row.ends.in_ms()),
        ("cgroup", place.and_then(|place| place.cgroup.as_deref())),
        ("unit", place.and_then(|place| place.unit.as_deref())),
        ("container", place.and_then(|place| place.container.as_ref())),
        ("owners", owners(row.owners, true)),
        ("owner_unknown", row.unknown.map(|unknown| unknown.name())),
        ("peer_owners", owners(row.peer_owners, has_peer)),
        ("tcp_info", detail.and_then(|detail| detail.tcp_info.as_ref())),
        ("memory", detail.and_then(|detail| detail.memory)),
        ("details", detail.map(|detail| DetailJson(detail, entry.netid))),
    );
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

/// The timer that runs.
struct JsonTimer<'a>(&'a Entry);

impl ToJson for JsonTimer<'_> {
    fn json(self, out: &mut Vec<u8>) {
        let JsonTimer(entry) = self;
        object!(out, ("kind", entry.timer.name()), ("expires_ms", entry.expires_ms), ("retrans", entry.retrans));
    }
}

impl ToJson for &Container {
    fn json(self, out: &mut Vec<u8>) {
        object!(out, ("runtime", self.runtime), ("id", &*self.id), ("pod", self.pod.as_deref()));
    }
}

impl ToJson for &Owner<'_> {
    fn json(self, out: &mut Vec<u8>) {
        let process = self.process;
        object!(
            out,
            ("pid", self.pid),
            ("tid", self.tid),
            ("fd", self.fd),
            ("program", JsonText(&process.program)),
            ("uid", process.uid),
            ("user", self.user),
            ("unit", process.place.unit.as_deref()),
            ("container", process.place.container.as_ref()),
            ("context", process.context.as_deref()),
            ("socket_context", self.socket_context),
        );
    }
}

/// One end; a peer that is not there is `null`.
struct SocketEnd<'a> {
    row: &'a SocketRow<'a>,
    side: Endpoint,
}

impl ToJson for SocketEnd<'_> {
    fn json(self, out: &mut Vec<u8>) {
        let SocketEnd { row, side } = self;
        let interface = |index: u32| {
            let name = || row.interface.map_or_else(|| Cow::Owned(format!("if{index}")), Cow::Borrowed);
            (index != 0).then(name)
        };
        let told = |ip| Some(ip).filter(|ip| !not_shown::is_address(*ip));
        let any = |value: u32| Some(value).filter(|value| *value != u32::MAX);
        match side.of(row.entry) {
            End::None => raw(out, "null"),
            End::Inet(ip, 0) if side == Endpoint::Peer && ip.is_unspecified() => raw(out, "null"),
            End::Unix { name: None, inode: 0 } if side == Endpoint::Peer => raw(out, "null"),
            End::Inet(ip, port) if side == Endpoint::Local => {
                object!(out, ("address", told(*ip)), ("port", *port), ("interface", interface(row.entry.interface)));
            }
            End::Inet(ip, port) => object!(out, ("address", told(*ip)), ("port", *port)),
            End::Unix { name, inode } => {
                let name = name.as_deref().map(abstract_name);
                object!(
                    out,
                    ("path", name.as_deref().map(JsonText)),
                    ("inode", Some(*inode).filter(|inode| *inode != 0))
                );
            }
            End::Packet { protocol, interface: index } => {
                let protocol = Quoted(|out: &mut Vec<u8>| ethernet(out, *protocol));
                object!(out, ("protocol", protocol), ("interface", interface(*index)));
            }
            End::Netlink { protocol, port, .. } => {
                let protocol = Quoted(|out: &mut Vec<u8>| netlink(out, *protocol));
                object!(out, ("protocol", protocol), ("port", any(*port)));
            }
            End::Vsock { cid, port } => object!(out, ("cid", any(*cid)), ("port", any(*port))),
            End::Tipc { node, reference } => object!(out, ("node", *node), ("reference", *reference)),
            End::Xdp { interface: index, queue } => {
                let queue = Some(*queue).filter(|_| *index != 0);
                object!(out, ("interface", interface(*index)), ("queue", queue));
            }
        }
    }
}
