//! What a netlink request asks for, as far as it matters for which recorded answer may stand in for another.

use super::format::LONGEST_LINE;
use crate::model::{
    state::StateSet,
    uapi::{
        AF_INET, AF_INET6, AF_TIPC, AF_UNIX, AF_VSOCK, INET_DIAG_REQ, INET_DIAG_REQ_V2, IPPROTO_TCP, NLM_F_DUMP,
        NLMSG_FLAGS, NLMSG_HDRLEN, NLMSG_TYPE, SOCK_DIAG_BY_FAMILY, TCPDIAG_GETSOCK, from_hex, u16_at, u32_at,
    },
};

/// Sockets that are bound and unused, which are asked for apart.
const ONLY_BOUND: u32 = StateSet::BOUND_INACTIVE.mask();

/// States that sockets of a dump are told in; `NEW_SYN_RECV` (12) comes as `SYN_RECV`.
const STATES: u32 = 0x1ffe;

/// What a dump was asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Question {
    /// `AF_*`; none for both internet families in one walk.
    pub(super) family: Option<u8>,
    /// `IPPROTO_*`, or what stands in its place.
    pub(super) protocol: u8,
    /// The states, where it has a mask of them.
    pub(super) states: u32,
    /// `idiag_ext`, or what the family has in place of it.
    pub(super) shows: u32,
    /// What else was asked: a filter for the kernel.
    pub(super) is_narrowed: bool,
    /// Attributes that make it another question: the protocol of MPTCP.
    pub(super) attributes: Vec<u8>,
}

impl Question {
    /// The question of a recorded request, if it was for a dump.
    pub(super) fn of_name(name: &str) -> Option<Question> {
        if name.len() > LONGEST_LINE {
            return None;
        }
        Question::of(&from_hex(name)?)
    }

    /// The question of a request, if it is for a dump.
    pub(super) fn of(request: &[u8]) -> Option<Question> {
        let word = |at: usize| u32_at(request, NLMSG_HDRLEN + at);
        if u16_at(request, NLMSG_FLAGS)? & NLM_F_DUMP != NLM_F_DUMP {
            return None;
        }
        let family = *request.get(NLMSG_HDRLEN)?;
        let second = *request.get(NLMSG_HDRLEN + 1)?;
        let plain = Question {
            family: Some(family),
            protocol: second,
            states: STATES,
            shows: 0,
            is_narrowed: false,
            attributes: Vec::new(),
        };
        let asked = |states: u32| if states == ONLY_BOUND { states } else { states & STATES };
        match (u16_at(request, NLMSG_TYPE)?, family) {
            (TCPDIAG_GETSOCK, AF_INET) => Some(Question {
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
                Some(Question {
                    states: asked(word(4)?),
                    shows: (*request.get(NLMSG_HDRLEN + 2)?).into(),
                    is_narrowed: attributes.len() > own.len(),
                    attributes: own.to_vec(),
                    ..plain
                })
            }
            (SOCK_DIAG_BY_FAMILY, AF_UNIX) => Some(Question { states: asked(word(4)?), shows: word(12)?, ..plain }),
            (SOCK_DIAG_BY_FAMILY, AF_VSOCK | AF_TIPC) => Some(Question { states: asked(word(4)?), ..plain }),
            (SOCK_DIAG_BY_FAMILY, _) => Some(Question { shows: word(8).unwrap_or(0), ..plain }),
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

/// Which records of a dump are given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Sieve {
    /// `AF_*` of the first byte.
    pub(super) families: Vec<u8>,
    /// The states.
    pub(super) states: u32,
}

impl Sieve {
    /// Whether a record of `inet_diag` goes through.
    pub(super) fn takes(&self, record: &[u8]) -> bool {
        let Some([family, state, ..]) = record.get(..2).and_then(|head| head.first_chunk::<2>()) else { return false };
        if !self.families.contains(family) {
            return false;
        }
        match state {
            // Told so where it was asked for as such, and nothing else was.
            7 if self.states == ONLY_BOUND => true,
            3 => self.states & (1 << 3 | 1 << 12) != 0,
            0..32 => self.states & (1 << state) != 0,
            _ => false,
        }
    }
}
