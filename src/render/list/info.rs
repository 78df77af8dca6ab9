//! `-i` beyond TCP's own fields: MPTCP, SCTP, and protocols on top of TCP.

use super::{
    digits::{hex, number},
    name::push_visible,
};
use crate::model::{
    detail::{Detail, MptcpSubflow, Tls},
    field::{Field, Unit},
    mptcp_info, sctp_info,
};

/// `MPTCP_SUBFLOW_FLAG_*`: the letters of `ss`, lowest bit first.
const SUBFLOW_FLAGS: &[u8; 9] = b"MmJjBbecv";

/// `TLS_CONF_*`, by number.
const TLS_CONFIGURATIONS: [&str; 5] = ["unknown", "none", "sw", "hw", "hw-record"];

/// `TLS_CIPHER_*` of `linux/tls.h`.
const TLS_CIPHERS: &[(u16, &str)] = &[
    (51, "aes-gcm-128"),
    (52, "aes-gcm-256"),
    (53, "aes-ccm-128"),
    (54, "chacha20-poly1305"),
    (55, "sm4-gcm"),
    (56, "sm4-ccm"),
    (57, "aria-gcm-128"),
    (58, "aria-gcm-256"),
];

/// `INET_DIAG_SOCKOPT`: its bits by name, lowest first.
pub(super) const SOCKET_OPTIONS: [&str; 11] = [
    "recverr",
    "is_icsk",
    "freebind",
    "hdrincl",
    "mc_loop",
    "transparent",
    "mc_all",
    "nodefrag",
    "bind_addr_no_port",
    "recverr_rfc4884",
    "defer_connect",
];

/// The version of TLS by its number on the wire.
pub(super) fn tls_version(version: u16) -> Option<&'static str> {
    match version {
        0x0303 => Some("1.2"),
        0x0304 => Some("1.3"),
        _ => None,
    }
}

/// The cipher by its number.
pub(super) fn tls_cipher(cipher: u16) -> Option<&'static str> {
    TLS_CIPHERS.iter().find(|(number, _)| *number == cipher).map(|(_, name)| *name)
}

/// How a direction is encrypted.
pub(super) fn tls_configuration(configuration: u16) -> Option<&'static str> {
    TLS_CONFIGURATIONS.get(usize::from(configuration)).copied()
}

/// The bits that are set, by name.
pub(super) fn names_of<'a>(bits: u64, names: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    names.iter().enumerate().filter(move |(bit, _)| bits >> bit & 1 != 0).map(|(_, name)| *name)
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// Fields that are not zero, each by its name.
fn by_name(out: &mut Vec<u8>, sent: &[u8], fields: &[(&str, Field)]) {
    for (name, field) in fields {
        let value = field.read(sent).unwrap_or(0);
        if value == 0 {
            continue;
        }
        out.push(b' ');
        text(out, name);
        out.push(b':');
        if field.unit == Unit::Hex { hex(out, value, 1) } else { number(out, value) }
    }
}

/// `struct mptcp_info` in the tokens of `ss`, then the fields that `ss` omits.
pub(super) fn mptcp(out: &mut Vec<u8>, sent: &[u8]) {
    use mptcp_info as fields;
    let named = |field: Field| (field.name, field);
    by_name(
        out,
        sent,
        &[
            named(fields::SUBFLOWS),
            named(fields::ADD_ADDR_SIGNAL),
            named(fields::ADD_ADDR_ACCEPTED),
            named(fields::SUBFLOWS_MAX),
            named(fields::ADD_ADDR_SIGNAL_MAX),
            named(fields::ADD_ADDR_ACCEPTED_MAX),
        ],
    );
    let flags = fields::FLAGS.read(sent).unwrap_or(0);
    if flags & fields::FLAG_FALLBACK != 0 {
        text(out, " fallback");
    }
    if flags & fields::FLAG_REMOTE_KEY != 0 {
        text(out, " remote_key");
    }
    let rest: Vec<_> =
        fields::FIELDS.iter().skip_while(|field| field.name != fields::TOKEN.name).map(|field| named(*field)).collect();
    by_name(out, sent, &rest);
}

/// `struct sctp_info` in the tokens of `ss`, then the fields that `ss` omits.
pub(super) fn sctp(out: &mut Vec<u8>, sent: &[u8]) {
    use sctp_info as fields;
    by_name(out, sent, &[("tag", fields::TAG)]);
    let state = fields::STATE.read(sent).and_then(|state| usize::try_from(state).ok());
    if let Some(name) = state.filter(|state| *state > 0).and_then(|state| fields::STATES.get(state)) {
        text(out, " state:");
        text(out, name);
    }
    let tokens = [
        ("rwnd", fields::RWND),
        ("unackdata", fields::UNACKDATA),
        ("penddata", fields::PENDDATA),
        ("instrms", fields::INSTRMS),
        ("outstrms", fields::OUTSTRMS),
        ("inqueue", fields::INQUEUE),
        ("outqueue", fields::OUTQUEUE),
        ("overerr", fields::OVERALL_ERROR),
        ("maxburst", fields::MAX_BURST),
        ("maxseg", fields::MAXSEG),
        ("prwnd", fields::PEER_RWND),
        ("ptag", fields::PEER_TAG),
        ("pcapable", fields::PEER_CAPABLE),
        ("psack", fields::PEER_SACK),
        ("autoclose", fields::S_AUTOCLOSE),
        ("adapind", fields::S_ADAPTATION_IND),
        ("pdpoint", fields::S_PD_POINT),
        ("nodelay", fields::S_NODELAY),
        ("nofrag", fields::S_DISABLE_FRAGMENTS),
        ("v4mapped", fields::S_V4MAPPED),
        ("fraginl", fields::S_FRAG_INTERLEAVE),
    ];
    by_name(out, sent, &tokens);
    let told = |field: &Field| {
        [fields::TAG, fields::STATE].iter().chain(tokens.iter().map(|(_, field)| field)).any(|one| one == field)
    };
    let rest: Vec<_> = fields::FIELDS.iter().filter(|field| !told(field)).map(|field| (field.name, *field)).collect();
    by_name(out, sent, &rest);
}

/// MD5 keys and upper-layer protocols.
pub(super) fn upper_layers(out: &mut Vec<u8>, detail: &Detail, unicode: bool) {
    for (place, key) in detail.md5.iter().enumerate() {
        text(out, if place > 0 { "," } else { " md5keys:" });
        super::ip::ip(out, key.address);
        out.push(b'/');
        number(out, key.prefix);
    }
    let Some(ulp) = &detail.ulp else { return };
    text(out, " tcp-ulp-");
    push_visible(out, ulp.name.as_bytes(), unicode);
    if let Some(found) = &ulp.tls {
        tls(out, found);
    }
    if let Some(found) = &ulp.mptcp {
        subflow(out, found);
    }
}

fn tls(out: &mut Vec<u8>, tls: &Tls) {
    let mut named = |token: &str, value: Option<u16>, name: fn(u16) -> Option<&'static str>| {
        let Some(value) = value else { return };
        text(out, token);
        match name(value) {
            Some(name) => text(out, name),
            None => {
                text(out, "unknown(");
                number(out, value);
                out.push(b')');
            }
        }
    };
    named(" version: ", tls.version, tls_version);
    named(" cipher: ", tls.cipher, tls_cipher);
    named(" rxconf: ", tls.rx, tls_configuration);
    named(" txconf: ", tls.tx, tls_configuration);
    if tls.zerocopy_sendfile {
        text(out, " zc_ro_tx");
    }
    if tls.no_pad_rx {
        text(out, " no_pad_rx");
    }
}

fn subflow(out: &mut Vec<u8>, subflow: &MptcpSubflow) {
    if let Some(flags) = subflow.flags.filter(|flags| *flags != 0) {
        text(out, " flags:");
        out.extend(
            SUBFLOW_FLAGS.iter().enumerate().filter(|(bit, _)| flags >> bit & 1 != 0).map(|(_, letter)| *letter),
        );
    }
    let tokens = subflow.token_remote.zip(subflow.token_local);
    if let Some(((remote, local), (id_remote, id_local))) = tokens.zip(subflow.id_remote.zip(subflow.id_local)) {
        text(out, " token:");
        hex(out, u64::from(remote), 4);
        text(out, "(id:");
        number(out, id_remote);
        text(out, ")/");
        hex(out, u64::from(local), 4);
        text(out, "(id:");
        number(out, id_local);
        out.push(b')');
    }
    for (token, value) in [
        (" seq:", subflow.map_seq),
        (" sfseq:", subflow.map_sfseq.map(u64::from)),
        (" ssnoff:", subflow.ssn_offset.map(u64::from)),
        (" maplen:", subflow.map_datalen.map(u64::from)),
    ] {
        if let Some(value) = value {
            text(out, token);
            hex(out, value, 1);
        }
    }
}
