//! Data that could not be read, and why: reported to the user, never treated as absent.

use crate::model::{engine::BpfFailure, family::Protocol};

/// The data that could not be read, or only in part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// Sockets of a protocol.
    Sockets(Protocol),
    /// Sockets that are bound but neither listen nor connect.
    BoundInactive,
    /// Other network namespaces: how many there are, or one of them.
    Namespaces,
    /// Holders of sockets.
    Owners,
    /// Storage of BPF programs with sockets.
    BpfStorages,
    /// The interface of the kernel that was to be used.
    Engine,
    /// All host data, if the source is a text or a raw dump.
    Host,
    /// Lines of a text.
    Lines,
}

/// Data about sockets that a text may lack.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Lack {
    /// Their holders.
    Owners,
    /// Which timers run.
    Timers,
    /// Whether a program holds them.
    Inodes,
    /// `tcp_info`.
    TcpInfo,
    /// The limits of accept queues.
    AcceptLimits,
    /// The queues of the sockets.
    Queues,
    /// Any sockets.
    Sockets,
    /// The counters of the kernel.
    Counters,
}

/// Why lines of a text were not understood.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum UnreadReason {
    /// The row breaks off.
    Cut,
    /// The State column is missing.
    NoState,
    /// An unknown state.
    State(String),
    /// A field that must be a number is not one.
    Figures,
    /// It is of another system, or has something before it.
    Foreign,
    /// It seems to be about a socket, but is not a row of a known tool.
    Unknown,
    /// The row is read; its names of addresses or ports are unknown here.
    Names,
    /// A socket of this kind is not read from a text.
    Elsewhere(&'static str),
    /// It holds no socket.
    NoRow,
}

/// Lines of a text that were not, or not fully, understood, for one reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unread {
    /// Why.
    pub reason: UnreadReason,
    /// Their numbers, from 1, in order.
    pub lines: Vec<u64>,
}

impl Unread {
    /// Whether rows are lost by it that a count should have.
    pub fn is_row(&self) -> bool {
        !matches!(self.reason, UnreadReason::Names | UnreadReason::Elsewhere(_) | UnreadReason::NoRow)
    }
}

impl Why {
    /// The number of unreadable processes, if that is the reason.
    pub fn denied(&self) -> Option<u64> {
        match self {
            Why::Denied(processes) | Why::OutOfReach(processes) => Some(*processes),
            _ => None,
        }
    }
}

/// Why the data could not be read, or the detail that is lost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// The kernel has no `sock_diag` for it: read from `/proc/net`, which holds less.
    ReadFromProc(String),
    /// This kernel has no such sockets, or cannot list them; its answer.
    NotAvailable(String),
    /// Neither the kernel nor `/proc/net` gave it.
    Unreadable(String),
    /// This kernel is too old to list it.
    TooOld(&'static str),
    /// The number of processes that only root could read.
    Denied(u64),
    /// The same of a run that is root's already.
    OutOfReach(u64),
    /// A text or dump (of this tool) holds only sockets, and lacks these data.
    NotShown(&'static str, Vec<Lack>),
    /// Lines of a text that were not understood.
    Unread(Unread),
    /// BPF could not be used; netlink and `/proc` were read instead.
    WithoutBpf(BpfFailure),
    /// The capture that was read, and the number of captures.
    Capture(u64, u64),
}

/// One gap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// The missing data.
    pub what: What,
    /// Why.
    pub why: Why,
}

impl Gap {
    /// Whether something is missing altogether, not only poorer.
    pub fn is_loss(&self) -> bool {
        !matches!(
            self.why,
            Why::ReadFromProc(_) | Why::NotShown(..) | Why::Unread(_) | Why::Capture(..) | Why::WithoutBpf(_)
        )
    }
}
