//! An [`Entry`] out of a record of `inet_diag`: the common fields and every attribute (`inet_diag.h`).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{inet::Record, prelude::*, sctp, text, ulp::ulp};
use crate::model::{
    detail::{CongestionInfo, Detail, Md5Key, TcpInfo},
    socket::Socket,
    uapi::{AF_INET, AF_INET6, TCP_DIAG_MD5SIG, inet_diag as kind},
};

/// Puts a record into an entry; `false` where it is of a family this program does not read.
///
/// The entry's `netid` says which table was asked, and is left as it is.
pub fn fill(record: &Record<'_>, needs: Needs, entry: &mut Entry) -> bool {
    let Some(socket) = record.socket() else { return false };
    common(&socket, entry);
    entry.empty_detail(needs);
    let mut is_association = false;
    for (kind, value) in record.attributes() {
        match kind {
            kind::SHUTDOWN => entry.shutdown = value.first().copied(),
            kind::SKV6ONLY => entry.v6only = value.first().map(|&only| only != 0),
            kind::MARK => entry.mark = u32_at(value, 0),
            kind::CGROUP_ID => entry.cgroup_id = u64_at(value, 0),
            other => {
                is_association |= other == kind::PEERS && entry.netid == Netid::Sctp;
                if let Some(detail) = &mut entry.detail {
                    add(detail, entry.netid, other, value);
                }
            }
        }
    }
    if is_association {
        sctp::association(entry);
    }
    true
}

/// Copies the common fields into an entry; its other details are unknown until read.
pub fn common(socket: &Socket, entry: &mut Entry) {
    entry.family = socket.family;
    entry.state = socket.state;
    entry.local = End::Inet(socket.local, socket.local_port);
    entry.peer = End::Inet(socket.peer, socket.peer_port);
    entry.mapped = socket.mapped;
    entry.interface = socket.interface;
    entry.rqueue = socket.rqueue;
    entry.wqueue = socket.wqueue;
    entry.timer = socket.timer;
    entry.retrans = socket.retrans;
    entry.expires_ms = socket.expires_ms;
    entry.raw_uid = socket.raw_uid;
    entry.inode = socket.inode;
    entry.cookie = socket.cookie;
    entry.v6only = None;
    entry.mark = None;
    entry.shutdown = None;
    entry.cgroup_id = None;
}

fn add(detail: &mut Detail, netid: Netid, kind: u16, value: &[u8]) {
    match kind {
        kind::INFO => match netid {
            Netid::Mptcp | Netid::Sctp => detail.protocol_info = Some(value.into()),
            _ => detail.tcp_info = Some(TcpInfo::new(value)),
        },
        kind::CONG => detail.congestion = Some(text(value)),
        kind::VEGASINFO | kind::DCTCPINFO | kind::BBRINFO => detail.congestion_info = congestion(kind, value),
        kind::SKMEMINFO => detail.memory = memory(value),
        kind::TOS => detail.tos = value.first().copied(),
        kind::TCLASS => detail.tclass = value.first().copied(),
        kind::CLASS_ID => detail.class_id = u32_at(value, 0),
        // Two bytes of bit fields: the low byte is the first.
        kind::SOCKOPT => detail.sockopt = value.first_chunk().map(|bytes| u16::from_le_bytes(*bytes)),
        kind::ULP_INFO => detail.ulp = Some(ulp(value)),
        kind::MD5SIG => detail.md5 = value.chunks_exact(TCP_DIAG_MD5SIG).filter_map(md5_key).collect(),
        kind::SK_BPF_STORAGES => detail.bpf_storages = storages(value),
        kind::LOCALS => detail.sctp_locals = sctp::addresses(value),
        kind::PEERS => detail.sctp_peers = sctp::addresses(value),
        _ => {}
    }
}

/// The block of the congestion control.
fn congestion(kind: u16, value: &[u8]) -> Option<CongestionInfo> {
    Some(match kind {
        kind::VEGASINFO => CongestionInfo::Vegas {
            enabled: u32_at(value, 0)?,
            rtt_count: u32_at(value, 4)?,
            rtt_us: u32_at(value, 8)?,
            minrtt_us: u32_at(value, 12)?,
        },
        kind::DCTCPINFO => CongestionInfo::Dctcp {
            enabled: u16_at(value, 0)?,
            ce_state: u16_at(value, 2)?,
            alpha: u32_at(value, 4)?,
            ab_ecn: u32_at(value, 8)?,
            ab_tot: u32_at(value, 12)?,
        },
        _ => CongestionInfo::Bbr {
            // Two halves, the lower one first on every machine.
            bandwidth_bytes_per_second: u64::from(u32_at(value, 0)?) | u64::from(u32_at(value, 4)?) << 32,
            min_rtt_us: u32_at(value, 8)?,
            pacing_gain: u32_at(value, 12)?,
            cwnd_gain: u32_at(value, 16)?,
        },
    })
}

/// `struct tcp_diag_md5sig`: family, prefix length, length of the key, address, key; the key is not read.
fn md5_key(value: &[u8]) -> Option<Md5Key> {
    let address = value.get(4..20)?;
    let address = match *value.first()? {
        AF_INET => IpAddr::V4(Ipv4Addr::from(*address.first_chunk::<4>()?)),
        AF_INET6 => IpAddr::V6(Ipv6Addr::from(*address.first_chunk::<16>()?)),
        _ => return None,
    };
    Some(Md5Key { address, prefix: *value.get(1)? })
}

/// `SK_DIAG_BPF_STORAGE` within `INET_DIAG_SK_BPF_STORAGES`: the id of the map (2) and the value (3).
fn storages(value: &[u8]) -> Vec<(u32, Box<[u8]>)> {
    let one = |value| {
        let (mut id, mut held) = (None, None);
        for (kind, value) in attributes(value) {
            match kind {
                2 => id = u32_at(value, 0),
                3 => held = Some(value),
                _ => {}
            }
        }
        Some((id?, held?.into()))
    };
    attributes(value).filter(|(kind, _)| *kind == 1).filter_map(|(_, value)| one(value)).collect()
}
