//! The data that one run read of one network namespace: the input of every rule.
//!
//! Data that was not read is `None`, never zero or empty, so that a rule can distinguish *healthy* from *not checked*.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

pub use crate::model::age::{Age, AgeLimit};
use crate::model::{
    blanks::Blanks,
    census::Census,
    detail::{SocketMemory, TcpInfo},
    family::{Family, Netid},
    field::Field,
    gap::Gap,
    group::Direction,
    host::Host,
    incident::Flow,
    owner::{HeldUp, Holder, Process},
    socket::{Kind, Socket},
    state::State,
    subject::Runtime,
    tcp_info,
    unix_blocked::UnixBlocked,
    usage::Usage,
};

/// The data of one network namespace.
#[derive(Clone, PartialEq, Debug)]
pub struct Snapshot {
    /// Where and when.
    pub host: Host,
    /// The namespace's label, if the run read several.
    pub netns: Option<String>,
    /// Whether it is the first network namespace of the host, where limits of the whole host can be set.
    pub is_initial_netns: bool,
    /// The last sample.
    pub now: Sample,
    /// The first sample, with `--for`.
    pub before: Option<Sample>,
    /// Kernel settings by their dotted names, `net.core.somaxconn`; absent where this kernel has no such file.
    pub sysctls: BTreeMap<String, String>,
    /// The holders of sockets, by inode; `None` if they were not sought.
    pub holders: Option<Vec<Holder>>,
    /// The processes worth knowing: holders, and those near their limit of descriptors.
    pub processes: BTreeMap<u32, ProcessFacts>,
    /// Processes whose descriptors may not be read.
    pub denied: u64,
    /// Processes for which clients wait and whose system calls may not be read: whether they are blocked on their output.
    pub calls_denied: u64,
    /// Names by user id.
    pub users: BTreeMap<u32, String>,
    /// Units and containers by cgroup id: known without privilege.
    pub places: BTreeMap<u64, crate::model::owner::Place>,
    /// TCP descriptors without a socket, by process, with `--deep`; `None` if not scanned.
    pub closed_descriptors: Option<BTreeMap<u32, Vec<u32>>>,
    /// Of the sockets on which something waits for a program, those whose program may be held up; only on a host with
    /// many descriptors, where looking up the owners of all would cost more than all else.
    pub held_up_sockets: Option<Vec<u32>>,
    /// UNIX datagram sockets that programs wait to write to.
    pub unix_blocked: Vec<UnixBlocked>,
    /// Data that could not be read, or only in part.
    pub gaps: Vec<Gap>,
    /// The fields unknown for every socket, if a text or a raw dump was read.
    pub blanks: Blanks,
}

/// One sample. Rates come from two of these.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Sample {
    /// A clock that only counts up; the difference of two is the time between them.
    pub at: Duration,
    /// TCP sockets by state; `None` where the table could not be read.
    pub tcp: Option<Census>,
    /// TCP sockets by cgroup; `None` if not requested.
    pub usage: Option<Usage>,
    /// Every listening TCP socket.
    pub listeners: Vec<Listener>,
    /// TCP sockets that may show a fault, each with its `tcp_info` where that was taken: `CLOSE_WAIT`, `SYN_SENT`,
    /// `SYN_RECV`, `FIN_WAIT1`, `FIN_WAIT2`, `CLOSING`, `LAST_ACK`, and `ESTABLISHED` (all of them while few or with
    /// `--deep`; otherwise those with a queue, a retransmission, a persist timer, unanswered probes, or inode 0).
    pub sockets: Vec<Seen>,
    /// Sockets of a state beyond those kept in `sockets`; a rule multiplies or says "at least".
    pub beyond: BTreeMap<State, u64>,
    /// Whether `sockets` holds every `ESTABLISHED` with its `tcp_info`.
    pub all_established: bool,
    /// `TIME_WAIT` whose local port listens: the harmless side, by local port.
    pub time_wait_inbound: BTreeMap<u16, TimeWaits>,
    /// Connections that this host made, by source, destination and destination port.
    pub outbound: BTreeMap<Route, RouteUse>,
    /// Routes beyond those kept in `outbound`, which are the 4,096 with the most sockets.
    pub routes_beyond: u64,
    /// Distinct local ports of the ephemeral range in use, over all routes; ports that listen do not count.
    pub ephemeral_ports_used: Option<u32>,
    /// Bound sockets that neither listen nor connect; `None` if not requested.
    pub bound_inactive: Option<Vec<Socket>>,
    /// UDP sockets that lost something or have a queue; `None` where the table could not be read.
    pub udp: Option<Vec<Seen>>,
    /// UNIX listeners; `None` where the table could not be read.
    pub unix: Option<Vec<UnixListener>>,
    /// UNIX sockets on which data waits for a program that serves a path.
    pub unix_unread: Vec<UnixUnread>,
    /// The counters of `/proc/net/netstat`, `snmp` and `snmp6` by their `nstat` names; one that is absent is unknown.
    pub counters: BTreeMap<String, u64>,
    /// `/proc/net/sockstat`.
    pub sockstat: Option<Sockstat>,
    /// The column `press` of `/proc/net/protocols` for TCP.
    pub tcp_pressure: Option<bool>,
    /// `/proc/sys/fs/file-nr`: files open, and the most.
    pub files: Option<(u64, u64)>,
    /// `nf_conntrack_count` and `nf_conntrack_max`.
    pub conntrack: Option<(u64, u64)>,
    /// Peers of `SYN_SENT`, each with its next hop that does not answer ARP or neighbour discovery: itself or a gateway.
    pub unresolved: Vec<(IpAddr, IpAddr)>,
    /// The inodes of all `ESTABLISHED`, in no order: `established_by_process` counts them. Only of the last sample.
    pub established_inodes: Vec<u32>,
    /// The number of `ESTABLISHED` sockets for each known process; only of the last sample.
    pub established_by_process: BTreeMap<u32, u64>,
    /// The number of descriptors of each process that permits it: of all since Linux 6.2, of our own before.
    pub descriptors: BTreeMap<u32, u64>,
}

/// A listening TCP socket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listener {
    /// Family.
    pub family: Family,
    /// Its address; unspecified for any.
    pub address: IpAddr,
    /// Its port.
    pub port: u16,
    /// The interface it is bound to, 0 for any.
    pub interface: u32,
    /// Connections that wait to be accepted (`idiag_rqueue`).
    pub queue: u32,
    /// The most that may wait (`idiag_wqueue`); one more fits. `None` from `/proc/net`, which does not show it.
    pub limit: Option<u32>,
    /// Drops since the listener was created (`skmem.drops`); not only from a full queue.
    pub drops: Option<u32>,
    /// The inode.
    pub inode: u32,
    /// Unique since boot.
    pub cookie: u64,
    /// The owner's user ID, if known.
    pub uid: Option<u32>,
    /// The inode of its cgroup's directory.
    pub cgroup_id: Option<u64>,
}

impl Listener {
    /// Whether its queue is full (`sk_acceptq_is_full`: the limit and one more); `false` if the limit is unknown.
    pub fn is_full(&self) -> bool {
        self.limit.is_some_and(|limit| self.queue > limit)
    }

    /// Whether it takes connections to this address and port.
    pub fn takes(&self, address: IpAddr, port: u16) -> bool {
        self.port == port && (self.address == address || self.address.is_unspecified())
    }
}

/// A listening UNIX socket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnixListener {
    /// Stream or seqpacket.
    pub netid: Netid,
    /// Its path, or its abstract name behind an `@`.
    pub path: Option<String>,
    /// Connections that wait to be accepted.
    pub queue: u32,
    /// The most that may wait; `None` if the source does not show it.
    pub limit: Option<u32>,
    /// The inode.
    pub inode: u32,
    /// The inodes of the clients that wait, where the source shows them.
    pub pending: Vec<u32>,
}

/// A UNIX socket with a path, whose program has not read its data: a receiver of datagrams, or an accepted connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnixUnread {
    /// Stream, seqpacket or datagram.
    pub netid: Netid,
    /// Its path, or its abstract name behind an `@`.
    pub path: String,
    /// Bytes; of datagrams those of the first.
    pub bytes: u32,
    /// The inode.
    pub inode: u32,
}

/// A socket with all its details.
#[derive(Clone, PartialEq, Debug)]
pub struct Seen {
    /// The common fields.
    pub socket: Socket,
    /// Its `tcp_info`, where it was asked for and the kernel has one.
    pub info: Option<TcpInfo>,
    /// Its memory, where it was asked for.
    pub memory: Option<SocketMemory>,
    /// The inode of its cgroup's directory.
    pub cgroup_id: Option<u64>,
}

impl Seen {
    /// Its two ends.
    pub fn flow(&self) -> Flow {
        let socket = &self.socket;
        Flow { local: (socket.local, socket.local_port), peer: (socket.peer, socket.peer_port), inode: socket.inode }
    }

    /// The kind of kernel object.
    pub fn kind(&self) -> Kind {
        self.socket.kind()
    }

    /// A field of its `tcp_info`; `None` where that was not taken or this kernel does not send it.
    pub fn info(&self, field: &Field) -> Option<u64> {
        self.info.as_ref()?.get(field)
    }

    /// A field of its `tcp_info` that counts milliseconds.
    pub fn since(&self, field: &Field) -> Option<Duration> {
        self.info(field).map(Duration::from_millis)
    }

    /// The side that connected, if `tcp_info` shows it ([`TcpInfo::direction`]).
    pub fn direction(&self) -> Option<Direction> {
        self.info.as_ref()?.direction(self.socket.state, self.socket.wqueue)
    }

    /// How long ago the peer sent its FIN.
    ///
    /// `last_ack_recv` counts from the last segment of the peer, and its FIN is one. With keepalive on, each answered
    /// probe sets it back; the data's times then are an upper limit. In `CLOSE_WAIT` so does data that the program still
    /// sends; then it is a lower limit.
    pub fn hung_up(&self) -> Option<Age> {
        let Socket { state, timer, wqueue, .. } = self.socket;
        Age::hung_up(state, timer, wqueue, &|field| self.since(field))
    }

    /// Bytes the program has taken from the socket since it was made.
    pub fn consumed(&self) -> Option<u64> {
        self.info(&tcp_info::BYTES_RECEIVED)?.checked_sub(u64::from(self.socket.rqueue))
    }
}

/// `TIME_WAIT` of one kind, by the seconds that are left of each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TimeWaits {
    /// How many.
    pub sockets: u64,
    /// The number of sockets with this many whole seconds left, 0 to 59.
    pub left: Box<[u32; 60]>,
}

impl Default for TimeWaits {
    fn default() -> TimeWaits {
        TimeWaits { sockets: 0, left: Box::new([0; 60]) }
    }
}

impl TimeWaits {
    /// Adds one that ends in this many milliseconds.
    pub fn add(&mut self, expires_ms: u32) {
        self.sockets += 1;
        let second = (expires_ms / 1000).min(59) as usize;
        if let Some(count) = self.left.get_mut(second) {
            *count += 1;
        }
    }

    /// How many came in each second, over the last `seconds`.
    pub fn per_second(&self, seconds: usize) -> f64 {
        let seconds = seconds.clamp(1, 60);
        let recent: u64 = self.left.iter().rev().take(seconds).map(|&count| u64::from(count)).sum();
        recent as f64 / seconds as f64
    }

    /// How many are older than this.
    pub fn older_than(&self, age: Duration) -> u64 {
        let left = Duration::from_secs(60).saturating_sub(age).as_secs() as usize;
        self.left.iter().take(left).map(|&count| u64::from(count)).sum()
    }
}

/// Connections that share their local ports: from one address to one service.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Route {
    /// The local address; a v4-mapped one is IPv4, for they share ports.
    pub source: IpAddr,
    /// The peer's address.
    pub address: IpAddr,
    /// The peer's port.
    pub port: u16,
}

/// The users of a route's local ports.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct RouteUse {
    /// How many sockets of each state have a local port in the ephemeral range and no listener on it.
    pub states: BTreeMap<State, u64>,
    /// Those in `TIME_WAIT`.
    pub time_waits: TimeWaits,
    /// Some inodes of those a program holds, at most 16: enough to name it.
    pub inodes: Vec<u32>,
}

impl RouteUse {
    /// All sockets of the route.
    pub fn sockets(&self) -> u64 {
        self.states.values().sum()
    }
}

/// `/proc/net/sockstat`: the whole host's, unless it says otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Sockstat {
    /// `tw`: of this namespace, with the `FIN_WAIT2` mini-socks.
    pub time_wait: u64,
    /// `orphan`: of the whole host.
    pub orphans: u64,
    /// `alloc`: those with memory, of the whole host.
    pub allocated: u64,
    /// `mem`, in pages: of the whole host; `ss -s` does not print it.
    pub memory_pages: Option<u64>,
    /// UDP's `mem`, in pages: of the whole host.
    pub udp_pages: Option<u64>,
}

/// The figures of `sockstat`, `sockstat6` and the TCP lines of `snmp`, each by its line and its name there.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct SocketTotals(pub std::collections::BTreeMap<(String, String), i64>);

impl SocketTotals {
    /// A value; 0 if unknown.
    pub fn figure(&self, line: &str, name: &str) -> i64 {
        self.0.get(&(line.to_owned(), name.to_owned())).copied().unwrap_or(0)
    }
}

/// A process, with its limit of descriptors.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProcessFacts {
    /// Name, user, unit, container.
    pub process: Process,
    /// Its language.
    pub runtime: Runtime,
    /// The soft limit of open descriptors (`RLIMIT_NOFILE`); `None` where it may not be read.
    pub soft_limit: Option<u64>,
    /// The hard limit.
    pub hard_limit: Option<u64>,
    /// The number of socket descriptors, read only near the limit; an estimate from a part if there are more than 1,024
    /// descriptors.
    pub sockets: Option<u64>,
    /// Whether it is process 1.
    pub is_init: bool,
    /// Its parent process.
    pub parent: Option<u32>,
    /// Its parent, where that is the same program: the master of a pre-fork server.
    pub master: Option<u32>,
    /// How many threads it has.
    pub threads: Option<u64>,
    /// How many of its threads want to run all the time.
    pub busy_threads: u64,
    /// The percentage of that time in which these threads ran; else they waited for a CPU.
    pub cpu_percent: u64,
    /// The reason why it does not run; `None` if it runs or its state was not read.
    pub held_up: Option<HeldUp>,
}

impl ProcessFacts {
    /// Whether sockets are such a part of its open descriptors; so it is taken where they were not counted.
    pub fn is_mostly_sockets(&self, used: u64, part: f64) -> bool {
        self.sockets.is_none_or(|sockets| sockets as f64 >= part * used as f64)
    }

    /// How long its busy threads take to get that much time of a CPU, which they may share with others.
    pub fn takes(&self, time: Duration) -> Duration {
        time * 100 / self.cpu_percent.clamp(1, 100) as u32
    }
}
