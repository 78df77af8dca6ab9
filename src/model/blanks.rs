//! What a file does not tell though a kernel would.

use crate::model::state::StateSet;

/// How the bytes of a record that was made from a text say that it does not tell something: values that no kernel sends.
/// `wire` reads them once; above it, what is unknown has no value.
pub mod untold {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    /// In place of `idiag_timer`.
    pub const TIMER: u8 = u8::MAX;
    /// In place of `idiag_uid`: `INVALID_UID`, a user that nobody is.
    pub const UID: u32 = u32::MAX;

    /// In place of an address that is told by a name: of `0.0.0.0/8`, or of the prefix `100::/64` whose packets are thrown
    /// away, so that no connection has it. Each name has one of its own, by number from 1.
    pub fn address(number: u32, is_v6: bool) -> IpAddr {
        match is_v6 {
            true => IpAddr::V6(Ipv6Addr::from(0x100_u128 << 112 | u128::from(number))),
            false => IpAddr::V4(Ipv4Addr::from(number & 0x00ff_ffff)),
        }
    }

    /// Inodes that are made up count down from the largest number: no text has as many sockets.
    pub fn is_inode(inode: u32) -> bool {
        inode > u32::MAX - (4 << 20)
    }

    /// Whether an address stands for a name.
    pub fn is_address(address: IpAddr) -> bool {
        match address {
            IpAddr::V4(v4) => v4.octets()[0] == 0 && !v4.is_unspecified(),
            IpAddr::V6(v6) => v6.segments()[..4] == [0x100, 0, 0, 0],
        }
    }
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
    /// The queues are not told: 0 stands in their place.
    pub queues: bool,
    /// Descriptors without a socket are told.
    pub closed: bool,
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
