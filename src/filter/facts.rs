//! Data about a socket that its record does not contain: its holders, and its namespace.

use crate::model::{
    entry::Entry,
    owner::{Holder, Place, Process},
};

/// Provides data about sockets beyond their records. Unknown data makes a condition that needs it false.
pub trait Facts {
    /// The descriptors that hold the socket; none where that is unknown.
    fn holders(&self, _entry: &Entry) -> &[Holder] {
        &[]
    }

    /// The facts about a process.
    fn process(&self, _pid: u32) -> Option<&Process> {
        None
    }

    /// Where the socket's own cgroup says it belongs.
    fn place(&self, _entry: &Entry) -> Option<&Place> {
        None
    }

    /// The label of the network namespace the socket was seen in.
    fn netns(&self, _entry: &Entry) -> Option<&str> {
        None
    }

    /// How long the socket lived, in microseconds: at least, and at most where that is known; `None` of one that lives.
    fn lived(&self, _entry: &Entry) -> Option<(u64, Option<u64>)> {
        None
    }

    /// The first and last port the kernel gives out by itself in the socket's network namespace.
    fn ephemeral_ports(&self, _entry: &Entry) -> Option<(u16, u16)> {
        None
    }
}
