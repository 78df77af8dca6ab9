//! The result of destroying a socket.

use crate::model::state::State;

/// The result for one socket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DestroyResult {
    /// The kernel destroyed it, and it is no longer there.
    Destroyed,
    /// It ended by itself, or its program closed it, before the kernel was asked.
    GoneBefore,
    /// It is there, but the kernel's lookup finds another socket in its place (`SO_REUSEPORT`), or none.
    NotAddressable,
    /// The kernel refused, with this error number.
    Refused(i32),
    /// The kernel cannot destroy sockets of this kind (`EOPNOTSUPP`).
    Unsupported,
    /// The kernel reported success, and it is still there in this state.
    Left(State),
}

impl DestroyResult {
    /// Its word in messages and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            DestroyResult::Destroyed => "destroyed",
            DestroyResult::GoneBefore => "gone_before",
            DestroyResult::NotAddressable => "not_addressable",
            DestroyResult::Refused(_) => "refused",
            DestroyResult::Unsupported => "unsupported",
            DestroyResult::Left(_) => "left",
        }
    }

    /// Whether the socket is gone.
    pub fn is_gone(self) -> bool {
        matches!(self, DestroyResult::Destroyed | DestroyResult::GoneBefore)
    }
}
