//! Fields that a text or raw dump cannot provide.

use crate::model::state::StateSet;

/// Placeholder values in records made from a text, which no kernel sends. `wire` reads them once; above it, an unknown
/// field has no value.
pub mod not_shown {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    /// Replaces `idiag_timer`.
    pub const TIMER: u8 = u8::MAX;
    /// Replaces `idiag_uid`: `INVALID_UID`, the owner is unknown.
    pub const UID: u32 = u32::MAX;

    /// Replaces an address that the text gives by name: from `0.0.0.0/8` or the discard prefix `100::/64`, so no
    /// connection uses it. Each name has its own address, numbered from 1.
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

    /// Whether an address is a placeholder for a name.
    pub fn is_address(address: IpAddr) -> bool {
        match address {
            IpAddr::V4(v4) => v4.octets()[0] == 0 && !v4.is_unspecified(),
            IpAddr::V6(v6) => v6.segments()[..4] == [0x100, 0, 0, 0],
        }
    }
}

/// The fields unknown for every socket of a source. A kernel has none, and neither does a recording of a kernel.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Blanks {
    /// The source has sockets only: no sysctls, counters, processes, or second sample.
    pub host: bool,
    /// Timers are unknown: each is [`crate::model::socket::Timer::Untold`].
    pub timers: bool,
    /// Whether a program holds a socket is unknown: an inode other than 0 may be generated, and only links owners to
    /// their socket.
    pub inodes: bool,
    /// Queues are unknown; their fields are 0.
    pub queues: bool,
    /// The source lists descriptors without a socket.
    pub closed: bool,
    /// States of which there may have been sockets though there are none: the options with which the text was made may
    /// have left them out.
    pub states: StateSet,
}

impl Blanks {
    /// The states that the source may omit, given whether it shows listeners and other sockets: none if it shows both,
    /// otherwise every state without a row.
    pub fn not_shown(listens: bool, others: bool) -> StateSet {
        if listens && others { StateSet::EMPTY } else { StateSet::ALL }
    }
}
