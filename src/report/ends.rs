//! When a socket goes away by itself: from its state, its timer and a few sysctls.
//!
//! Where a limit set for the one socket could change the answer and the kernel does not tell it (`TCP_USER_TIMEOUT`,
//! the keepalive options), the answer is *unknown*: data that are not acknowledged, zero windows, keepalive probes.
//! `TCP_SYNCNT` and `TCP_LINGER2` are not known either; a timer beyond what the sysctls give shows that they are in use.

use crate::model::{
    entry::Entry,
    family::{Netid, Protocol},
    limits::Limits,
    socket::{Kind, Timer},
    state::State,
};

/// When a socket goes away if its program and its peer do nothing more.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ends {
    /// In this many milliseconds.
    Timer(u64),
    /// Not by itself: no timer runs that would end it. It stays until its program closes it, or, where it is an open
    /// connection, either side: without keepalive nothing bounds an idle one.
    Never,
    /// The kernel reports too little.
    Unknown,
}

impl Ends {
    /// The word used in output, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Ends::Timer(_) => "timer",
            Ends::Never => "never",
            Ends::Unknown => "unknown",
        }
    }

    /// Milliseconds left, where a timer ends it.
    pub fn in_ms(self) -> Option<u64> {
        match self {
            Ends::Timer(left) => Some(left),
            Ends::Never | Ends::Unknown => None,
        }
    }
}

/// `TCP_TIMEWAIT_LEN`: the most a mini-sock in `FIN_WAIT2` is made for at once.
const TIMEWAIT_MS: u64 = 60_000;

/// `TCP_TIMEOUT_INIT`, the first timeout of a handshake.
const FIRST_TIMEOUT_MS: u64 = 1_000;

/// `TCP_RTO_MAX`.
const LAST_TIMEOUT_MS: u64 = 120_000;

/// When the socket goes away.
pub fn ends(entry: &Entry, limits: &Limits) -> Ends {
    match entry.netid {
        Netid::Tcp => tcp(entry, limits),
        // Their states are those of a connection, but what ends them is not in the record.
        Netid::Mptcp | Netid::Sctp | Netid::Dccp if !matches!(entry.state, State::LISTEN | State::CLOSE) => {
            Ends::Unknown
        }
        // A connection here may end by the peer's hand, never by a timer.
        netid if netid.protocol() == Protocol::Tipc && entry.state == State::ESTABLISHED => Ends::Unknown,
        _ => Ends::Never,
    }
}

fn tcp(entry: &Entry, limits: &Limits) -> Ends {
    let left = u64::from(entry.expires_ms);
    match (entry.state, entry.timer) {
        (State::TIME_WAIT | State::FIN_WAIT2, Timer::TimeWait) => Ends::Timer(left),
        (State::FIN_WAIT2, Timer::Keepalive) if entry.kind() == Kind::Orphan => orphan(left, limits),
        (State::FIN_WAIT2, Timer::None) if entry.kind() == Kind::Full => Ends::Never,
        (State::SYN_SENT, Timer::Retransmit) => handshake(
            entry,
            limits.tcp_syn_retries.zip(limits.tcp_syn_linear_timeouts).map(|(most, linear)| (most + linear, linear)),
        ),
        // Without tcp_info: a child of Fast Open has some and is bound otherwise.
        (State::SYN_RECV, Timer::Retransmit)
            if entry.kind() == Kind::RequestSock
                && entry.detail.as_ref().is_none_or(|detail| detail.tcp_info.is_none()) =>
        {
            handshake(entry, limits.tcp_synack_retries.map(|most| (most, 0)))
        }
        (State::LISTEN | State::CLOSE | State::BOUND_INACTIVE, _) => Ends::Never,
        // With keepalive the peer's RST to a probe ends even CLOSE_WAIT; without a timer nothing does but a close.
        (State::ESTABLISHED | State::CLOSE_WAIT, Timer::None) => Ends::Never,
        _ => Ends::Unknown,
    }
}

/// An orphan keeps its full socket for the part of `tcp_fin_timeout` beyond 60 s, then a mini-sock for as much again
/// (`tcp_keepalive_timer`); within 60 s the timer is all there is.
fn orphan(left: u64, limits: &Limits) -> Ends {
    let Some(timeout) = limits.tcp_fin_timeout.map(|seconds| u64::from(seconds) * 1000) else { return Ends::Unknown };
    let beyond = timeout.saturating_sub(TIMEWAIT_MS);
    let first = if beyond > 0 { beyond } else { timeout };
    if is_at_most(left, first) { Ends::Timer(left + beyond) } else { Ends::Unknown }
}

/// A handshake ends with the timeout after the last try: the first `linear` tries come after one second each, then the
/// pause doubles.
fn handshake(entry: &Entry, tries: Option<(u32, u32)>) -> Ends {
    let Some((most, linear)) = tries else { return Ends::Unknown };
    let pause = |done: u32| {
        let doubled = 1u64.checked_shl(done.saturating_sub(linear)).unwrap_or(u64::MAX);
        doubled.saturating_mul(FIRST_TIMEOUT_MS).min(LAST_TIMEOUT_MS)
    };
    let done = u32::from(entry.retrans);
    let left = u64::from(entry.expires_ms);
    // A longer pause than the schedule's, or more tries than allowed: the socket has its own limits.
    if done > most || !is_at_most(left, pause(done)) {
        return Ends::Unknown;
    }
    Ends::Timer(left + (done + 1..=most).map(pause).sum::<u64>())
}

/// Timers fire up to an eighth late, and a dump may read them before the kernel has set them again.
fn is_at_most(left: u64, most: u64) -> bool {
    left <= most + most / 8 + 10
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;
    use crate::model::entry::End;

    const LIMITS: Limits = Limits {
        tcp_fin_timeout: Some(60),
        tcp_syn_retries: Some(6),
        tcp_syn_linear_timeouts: Some(4),
        tcp_synack_retries: Some(5),
    };

    fn entry(state: State, timer: Timer, expires_ms: u32, retrans: u8, inode: u32) -> Entry {
        let end = End::Inet(IpAddr::V4(Ipv4Addr::LOCALHOST), 1);
        Entry { state, local: end.clone(), peer: end, timer, retrans, expires_ms, inode, ..Entry::blank(Netid::Tcp, 0) }
    }

    fn of(state: State, timer: Timer, expires_ms: u32, retrans: u8, inode: u32) -> Ends {
        ends(&entry(state, timer, expires_ms, retrans, inode), &LIMITS)
    }

    #[test]
    fn mini_socks_end_with_their_timer() {
        assert_eq!(of(State::TIME_WAIT, Timer::TimeWait, 53_000, 0, 0), Ends::Timer(53_000));
        assert_eq!(of(State::FIN_WAIT2, Timer::TimeWait, 41_000, 0, 0), Ends::Timer(41_000));
    }

    #[test]
    fn fin_wait2_that_a_program_holds_never_ends() {
        assert_eq!(of(State::FIN_WAIT2, Timer::None, 0, 0, 7), Ends::Never);
        assert_eq!(of(State::FIN_WAIT2, Timer::Keepalive, 5_000, 0, 7), Ends::Unknown, "keepalive is on");
        assert_eq!(of(State::FIN_WAIT2, Timer::None, 0, 0, 0), Ends::Unknown, "an orphan has a timer");
    }

    #[test]
    fn an_orphan_in_fin_wait2_lives_on_as_a_mini_sock() {
        let orphan = entry(State::FIN_WAIT2, Timer::Keepalive, 20_000, 0, 0);
        let long = Limits { tcp_fin_timeout: Some(90), ..LIMITS };
        assert_eq!(ends(&orphan, &long), Ends::Timer(50_000));
        assert_eq!(ends(&orphan, &LIMITS), Ends::Timer(20_000));
        let short = Limits { tcp_fin_timeout: Some(10), ..LIMITS };
        assert_eq!(ends(&orphan, &short), Ends::Unknown, "TCP_LINGER2");
        assert_eq!(ends(&orphan, &Limits::default()), Ends::Unknown);
    }

    #[test]
    fn a_handshake_ends_when_its_tries_are_used_up() {
        // Measured: SYNs at 0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67 s, the end at 131 s.
        assert_eq!(of(State::SYN_SENT, Timer::Retransmit, 1_000, 0, 7), Ends::Timer(131_000));
        assert_eq!(of(State::SYN_SENT, Timer::Retransmit, 64_000, 10, 7), Ends::Timer(64_000));
        assert_eq!(of(State::SYN_SENT, Timer::Retransmit, 1_000, 11, 7), Ends::Unknown, "TCP_SYNCNT");
        assert_eq!(of(State::SYN_SENT, Timer::Retransmit, 3_000, 0, 7), Ends::Unknown, "another first timeout");
        let old = Limits { tcp_syn_linear_timeouts: Some(0), ..LIMITS };
        let first = entry(State::SYN_SENT, Timer::Retransmit, 1_000, 0, 7);
        assert_eq!(ends(&first, &old), Ends::Timer(127_000));
        assert_eq!(ends(&first, &Limits::default()), Ends::Unknown);
        assert_eq!(of(State::SYN_RECV, Timer::Retransmit, 1_000, 0, 0), Ends::Timer(63_000));
        assert_eq!(of(State::SYN_RECV, Timer::Retransmit, 1_000, 0, 7), Ends::Unknown, "a full socket");
    }

    #[test]
    fn the_pause_between_tries_has_a_limit() {
        let many = Limits { tcp_syn_retries: Some(127), tcp_syn_linear_timeouts: Some(0), ..LIMITS };
        let first = entry(State::SYN_SENT, Timer::Retransmit, 1_000, 0, 7);
        assert_eq!(ends(&first, &many), Ends::Timer(127_000 + (127 - 6) * 120_000));
    }

    #[test]
    fn open_sockets_end_by_no_timer_or_one_that_tells_too_little() {
        assert_eq!(of(State::LISTEN, Timer::None, 0, 0, 7), Ends::Never);
        assert_eq!(of(State::CLOSE_WAIT, Timer::None, 0, 0, 7), Ends::Never);
        assert_eq!(of(State::CLOSE_WAIT, Timer::Keepalive, 1, 0, 7), Ends::Unknown);
        assert_eq!(of(State::ESTABLISHED, Timer::None, 0, 0, 7), Ends::Never);
        for timer in [Timer::Retransmit, Timer::Keepalive, Timer::Persist, Timer::Other(9)] {
            assert_eq!(of(State::ESTABLISHED, timer, 200, 3, 7), Ends::Unknown, "{timer:?}");
        }
        assert_eq!(of(State::LAST_ACK, Timer::Retransmit, 200, 1, 0), Ends::Unknown);
        let udp = Entry { netid: Netid::Udp, ..entry(State::CLOSE, Timer::None, 0, 0, 7) };
        assert_eq!(ends(&udp, &LIMITS), Ends::Never);
    }
}
