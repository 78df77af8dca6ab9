//! Programs that wait to write to a UNIX socket.

/// A UNIX datagram socket that is full, with the programs that wait to write to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnixBlocked {
    /// The socket's inode.
    pub receiver: u32,
    /// Its path, or its abstract name behind an `@`.
    pub path: String,
    /// The inodes of the sockets that are connected to it.
    pub senders: Vec<u32>,
    /// The processes of which a thread waits.
    pub pids: Vec<u32>,
    /// The function of the kernel in which the first of them waits.
    pub place: &'static str,
}
