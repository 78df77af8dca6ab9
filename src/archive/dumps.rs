//! What a netlink request asks for, as far as it matters for which recorded answer may stand in for another.

use super::format::LONGEST_LINE;

const HEADER: usize = 16;
/// `NLM_F_DUMP`.
const DUMP: u16 = 0x300;

const TCPDIAG_GETSOCK: u16 = 18;
const SOCK_DIAG_BY_FAMILY: u16 = 20;

const AF_UNIX: u8 = 1;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const AF_VSOCK: u8 = 40;
const AF_TIPC: u8 = 30;

const IPPROTO_TCP: u8 = 6;

/// `inet_diag_req` and `inet_diag_req_v2`.
const OLD_REQUEST: usize = 60;
const NEW_REQUEST: usize = 56;

/// `BOUND_INACTIVE`, which is asked for apart.
const BOUND_INACTIVE: u32 = 1 << 13;

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
        let digits: Option<Vec<u8>> =
            name.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
        let bytes: Vec<u8> =
            digits?.chunks_exact(2).map(|two| two.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
        Question::of(&bytes)
    }

    /// The question of a request, if it is for a dump.
    pub(super) fn of(request: &[u8]) -> Option<Question> {
        let half = |at: usize| Some(u16::from_ne_bytes(request.get(at..at + 2)?.try_into().ok()?));
        let word = |at: usize| Some(u32::from_ne_bytes(request.get(at..at + 4)?.try_into().ok()?));
        if half(6)? & DUMP != DUMP {
            return None;
        }
        let family = *request.get(HEADER)?;
        let second = *request.get(HEADER + 1)?;
        let plain = Question {
            family: Some(family),
            protocol: second,
            states: STATES,
            shows: 0,
            is_narrowed: false,
            attributes: Vec::new(),
        };
        let asked = |states: u32| if states == BOUND_INACTIVE { states } else { states & STATES };
        match (half(4)?, family) {
            (TCPDIAG_GETSOCK, AF_INET) => Some(Question {
                family: None,
                protocol: IPPROTO_TCP,
                states: asked(word(HEADER + OLD_REQUEST - 8)?),
                shows: (*request.get(HEADER + 3)?).into(),
                is_narrowed: request.len() > HEADER + OLD_REQUEST,
                ..plain
            }),
            (SOCK_DIAG_BY_FAMILY, AF_INET | AF_INET6) => {
                // Protocol 0 with an attribute is MPTCP's; any other attribute narrows.
                let attributes = request.get(HEADER + NEW_REQUEST..)?;
                let own = if second == 0 { attributes.get(..8.min(attributes.len()))? } else { &[] };
                Some(Question {
                    states: asked(word(HEADER + 4)?),
                    shows: (*request.get(HEADER + 2)?).into(),
                    is_narrowed: attributes.len() > own.len(),
                    attributes: own.to_vec(),
                    ..plain
                })
            }
            (SOCK_DIAG_BY_FAMILY, AF_UNIX) => {
                Some(Question { states: asked(word(HEADER + 4)?), shows: word(HEADER + 12)?, ..plain })
            }
            (SOCK_DIAG_BY_FAMILY, AF_VSOCK | AF_TIPC) => Some(Question { states: asked(word(HEADER + 4)?), ..plain }),
            (SOCK_DIAG_BY_FAMILY, _) => Some(Question { shows: word(HEADER + 8).unwrap_or(0), ..plain }),
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
            7 if self.states == BOUND_INACTIVE => true,
            3 => self.states & (1 << 3 | 1 << 12) != 0,
            0..32 => self.states & (1 << state) != 0,
            _ => false,
        }
    }
}
