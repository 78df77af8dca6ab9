//! What a line of a text holds: a row about a socket, or why it is none.

use super::foreign::Foreign;
use crate::model::{family::Netid, gap::UnreadReason, socket::Timer, state::State};

/// A process that a row names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct User<'a> {
    pub(super) program: &'a str,
    pub(super) pid: u32,
    pub(super) fd: u32,
}

/// A timer that runs: code, milliseconds, tries or probes.
pub(super) type Running = (Timer, u32, u8);

/// What a row tells beside its columns; what it does not tell is `None`.
#[derive(Clone, Debug, Default)]
pub(super) struct Extras<'a> {
    pub(super) timer: Option<Running>,
    pub(super) uid: Option<u32>,
    pub(super) inode: Option<u32>,
    pub(super) cookie: Option<u64>,
    /// `v6only:0`, which only sockets of IPv6 have.
    pub(super) v6only: Option<bool>,
    /// `-->`: which directions are shut down.
    pub(super) shutdown: Option<u8>,
    pub(super) users: Vec<User<'a>>,
    pub(super) cgroup: Option<&'a str>,
    pub(super) info: Option<Vec<u8>>,
    pub(super) congestion: Option<&'a str>,
    pub(super) memory: Option<[u32; 9]>,
}

/// Which columns the tool printed: where it did, what a row does not tell is none.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Told {
    pub(super) timers: bool,
    pub(super) inodes: bool,
    pub(super) queues: bool,
    /// The limit of an accept queue, in place of what is sent.
    pub(super) limits: bool,
}

/// A row about an internet socket.
#[derive(Clone, Debug)]
pub(super) struct TextRow<'a> {
    pub(super) netid: Netid,
    pub(super) state: State,
    pub(super) received: u32,
    pub(super) sent: u32,
    pub(super) local: &'a str,
    pub(super) peer: &'a str,
    /// Whether the protocol's column says IPv6.
    pub(super) is_v6: bool,
    pub(super) told: Told,
    pub(super) extras: Extras<'a>,
}

/// A row about a UNIX socket.
#[derive(Clone, Debug)]
pub(super) struct UnixRow<'a> {
    /// `SOCK_*`.
    pub(super) kind: u8,
    pub(super) state: State,
    /// The queues, which `netstat` does not tell.
    pub(super) queues: Option<(u32, u32)>,
    pub(super) name: Option<String>,
    pub(super) peer: u32,
    pub(super) extras: Extras<'a>,
}

/// A row about a netlink or packet socket.
#[derive(Clone, Debug)]
pub(super) struct OtherRow<'a> {
    pub(super) netid: Netid,
    /// `rtnl:NetworkManager/812`, `ip:eth0`: a program's name may have blanks.
    pub(super) local: String,
    pub(super) received: u32,
    pub(super) sent: u32,
    pub(super) extras: Extras<'a>,
}

/// What a line holds.
#[derive(Clone, Debug)]
pub(super) enum Item<'a> {
    Inet(TextRow<'a>),
    Unix(UnixRow<'a>),
    Other(OtherRow<'a>),
    /// A line of a table of `/proc/net`, by the table's name.
    Table(&'static str, &'a str),
    /// A line of another file of `/proc/net`.
    File(&'static str, String),
    /// A descriptor that no socket stands behind any more.
    Closed(User<'a>),
    /// Part of a tool's output that is no socket: a heading, a figure of another kind.
    Figure,
    /// A row of sockets that this program does not read from a text, by their name.
    Elsewhere(&'static str),
    /// A row that is not understood.
    Unread(UnreadReason),
    /// A row of another system.
    Foreign(Foreign),
    /// What a tool said about itself.
    Message,
    /// Anything else.
    Prose,
}
