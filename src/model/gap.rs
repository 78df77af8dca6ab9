//! What could not be seen, and why: told to the user, never passed off as nothing.

use crate::model::family::Protocol;

/// What was not, or not fully, looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// Sockets of a protocol.
    Sockets(Protocol),
    /// Sockets that are bound but neither listen nor connect.
    BoundInactive,
    /// Other network namespaces: how many there are, or one of them.
    Namespaces,
    /// Who holds the sockets.
    Owners,
    /// What BPF programs keep with sockets.
    BpfStorages,
    /// All that belongs to a host, where a text or a raw dump stands in place of one.
    Host,
}

/// What a text may not tell of its sockets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Lack {
    /// Who holds them.
    Owners,
    /// Which timers run.
    Timers,
    /// Whether a program holds them.
    Inodes,
    /// `tcp_info`.
    TcpInfo,
    /// The limits of accept queues.
    AcceptLimits,
}

/// Why it was not looked at, or what is lost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// The kernel has no `sock_diag` for it: read from `/proc/net`, which holds less.
    ReadFromProc(String),
    /// This kernel has no such sockets, or no way to list them; what it answered.
    NotAvailable(String),
    /// Neither the kernel nor `/proc/net` gave it.
    Unreadable(String),
    /// This kernel is too old to list it.
    TooOld(&'static str),
    /// Some processes could not be looked at: their number.
    Denied(u64),
    /// A text or a dump (whose) tells only of sockets, and lacks these; so many of its rows could not be read.
    Untold(&'static str, Vec<Lack>, u64),
}

/// One gap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// What is missing.
    pub what: What,
    /// Why.
    pub why: Why,
}

impl Gap {
    /// Whether something is missing altogether, not only poorer.
    pub fn is_loss(&self) -> bool {
        !matches!(self.why, Why::ReadFromProc(_) | Why::Untold(..))
    }
}
