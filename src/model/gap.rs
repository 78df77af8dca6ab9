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
    /// Lines of a text.
    Lines,
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
    /// There is no column with the state.
    NoState,
    /// This is no state that is known.
    State(String),
    /// What must be numbers is none.
    Figures,
    /// It is of another system, or has something before it.
    Foreign,
    /// It seems to be about a socket, and is no row of a tool that is known.
    Unknown,
    /// The row is read; its names in place of addresses or ports say nothing here.
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
    /// How many processes could not be looked at, where that is the reason.
    pub fn denied(&self) -> Option<u64> {
        match self {
            Why::Denied(processes) | Why::OutOfReach(processes) => Some(*processes),
            _ => None,
        }
    }
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
    /// Some processes could not be looked at: their number. Root could.
    Denied(u64),
    /// The same of a run that is root's already.
    OutOfReach(u64),
    /// A text or a dump (whose) tells only of sockets, and lacks these.
    Untold(&'static str, Vec<Lack>),
    /// Lines of a text that were not understood.
    Unread(Unread),
    /// This capture of a text was read, of so many.
    Capture(u64, u64),
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
        !matches!(self.why, Why::ReadFromProc(_) | Why::Untold(..) | Why::Unread(_) | Why::Capture(..))
    }
}
