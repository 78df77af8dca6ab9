//! What a file does not tell though a kernel would.

use crate::model::state::StateSet;

/// How the bytes of a record that was made from a text say that it does not tell something: values that no kernel sends.
/// `wire` reads them once; above it, what is unknown has no value.
pub mod untold {
    /// In place of `idiag_timer`.
    pub const TIMER: u8 = u8::MAX;
    /// In place of `idiag_uid`: `INVALID_UID`, a user that nobody is.
    pub const UID: u32 = u32::MAX;
}

/// What is unknown of every socket of a source, whatever stands in its place. A kernel has no blanks, and neither has a
/// recording, which is a kernel's own answers.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Blanks {
    /// There is nothing but sockets: no settings, counters, processes, and no second look.
    pub host: bool,
    /// Timers are not told: each is [`crate::model::socket::Timer::Untold`].
    pub timers: bool,
    /// Whether a program holds a socket is not told: an inode that is not 0 may be made up, and stands for no other fact
    /// than which owners belong to which socket.
    pub inodes: bool,
    /// States of which there may have been sockets though there are none: the options with which the text was made may
    /// have left them out.
    pub states: StateSet,
}

impl Blanks {
    /// The states of which there may have been sockets, by whether listeners and others were told: where both are,
    /// nothing was left out; else any state without a row may have been.
    pub fn untold(listens: bool, others: bool) -> StateSet {
        if listens && others { StateSet::EMPTY } else { StateSet::ALL }
    }
}
