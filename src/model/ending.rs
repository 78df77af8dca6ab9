//! A socket that has ended, with the kernel's report of its end and the facts known before.

use std::time::{Duration, SystemTime};

use super::{
    entry::{End, Entry},
    family::Netid,
    field::Field,
    group::Direction,
    tcp_info as info,
};

/// How a socket ended, as far as that is proven.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EndKind {
    /// It is closed; how is not proven.
    Closed,
    /// A connection that was reset, by either side, or destroyed.
    Reset,
    /// Data or a FIN of this side was never acknowledged: reset by the peer, or timed out.
    Unfinished,
    /// An attempt to connect that was answered by an RST, or by an error of the network.
    Refused,
    /// An attempt to connect to which no segment came back, though the SYN was sent again.
    Unanswered,
    /// An attempt to connect that failed in a way that the kernel does not tell.
    Failed,
    /// A socket that was never connected.
    Unused,
    /// A socket that had listened.
    Listener,
}

impl EndKind {
    /// All of them, in the order of summaries.
    pub const ALL: [EndKind; 8] = [
        EndKind::Closed,
        EndKind::Reset,
        EndKind::Unfinished,
        EndKind::Refused,
        EndKind::Unanswered,
        EndKind::Failed,
        EndKind::Unused,
        EndKind::Listener,
    ];

    /// Whether it was a connection, or of UDP.
    pub fn was_connected(self) -> bool {
        matches!(self, EndKind::Closed | EndKind::Reset | EndKind::Unfinished)
    }

    /// The word used in output, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            EndKind::Closed => "closed",
            EndKind::Reset => "reset",
            EndKind::Unfinished => "unfinished",
            EndKind::Refused => "refused",
            EndKind::Unanswered => "unanswered",
            EndKind::Failed => "failed",
            EndKind::Unused => "unused",
            EndKind::Listener => "listener",
        }
    }
}

/// How long a socket lived.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lived {
    /// The lower limit.
    pub at_least: Duration,
    /// The upper limit; `None` if it is older than the watch and its age is unknown.
    pub at_most: Option<Duration>,
}

impl Lived {
    /// How long, where that is known exactly.
    pub fn exactly(self) -> Option<Duration> {
        self.at_most.filter(|most| *most == self.at_least)
    }
}

/// The evidence for the owner of a socket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OwnerOrigin {
    /// A dump had the socket itself.
    Socket,
    /// The socket lived between two dumps; the listener of its port is known.
    Listener,
    /// The process called `connect()` or `listen()`.
    Caller,
}

impl OwnerOrigin {
    /// The word used in output, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            OwnerOrigin::Socket => "socket",
            OwnerOrigin::Listener => "listener",
            OwnerOrigin::Caller => "caller",
        }
    }
}

/// A socket that has ended.
#[derive(Clone, Debug)]
pub struct Ending {
    /// When the kernel's message was read.
    pub at: SystemTime,
    /// The kernel's report of the end, and the owner and peer from an earlier dump.
    pub entry: Entry,
    /// How it ended.
    pub end: EndKind,
    /// The side that connected, as far as that is known.
    pub direction: Option<Direction>,
    /// How long it lived.
    pub lived: Lived,
    /// The evidence for its owner, if it is known.
    pub origin: Option<OwnerOrigin>,
    /// The inode that its owner holds; 0 where that is not known.
    pub held: u32,
    /// The cgroup of the socket, or of the listener.
    pub cgroup_id: Option<u64>,
    /// Whether the kernel wiped its counters before it reported it (`tcp_disconnect`).
    pub is_wiped: bool,
}

impl Ending {
    /// Bytes received, as the kernel counts: a FIN is one.
    pub fn bytes_in(&self) -> Option<u64> {
        self.counter(&info::BYTES_RECEIVED)
    }

    /// Bytes sent, each once.
    pub fn bytes_out(&self) -> Option<u64> {
        self.counter(&info::BYTES_SENT)?.checked_sub(self.counter(&info::BYTES_RETRANS)?)
    }

    /// Segments sent again.
    pub fn retransmitted(&self) -> Option<u64> {
        self.counter(&info::TOTAL_RETRANS)
    }

    /// The smoothed round trip in microseconds, where there was one.
    pub fn rtt_us(&self) -> Option<u64> {
        self.counter(&info::RTT).filter(|rtt| *rtt != 0)
    }

    fn counter(&self, field: &Field) -> Option<u64> {
        figure(&self.entry, field).filter(|_| !self.is_wiped)
    }
}

/// A field of an entry's `tcp_info`.
pub fn figure(entry: &Entry, field: &Field) -> Option<u64> {
    entry.detail.as_ref()?.tcp_info.as_ref()?.get(field)
}

/// Whether a TCP socket has a peer's address and no port of it any more.
pub fn is_wiped(entry: &Entry) -> bool {
    entry.netid == Netid::Tcp && matches!(entry.peer, End::Inet(address, 0) if !address.is_unspecified())
}
