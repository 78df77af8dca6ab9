//! The content of a line: a row about a socket, or the reason why it is not one.

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

/// The fields of a row besides its columns; a missing field is `None`.
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

/// The columns that the tool printed: if it printed one, a row without the field has none.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct ShownColumns {
    pub(super) timers: bool,
    pub(super) inodes: bool,
    pub(super) queues: bool,
    /// The limit of an accept queue, instead of a send queue.
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
    pub(super) shown: ShownColumns,
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

/// The content of a line.
#[derive(Clone, Debug)]
pub(super) enum Item<'a> {
    Inet(TextRow<'a>),
    Unix(UnixRow<'a>),
    Other(OtherRow<'a>),
    /// A line of a table of `/proc/net`, by the table's name.
    Table(&'static str, &'a str),
    /// A line of another file of `/proc/net`.
    File(&'static str, String),
    /// A descriptor without a socket.
    Closed(User<'a>),
    /// Part of a tool's output other than a socket: a heading, a figure of another kind.
    Figure,
    /// A row of sockets that this program does not read from a text, by their name.
    Elsewhere(&'static str),
    /// A row that is not understood.
    Unread(UnreadReason),
    /// A row of another system.
    Foreign(Foreign),
    /// A tool's message about itself.
    Message,
    /// Anything else.
    Prose,
}
