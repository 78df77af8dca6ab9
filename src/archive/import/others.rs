//! Netlink and packet sockets of a text, as the kernel's own records.

use super::row::OtherRow;
use crate::{
    model::{
        ethernet,
        family::Netid,
        netlink,
        uapi::{AF_NETLINK, AF_PACKET, packet_diag},
    },
    source::text::TextSource,
};

/// `NETLINK_DIAG_MEMINFO`.
const NETLINK_MEMORY: u16 = 0;

/// Adds the socket; `None` where its local end is not understood.
pub(super) fn add(source: &mut TextSource, row: &OtherRow<'_>, inode: u32) -> Option<()> {
    let mut record = Vec::new();
    let cookie = row.extras.cookie.unwrap_or(0).to_ne_bytes();
    let queues = [row.received, 0, row.sent, 0, 0, 0, 0, 0, 0];
    let memory = row.extras.memory.or((row.received | row.sent != 0).then_some(queues));
    let memory = memory.map(|memory| memory.map(u32::to_ne_bytes).concat());
    if row.netid == Netid::Netlink {
        let (protocol, port) = row.local.split_once(':')?;
        let protocol = netlink::number(protocol).or_else(|| protocol.parse().ok())?;
        let port = port_of(source, port)?;
        // Raw, not connected, and without a peer.
        record.extend([AF_NETLINK, 3, protocol, 0]);
        [port, 0, 0, inode].iter().for_each(|word| record.extend(word.to_ne_bytes()));
        record.extend(cookie);
        if let Some(memory) = &memory {
            attribute(&mut record, NETLINK_MEMORY, memory);
        }
        source.record((AF_NETLINK, 0), &record);
        return Some(());
    }
    let (protocol, interface) = row.local.rsplit_once(':')?;
    let number = || protocol.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let protocol = if protocol == "*" { ethernet::ALL } else { ethernet::number(protocol).or_else(number)? };
    let index = if interface == "*" { 0 } else { source.interface(interface) };
    record.extend([AF_PACKET, if row.netid == Netid::PacketDatagram { 2 } else { 3 }]);
    record.extend(protocol.to_ne_bytes());
    record.extend(inode.to_ne_bytes());
    record.extend(cookie);
    attribute(&mut record, packet_diag::INFO, &index.to_ne_bytes());
    if let Some(uid) = row.extras.uid {
        attribute(&mut record, packet_diag::UID, &uid.to_ne_bytes());
    }
    if let Some(memory) = &memory {
        attribute(&mut record, packet_diag::MEMINFO, memory);
    }
    source.record((AF_PACKET, 0), &record);
    Some(())
}

/// The port of a netlink socket: `kernel`, `*`, a number, which `ss` prints with a sign, or `program/812`.
fn port_of(source: &mut TextSource, text: &str) -> Option<u32> {
    match text {
        "kernel" => Some(0),
        "*" => Some(u32::MAX),
        number => number.parse().ok().or_else(|| number.parse::<i32>().ok().map(i32::cast_unsigned)).or_else(|| {
            let (program, port) = text.rsplit_once('/')?;
            let port: u32 = port.parse().ok()?;
            source.file(&format!("/proc/{port}/comm"), format!("{program}\n"));
            Some(port)
        }),
    }
}

/// Adds an attribute to a record.
pub(super) fn attribute(record: &mut Vec<u8>, kind: u16, value: &[u8]) {
    let length = 4 + value.len();
    record.extend((length as u16).to_ne_bytes());
    record.extend(kind.to_ne_bytes());
    record.extend(value);
    record.resize(record.len() + (length.next_multiple_of(4) - length), 0);
}
