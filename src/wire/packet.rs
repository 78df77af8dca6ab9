//! Records of `packet_diag`: `struct packet_diag_msg` and the attributes after it (`packet_diag.h`).

use super::prelude::*;
use crate::model::{
    detail::{PacketDetail, PacketRing},
    uapi::{PACKET_DIAG_MSG, packet_diag as kind},
};

/// `PACKET_SHOW_*`: always interface, uid and memory, because memory contains the receive queue.
pub fn show(needs: Needs) -> u32 {
    const INFO: u32 = 1;
    const RING_CFG: u32 = 4;
    const FANOUT: u32 = 8;
    const MEMINFO: u32 = 0x10;
    const FILTER: u32 = 0x20;
    let extended = if needs.contains(Needs::EXTENDED) { RING_CFG | FANOUT } else { 0 };
    INFO | MEMINFO | extended | if needs.contains(Needs::PACKET_FILTER) { FILTER } else { 0 }
}

/// The socket type in the word of `ss`.
pub fn netid(kind: i32) -> Netid {
    if kind == libc::SOCK_DGRAM { Netid::PacketDatagram } else { Netid::PacketRaw }
}

/// Puts a record into an entry; `false` where it is shorter than the kernel's structure.
pub fn fill(bytes: &[u8], needs: Needs, entry: &mut Entry) -> bool {
    let (Some(header), Some(rest)) = (bytes.first_chunk::<PACKET_DIAG_MSG>(), bytes.get(PACKET_DIAG_MSG..)) else {
        return false;
    };
    entry.netid = netid(i32::from(header[1]));
    entry.family = Family::Packet;
    entry.state = State::CLOSE;
    entry.timer = Timer::None;
    // The kernel has put it into host order.
    let protocol = u16_at(header, 2).unwrap_or_default();
    entry.inode = u32_at(header, 4).unwrap_or_default();
    entry.cookie = u64_at(header, 8).unwrap_or_default();
    (entry.interface, entry.rqueue, entry.wqueue, entry.raw_uid) = (0, 0, 0, None);
    entry.empty_detail(needs);
    let mut details = PacketDetail::default();
    for (kind, value) in attributes(rest) {
        match kind {
            kind::INFO => {
                entry.interface = u32_at(value, 0).unwrap_or_default();
                details.version = u32_at(value, 4);
                details.reserve = u32_at(value, 8);
                details.copy_thresh = u32_at(value, 12);
                details.timestamp = u32_at(value, 16);
                details.flags = u32_at(value, 20);
            }
            kind::RX_RING => details.rx_ring = ring(value),
            kind::TX_RING => details.tx_ring = ring(value),
            kind::FANOUT => details.fanout = u32_at(value, 0),
            kind::UID => entry.raw_uid = u32_at(value, 0),
            kind::MEMINFO => {
                let memory = memory(value);
                entry.rqueue = memory.map_or(0, |memory| memory.rmem_alloc);
                if let Some(detail) = entry.detail.as_mut().filter(|_| needs.contains(Needs::MEMORY)) {
                    detail.memory = memory;
                }
            }
            kind::FILTER => {
                if let Some(detail) = &mut entry.detail {
                    detail.bpf = value.chunks_exact(8).filter_map(instruction).collect();
                }
            }
            _ => {}
        }
    }
    entry.local = End::Packet { protocol, interface: entry.interface };
    entry.peer = End::None;
    if let Some(detail) = entry.detail.as_mut().filter(|_| needs.contains(Needs::EXTENDED)) {
        detail.packet = Some(details);
    }
    true
}

/// `struct packet_diag_ring`.
fn ring(value: &[u8]) -> Option<PacketRing> {
    Some(PacketRing {
        block_size: u32_at(value, 0)?,
        blocks: u32_at(value, 4)?,
        frame_size: u32_at(value, 8)?,
        frames: u32_at(value, 12)?,
        retire_ms: u32_at(value, 16),
        private_size: u32_at(value, 20),
        features: u32_at(value, 24),
    })
}

/// `struct sock_filter`.
fn instruction(value: &[u8]) -> Option<(u16, u8, u8, u32)> {
    Some((u16_at(value, 0)?, *value.get(2)?, *value.get(3)?, u32_at(value, 4)?))
}
