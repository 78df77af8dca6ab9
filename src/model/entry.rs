//! One socket of any family, as `list` shows it and filters test it.
//!
//! The common fields use no heap for internet sockets; requested details are in [`Detail`].

use std::net::IpAddr;

use crate::model::{
    detail::Detail,
    family::{Family, Netid},
    needs::Needs,
    socket::{self, Kind, NO_LIMIT, Timer, kind},
    state::State,
};

/// One end of a socket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// Nothing: the family has no such end, or it is not connected.
    None,
    /// Address and port (`idiag_src`, `idiag_sport`); a v4-mapped address is given as IPv4.
    Inet(IpAddr, u16),
    /// The path of a UNIX socket, or a zero byte and its abstract name; and its inode (the peer's, on the peer's side).
    Unix {
        /// The name, if it has one.
        name: Option<Box<[u8]>>,
        /// `udiag_ino`, or `UNIX_DIAG_PEER`; 0 for none.
        inode: u32,
    },
    /// A packet socket: the protocol it takes (`ETH_P_*`, host order) and the interface, 0 for any.
    Packet {
        /// `pdiag_num`.
        protocol: u16,
        /// `pdi_index`.
        interface: u32,
    },
    /// A netlink socket: the protocol (`NETLINK_*`) and the port id.
    Netlink {
        /// `ndiag_protocol`.
        protocol: u8,
        /// `ndiag_portid`, or `ndiag_dst_portid`.
        port: u32,
        /// The peer's multicast group (`ndiag_dst_group`); 0 for none.
        group: u32,
    },
    /// A vsock: context id and port.
    Vsock {
        /// `vdiag_src_cid`, or `vdiag_dst_cid`.
        cid: u32,
        /// `vdiag_src_port`, or `vdiag_dst_port`.
        port: u32,
    },
    /// A TIPC socket: its node, or type and lower bound of a service, and reference.
    Tipc {
        /// `TIPC_NLA_SOCK_ADDR`.
        node: u32,
        /// `TIPC_NLA_SOCK_REF`.
        reference: u32,
    },
    /// An XDP socket: interface and queue.
    Xdp {
        /// `XDP_DIAG_INFO.ifindex`.
        interface: u32,
        /// `XDP_DIAG_INFO.queue_id`.
        queue: u32,
    },
}

/// A socket. Unknown is `None`, never zero.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The first column of `ss`.
    pub netid: Netid,
    /// Address family.
    pub family: Family,
    /// State; families without states have `CLOSE` (not connected) or `ESTABLISHED`.
    pub state: State,
    /// The local end.
    pub local: End,
    /// The peer's end.
    pub peer: End,
    /// Whether an IPv6 socket speaks IPv4 (`::ffff:a.b.c.d`).
    pub mapped: bool,
    /// Whether an IPv6 socket refuses IPv4 (`INET_DIAG_SKV6ONLY`), if the kernel reports it.
    pub v6only: Option<bool>,
    /// The interface it is bound to, 0 for any.
    pub interface: u32,
    /// `rqueue`: bytes not read; on `LISTEN` connections waiting to be accepted.
    pub rqueue: u32,
    /// `wqueue`: bytes not acknowledged; on `LISTEN` the limit of the accept queue.
    pub wqueue: u32,
    /// Which timer runs.
    pub timer: Timer,
    /// Timeouts in a row, or unanswered probes.
    pub retrans: u8,
    /// Milliseconds until the timer fires.
    pub expires_ms: u32,
    /// The user id the kernel gave; read it through [`Entry::uid`].
    pub raw_uid: Option<u32>,
    /// The inode; 0 where no program holds the socket.
    pub inode: u32,
    /// Unique since boot; 0 where the kernel gave none.
    pub cookie: u64,
    /// `INET_DIAG_MARK`, shown by the kernel to CAP_NET_ADMIN only.
    pub mark: Option<u32>,
    /// Which directions are shut down: 1 receiving, 2 sending, 3 both.
    pub shutdown: Option<u8>,
    /// `INET_DIAG_CGROUP_ID`: the inode of the cgroup v2 directory.
    pub cgroup_id: Option<u64>,
    /// Which network namespace it was seen in: an index into the run's list of them.
    pub netns: u16,
    /// Requested details beyond the common fields.
    pub detail: Option<Box<Detail>>,
}

impl Entry {
    /// Makes the details empty before they are filled, in the memory they had; none where none are needed.
    pub fn empty_detail(&mut self, needs: Needs) {
        if !needs.details() {
            self.detail = None;
            return;
        }
        match &mut self.detail {
            Some(detail) => **detail = Detail::default(),
            none => *none = Some(Box::default()),
        }
    }

    /// One of which nothing is known yet.
    pub fn blank(netid: Netid, netns: u16) -> Entry {
        Entry {
            netid,
            family: Family::Inet,
            state: State::CLOSE,
            local: End::None,
            peer: End::None,
            mapped: false,
            v6only: None,
            interface: 0,
            rqueue: 0,
            wqueue: 0,
            timer: Timer::None,
            retrans: 0,
            expires_ms: 0,
            raw_uid: None,
            inode: 0,
            cookie: 0,
            mark: None,
            shutdown: None,
            cgroup_id: None,
            netns,
            detail: None,
        }
    }

    /// Which kernel object this is; anything but TCP is a full socket.
    pub fn kind(&self) -> Kind {
        match self.netid {
            Netid::Tcp | Netid::Mptcp => kind(self.state, self.timer, self.inode),
            _ => Kind::Full,
        }
    }

    /// The owner's user id; unknown where the kernel keeps none and reports 0.
    pub fn uid(&self) -> Option<u32> {
        socket::uid(self.kind(), self.raw_uid)
    }

    /// The limit of an accept queue; `None` if it is unknown or the socket does not listen.
    pub fn accept_limit(&self) -> Option<u32> {
        self.send_queue().filter(|_| self.is_listener())
    }

    /// The value of `Send-Q`: bytes, or the limit of an accept queue; `None` if that limit is unknown.
    pub fn send_queue(&self) -> Option<u32> {
        Some(self.wqueue).filter(|&count| count != NO_LIMIT)
    }

    /// Whether the queues count connections, not bytes.
    pub fn is_listener(&self) -> bool {
        self.state == State::LISTEN
    }
}
