//! A socket with the data known about it: the input of a listing.

use crate::{
    model::{
        entry::Entry,
        owner::{Place, Process, Unknown},
    },
    report::ends::Ends,
};

/// A descriptor of the socket, and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// The process.
    pub pid: u32,
    /// The thread; equal to the process where threads were not asked for.
    pub tid: u32,
    /// The descriptor, if known.
    pub fd: Option<u32>,
    /// The process.
    pub process: &'a Process,
    /// Its user's name, where it has one.
    pub user: Option<&'a str>,
    /// The socket's security context as this process sees it (`-z`).
    pub socket_context: Option<&'a str>,
}

/// A socket with the data known about it.
#[derive(Clone, Copy, Debug)]
pub struct SocketRow<'a> {
    /// The socket.
    pub entry: &'a Entry,
    /// Its holders, in the order of process and descriptor.
    pub owners: &'a [Owner<'a>],
    /// Why no holder is known.
    pub unknown: Option<Unknown>,
    /// Where the socket's own cgroup says it belongs.
    pub place: Option<&'a Place>,
    /// The network namespace by its name, where several are shown.
    pub netns: Option<&'a str>,
    /// The name of the user it belongs to.
    pub user: Option<&'a str>,
    /// The names of the local and the peer's host, or of the program at a netlink port, where they were asked for and
    /// found.
    pub hosts: [Option<&'a str>; 2],
    /// The name of the interface it is bound to.
    pub interface: Option<&'a str>,
    /// When it goes away.
    pub ends: Ends,
    /// The holders of the other end of a UNIX socket.
    pub peer_owners: &'a [Owner<'a>],
}

impl SocketRow<'_> {
    /// Where it belongs: by its own cgroup, else by the first process that holds it.
    pub(super) fn place(&self) -> Option<&Place> {
        self.place.or_else(|| self.owners.first().map(|owner| &owner.process.place))
    }
}
