//! Records of `xdp_diag`: `struct xdp_diag_msg` and the attributes after it (`xdp_diag.h`).

use super::prelude::*;
use crate::model::detail::{Umem, XdpDetail, XdpStatistics};

/// `sizeof(struct xdp_diag_msg)`.
const LENGTH: usize = 16;

/// Attribute kinds, `XDP_DIAG_*`.
mod kind {
    pub(super) const INFO: u16 = 1;
    pub(super) const UID: u16 = 2;
    pub(super) const RX_RING: u16 = 3;
    pub(super) const TX_RING: u16 = 4;
    pub(super) const UMEM: u16 = 5;
    pub(super) const FILL_RING: u16 = 6;
    pub(super) const COMPLETION_RING: u16 = 7;
    pub(super) const MEMINFO: u16 = 8;
    pub(super) const STATS: u16 = 9;
}

/// `XDP_SHOW_INFO`, `RING_CFG`, `UMEM`, `MEMINFO` and `STATS`: all there is, as `ss` asks for it. A kernel that does not
/// know a bit leaves it out.
pub const SHOW: u32 = 0b1_1111;

/// `XDP_DU_F_ZEROCOPY`.
const ZERO_COPY: u32 = 1;

/// Puts a record into an entry; `false` where it is shorter than the kernel's structure.
pub fn fill(bytes: &[u8], needs: Needs, entry: &mut Entry) -> bool {
    let (Some(header), Some(rest)) = (bytes.first_chunk::<LENGTH>(), bytes.get(LENGTH..)) else { return false };
    entry.netid = Netid::Xdp;
    entry.family = Family::Xdp;
    entry.state = State::CLOSE;
    entry.timer = Timer::None;
    entry.inode = u32_at(header, 4).unwrap_or_default();
    entry.cookie = u64_at(header, 8).unwrap_or_default();
    (entry.interface, entry.rqueue, entry.wqueue, entry.raw_uid) = (0, 0, 0, None);
    (entry.local, entry.peer) = (End::None, End::None);
    entry.empty_detail(needs);
    let mut details = XdpDetail::default();
    for (kind, value) in attributes(rest) {
        match kind {
            kind::INFO => {
                if let (Some(interface), Some(queue)) = (u32_at(value, 0), u32_at(value, 4)) {
                    entry.interface = interface;
                    entry.local = End::Xdp { interface, queue };
                }
            }
            kind::UID => entry.raw_uid = u32_at(value, 0),
            kind::RX_RING => details.rx_ring = u32_at(value, 0),
            kind::TX_RING => details.tx_ring = u32_at(value, 0),
            kind::FILL_RING => details.fill_ring = u32_at(value, 0),
            kind::COMPLETION_RING => details.completion_ring = u32_at(value, 0),
            kind::UMEM => details.umem = umem(value),
            kind::STATS => details.statistics = statistics(value),
            kind::MEMINFO => {
                let memory = memory(value);
                (entry.rqueue, entry.wqueue) = memory.map_or((0, 0), |memory| (memory.rmem_alloc, memory.wmem_alloc));
                if let Some(detail) = entry.detail.as_mut().filter(|_| needs.contains(Needs::MEMORY)) {
                    detail.memory = memory;
                }
            }
            _ => {}
        }
    }
    if let Some(detail) = entry.detail.as_mut().filter(|_| needs.contains(Needs::EXTENDED)) {
        detail.xdp = Some(details);
    }
    true
}

/// `struct xdp_diag_umem`.
fn umem(value: &[u8]) -> Option<Umem> {
    Some(Umem {
        size: u64_at(value, 0)?,
        id: u32_at(value, 8)?,
        pages: u32_at(value, 12)?,
        chunk_size: u32_at(value, 16)?,
        headroom: u32_at(value, 20)?,
        interface: u32_at(value, 24)?,
        queue: u32_at(value, 28)?,
        zero_copy: u32_at(value, 32)? & ZERO_COPY != 0,
        references: u32_at(value, 36)?,
    })
}

/// `struct xdp_diag_stats`.
fn statistics(value: &[u8]) -> Option<XdpStatistics> {
    Some(XdpStatistics {
        rx_dropped: u64_at(value, 0)?,
        rx_invalid: u64_at(value, 8)?,
        rx_full: u64_at(value, 16)?,
        fill_ring_empty: u64_at(value, 24)?,
        tx_invalid: u64_at(value, 32)?,
        tx_ring_empty: u64_at(value, 40)?,
    })
}
