//! A change of the state of a TCP socket, as the kernel makes it.

use std::{net::IpAddr, time::SystemTime};

use super::state::State;

/// A change of the state of a TCP socket.
#[derive(Clone, Debug)]
pub struct StateChange {
    /// When.
    pub at: SystemTime,
    /// The same in nanoseconds of the kernel's clock.
    pub nanos: u64,
    /// Which socket: a number that is unique among those that live.
    pub socket: u64,
    /// Its cookie; 0 where it has none yet. That of a connection that was accepted changes after its first change.
    pub cookie: u64,
    /// Its cgroup; 0 where the kernel does not tell.
    pub cgroup: u64,
    /// The inode of its network namespace.
    pub netns: u32,
    /// The state that it leaves.
    pub from: State,
    /// The state that it enters.
    pub to: State,
    /// Its pending error, a number of `errno`; 0 where there is none.
    pub error: u32,
    /// Its user.
    pub uid: u32,
    /// Whether it is a socket of IPv6.
    pub is_v6: bool,
    /// Its own end.
    pub local: (IpAddr, u16),
    /// The peer.
    pub peer: (IpAddr, u16),
    /// The process that ran at that time, which made the change only where it leaves CLOSE.
    pub pid: u32,
    /// The name of its thread, up to a zero byte.
    pub program: [u8; 16],
}
