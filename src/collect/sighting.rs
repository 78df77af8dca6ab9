//! One socket as it passes by: a record of the kernel's, or a line of `/proc/net`.

use crate::{
    model::{
        family::Family,
        socket::{Socket, Timer},
        state::State,
    },
    wire::inet::Record,
};

/// An internet socket in passing; it is gone when the next one comes.
#[derive(Clone, Copy, Debug)]
pub enum Sighting<'a> {
    /// A netlink record, read where it lies.
    Record(Record<'a>),
    /// What a line of `/proc/net` held.
    Line(&'a Socket),
}

impl Sighting<'_> {
    /// The state.
    #[inline]
    pub fn state(&self) -> State {
        match self {
            Sighting::Record(record) => record.state(),
            Sighting::Line(socket) => socket.state,
        }
    }

    /// The timer.
    #[inline]
    pub fn timer(&self) -> Timer {
        match self {
            Sighting::Record(record) => record.timer(),
            Sighting::Line(socket) => socket.timer,
        }
    }

    /// The inode, 0 where no program holds the socket.
    #[inline]
    pub fn inode(&self) -> u32 {
        match self {
            Sighting::Record(record) => record.inode(),
            Sighting::Line(socket) => socket.inode,
        }
    }

    /// The family; `None` for one this program does not read.
    pub fn family(&self) -> Option<Family> {
        match self {
            Sighting::Record(record) => record.family(),
            Sighting::Line(socket) => Some(socket.family),
        }
    }

    /// All common fields; `None` for a family this program does not read.
    pub fn socket(&self) -> Option<Socket> {
        match self {
            Sighting::Record(record) => record.socket(),
            Sighting::Line(socket) => Some((*socket).clone()),
        }
    }
}
