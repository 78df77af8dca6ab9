//! `-e`, `--tos`, `--cgroup` and `--inet-sockopt`: the settings of a socket.

use super::{
    digits::{hex, number},
    info, internals,
    name::push_visible,
    row::SocketRow,
    shown::Shown,
};
use crate::model::{
    detail::Detail,
    entry::{End, Entry},
    family::{Family, Protocol},
};

/// `-e`, as far as it is the same for all families.
pub(super) fn extended(out: &mut Vec<u8>, row: &SocketRow<'_>, shown: &Shown<'_>, unicode: bool) {
    let entry = row.entry;
    if entry.netid.protocol() != Protocol::Unix {
        // ss leaves out uid 0, which it cannot distinguish from unknown; here 0 is root.
        if let Some(uid) = entry.uid() {
            out.extend_from_slice(b" uid:");
            number(out, uid);
        }
        if entry.inode == 0 || shown.inode(entry).is_some() {
            out.extend_from_slice(b" ino:");
            number(out, entry.inode);
        }
        if entry.cookie != 0 || !shown.blanks.inodes {
            out.extend_from_slice(b" sk:");
            hex(out, entry.cookie, 1);
        }
    }
    if let Some(mark) = entry.mark.filter(|mark| *mark != 0) {
        out.extend_from_slice(b" fwmark:0x");
        hex(out, u64::from(mark), 1);
    }
    cgroup(out, row, unicode);
    if let Some(v6only) = entry.v6only.filter(|_| entry.family == Family::Inet6) {
        out.extend_from_slice(b" v6only:");
        number(out, v6only);
    }
    if let Some(shutdown) = entry.shutdown {
        out.push(b' ');
        out.push(if shutdown & 1 != 0 { b'-' } else { b'<' });
        out.push(b'-');
        out.push(if shutdown & 2 != 0 { b'-' } else { b'>' });
    }
}

/// `-e` of UNIX, packet, XDP and netlink sockets.
pub(super) fn extended_of_family(inline: &mut Vec<u8>, block: &mut Vec<u8>, entry: &Entry, detail: &Detail) {
    if let Some((inode, device)) = detail.unix_vfs {
        inline.extend_from_slice(b" ino:");
        number(inline, inode);
        inline.extend_from_slice(b" dev:");
        // The kernel's own layout: twelve bits of major, twenty of minor number.
        number(inline, device >> 20);
        inline.push(b'/');
        number(inline, device & 0xf_ffff);
    }
    if !detail.unix_pending.is_empty() {
        inline.extend_from_slice(b" peers:");
        for inode in &detail.unix_pending {
            inline.push(b' ');
            number(inline, *inode);
        }
    }
    if let Some(packet) = &detail.packet {
        internals::packet(block, packet);
    }
    if let Some(xdp) = &detail.xdp {
        internals::xdp(block, xdp);
    }
    if let End::Netlink { .. } = &entry.local {
        internals::netlink_groups(inline, detail);
    }
}

/// `--tos`.
pub(super) fn type_of_service(out: &mut Vec<u8>, entry: &Entry) {
    let Some(detail) = entry.detail.as_deref() else { return };
    for (token, value) in [
        (&b" tos:"[..], detail.tos.map(u32::from)),
        (b" tclass:", detail.tclass.map(u32::from)),
        (b" class_id:", detail.class_id),
    ] {
        let Some(value) = value else { continue };
        out.extend_from_slice(token);
        if value > 0 {
            out.extend_from_slice(b"0x");
        }
        hex(out, u64::from(value), 1);
    }
}

/// `--cgroup`.
pub(super) fn cgroup(out: &mut Vec<u8>, row: &SocketRow<'_>, unicode: bool) {
    // Its own cgroup only: that of an owner may be another.
    let path = row.place.and_then(|place| place.cgroup.as_deref());
    match (path, row.entry.cgroup_id) {
        (Some(path), _) => {
            out.extend_from_slice(b" cgroup:");
            push_visible(out, path.as_bytes(), unicode);
        }
        (None, Some(id)) if id != 0 => {
            out.extend_from_slice(b" cgroup:unreachable:");
            hex(out, id, 1);
        }
        _ => {}
    }
}

/// `--inet-sockopt`.
pub(super) fn socket_options(out: &mut Vec<u8>, detail: &Detail) {
    let Some(options) = detail.sockopt else { return };
    out.extend_from_slice(b"\n\t inet-sockopt: (");
    for name in info::names_of(u64::from(options), &info::SOCKET_OPTIONS) {
        out.push(b' ');
        out.extend_from_slice(name.as_bytes());
    }
    out.push(b')');
}
