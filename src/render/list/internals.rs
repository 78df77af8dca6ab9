//! `-e` of packet, XDP and netlink sockets and `--tipcinfo`: their kernel data in the tokens of `ss`.

use super::{
    digits::{hex, number},
    info::names_of,
};
use crate::model::{
    detail::{Detail, PacketDetail, TipcDetail, Umem, XdpDetail, XdpStatistics},
    family::Netid,
};

/// `PDI_*`, lowest bit first.
pub(super) const PACKET_FLAGS: [&str; 5] = ["running", "auxdata", "origdev", "vnethdr", "loss"];

/// `PACKET_FANOUT_*`, by number.
pub(super) const FANOUTS: [&str; 8] = ["hash", "lb", "cpu", "roll", "random", "qm", "cbpf", "ebpf"];

fn text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// A packet socket's settings, each block on a separate line.
pub(super) fn packet(out: &mut Vec<u8>, packet: &PacketDetail) {
    if let Some(version) = packet.version {
        text(out, "\n\t ver:");
        number(out, version);
        text(out, " cpy_thresh:");
        number(out, packet.copy_thresh.unwrap_or(0));
        text(out, " flags(");
        let flags = packet.flags.unwrap_or(0);
        for name in names_of(u64::from(flags), &PACKET_FLAGS) {
            out.push(b' ');
            text(out, name);
        }
        text(out, if flags == 0 { " 0 )" } else { " )" });
    }
    rings(out, packet);
    if let Some(fanout) = packet.fanout {
        text(out, "\n\t fanout(id:");
        number(out, fanout & 0xffff);
        text(out, ",type:");
        // The flags of a fanout group lie above its type.
        match FANOUTS.get((fanout >> 16 & 0xff) as usize) {
            Some(name) => text(out, name),
            None => {
                text(out, "0x");
                hex(out, u64::from(fanout >> 16), 1);
            }
        }
        out.push(b')');
    }
}

/// Its rings.
pub(super) fn rings(out: &mut Vec<u8>, packet: &PacketDetail) {
    for (name, ring) in [("\n\t ring_rx(", packet.rx_ring), ("\n\t ring_tx(", packet.tx_ring)] {
        let Some(ring) = ring else { continue };
        text(out, name);
        for (token, value) in [
            ("blk_size:", Some(ring.block_size)),
            (",blk_nr:", Some(ring.blocks)),
            (",frm_size:", Some(ring.frame_size)),
            (",frm_nr:", Some(ring.frames)),
            (",tmo:", ring.retire_ms),
        ] {
            let Some(value) = value else { continue };
            text(out, token);
            number(out, value);
        }
        if let Some(features) = ring.features {
            text(out, ",features:0x");
            hex(out, u64::from(features), 1);
        }
        out.push(b')');
    }
}

/// An XDP socket's rings, memory and counters, each on a separate line.
pub(super) fn xdp(out: &mut Vec<u8>, xdp: &XdpDetail) {
    let ring = |out: &mut Vec<u8>, name: &str, entries: Option<u32>| {
        let Some(entries) = entries else { return };
        text(out, "\n\t ");
        text(out, name);
        text(out, "(entries:");
        number(out, entries);
        out.push(b')');
    };
    ring(out, "rx", xdp.rx_ring);
    ring(out, "tx", xdp.tx_ring);
    if let Some(found) = &xdp.umem {
        umem(out, found);
        // As in ss, which shows them beside the memory they serve.
        ring(out, "fr", xdp.fill_ring);
        ring(out, "cr", xdp.completion_ring);
    }
    if let Some(found) = &xdp.statistics {
        statistics(out, found);
    }
}

fn umem(out: &mut Vec<u8>, umem: &Umem) {
    for (token, value) in [
        ("\n\t umem(id:", u64::from(umem.id)),
        (",size:", umem.size),
        (",num_pages:", umem.pages.into()),
        (",chunk_size:", umem.chunk_size.into()),
        (",headroom:", umem.headroom.into()),
        (",ifindex:", umem.interface.into()),
        (",qid:", umem.queue.into()),
        (",zc:", umem.zero_copy.into()),
        (",refs:", umem.references.into()),
    ] {
        text(out, token);
        number(out, value);
    }
    out.push(b')');
}

fn statistics(out: &mut Vec<u8>, statistics: &XdpStatistics) {
    for (token, value) in [
        ("\n\t stats(rx dropped:", statistics.rx_dropped),
        (",rx invalid:", statistics.rx_invalid),
        (",rx queue full:", statistics.rx_full),
        (",rx fill ring empty:", statistics.fill_ring_empty),
        (",tx invalid:", statistics.tx_invalid),
        (",tx ring empty:", statistics.tx_ring_empty),
    ] {
        text(out, token);
        number(out, value);
    }
    out.push(b')');
}

/// `--tipcinfo`, on a separate line.
pub(super) fn tipc(out: &mut Vec<u8>, netid: Netid, tipc: &TipcDetail) {
    text(out, "\n\t type:");
    text(
        out,
        match netid {
            Netid::TipcStream => "STREAM",
            Netid::TipcDatagram => "DGRAM",
            Netid::TipcReliable => "RDM",
            _ => "SEQPACKET",
        },
    );
    text(
        out,
        match (tipc.link_congested, tipc.connection_congested) {
            (true, _) => " cong:link",
            (false, true) => " cong:conn",
            (false, false) => " cong:none",
        },
    );
    if let Some(drops) = tipc.drops {
        text(out, " drop:");
        number(out, drops);
    }
    if tipc.published {
        text(out, " publ");
    }
    if let Some((kind, instance)) = tipc.service {
        text(out, " via {");
        number(out, kind);
        out.push(b',');
        number(out, instance);
        out.push(b'}');
    }
}

/// The multicast groups of a netlink socket: a mask, its highest bits first.
pub(super) fn netlink_groups(out: &mut Vec<u8>, detail: &Detail) {
    let Some(first) = detail.netlink_groups else { return };
    text(out, " groups=0x");
    match detail.netlink_more_groups.split_last() {
        None => hex(out, first, 8),
        Some((highest, rest)) => {
            hex(out, *highest, 1);
            rest.iter().rev().chain([&first]).for_each(|groups| hex(out, *groups, 16));
        }
    }
}
