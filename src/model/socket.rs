//! One socket as the kernel reported it: a plain, compact value without heap data.

use std::net::IpAddr;

use crate::model::{blanks::not_shown, family::Family, state::State};

/// `idiag_timer`: which timer runs on the socket.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Timer {
    /// None.
    None,
    /// 1: retransmission, tail-loss probe or reordering.
    Retransmit,
    /// 2: keepalive; on an orphan in `FIN_WAIT2` the rest of `tcp_fin_timeout`.
    Keepalive,
    /// 3: the life of a `TIME_WAIT` or `FIN_WAIT2` mini-sock.
    TimeWait,
    /// 4: zero-window probe.
    Persist,
    /// 5: a delayed acknowledgement, where no other timer runs (Linux 7.0).
    DelayedAck,
    /// A code this program does not know.
    Other(u8),
    /// A text that does not show it.
    NotShown,
}

/// Replaces `wqueue` if the limit of an accept queue is unknown: no kernel has a limit this large.
pub const NO_LIMIT: u32 = u32::MAX;

impl Timer {
    /// Reads `idiag_timer`.
    #[inline]
    pub fn from_kernel(code: u8) -> Timer {
        match code {
            0 => Timer::None,
            1 => Timer::Retransmit,
            2 => Timer::Keepalive,
            3 => Timer::TimeWait,
            4 => Timer::Persist,
            5 => Timer::DelayedAck,
            not_shown::TIMER => Timer::NotShown,
            other => Timer::Other(other),
        }
    }

    /// The code of `idiag_timer`.
    pub fn number(self) -> u8 {
        match self {
            Timer::None => 0,
            Timer::Retransmit => 1,
            Timer::Keepalive => 2,
            Timer::TimeWait => 3,
            Timer::Persist => 4,
            Timer::DelayedAck => 5,
            Timer::Other(code) => code,
            Timer::NotShown => not_shown::TIMER,
        }
    }

    /// The word of `ss -o`, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Timer::None => "off",
            Timer::Retransmit => "on",
            Timer::Keepalive => "keepalive",
            Timer::TimeWait => "timewait",
            Timer::Persist => "persist",
            Timer::DelayedAck => "delack",
            Timer::Other(_) | Timer::NotShown => "unknown",
        }
    }
}

/// The kind of kernel object behind a record; only a full one has an owner, queues and memory.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// A socket some program holds.
    Full,
    /// A finished handshake in an accept queue: no program has it yet.
    NotAccepted,
    /// Closed by its program; the kernel finishes the exchange.
    Orphan,
    /// The rest of a closed connection (`TIME_WAIT`, most `FIN_WAIT2`): no owner, uid, queue.
    MiniSock,
    /// A half-open handshake: no owner, uid, queue.
    RequestSock,
}

/// An internet socket. Unknown is `None`, never zero.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Socket {
    /// `idiag_family`.
    pub family: Family,
    /// `idiag_state`, `BOUND_INACTIVE` where that was asked for.
    pub state: State,
    /// `idiag_timer`.
    pub timer: Timer,
    /// `idiag_retrans`: timeouts in a row, or unanswered probes.
    pub retrans: u8,
    /// `idiag_expires`, milliseconds until the timer fires.
    pub expires_ms: u32,
    /// Local address; a v4-mapped one is given as IPv4.
    pub local: IpAddr,
    /// Local port.
    pub local_port: u16,
    /// Peer address; a v4-mapped one is given as IPv4.
    pub peer: IpAddr,
    /// Peer port.
    pub peer_port: u16,
    /// Whether an IPv6 socket speaks IPv4 (`::ffff:a.b.c.d`).
    pub mapped: bool,
    /// `idiag_if`: the interface it is bound to, 0 for any.
    pub interface: u32,
    /// `idiag_cookie`: unique since boot; 0 where the kernel gave none.
    pub cookie: u64,
    /// `idiag_rqueue`: bytes not read yet; on `LISTEN` connections not accepted yet.
    pub rqueue: u32,
    /// `idiag_wqueue`: bytes not acknowledged yet; on `LISTEN` the limit of the accept queue.
    pub wqueue: u32,
    /// `idiag_uid`, if known; read it through [`Socket::uid`].
    pub raw_uid: Option<u32>,
    /// `idiag_inode`; 0 where no program holds the socket.
    pub inode: u32,
}

impl Socket {
    /// Which kernel object this is (`net/ipv4/tcp_diag.c`).
    pub fn kind(&self) -> Kind {
        kind(self.state, self.timer, self.inode)
    }

    /// The limit of a listener's accept queue, if the source shows it.
    pub fn accept_limit(&self) -> Option<u32> {
        Some(self.wqueue).filter(|&limit| limit != NO_LIMIT)
    }

    /// The owner's user id; unknown where the kernel keeps none and reports 0.
    pub fn uid(&self) -> Option<u32> {
        uid(self.kind(), self.raw_uid)
    }
}

/// The owner's user ID as reported by the kernel; `None` if the kernel records none and reports 0.
pub(super) fn uid(kind: Kind, raw: Option<u32>) -> Option<u32> {
    match kind {
        Kind::Full => raw,
        // 6.18 keeps the uid of an orphan and of a queued child, older kernels report 0 there.
        Kind::NotAccepted | Kind::Orphan => raw.filter(|&uid| uid != 0),
        Kind::MiniSock | Kind::RequestSock => None,
    }
}

/// Determines the kind of kernel object from the fields of every record.
#[inline]
pub fn kind(state: State, timer: Timer, inode: u32) -> Kind {
    match state {
        State::TIME_WAIT => Kind::MiniSock,
        State::FIN_WAIT2 if timer == Timer::TimeWait => Kind::MiniSock,
        State::SYN_RECV if inode == 0 => Kind::RequestSock,
        State::ESTABLISHED | State::CLOSE_WAIT if inode == 0 => Kind::NotAccepted,
        State::FIN_WAIT1 | State::FIN_WAIT2 | State::CLOSING | State::LAST_ACK if inode == 0 => Kind::Orphan,
        _ => Kind::Full,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inode_zero_means_different_things_in_different_states() {
        assert_eq!(kind(State::ESTABLISHED, Timer::None, 0), Kind::NotAccepted);
        assert_eq!(kind(State::CLOSE_WAIT, Timer::None, 0), Kind::NotAccepted);
        assert_eq!(kind(State::FIN_WAIT1, Timer::Retransmit, 0), Kind::Orphan);
        assert_eq!(kind(State::FIN_WAIT2, Timer::Keepalive, 0), Kind::Orphan);
        assert_eq!(kind(State::FIN_WAIT2, Timer::TimeWait, 0), Kind::MiniSock);
        assert_eq!(kind(State::FIN_WAIT2, Timer::None, 7), Kind::Full);
        assert_eq!(kind(State::SYN_RECV, Timer::Retransmit, 0), Kind::RequestSock);
        assert_eq!(kind(State::SYN_SENT, Timer::Retransmit, 7), Kind::Full);
    }
}
