//! Data and connections that wait for programs: unread data, connections not accepted.

use std::{collections::BTreeSet, time::Duration};

use crate::model::{
    snapshot::{Listener, Sample, Seen, UnixListener},
    socket::{Kind, Timer},
    sorted,
    state::State,
    tcp_info,
};

/// A program at work has read what arrived longer ago than this.
const MOMENT: Duration = Duration::from_millis(10);

/// A program that reads at all has read what arrived longer ago than this.
pub const LONG: Duration = Duration::from_secs(5);
/// From this number of unread clients for each thread, a busy program is not working for them.
pub const SEVERAL_CLIENTS: usize = 3;
/// A second: data that lies unread for longer is not on its way to the program.
const SECOND: Duration = Duration::from_secs(1);

/// Data that programs have not read.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct UnreadData {
    /// On how many sockets.
    pub sockets: u64,
    /// How many bytes.
    pub bytes: u64,
    /// Whether some of it arrived a second ago or more.
    pub is_old: bool,
}

impl UnreadData {
    /// Adds those of another namespace.
    pub fn add(&mut self, other: UnreadData) {
        self.sockets += other.sockets;
        self.bytes += other.bytes;
        self.is_old |= other.is_old;
    }
}

impl Sample {
    /// The inodes of sockets on which something waits for a program: data not read, connections not accepted. None where
    /// all of it came within the last moments: a program at work takes it at once.
    pub fn waiting(&self) -> Vec<u32> {
        let full = self.sockets.iter().filter(|seen| seen.is_unread());
        let datagrams = self.udp.iter().flatten().filter(|seen| seen.socket.rqueue > 0);
        let queues = self.listeners.iter().filter(|listener| listener.queue > 0).map(|listener| listener.inode);
        // Who holds the listener of an unread UNIX socket is one service with who holds the socket.
        let paths: BTreeSet<&str> = sorted::set(self.unix_unread.iter().map(|socket| &*socket.path));
        let is_unread = |listener: &UnixListener| listener.path.as_deref().is_some_and(|path| paths.contains(path));
        let unix = self.unix.iter().flatten().filter(|one| one.queue > 0 || is_unread(one)).map(|one| one.inode);
        let unix = unix.chain(self.unix_unread.iter().map(|socket| socket.inode));
        let others: Vec<u32> = datagrams.map(|seen| seen.socket.inode).chain(queues).chain(unix).collect();
        if others.is_empty() && !full.clone().any(Seen::lies_unread) {
            return Vec::new();
        }
        full.map(|seen| seen.socket.inode).chain(others).filter(|&inode| inode != 0).collect()
    }

    /// Data that has been unread on open connections for some moments.
    pub fn unread(&self) -> UnreadData {
        let unread = self.sockets.iter().filter(|seen| seen.socket.state == State::ESTABLISHED && seen.lies_unread());
        unread.fold(UnreadData::default(), |all, seen| UnreadData {
            sockets: all.sockets + 1,
            bytes: all.bytes + u64::from(seen.socket.rqueue),
            is_old: all.is_old || seen.since(&tcp_info::LAST_DATA_RECV) >= Some(SECOND),
        })
    }

    /// Open connections with data that arrived seconds ago and is unread.
    pub fn unread_for_long(&self) -> impl Iterator<Item = &Seen> {
        let is_long = |seen: &&Seen| seen.since(&tcp_info::LAST_DATA_RECV) >= Some(LONG);
        self.sockets.iter().filter(|seen| seen.socket.state == State::ESTABLISHED && seen.is_unread()).filter(is_long)
    }

    /// Listeners at which a connection has waited to be accepted for a second or more.
    pub fn not_accepting(&self) -> impl Iterator<Item = &Listener> {
        let ports = self.ports_not_accepting();
        self.listeners.iter().filter(move |listener| listener.queue > 0 && ports.contains(&listener.port))
    }

    /// Ports on which a connection has waited to be accepted for a second or more.
    fn ports_not_accepting(&self) -> BTreeSet<u16> {
        let waiting = self.sockets.iter().filter(|seen| {
            seen.kind() == Kind::NotAccepted && seen.since(&tcp_info::LAST_ACK_RECV) >= Some(Duration::from_secs(1))
        });
        sorted::set(waiting.map(|seen| seen.socket.local_port))
    }
}

impl Seen {
    /// Whether its data waits for the peer's window: probes run, and the window has no room for a segment, or is not known
    /// (before Linux 5.4).
    pub fn waits_for_window(&self) -> bool {
        self.socket.timer == Timer::Persist && !self.has_room()
    }

    /// Whether its data waits although the peer has room and nothing is on its way: the attempts to send fail on this host.
    /// The kernel then tries again by the timer that else probes a closed window.
    pub fn fails_to_send(&self) -> bool {
        self.socket.timer == Timer::Persist && self.has_room()
    }

    /// Whether the peer's window has room for the next segment.
    fn has_room(&self) -> bool {
        self.info.as_ref().is_some_and(|info| info.has_room(self.socket.wqueue))
    }

    /// Whether a program holds it and has not read arrived data.
    pub fn is_unread(&self) -> bool {
        self.socket.rqueue > 0 && self.kind() == Kind::Full && self.socket.state != State::LISTEN
    }

    /// The same, of data that arrived some moments ago, or that fills half of the receive buffer: where data arrives all
    /// the time, the last of it is always young.
    pub fn lies_unread(&self) -> bool {
        let is_old = || self.since(&tcp_info::LAST_DATA_RECV).is_none_or(|age| age >= MOMENT);
        let is_half_full = || self.memory.is_some_and(|memory| memory.rmem_alloc >= memory.rcvbuf / 2);
        self.is_unread() && (is_old() || is_half_full())
    }
}
