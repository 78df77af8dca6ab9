//! The JSON of what was asked for beyond the common fields.

use super::{
    digits::{hex, number},
    info::{SOCKET_OPTIONS, names_of, tls_cipher, tls_configuration, tls_version},
    json_internals::{groups, packet, tipc, xdp},
    json_parts::{address, array, digits, figure, flag, name, or_null, raw, string},
};
use crate::model::{
    detail::{CongestionInfo, Detail, MptcpSubflow, SocketMemory, TcpInfoBytes, Tls},
    family::Netid,
    field::{Field, Unit},
    mptcp_info, sctp_info,
    tcp_info::{self as fields, CA_STATES, FASTOPEN_FAILS, NO_RATE, OPTION_NAMES},
};

/// `"name":`, after a comma where something stands before it.
pub(super) fn key(out: &mut Vec<u8>, name: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    out.push(b'"');
    raw(out, name);
    raw(out, "\":");
}

/// The same for a field of the kernel's.
fn member(out: &mut Vec<u8>, field: &Field) {
    let is_first = out.last() == Some(&b'{');
    raw(out, if is_first { field.member.trim_start_matches(',') } else { field.member });
}

/// A field in its unit; a rate without limit and a field that was not sent are `null`.
fn field(out: &mut Vec<u8>, field: &Field, sent: &[u8]) {
    let value = field.read(sent);
    or_null(out, value, |out, value| match field.unit {
        Unit::Flag => flag(out, value != 0),
        Unit::Hex => digits(out, value),
        Unit::BytesPerSecond if value == NO_RATE => raw(out, "null"),
        _ => number(out, value),
    });
}

/// A value by its name, or by its number where it has none.
pub(super) fn by_name(out: &mut Vec<u8>, value: u64, names: &[&str]) {
    match usize::try_from(value).ok().and_then(|value| names.get(value)) {
        Some(name) => string(out, name.as_bytes()),
        None => {
            out.push(b'"');
            number(out, value);
            out.push(b'"');
        }
    }
}

/// The bits that are set, by name.
pub(super) fn names(out: &mut Vec<u8>, bits: u64, names: &[&str]) {
    array(out, names_of(bits, names), |out, name| string(out, name.as_bytes()));
}

/// All fields of `tcp_info`, those this kernel does not send as `null`.
pub(super) fn tcp_info(out: &mut Vec<u8>, info: &TcpInfoBytes) {
    out.push(b'{');
    for one in fields::FIELDS {
        member(out, one);
        let value = info.get(one);
        match one.offset {
            _ if one.unit != Unit::Code => field(out, one, info.bytes()),
            offset if offset == fields::OPTIONS.offset => {
                or_null(out, value, |out, bits| names(out, bits, &OPTION_NAMES));
            }
            offset if offset == fields::CA_STATE.offset => {
                or_null(out, value, |out, value| by_name(out, value, &CA_STATES));
            }
            offset if offset == fields::FASTOPEN_CLIENT_FAIL.offset => {
                or_null(out, value, |out, value| by_name(out, value, &FASTOPEN_FAILS));
            }
            _ => figure(out, value),
        }
    }
    out.push(b'}');
}

/// The socket's memory.
pub(super) fn memory(out: &mut Vec<u8>, memory: &SocketMemory) {
    out.push(b'{');
    for (json, value) in [
        ("rmem_alloc_bytes", Some(memory.rmem_alloc)),
        ("rcvbuf_bytes", Some(memory.rcvbuf)),
        ("wmem_alloc_bytes", Some(memory.wmem_alloc)),
        ("sndbuf_bytes", Some(memory.sndbuf)),
        ("fwd_alloc_bytes", Some(memory.fwd_alloc)),
        ("wmem_queued_bytes", Some(memory.wmem_queued)),
        ("optmem_bytes", Some(memory.optmem)),
        ("backlog_bytes", memory.backlog),
        ("drops", memory.drops),
    ] {
        key(out, json);
        figure(out, value);
    }
    out.push(b'}');
}

/// All the rest.
pub(super) fn details(out: &mut Vec<u8>, detail: &Detail, netid: Netid) {
    out.push(b'{');
    key(out, "congestion");
    name(out, detail.congestion.as_deref());
    key(out, "congestion_info");
    or_null(out, detail.congestion_info, congestion);
    key(out, "tos");
    figure(out, detail.tos);
    key(out, "tclass");
    figure(out, detail.tclass);
    key(out, "class_id");
    figure(out, detail.class_id);
    key(out, "socket_options");
    or_null(out, detail.sockopt, |out, bits| names(out, u64::from(bits), &SOCKET_OPTIONS));
    key(out, "ulp");
    or_null(out, detail.ulp.as_ref(), |out, ulp| {
        raw(out, "{\"name\":");
        string(out, ulp.name.as_bytes());
        raw(out, ",\"tls\":");
        or_null(out, ulp.tls.as_ref(), tls);
        raw(out, ",\"mptcp\":");
        or_null(out, ulp.mptcp.as_ref(), subflow);
        out.push(b'}');
    });
    key(out, "md5_keys");
    array(out, &detail.md5, |out, one| {
        raw(out, "{\"address\":");
        address(out, one.address);
        raw(out, ",\"prefix\":");
        number(out, one.prefix);
        out.push(b'}');
    });
    key(out, "bpf_filter");
    array(out, &detail.bpf, |out, (code, jt, jf, k)| {
        array(out, [u32::from(*code), u32::from(*jt), u32::from(*jf), *k], number);
    });
    key(out, "bpf_storages");
    array(out, &detail.bpf_storages, |out, (map, value)| {
        raw(out, "{\"map_id\":");
        number(out, *map);
        raw(out, ",\"value\":\"");
        value.iter().for_each(|byte| hex(out, u64::from(*byte), 2));
        raw(out, "\"}");
    });
    let sent = detail.protocol_info.as_deref();
    key(out, "mptcp_info");
    or_null(out, sent.filter(|_| netid == Netid::Mptcp), |out, sent| structure(out, sent, mptcp_info::FIELDS));
    key(out, "sctp_info");
    or_null(out, sent.filter(|_| netid == Netid::Sctp), |out, sent| structure(out, sent, sctp_info::FIELDS));
    key(out, "local_addresses");
    array(out, &detail.sctp_locals, |out, one| address(out, *one));
    key(out, "peer_addresses");
    array(out, &detail.sctp_peers, |out, one| address(out, *one));
    key(out, "pending_inodes");
    array(out, &detail.unix_pending, |out, inode| number(out, *inode));
    key(out, "vfs");
    or_null(out, detail.unix_vfs, |out, (inode, device)| {
        raw(out, "{\"inode\":");
        number(out, inode);
        raw(out, ",\"device\":");
        number(out, device);
        out.push(b'}');
    });
    key(out, "packet");
    or_null(out, detail.packet.as_ref(), packet);
    key(out, "xdp");
    or_null(out, detail.xdp.as_ref(), xdp);
    key(out, "tipc");
    or_null(out, detail.tipc.as_ref(), tipc);
    key(out, "netlink_groups");
    or_null(out, detail.netlink_groups, digits);
    key(out, "netlink_group_numbers");
    or_null(out, detail.netlink_groups, |out, first| groups(out, first, &detail.netlink_more_groups));
    key(out, "netlink_flags");
    figure(out, detail.netlink_flags);
    out.push(b'}');
}

fn structure(out: &mut Vec<u8>, sent: &[u8], fields: &[Field]) {
    out.push(b'{');
    for one in fields {
        member(out, one);
        match one.name {
            name if name == sctp_info::STATE.name && fields.len() == sctp_info::FIELDS.len() => {
                or_null(out, one.read(sent), |out, state| by_name(out, state, &sctp_info::STATES));
            }
            _ => field(out, one, sent),
        }
    }
    out.push(b'}');
}

fn congestion(out: &mut Vec<u8>, info: CongestionInfo) {
    let mut object = |kind: &str, values: &[(&str, u64)]| {
        raw(out, "{\"kind\":");
        string(out, kind.as_bytes());
        for (name, value) in values {
            key(out, name);
            number(out, *value);
        }
        out.push(b'}');
    };
    match info {
        CongestionInfo::Vegas { enabled, rtt_count, rtt_us, minrtt_us } => object(
            "vegas",
            &[
                ("enabled", enabled.into()),
                ("rtt_count", rtt_count.into()),
                ("rtt_us", rtt_us.into()),
                ("minrtt_us", minrtt_us.into()),
            ],
        ),
        CongestionInfo::Dctcp { enabled, ce_state, alpha, ab_ecn, ab_tot } => object(
            "dctcp",
            &[
                ("enabled", enabled.into()),
                ("ce_state", ce_state.into()),
                ("alpha", alpha.into()),
                ("ecn_bytes", ab_ecn.into()),
                ("total_bytes", ab_tot.into()),
            ],
        ),
        CongestionInfo::Bbr { bandwidth_bytes_per_second, min_rtt_us, pacing_gain, cwnd_gain } => object(
            "bbr",
            &[
                ("bandwidth_bytes_per_second", bandwidth_bytes_per_second),
                ("min_rtt_us", min_rtt_us.into()),
                ("pacing_gain_256ths", pacing_gain.into()),
                ("cwnd_gain_256ths", cwnd_gain.into()),
            ],
        ),
    }
}

fn tls(out: &mut Vec<u8>, tls: &Tls) {
    out.push(b'{');
    let mut named = |json: &str, value: Option<u16>, name: fn(u16) -> Option<&'static str>| {
        key(out, json);
        or_null(out, value, |out, value| match name(value) {
            Some(name) => string(out, name.as_bytes()),
            None => by_name(out, u64::from(value), &[]),
        });
    };
    named("version", tls.version, tls_version);
    named("cipher", tls.cipher, tls_cipher);
    named("receive", tls.rx, tls_configuration);
    named("send", tls.tx, tls_configuration);
    key(out, "zerocopy_sendfile");
    flag(out, tls.zerocopy_sendfile);
    key(out, "no_pad_receive");
    flag(out, tls.no_pad_rx);
    out.push(b'}');
}

fn subflow(out: &mut Vec<u8>, subflow: &MptcpSubflow) {
    out.push(b'{');
    key(out, "flags");
    figure(out, subflow.flags);
    for (json, value) in [
        ("token_remote", subflow.token_remote.map(u64::from)),
        ("token_local", subflow.token_local.map(u64::from)),
        ("map_seq", subflow.map_seq),
    ] {
        key(out, json);
        or_null(out, value, digits);
    }
    for (json, value) in [
        ("id_remote", subflow.id_remote.map(u32::from)),
        ("id_local", subflow.id_local.map(u32::from)),
        ("map_sfseq", subflow.map_sfseq),
        ("ssn_offset", subflow.ssn_offset),
        ("map_data_bytes", subflow.map_datalen.map(u32::from)),
    ] {
        key(out, json);
        figure(out, value);
    }
    out.push(b'}');
}
