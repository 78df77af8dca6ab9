//! The words of `ss` for tables and states.

use crate::model::{
    entry::{End, Entry},
    family::Netid,
    state::State,
};

/// The word of the first column. Raw sockets have that of their protocol.
pub(super) fn netid(entry: &Entry) -> &'static str {
    match (entry.netid, &entry.local) {
        (Netid::Raw, End::Inet(_, protocol)) if entry.cookie != 0 => match protocol {
            0 => "raw",
            6 => "tcp",
            17 => "udp",
            33 => "dccp",
            58 => "icmp6",
            132 => "sctp",
            _ => "???",
        },
        (Netid::VsockSeqpacket, _) => "???",
        (netid, _) => netid.name(),
    }
}

/// The word of a state.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::ESTABLISHED => "ESTAB",
        State::SYN_SENT => "SYN-SENT",
        State::SYN_RECV => "SYN-RECV",
        State::FIN_WAIT1 => "FIN-WAIT-1",
        State::FIN_WAIT2 => "FIN-WAIT-2",
        State::TIME_WAIT => "TIME-WAIT",
        State::CLOSE | State::BOUND_INACTIVE => "UNCONN",
        State::CLOSE_WAIT => "CLOSE-WAIT",
        State::LAST_ACK => "LAST-ACK",
        State::LISTEN => "LISTEN",
        State::CLOSING => "CLOSING",
        _ => "UNKNOWN",
    }
}
