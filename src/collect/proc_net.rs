//! `/proc/net/{tcp,udp,raw}{,6}`, `/proc/net/unix`, `packet` and `netlink`, read if the kernel has no `sock_diag`.
//!
//! They lack the limit of accept queues, memory, `tcp_info`, cookies, interfaces. The tables belong to the calling
//! thread's network namespace.

use std::{
    borrow::Cow,
    io::BufRead,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::SplitAsciiWhitespace,
};

use super::prelude::*;
use crate::{
    model::{
        family::Family,
        socket::{NO_LIMIT, Socket, Timer},
    },
    wire::{inet, packet, unix},
};

/// `USER_HZ`: the unit of times in `/proc`, 100 to the second on every architecture Rust has std for
/// but Alpha.
const TICK_MS: u32 = 10;

/// `__SO_ACCEPTCON` in the flags of `/proc/net/unix`: the socket listens.
const ACCEPTING: u32 = 0x10000;
/// The place of `drops` in a line of `/proc/net/udp` (`udp4_format_sock`).
const DROPS: usize = 12;
/// `SS_CONNECTED` in its state column (`include/uapi/linux/net.h`).
const SS_CONNECTED: u32 = 3;
/// `SS_CONNECTING`: connected too, but in an accept queue (`unix_seq_show`).
const SS_CONNECTING: u32 = 2;

/// Returns each socket of a protocol and a family as the payload of a record, whose only attribute is the drops of UDP.
/// The IPv6 table may be missing.
pub(super) fn inet(
    source: &dyn Source,
    protocol: Protocol,
    family: Family,
    each: &mut dyn FnMut(&[u8]),
) -> io::Result<()> {
    let name = protocol.name().to_ascii_lowercase().replace('-', "");
    if family == Family::Inet {
        return table(source, &name, family, each);
    }
    match table(source, &format!("{name}6"), family, each) {
        // A host without IPv6, unless there is no /proc at all.
        Err(error) if error.kind() == io::ErrorKind::NotFound && source.open(&path(&name)).is_ok() => Ok(()),
        read => read,
    }
}

/// Gives each line of `/proc/net/unix` as the payload of a record without queues.
pub(super) fn unix(source: &dyn Source, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let mut payload = Vec::new();
    lines(source, "unix", &mut |line| {
        if let Some(UnixLine { netid, state, inode, name }) = unix_line(line) {
            unix::payload(netid, state, inode, name.as_deref(), &mut payload);
            each(&payload);
        }
    })
}

/// Datagrams that a UDP socket dropped: the last column of its line.
fn drops(line: &str, name: &str) -> Option<u32> {
    let is_udp = name.starts_with("udp");
    line.split_ascii_whitespace().nth(DROPS).filter(|_| is_udp)?.parse().ok()
}

fn table(source: &dyn Source, name: &str, family: Family, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    lines(source, name, &mut |line| {
        let Ok(line) = std::str::from_utf8(line) else { return };
        if let Some(socket) = inet_line(line, family) {
            let payload = inet::payload(&socket);
            match drops(line, name) {
                None => each(&payload),
                Some(drops) => each(&[&payload[..], &inet::drops_attribute(drops)].concat()),
            }
        }
    })
}

fn path(name: &str) -> String {
    format!("/proc/thread-self/net/{name}")
}

/// Gives each line after the heading.
fn lines(source: &dyn Source, name: &str, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let path = path(name);
    let within = |error: io::Error| io::Error::new(error.kind(), format!("reading {path}: {error}"));
    let mut file = source.open(&path).map_err(within)?;
    let mut line = Vec::new();
    let mut heading = true;
    loop {
        line.clear();
        if file.read_until(b'\n', &mut line).map_err(within)? == 0 {
            return Ok(());
        }
        if !std::mem::take(&mut heading) {
            each(line.strip_suffix(b"\n").unwrap_or(&line));
        }
    }
}

/// One line: `sl local remote st tx:rx tr:when retrans uid timeout inode …`, numbers hexadecimal but
/// for uid and inode.
fn inet_line(line: &str, family: Family) -> Option<Socket> {
    let mut fields = line.split_ascii_whitespace();
    fields.next()?;
    let (local, local_port, local_mapped) = endpoint(fields.next()?)?;
    let (peer, peer_port, peer_mapped) = endpoint(fields.next()?)?;
    let state = State::from_kernel(u8::from_str_radix(fields.next()?, 16).ok()?);
    let (wqueue, rqueue) = hex_pair(&mut fields)?;
    let (timer, ticks) = hex_pair(&mut fields)?;
    let retrans = u32::from_str_radix(fields.next()?, 16).ok()?;
    let raw_uid = Some(fields.next()?.parse().ok()?);
    fields.next()?;
    let inode = fields.next()?.parse().ok()?;
    // The limit of the queue is not here (`get_tcp4_sock`).
    let wqueue = if state == State::LISTEN { NO_LIMIT } else { wqueue };
    Some(Socket {
        family,
        state,
        timer: Timer::from_kernel(u8::try_from(timer).ok()?),
        retrans: u8::try_from(retrans).unwrap_or(u8::MAX),
        expires_ms: ticks.saturating_mul(TICK_MS),
        local,
        local_port,
        peer,
        peer_port,
        mapped: local_mapped || peer_mapped,
        interface: 0,
        cookie: 0,
        rqueue,
        wqueue,
        raw_uid,
        inode,
    })
}

fn hex_pair(fields: &mut SplitAsciiWhitespace<'_>) -> Option<(u32, u32)> {
    let (first, second) = fields.next()?.split_once(':')?;
    Some((u32::from_str_radix(first, 16).ok()?, u32::from_str_radix(second, 16).ok()?))
}

/// `0100007F:1F90`: the address as 32-bit words in the host's byte order, the port in hexadecimal.
fn endpoint(text: &str) -> Option<(IpAddr, u16, bool)> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |at: usize| Some(u32::from_str_radix(address.get(at..at + 8)?, 16).ok()?.to_ne_bytes());
    match address.len() {
        8 => Some((IpAddr::V4(Ipv4Addr::from(word(0)?)), port, false)),
        32 => {
            let mut octets = [0u8; 16];
            for (number, place) in octets.chunks_exact_mut(4).enumerate() {
                place.copy_from_slice(&word(number * 8)?);
            }
            let address = Ipv6Addr::from(octets);
            Some(match address.to_ipv4_mapped() {
                Some(v4) => (IpAddr::V4(v4), port, true),
                None => (IpAddr::V6(address), port, false),
            })
        }
        _ => None,
    }
}

/// The fields of a line of `/proc/net/unix`.
#[derive(PartialEq, Eq, Debug)]
struct UnixLine<'a> {
    netid: Netid,
    state: State,
    inode: u32,
    name: Option<Cow<'a, [u8]>>,
}

/// One line: `Num: RefCount Protocol Flags Type St Inode Path`. A path may hold any byte.
fn unix_line(line: &[u8]) -> Option<UnixLine<'_>> {
    let mut fields = line.split(|&byte| byte == b' ').filter(|field| !field.is_empty());
    let mut hex = |skip: usize| u32::from_str_radix(std::str::from_utf8(fields.nth(skip)?).ok()?, 16).ok();
    let flags = hex(3)?;
    let kind = hex(0)?;
    let state = hex(0)?;
    let number = fields.next()?;
    let inode = std::str::from_utf8(number).ok()?.parse().ok()?;
    // One blank after the inode, then the path, including its own blanks.
    let path = number.as_ptr() as usize - line.as_ptr() as usize + number.len() + 1;
    let name = line.get(path..).filter(|path| !path.is_empty()).map(|path| match path.strip_prefix(b"@") {
        Some(hidden) => Cow::Owned([b"\0", hidden].concat()),
        None => Cow::Borrowed(path),
    });
    Some(UnixLine {
        netid: match kind {
            1 => Netid::UnixStream,
            2 => Netid::UnixDatagram,
            5 => Netid::UnixSeqpacket,
            _ => return None,
        },
        state: match state {
            _ if flags & ACCEPTING != 0 => State::LISTEN,
            SS_CONNECTED | SS_CONNECTING => State::ESTABLISHED,
            _ => State::CLOSE,
        },
        inode,
        name,
    })
}

/// Reads `/proc/net/packet` into one entry again and again.
pub(super) fn packet(source: &dyn Source, entry: &mut Entry, each: &mut dyn FnMut(&Entry)) -> io::Result<()> {
    records(source, "packet", entry, packet_line, each)
}

/// Reads `/proc/net/netlink`.
pub(super) fn netlink(source: &dyn Source, entry: &mut Entry, each: &mut dyn FnMut(&Entry)) -> io::Result<()> {
    records(source, "netlink", entry, netlink_line, each)
}

fn records(
    source: &dyn Source,
    name: &str,
    entry: &mut Entry,
    fill: fn(&str, &mut Entry) -> Option<()>,
    each: &mut dyn FnMut(&Entry),
) -> io::Result<()> {
    lines(source, name, &mut |line| {
        let line = std::str::from_utf8(line).unwrap_or_default();
        if fill(line, entry).is_some() {
            each(entry);
        }
    })
}

/// One line: `sk RefCnt Type Proto Iface R Rmem User Inode`, the protocol hexadecimal.
fn packet_line(line: &str, entry: &mut Entry) -> Option<()> {
    let mut fields = line.split_ascii_whitespace().skip(2);
    let kind = fields.next()?.parse().ok()?;
    let protocol = u16::from_str_radix(fields.next()?, 16).ok()?;
    let interface = fields.next()?.parse().ok()?;
    fields.next()?;
    let mut number = || fields.next()?.parse().ok();
    let (rqueue, uid, inode) = (number()?, number()?, number()?);
    entry.netid = packet::netid(kind);
    entry.local = End::Packet { protocol, interface };
    (entry.interface, entry.rqueue, entry.raw_uid, entry.inode) = (interface, rqueue, Some(uid), inode);
    Some(())
}

/// One line: `sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode`. Whether it is connected is unknown.
fn netlink_line(line: &str, entry: &mut Entry) -> Option<()> {
    let mut fields = line.split_ascii_whitespace().skip(1);
    let protocol = fields.next()?.parse().ok()?;
    let port = fields.next()?.parse().ok()?;
    let groups = u32::from_str_radix(fields.next()?, 16).ok()?;
    let mut number = || fields.next()?.parse().ok();
    let (rqueue, wqueue) = (number()?, number()?);
    let inode = fields.nth(3)?.parse().ok()?;
    entry.local = End::Netlink { protocol, port, group: 0 };
    (entry.rqueue, entry.wqueue, entry.inode) = (rqueue, wqueue, inode);
    if let Some(detail) = &mut entry.detail {
        detail.netlink_groups = Some(u64::from(groups));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_wait_line_is_read() {
        let line =
            "  12: 0100007F:1F90 0200007F:C350 06 00000000:00000000 03:00000F3C 00000000     0        0 0 3 0000";
        let socket = inet_line(line, Family::Inet).unwrap();
        assert_eq!((socket.state, socket.timer), (State::TIME_WAIT, Timer::TimeWait));
        assert_eq!(socket.local, IpAddr::V4(Ipv4Addr::LOCALHOST));
        assert_eq!((socket.local_port, socket.peer_port, socket.expires_ms), (8080, 50000, 39_000));
        assert_eq!(socket.uid(), None);
    }

    #[test]
    fn a_mapped_address_of_tcp6_is_ipv4() {
        let line = "   1: 0000000000000000FFFF00000100007F:0016 0000000000000000FFFF00000100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 4711 1";
        let socket = inet_line(line, Family::Inet6).unwrap();
        assert_eq!(socket.local, IpAddr::V4(Ipv4Addr::LOCALHOST));
        assert!(socket.mapped);
        assert_eq!((socket.raw_uid, socket.inode), (Some(1000), 4711));
    }

    #[test]
    fn unix_lines_keep_odd_paths() {
        let listen = b"0000000012345678: 00000002 00000000 00010000 0001 01 20731 /run/a b";
        let socket = unix_line(listen).unwrap();
        assert_eq!((socket.state, socket.inode), (State::LISTEN, 20731));
        assert_eq!(socket.name.as_deref(), Some(&b"/run/a b"[..]));
        let hidden = b"0000000012345678: 00000003 00000000 00000000 0002 01 20732 @/x";
        let socket = unix_line(hidden).unwrap();
        assert_eq!((socket.netid, socket.state), (Netid::UnixDatagram, State::CLOSE));
        assert_eq!(socket.name.as_deref(), Some(&b"\0/x"[..]));
        let unnamed = b"0000000012345678: 00000003 00000000 00000000 0001 03 20733";
        assert_eq!(unix_line(unnamed).unwrap().name, None);
    }

    #[test]
    fn packet_and_netlink_lines_are_read() {
        let mut entry = Entry::blank(Netid::PacketRaw, 0);
        entry.detail = Some(Box::default());
        packet_line("0000000000000000 3      2    0800   7     1 4096   1000   12345", &mut entry).unwrap();
        assert_eq!(entry.netid, Netid::PacketDatagram);
        assert_eq!(entry.local, End::Packet { protocol: 0x800, interface: 7 });
        assert_eq!((entry.rqueue, entry.raw_uid, entry.inode), (4096, Some(1000), 12345));
        let line = "0000000000000000 16  4294967295 0000000f 8        9        0     2        0        777";
        netlink_line(line, &mut entry).unwrap();
        assert_eq!(entry.local, End::Netlink { protocol: 16, port: u32::MAX, group: 0 });
        assert_eq!((entry.rqueue, entry.wqueue, entry.inode), (8, 9, 777));
        assert_eq!(entry.detail.as_ref().unwrap().netlink_groups, Some(15));
        for line in ["", "0 1", "0 16 1 zz 0 0 0 0 0 1", "0 16 1 0 0 0 0 0 0"] {
            assert_eq!(netlink_line(line, &mut entry), None, "{line}");
        }
        for line in ["", "0 1", "0 3 3 zz 2 1 16 0 11", "0 3 3 0003 2 1 16 0"] {
            assert_eq!(packet_line(line, &mut entry), None, "{line}");
        }
    }

    #[test]
    fn a_broken_line_is_left_out() {
        for line in ["", "1:", "0: zz:1 00000000:0000 0A", "0: 0100007F 00000000:0000 0A 0:0 0:0 0 0 0 0"] {
            assert_eq!(inet_line(line, Family::Inet), None, "{line}");
        }
        assert_eq!(unix_line(b"garbage"), None);
    }
}
