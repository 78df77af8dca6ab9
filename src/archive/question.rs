//! Queries: the names of their answers, and the properties of a dump that decide which recorded answer may replace
//! another.

use super::format::LONGEST_LINE;
use crate::{
    model::{
        state::StateSet,
        uapi::{
            AF_INET, AF_INET6, AF_TIPC, AF_UNIX, AF_VSOCK, INET_DIAG_REQ, INET_DIAG_REQ_V2, IPPROTO_TCP, NLM_F_DUMP,
            NLMSG_FLAGS, NLMSG_HDRLEN, NLMSG_SEQ, NLMSG_TYPE, SOCK_DIAG_BY_FAMILY, TCPDIAG_GETSOCK, from_hex, to_hex,
            u16_at, u32_at,
        },
    },
    source::processes::HolderQuery,
};

/// The name of a query about holders: a fingerprint of the inodes identifies its sockets.
pub(super) fn holders_name(ask: &HolderQuery<'_>) -> String {
    let mut name = ask.wanted.map_or_else(String::new, |wanted| format!("{ONLY}{:016x} ", fingerprint(wanted)));
    for (is_set, word) in [(ask.all_holders, "all "), (ask.threads, "threads ")] {
        name.push_str(if is_set { word } else { "" });
    }
    for netns in ask.netns.unwrap_or_default() {
        name.push_str(&format!("{netns} "));
    }
    name
}

/// The prefix of the name of a query about some sockets only.
pub(super) const ONLY: &str = "only ";

/// FNV-1a.
fn fingerprint(inodes: &[u32]) -> u64 {
    let bytes = inodes.iter().flat_map(|inode| inode.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A request by its name: without its sequence number, which is another each time.
pub(super) fn request_name(request: &[u8]) -> String {
    to_hex(request.iter().enumerate().map(|(place, byte)| if NLMSG_SEQ.contains(&place) { 0 } else { *byte }))
}

/// Sockets that are bound and unused, which are asked for apart.
pub(super) const ONLY_BOUND: u32 = StateSet::BOUND_INACTIVE.mask();

/// States in which a dump reports sockets; `NEW_SYN_RECV` (12) comes as `SYN_RECV`.
pub(super) const STATES: u32 = 0x1ffe;

/// The selection of a dump.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct DumpRequest {
    /// `AF_*`; none for both internet families in one walk.
    pub(super) family: Option<u8>,
    /// `IPPROTO_*`, or the number used instead of one.
    pub(super) protocol: u8,
    /// The states, where it has a mask of them.
    pub(super) states: u32,
    /// `idiag_ext`, or its equivalent in the family.
    pub(super) shows: u32,
    /// The rest of the query: a filter for the kernel.
    pub(super) is_narrowed: bool,
    /// Attributes that make it another question: the protocol of MPTCP.
    pub(super) attributes: Vec<u8>,
}

impl DumpRequest {
    /// The question of a recorded request, if it was for a dump.
    pub(super) fn of_name(name: &str) -> Option<DumpRequest> {
        if name.len() > LONGEST_LINE {
            return None;
        }
        DumpRequest::of(&from_hex(name)?)
    }

    /// The question of a request, if it is for a dump.
    pub(super) fn of(request: &[u8]) -> Option<DumpRequest> {
        let word = |at: usize| u32_at(request, NLMSG_HDRLEN + at);
        if u16_at(request, NLMSG_FLAGS)? & NLM_F_DUMP != NLM_F_DUMP {
            return None;
        }
        let family = *request.get(NLMSG_HDRLEN)?;
        let second = *request.get(NLMSG_HDRLEN + 1)?;
        let plain = DumpRequest {
            family: Some(family),
            protocol: second,
            states: STATES,
            shows: 0,
            is_narrowed: false,
            attributes: Vec::new(),
        };
        let asked = |states: u32| if states == ONLY_BOUND { states } else { states & STATES };
        match (u16_at(request, NLMSG_TYPE)?, family) {
            (TCPDIAG_GETSOCK, AF_INET) => Some(DumpRequest {
                family: None,
                protocol: IPPROTO_TCP,
                states: asked(word(INET_DIAG_REQ - 8)?),
                shows: (*request.get(NLMSG_HDRLEN + 3)?).into(),
                is_narrowed: request.len() > NLMSG_HDRLEN + INET_DIAG_REQ,
                ..plain
            }),
            (SOCK_DIAG_BY_FAMILY, AF_INET | AF_INET6) => {
                // Protocol 0 with an attribute is MPTCP's; any other attribute narrows.
                let attributes = request.get(NLMSG_HDRLEN + INET_DIAG_REQ_V2..)?;
                let own = if second == 0 { attributes.get(..8.min(attributes.len()))? } else { &[] };
                Some(DumpRequest {
                    states: asked(word(4)?),
                    shows: (*request.get(NLMSG_HDRLEN + 2)?).into(),
                    is_narrowed: attributes.len() > own.len(),
                    attributes: own.to_vec(),
                    ..plain
                })
            }
            (SOCK_DIAG_BY_FAMILY, AF_UNIX) => Some(DumpRequest { states: asked(word(4)?), shows: word(12)?, ..plain }),
            (SOCK_DIAG_BY_FAMILY, AF_VSOCK | AF_TIPC) => Some(DumpRequest { states: asked(word(4)?), ..plain }),
            (SOCK_DIAG_BY_FAMILY, _) => Some(DumpRequest { shows: word(8).unwrap_or(0), ..plain }),
            _ => None,
        }
    }

    /// Whether it is about internet sockets, whose records are known here.
    pub(super) fn is_inet(&self) -> bool {
        matches!(self.family, None | Some(AF_INET | AF_INET6))
    }

    /// The internet families it is about.
    pub(super) fn families(&self) -> Vec<u8> {
        match self.family {
            None => vec![AF_INET, AF_INET6],
            Some(family) => vec![family],
        }
    }
}
