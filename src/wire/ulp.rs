//! `INET_DIAG_ULP_INFO`: the protocol on top of TCP, nested attributes (`inet_diag.h`, `tls.h`, `mptcp.h`).
//!
//! Newer kernels show the name to every user, the rest only with CAP_NET_ADMIN.

use super::{attributes, text};
use crate::model::{
    detail::{MptcpSubflow, Tls, Ulp},
    uapi::{u16_at, u32_at, u64_at},
};

/// Reads the nested attributes.
pub(super) fn ulp(value: &[u8]) -> Ulp {
    let mut ulp = Ulp::default();
    for (kind, value) in attributes(value) {
        match kind {
            1 => ulp.name = text(value),
            2 => ulp.tls = Some(tls(value)),
            3 => ulp.mptcp = Some(mptcp(value)),
            _ => {}
        }
    }
    ulp
}

/// `TLS_INFO_*`.
fn tls(value: &[u8]) -> Tls {
    let mut tls = Tls::default();
    for (kind, value) in attributes(value) {
        match kind {
            1 => tls.version = u16_at(value, 0),
            2 => tls.cipher = u16_at(value, 0),
            3 => tls.tx = u16_at(value, 0),
            4 => tls.rx = u16_at(value, 0),
            5 => tls.zerocopy_sendfile = true,
            6 => tls.no_pad_rx = true,
            _ => {}
        }
    }
    tls
}

/// `MPTCP_SUBFLOW_ATTR_*`.
fn mptcp(value: &[u8]) -> MptcpSubflow {
    let mut subflow = MptcpSubflow::default();
    for (kind, value) in attributes(value) {
        match kind {
            1 => subflow.token_remote = u32_at(value, 0),
            2 => subflow.token_local = u32_at(value, 0),
            // 3, RELWRITE_SEQ, has no place in the model.
            4 => subflow.map_seq = u64_at(value, 0),
            5 => subflow.map_sfseq = u32_at(value, 0),
            6 => subflow.ssn_offset = u32_at(value, 0),
            7 => subflow.map_datalen = u16_at(value, 0),
            8 => subflow.flags = u32_at(value, 0),
            9 => subflow.id_remote = value.first().copied(),
            10 => subflow.id_local = value.first().copied(),
            _ => {}
        }
    }
    subflow
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nla(kind: u16, value: &[u8]) -> Vec<u8> {
        let mut bytes = ((value.len() + 4) as u16).to_ne_bytes().to_vec();
        bytes.extend(kind.to_ne_bytes());
        bytes.extend(value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    #[test]
    fn tls_and_mptcp_are_read_and_half_a_number_is_unknown() {
        let mut inner = nla(1, &0x0304u16.to_ne_bytes());
        inner.extend(nla(2, &[52]));
        inner.extend(nla(5, &[]));
        let mut bytes = nla(1, b"tls\0");
        // The nested flag is not part of the kind.
        bytes.extend(nla(2 | 0x8000, &inner));
        let read = ulp(&bytes);
        assert_eq!(&*read.name, "tls");
        let expected = Tls { version: Some(0x0304), zerocopy_sendfile: true, ..Tls::default() };
        assert_eq!(read.tls, Some(expected));

        let mut inner = nla(2, &7u32.to_ne_bytes());
        inner.extend(nla(4, &9u64.to_ne_bytes()));
        inner.extend(nla(10, &[3]));
        let read = ulp(&nla(3, &inner));
        let expected =
            MptcpSubflow { token_local: Some(7), map_seq: Some(9), id_local: Some(3), ..MptcpSubflow::default() };
        assert_eq!(read.mptcp, Some(expected));
    }
}
