//! The JSON of what the kernel keeps for packet, XDP, TIPC and netlink sockets.

use super::{
    digits::number,
    internals::{FANOUTS, PACKET_FLAGS},
    json_detail::{by_name, key, names},
    json_parts::{array, figure, flag, or_null, raw},
};
use crate::model::detail::{PacketDetail, TipcDetail, XdpDetail};

/// An object of figures.
fn object<T: Into<u64>>(out: &mut Vec<u8>, figures: impl IntoIterator<Item = (&'static str, Option<T>)>) {
    out.push(b'{');
    for (json, value) in figures {
        key(out, json);
        figure(out, value);
    }
    out.push(b'}');
}

/// A packet socket's settings.
pub(super) fn packet(out: &mut Vec<u8>, packet: &PacketDetail) {
    out.push(b'{');
    key(out, "flags");
    or_null(out, packet.flags, |out, bits| names(out, u64::from(bits), &PACKET_FLAGS));
    for (json, value) in [
        ("version", packet.version),
        ("reserve_bytes", packet.reserve),
        ("copy_threshold_bytes", packet.copy_thresh),
        ("timestamp", packet.timestamp),
    ] {
        key(out, json);
        figure(out, value);
    }
    for (json, ring) in [("rx_ring", packet.rx_ring), ("tx_ring", packet.tx_ring)] {
        key(out, json);
        or_null(out, ring, |out, ring| {
            let figures = [
                ("block_size_bytes", Some(ring.block_size)),
                ("blocks", Some(ring.blocks)),
                ("frame_size_bytes", Some(ring.frame_size)),
                ("frames", Some(ring.frames)),
                ("retire_ms", ring.retire_ms),
                ("private_bytes", ring.private_size),
                ("features", ring.features),
            ];
            object(out, figures);
        });
    }
    key(out, "fanout");
    or_null(out, packet.fanout, |out, fanout| {
        raw(out, "{\"id\":");
        number(out, fanout & 0xffff);
        raw(out, ",\"type\":");
        by_name(out, u64::from(fanout >> 16 & 0xff), &FANOUTS);
        out.push(b'}');
    });
    out.push(b'}');
}

/// An XDP socket's rings, memory and counters.
pub(super) fn xdp(out: &mut Vec<u8>, xdp: &XdpDetail) {
    out.push(b'{');
    for (json, value) in [
        ("rx_ring_entries", xdp.rx_ring),
        ("tx_ring_entries", xdp.tx_ring),
        ("fill_ring_entries", xdp.fill_ring),
        ("completion_ring_entries", xdp.completion_ring),
    ] {
        key(out, json);
        figure(out, value);
    }
    key(out, "umem");
    or_null(out, xdp.umem, |out, umem| {
        let figures = [
            ("id", u64::from(umem.id)),
            ("size_bytes", umem.size),
            ("pages", umem.pages.into()),
            ("chunk_size_bytes", umem.chunk_size.into()),
            ("headroom_bytes", umem.headroom.into()),
            ("interface_index", umem.interface.into()),
            ("queue", umem.queue.into()),
            ("sockets", umem.references.into()),
        ];
        object(out, figures.map(|(json, value)| (json, Some(value))));
        out.pop();
        key(out, "zero_copy");
        flag(out, umem.zero_copy);
        out.push(b'}');
    });
    key(out, "statistics");
    or_null(out, xdp.statistics, |out, statistics| {
        let figures = [
            ("rx_dropped", statistics.rx_dropped),
            ("rx_invalid", statistics.rx_invalid),
            ("rx_queue_full", statistics.rx_full),
            ("fill_ring_empty", statistics.fill_ring_empty),
            ("tx_invalid", statistics.tx_invalid),
            ("tx_ring_empty", statistics.tx_ring_empty),
        ];
        object(out, figures.map(|(json, value)| (json, Some(value))));
    });
    out.push(b'}');
}

/// A TIPC socket's internals.
pub(super) fn tipc(out: &mut Vec<u8>, tipc: &TipcDetail) {
    out.push(b'{');
    for (json, value) in [
        ("link_congested", tipc.link_congested),
        ("connection_congested", tipc.connection_congested),
        ("published", tipc.published),
    ] {
        key(out, json);
        flag(out, value);
    }
    key(out, "drops");
    figure(out, tipc.drops);
    key(out, "service");
    or_null(out, tipc.service, |out, (kind, instance)| {
        object(out, [("type", Some(kind)), ("instance", Some(instance))]);
    });
    out.push(b'}');
}

/// The numbers of multicast groups, which begin at 1.
pub(super) fn groups(out: &mut Vec<u8>, first: u64, more: &[u64]) {
    let words = (0u64..).zip([first].into_iter().chain(more.iter().copied()));
    let joined = words.flat_map(|(place, word)| {
        (0..64u64).filter(move |bit| word >> bit & 1 != 0).map(move |bit| place * 64 + bit + 1)
    });
    array(out, joined, number);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_told_by_number() {
        let mut out = Vec::new();
        groups(&mut out, 0x111, &[0, 1 << 63]);
        assert_eq!(out, b"[1,5,9,192]");
    }
}
