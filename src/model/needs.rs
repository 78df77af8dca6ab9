//! Data beyond the common fields of a socket that a filter, column, rule or group needs.

use bitflags::bitflags;

bitflags! {
    /// Data to fetch. Each has a cost; [`Needs::INFO`] takes each socket's lock in the kernel.
    #[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
    pub struct Needs: u32 {
        /// `INET_DIAG_INFO`: `tcp_info` and its like, and with it ULP and MD5 keys (`-i`).
        const INFO = 1;
        /// The congestion control's name and block (`-i`).
        const CONGESTION = 1 << 1;
        /// Socket memory (`-m`).
        const MEMORY = 1 << 2;
        /// TOS, traffic class, priority (`--tos`).
        const TOS = 1 << 3;
        /// `INET_DIAG_SOCKOPT` (`--inet-sockopt`); the kernel sends it in any case.
        const SOCKOPT = 1 << 4;
        /// UNIX: path's inode, waiting connections; packet: flags, rings, fanout; netlink: groups, flags; XDP and TIPC:
        /// internals (`-e`).
        const EXTENDED = 1 << 5;
        /// Classic BPF filters of packet sockets (`-b`).
        const PACKET_FILTER = 1 << 6;
        /// Data that BPF programs keep with each socket, all maps (`--bpf-maps`); needs CAP_BPF.
        const BPF_STORAGES = 1 << 7;
        /// UNIX: the peer's name, which takes a first pass over the table.
        const UNIX_PEERS = 1 << 8;
        /// The processes that hold the sockets, and their programs.
        const OWNERS = 1 << 9;
        /// Each thread of those processes.
        const THREADS = 1 << 10;
        /// Their security contexts.
        const CONTEXTS = 1 << 11;
        /// Units and containers: from the processes, or from the socket's own cgroup.
        const PLACES = 1 << 12;
        /// Names of users.
        const USERS = 1 << 13;
        /// The range of ports the kernel gives out.
        const EPHEMERAL_PORTS = 1 << 14;
        /// The settings that bound how long a state lasts.
        const LIMITS = 1 << 15;
        /// Labels of network namespaces.
        const NETNS = 1 << 16;
    }
}

impl Needs {
    /// These where the condition holds, else none.
    #[must_use]
    pub fn when(self, holds: bool) -> Needs {
        if holds { self } else { Needs::empty() }
    }

    /// Data read into an entry's [`crate::model::detail::Detail`].
    pub fn details(self) -> bool {
        self.intersects(
            Needs::INFO
                | Needs::CONGESTION
                | Needs::MEMORY
                | Needs::TOS
                | Needs::SOCKOPT
                | Needs::EXTENDED
                | Needs::PACKET_FILTER
                | Needs::BPF_STORAGES,
        )
    }
}
