//! The details that `ss` prints after the columns of a socket, in its order.

use super::{
    super::{
        details::{filter, memory},
        digits::{hex, number, timer_of_6_1},
        extended::{cgroup, type_of_service},
        info, internals,
        ip::ip,
        row::SocketRow,
        shown::Shown,
        tcp,
    },
    names::netid,
};
use crate::model::{
    detail::{Detail, PacketDetail},
    entry::Entry,
    family::{Family, Netid, Protocol},
    socket::Timer,
    state::State,
};

/// Everything behind the columns.
pub(super) fn details(out: &mut Vec<u8>, row: &SocketRow<'_>, shown: &Shown<'_>) {
    let entry = row.entry;
    let detail = entry.detail.as_deref();
    match entry.netid.protocol() {
        Protocol::Netlink => {
            if let Some(detail) = detail {
                netlink(out, detail, shown);
            }
        }
        Protocol::Unix => {
            users(out, row, shown);
            if let Some(detail) = detail {
                memory_of(out, detail, shown);
                unix(out, entry, detail, shown);
            }
        }
        Protocol::Packet | Protocol::Xdp => {
            users(out, row, shown);
            own(out, row, shown);
            if let Some(detail) = detail {
                of_device(out, detail, shown);
            }
        }
        Protocol::Vsock => users(out, row, shown),
        // /proc/net has nothing more about raw sockets.
        Protocol::Raw if entry.cookie == 0 => users(out, row, shown),
        Protocol::Tipc => {
            own(out, row, shown);
            users(out, row, shown);
            if let Some(found) = detail.and_then(|detail| detail.tipc.as_ref()).filter(|_| shown.tipc_info) {
                let begin = out.len();
                internals::tipc(out, entry.netid, found);
                indent(out, begin, shown);
            }
        }
        _ => internet(out, row, shown),
    }
}

/// Begins a line, or goes on with `-O`.
fn line(out: &mut Vec<u8>, shown: &Shown<'_>) {
    out.extend_from_slice(if shown.one_line { b" " } else { b"\n\t" });
}

/// Turns parts that begin with line feed, tab and blank into lines of `ss`, or into one line with `-O`.
fn indent(out: &mut Vec<u8>, begin: usize, shown: &Shown<'_>) {
    let written = out.split_off(begin);
    for part in written.split(|byte| *byte == b'\n').skip(1) {
        line(out, shown);
        out.extend_from_slice(part.strip_prefix(b"\t ").unwrap_or(part));
    }
}

/// `-p`: those found last come first.
fn users(out: &mut Vec<u8>, row: &SocketRow<'_>, shown: &Shown<'_>) {
    if !shown.has_owners() || row.owners.is_empty() {
        return;
    }
    out.extend_from_slice(b" users:(");
    for (place, owner) in row.owners.iter().rev().enumerate() {
        out.extend_from_slice(if place > 0 { b",(\"" } else { b"(\"" });
        // A name is read up to the first parenthesis.
        out.extend(owner.process.program.iter().take_while(|byte| **byte != b')'));
        out.extend_from_slice(b"\",pid=");
        number(out, owner.pid);
        if shown.threads {
            out.extend_from_slice(b",tid=");
            number(out, owner.tid);
        }
        if shown.contexts {
            context(out, b",proc_ctx=", owner.process.context.as_deref());
        }
        if let Some(fd) = owner.fd {
            out.extend_from_slice(b",fd=");
            number(out, fd);
        }
        if shown.socket_contexts {
            context(out, b",sock_ctx=", owner.socket_context);
        }
        out.push(b')');
    }
    out.push(b')');
}

fn context(out: &mut Vec<u8>, token: &[u8], context: Option<&str>) {
    out.extend_from_slice(token);
    out.extend_from_slice(context.unwrap_or("unavailable").as_bytes());
}

/// `-e`, as far as it is the same for most families.
fn own(out: &mut Vec<u8>, row: &SocketRow<'_>, shown: &Shown<'_>) {
    if !shown.extended {
        return;
    }
    let entry = row.entry;
    if let Some(uid) = entry.raw_uid.filter(|uid| *uid != 0) {
        out.extend_from_slice(b" uid:");
        number(out, uid);
    }
    out.extend_from_slice(b" ino:");
    number(out, entry.inode);
    out.extend_from_slice(b" sk:");
    hex(out, entry.cookie, 1);
    if let Some(mark) = entry.mark.filter(|mark| *mark != 0) {
        out.extend_from_slice(b" fwmark:0x");
        hex(out, mark.into(), 1);
    }
    cgroup(out, row, true);
}

/// Which directions are shut down.
fn shutdown(out: &mut Vec<u8>, entry: &Entry) {
    let Some(mask) = entry.shutdown else { return };
    out.push(b' ');
    out.push(if mask & 1 != 0 { b'-' } else { b'<' });
    out.push(b'-');
    out.push(if mask & 2 != 0 { b'-' } else { b'>' });
}

/// `-m`.
fn memory_of(out: &mut Vec<u8>, detail: &Detail, shown: &Shown<'_>) {
    if let Some(found) = detail.memory.as_ref().filter(|_| shown.memory) {
        memory(out, found);
    }
}

fn internet(out: &mut Vec<u8>, row: &SocketRow<'_>, shown: &Shown<'_>) {
    let entry = row.entry;
    users(out, row, shown);
    if shown.timers && entry.timer != Timer::None {
        out.extend_from_slice(b" timer:(");
        let name = match entry.timer {
            _ if entry.netid == Netid::Sctp => "T3_RTX",
            Timer::DelayedAck => "unknown",
            timer => timer.name(),
        };
        out.extend_from_slice(name.as_bytes());
        out.push(b',');
        timer_of_6_1(out, entry.expires_ms);
        out.push(b',');
        number(out, entry.retrans);
        out.push(b')');
    }
    own(out, row, shown);
    if shown.extended {
        if let Some(v6only) = entry.v6only.filter(|_| entry.family == Family::Inet6) {
            out.extend_from_slice(b" v6only:");
            number(out, v6only);
        }
        shutdown(out, entry);
    }
    if shown.tos {
        type_of_service(out, entry);
    }
    if shown.cgroup {
        cgroup(out, row, true);
    }
    let detail = entry.detail.as_deref();
    if let Some(options) = detail.and_then(|detail| detail.sockopt).filter(|_| shown.socket_options) {
        line(out, shown);
        out.extend_from_slice(b"inet-sockopt: (");
        for name in info::names_of(options.into(), &info::SOCKET_OPTIONS) {
            out.push(b' ');
            out.extend_from_slice(name.as_bytes());
        }
        out.push(b')');
    }
    let is_udp = netid(entry) == "udp";
    if shown.memory || (shown.info && !is_udp) {
        if !shown.one_line {
            out.extend_from_slice(b"\n\t");
        }
        if let Some(detail) = detail {
            memory_of(out, detail, shown);
            if shown.info && !is_udp {
                figures(out, entry, detail, shown);
            }
        }
    }
}

/// `-i`.
fn figures(out: &mut Vec<u8>, entry: &Entry, detail: &Detail, shown: &Shown<'_>) {
    for (token, addresses) in [(&b" locals:"[..], &detail.sctp_locals), (b" peers:", &detail.sctp_peers)] {
        for (place, address) in addresses.iter().enumerate() {
            out.extend_from_slice(if place > 0 { b"," } else { token });
            ip(out, *address);
        }
    }
    match (entry.netid, &detail.protocol_info, &detail.tcp_info) {
        (Netid::Mptcp, Some(sent), _) => info::mptcp(out, sent),
        (Netid::Sctp, Some(sent), _) => info::sctp(out, sent),
        (_, _, Some(found)) => tcp::tokens(out, found, detail, entry.state, shown, true),
        _ => {}
    }
    info::upper_layers(out, detail, true);
}

/// `-e` of UNIX sockets.
fn unix(out: &mut Vec<u8>, entry: &Entry, detail: &Detail, shown: &Shown<'_>) {
    if !shown.extended {
        return;
    }
    shutdown(out, entry);
    if let Some((inode, device)) = detail.unix_vfs {
        out.extend_from_slice(b" ino:");
        number(out, inode);
        // The kernel's number of the device, read as if it were that of a program.
        out.extend_from_slice(b" dev:");
        number(out, device >> 8 & 0xfff);
        out.push(b'/');
        number(out, device & 0xff | device >> 12 & !0xff);
    }
    if entry.state == State::LISTEN {
        out.extend_from_slice(b" peers:");
        for inode in &detail.unix_pending {
            out.push(b' ');
            number(out, *inode);
        }
    }
}

/// `-e` and `-m` of netlink sockets.
fn netlink(out: &mut Vec<u8>, detail: &Detail, shown: &Shown<'_>) {
    if shown.extended {
        out.extend_from_slice(b" sk=0 cb=0 groups=0x");
        hex(out, detail.netlink_groups.unwrap_or(0) & u64::from(u32::MAX), 8);
    }
    if shown.memory {
        out.push(b'\t');
        memory_of(out, detail, shown);
    }
}

/// `-e`, `-b` and `-m` of packet and XDP sockets.
fn of_device(out: &mut Vec<u8>, detail: &Detail, shown: &Shown<'_>) {
    if let Some(found) = detail.packet.as_ref().filter(|_| shown.extended) {
        packet(out, found, shown);
    }
    if let Some(found) = detail.xdp.as_ref().filter(|_| shown.extended) {
        let begin = out.len();
        internals::xdp(out, found);
        indent(out, begin, shown);
    }
    if shown.filters && !detail.bpf.is_empty() {
        let begin = out.len();
        filter(out, &detail.bpf);
        indent(out, begin, shown);
    }
    memory_of(out, detail, shown);
}

/// The fanout types that `ss` names.
const FANOUTS: usize = 6;

fn packet(out: &mut Vec<u8>, packet: &PacketDetail, shown: &Shown<'_>) {
    if let Some(version) = packet.version {
        line(out, shown);
        out.extend_from_slice(b"ver:");
        number(out, version);
        out.extend_from_slice(b" cpy_thresh:");
        number(out, packet.copy_thresh.unwrap_or(0));
        out.extend_from_slice(b" flags( ");
        let flags = packet.flags.unwrap_or(0);
        for (place, name) in internals::PACKET_FLAGS.iter().enumerate().filter(|(place, _)| flags >> place & 1 != 0) {
            out.extend_from_slice(if place > 0 { b" " } else { b"" });
            out.extend_from_slice(name.as_bytes());
        }
        out.extend_from_slice(if flags == 0 { b"0 )" } else { b" )" });
    }
    let begin = out.len();
    internals::rings(out, packet);
    if let Some(fanout) = packet.fanout {
        let kind = fanout >> 16;
        out.extend_from_slice(b"\n\t fanout(id:");
        number(out, fanout & 0xffff);
        out.extend_from_slice(b",type:");
        match internals::FANOUTS.get(kind as usize).filter(|_| (kind as usize) < FANOUTS) {
            Some(name) => out.extend_from_slice(name.as_bytes()),
            None => {
                out.extend_from_slice(b"0x");
                hex(out, kind.into(), 1);
            }
        }
        out.push(b')');
    }
    indent(out, begin, shown);
}
