//! The kernel data of packet, XDP, TIPC and netlink sockets as JSON.

use super::{
    info::names_of,
    internals::{FANOUTS, PACKET_FLAGS},
    json_parts::{Each, Named, ToJson, object},
};
use crate::model::detail::{PacketDetail, PacketRing, TipcDetail, Umem, XdpDetail, XdpStatistics};

impl ToJson for &PacketDetail {
    fn json(self, out: &mut Vec<u8>) {
        object!(
            out,
            ("flags", self.flags.map(|bits| Each(names_of(bits.into(), &PACKET_FLAGS)))),
            ("version", self.version),
            ("reserve_bytes", self.reserve),
            ("copy_threshold_bytes", self.copy_thresh),
            ("timestamp", self.timestamp),
            ("rx_ring", self.rx_ring),
            ("tx_ring", self.tx_ring),
            ("fanout", self.fanout.map(Fanout)),
        );
    }
}

impl ToJson for PacketRing {
    fn json(self, out: &mut Vec<u8>) {
        object!(
            out,
            ("block_size_bytes", self.block_size),
            ("blocks", self.blocks),
            ("frame_size_bytes", self.frame_size),
            ("frames", self.frames),
            ("retire_ms", self.retire_ms),
            ("private_bytes", self.private_size),
            ("features", self.features),
        );
    }
}

/// How packets are shared out over sockets: the group in the lower half, how in the upper.
struct Fanout(u32);

impl ToJson for Fanout {
    fn json(self, out: &mut Vec<u8>) {
        object!(out, ("id", self.0 & 0xffff), ("type", Named(u64::from(self.0 >> 16 & 0xff), &FANOUTS)));
    }
}

impl ToJson for &XdpDetail {
    fn json(self, out: &mut Vec<u8>) {
        object!(
            out,
            ("rx_ring_entries", self.rx_ring),
            ("tx_ring_entries", self.tx_ring),
            ("fill_ring_entries", self.fill_ring),
            ("completion_ring_entries", self.completion_ring),
            ("umem", self.umem),
            ("statistics", self.statistics),
        );
    }
}

impl ToJson for Umem {
    fn json(self, out: &mut Vec<u8>) {
        object!(
            out,
            ("id", self.id),
            ("size_bytes", self.size),
            ("pages", self.pages),
            ("chunk_size_bytes", self.chunk_size),
            ("headroom_bytes", self.headroom),
            ("interface_index", self.interface),
            ("queue", self.queue),
            ("sockets", self.references),
            ("zero_copy", self.zero_copy),
        );
    }
}

impl ToJson for XdpStatistics {
    fn json(self, out: &mut Vec<u8>) {
        object!(
            out,
            ("rx_dropped", self.rx_dropped),
            ("rx_invalid", self.rx_invalid),
            ("rx_queue_full", self.rx_full),
            ("fill_ring_empty", self.fill_ring_empty),
            ("tx_invalid", self.tx_invalid),
            ("tx_ring_empty", self.tx_ring_empty),
        );
    }
}

impl ToJson for &TipcDetail {
    fn json(self, out: &mut Vec<u8>) {
        object!(
            out,
            ("link_congested", self.link_congested),
            ("connection_congested", self.connection_congested),
            ("published", self.published),
            ("drops", self.drops),
            ("service", self.service.map(|(kind, instance)| TipcService { kind, instance })),
        );
    }
}

/// The service a TIPC socket is connected through.
struct TipcService {
    kind: u32,
    instance: u32,
}

impl ToJson for TipcService {
    fn json(self, out: &mut Vec<u8>) {
        object!(out, ("type", self.kind), ("instance", self.instance));
    }
}

/// The numbers of multicast groups, which begin at 1.
pub(super) fn group_numbers(first: u64, more: &[u64]) -> impl Iterator<Item = u64> {
    let words = (0u64..).zip([first].into_iter().chain(more.iter().copied()));
    words.flat_map(|(place, word)| {
        (0..64u64).filter(move |bit| word >> bit & 1 != 0).map(move |bit| place * 64 + bit + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_reported_by_number() {
        assert_eq!(group_numbers(0x111, &[0, 1 << 63]).collect::<Vec<_>>(), [1, 5, 9, 192]);
    }
}
