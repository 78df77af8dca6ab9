//! The requested details beyond the common fields as JSON.

use std::borrow::Cow;

use super::{
    digits::hex,
    info::{SOCKET_OPTIONS, names_of, tls_cipher, tls_configuration, tls_version},
    json_internals::group_numbers,
    json_parts::{Each, Hex, Named, Quoted, Structure, ToJson, object},
};
use crate::model::{
    detail::{CongestionInfo, Detail, Md5Key, MptcpSubflow, SocketMemory, TcpInfo, Tls, Ulp},
    family::Netid,
    field::Field,
    mptcp_info, sctp_info,
    tcp_info::{self as fields, CA_STATES, FASTOPEN_FAILS, OPTION_NAMES},
};

impl ToJson for &TcpInfo {
    fn json(self, out: &mut Vec<u8>) {
        let code = |out: &mut Vec<u8>, field: &Field, value| match field.offset {
            offset if offset == fields::OPTIONS.offset => Each(names_of(value, &OPTION_NAMES)).json(out),
            offset if offset == fields::CA_STATE.offset => Named(value, &CA_STATES).json(out),
            offset if offset == fields::FASTOPEN_CLIENT_FAIL.offset => Named(value, &FASTOPEN_FAILS).json(out),
            _ => value.json(out),
        };
        Structure { sent: self.bytes(), fields: fields::FIELDS, code }.json(out);
    }
}

impl ToJson for SocketMemory {
    fn json(self, out: &mut Vec<u8>) {
        object!(
            out,
            ("rmem_alloc_bytes", self.rmem_alloc),
            ("rcvbuf_bytes", self.rcvbuf),
            ("wmem_alloc_bytes", self.wmem_alloc),
            ("sndbuf_bytes", self.sndbuf),
            ("fwd_alloc_bytes", self.fwd_alloc),
            ("wmem_queued_bytes", self.wmem_queued),
            ("optmem_bytes", self.optmem),
            ("backlog_bytes", self.backlog),
            ("drops", self.drops),
        );
    }
}

/// All the rest.
pub(super) struct DetailJson<'a>(pub(super) &'a Detail, pub(super) Netid);

impl ToJson for DetailJson<'_> {
    fn json(self, out: &mut Vec<u8>) {
        let DetailJson(detail, netid) = self;
        let sent = detail.protocol_info.as_deref();
        let mptcp = |sent| Structure { sent, fields: mptcp_info::FIELDS, code: |out, _, value| value.json(out) };
        let sctp = |sent| Structure { sent, fields: sctp_info::FIELDS, code: sctp_code };
        let program = |&(code, jt, jf, k): &(u16, u8, u8, u32)| [u32::from(code), jt.into(), jf.into(), k];
        object!(
            out,
            ("congestion", detail.congestion.as_deref()),
            ("congestion_info", detail.congestion_info),
            ("tos", detail.tos),
            ("tclass", detail.tclass),
            ("class_id", detail.class_id),
            ("socket_options", detail.sockopt.map(|bits| Each(names_of(bits.into(), &SOCKET_OPTIONS)))),
            ("ulp", detail.ulp.as_ref()),
            ("md5_keys", Each(&detail.md5)),
            ("bpf_filter", Each(detail.bpf.iter().map(program))),
            ("bpf_storages", Each(detail.bpf_storages.iter().map(|(map, value)| Storage(*map, value)))),
            ("mptcp_info", sent.filter(|_| netid == Netid::Mptcp).map(mptcp)),
            ("sctp_info", sent.filter(|_| netid == Netid::Sctp).map(sctp)),
            ("local_addresses", Each(detail.sctp_locals.iter().copied())),
            ("peer_addresses", Each(detail.sctp_peers.iter().copied())),
            ("pending_inodes", Each(detail.unix_pending.iter().copied())),
            ("vfs", detail.unix_vfs.map(|(inode, device)| VfsFile { inode, device })),
            ("packet", detail.packet.as_ref()),
            ("xdp", detail.xdp.as_ref()),
            ("tipc", detail.tipc.as_ref()),
            ("netlink_groups", detail.netlink_groups.map(Hex)),
            (
                "netlink_group_numbers",
                detail.netlink_groups.map(|first| { Each(group_numbers(first, &detail.netlink_more_groups)) })
            ),
            ("netlink_flags", detail.netlink_flags),
        );
    }
}

fn sctp_code(out: &mut Vec<u8>, field: &Field, value: u64) {
    if field.name == sctp_info::STATE.name { Named(value, &sctp_info::STATES).json(out) } else { value.json(out) }
}

/// The data that a BPF map keeps with the socket.
struct Storage<'a>(u32, &'a [u8]);

impl ToJson for Storage<'_> {
    fn json(self, out: &mut Vec<u8>) {
        let bytes = |out: &mut Vec<u8>| self.1.iter().for_each(|byte| hex(out, u64::from(*byte), 2));
        object!(out, ("map_id", self.0), ("value", Quoted(bytes)));
    }
}

/// Where the path of a UNIX socket lies.
struct VfsFile {
    inode: u32,
    device: u32,
}

impl ToJson for VfsFile {
    fn json(self, out: &mut Vec<u8>) {
        object!(out, ("inode", self.inode), ("device", self.device));
    }
}

impl ToJson for &Md5Key {
    fn json(self, out: &mut Vec<u8>) {
        object!(out, ("address", self.address), ("prefix", self.prefix));
    }
}

impl ToJson for CongestionInfo {
    fn json(self, out: &mut Vec<u8>) {
        match self {
            CongestionInfo::Vegas { enabled, rtt_count, rtt_us, minrtt_us } => object!(
                out,
                ("kind", "vegas"),
                ("enabled", enabled),
                ("rtt_count", rtt_count),
                ("rtt_us", rtt_us),
                ("minrtt_us", minrtt_us),
            ),
            CongestionInfo::Dctcp { enabled, ce_state, alpha, ab_ecn, ab_tot } => object!(
                out,
                ("kind", "dctcp"),
                ("enabled", enabled),
                ("ce_state", ce_state),
                ("alpha", alpha),
                ("ecn_bytes", ab_ecn),
                ("total_bytes", ab_tot),
            ),
            CongestionInfo::Bbr { bandwidth_bytes_per_second, min_rtt_us, pacing_gain, cwnd_gain } => object!(
                out,
                ("kind", "bbr"),
                ("bandwidth_bytes_per_second", bandwidth_bytes_per_second),
                ("min_rtt_us", min_rtt_us),
                ("pacing_gain_256ths", pacing_gain),
                ("cwnd_gain_256ths", cwnd_gain),
            ),
        }
    }
}

impl ToJson for &Ulp {
    fn json(self, out: &mut Vec<u8>) {
        object!(out, ("name", &*self.name), ("tls", self.tls), ("mptcp", self.mptcp));
    }
}

impl ToJson for Tls {
    fn json(self, out: &mut Vec<u8>) {
        let named = |value: Option<u16>, name: fn(u16) -> Option<&'static str>| {
            value.map(|value| name(value).map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed))
        };
        object!(
            out,
            ("version", named(self.version, tls_version)),
            ("cipher", named(self.cipher, tls_cipher)),
            ("receive", named(self.rx, tls_configuration)),
            ("send", named(self.tx, tls_configuration)),
            ("zerocopy_sendfile", self.zerocopy_sendfile),
            ("no_pad_receive", self.no_pad_rx),
        );
    }
}

impl ToJson for MptcpSubflow {
    fn json(self, out: &mut Vec<u8>) {
        object!(
            out,
            ("flags", self.flags),
            ("token_remote", self.token_remote.map(|token| Hex(token.into()))),
            ("token_local", self.token_local.map(|token| Hex(token.into()))),
            ("map_seq", self.map_seq.map(Hex)),
            ("id_remote", self.id_remote),
            ("id_local", self.id_local),
            ("map_sfseq", self.map_sfseq),
            ("ssn_offset", self.ssn_offset),
            ("map_data_bytes", self.map_datalen),
        );
    }
}
