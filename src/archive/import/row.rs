//! A row of a text, and the record of the kernel that it was made from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{
    model::{
        blanks::{Blanks, untold},
        gap::Lack,
        owner::Holder,
        socket::{NO_LIMIT, Timer},
        state::State,
        uapi::{AF_INET, AF_INET6, AF_UNIX, IPPROTO_TCP, IPPROTO_UDP, inet_diag, unix_diag},
    },
    source::text::TextSource,
};

/// What a text turned out to tell.
#[derive(Debug)]
pub struct Text {
    /// The sockets.
    pub source: TextSource,
    /// Whose text it is.
    pub kind: &'static str,
    /// What it does not tell.
    pub lacks: Vec<Lack>,
    /// Rows that could not be read: names in place of addresses and ports, lines that were cut.
    pub left_out: u64,
}

/// The port of a service by its name.
pub type Services<'a> = &'a dyn Fn(&str) -> Option<u16>;

/// Where made-up inodes begin, and count down.
const MADE_UP: u32 = u32::MAX;

/// How the states are spelled, by `ss` and by `netstat`.
const STATES: [(&str, State); 23] = [
    ("ESTAB", State::ESTABLISHED),
    ("ESTABLISHED", State::ESTABLISHED),
    ("SYN-SENT", State::SYN_SENT),
    ("SYN_SENT", State::SYN_SENT),
    ("SYN-RECV", State::SYN_RECV),
    ("SYN_RECV", State::SYN_RECV),
    ("FIN-WAIT-1", State::FIN_WAIT1),
    ("FIN_WAIT1", State::FIN_WAIT1),
    ("FIN-WAIT-2", State::FIN_WAIT2),
    ("FIN_WAIT2", State::FIN_WAIT2),
    ("TIME-WAIT", State::TIME_WAIT),
    ("TIME_WAIT", State::TIME_WAIT),
    ("UNCONN", State::CLOSE),
    ("CLOSE", State::CLOSE),
    ("CLOSED", State::CLOSE),
    ("CLOSE-WAIT", State::CLOSE_WAIT),
    ("CLOSE_WAIT", State::CLOSE_WAIT),
    ("LAST-ACK", State::LAST_ACK),
    ("LAST_ACK", State::LAST_ACK),
    ("LISTEN", State::LISTEN),
    ("LISTENING", State::LISTEN),
    ("CLOSING", State::CLOSING),
    ("UNKNOWN", State::CLOSE),
];

/// A state by its name.
pub(super) fn state(word: &str) -> Option<State> {
    STATES.iter().find(|(name, _)| *name == word).map(|(_, state)| *state)
}

/// A process that a row names.
#[derive(Clone, Debug)]
pub(super) struct User<'a> {
    pub(super) program: &'a str,
    pub(super) pid: u32,
    pub(super) fd: u32,
}

/// A timer that runs: code, milliseconds, tries or probes.
pub(super) type Running = (Timer, u32, u8);

/// A row about a socket; what it does not tell is `None`.
#[derive(Clone, Debug, Default)]
pub(super) struct Extras<'a> {
    pub(super) timer: Option<Running>,
    pub(super) uid: Option<u32>,
    pub(super) inode: Option<u32>,
    pub(super) cookie: Option<u64>,
    pub(super) users: Vec<User<'a>>,
    pub(super) cgroup: Option<&'a str>,
    pub(super) info: Option<Vec<u8>>,
    pub(super) congestion: Option<&'a str>,
    pub(super) memory: Option<[u32; 9]>,
}

/// What the columns of a text tell, if not of each row: where they tell it, what is not there is none.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Columns {
    /// Rows that do not say so are of UDP.
    pub(super) is_udp: bool,
    pub(super) timers: bool,
    pub(super) inodes: bool,
}

/// The sockets of a text.
pub(super) struct Sheet<'s> {
    source: TextSource,
    services: Services<'s>,
    pub(super) columns: Columns,
    pub(super) left_out: u64,
    made_up: u32,
    has_owners: bool,
    has_info: bool,
    has_limits_untold: bool,
    listens: bool,
    others: bool,
}

impl<'s> Sheet<'s> {
    /// Nothing yet.
    pub(super) fn new(services: Services<'s>) -> Sheet<'s> {
        Sheet {
            source: TextSource::default(),
            services,
            columns: Columns::default(),
            left_out: 0,
            made_up: 0,
            has_owners: false,
            has_info: false,
            has_limits_untold: false,
            listens: false,
            others: false,
        }
    }

    /// Whether no socket was told.
    pub(super) fn is_empty(&self) -> bool {
        self.source.is_empty()
    }

    /// `127.0.0.1:80`, `[::1]:ssh`, `*:80`, `:::80`, `0.0.0.0%eth0:68`; none for the name of a host.
    pub(super) fn end(&self, text: &str, is_v6: bool) -> Option<(IpAddr, u16)> {
        let (address, port) = text.rsplit_once(':')?;
        let port = if port == "*" { 0 } else { port.parse().ok().or_else(|| (self.services)(port))? };
        let address = address.trim_start_matches('[');
        let address = address.split(['%', ']']).next()?;
        let address = match address {
            "*" if is_v6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            "*" => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            address => address.parse().ok()?,
        };
        Some((address, port))
    }

    /// The inode: the one that is told, none where the text tells of those without one, else a made-up one.
    fn inode(&mut self, state: State, extras: &Extras<'_>) -> u32 {
        match extras.inode {
            Some(inode) => inode,
            None if self.columns.inodes && extras.users.is_empty() => 0,
            None if matches!(state, State::TIME_WAIT | State::SYN_RECV) => 0,
            None => {
                self.made_up += 1;
                MADE_UP - self.made_up
            }
        }
    }

    /// Adds who holds it.
    fn hold(&mut self, inode: u32, extras: &Extras<'_>) {
        for user in &extras.users {
            self.has_owners = true;
            let holder = Holder { inode, pid: user.pid, tid: user.pid, fd: user.fd };
            self.source.holder(holder, user.program);
            if let Some(path) = extras.cgroup {
                self.source.file(&format!("/proc/{}/cgroup", user.pid), format!("0::{path}\n"));
            }
        }
    }

    /// Adds an internet socket.
    pub(super) fn inet(
        &mut self,
        is_udp: bool,
        state: State,
        queues: (u32, Option<u32>),
        ends: [(IpAddr, u16); 2],
        extras: &Extras<'_>,
    ) {
        let inode = self.inode(state, extras);
        self.hold(inode, extras);
        if !is_udp {
            self.listens |= state == State::LISTEN;
            self.others |= state != State::LISTEN;
        }
        self.has_info |= extras.info.is_some();
        self.has_limits_untold |= state == State::LISTEN && queues.1.is_none();
        let is_v6 = ends.iter().any(|(address, _)| address.is_ipv6());
        let unknown = if self.columns.timers { (Timer::None, 0, 0) } else { (Timer::Untold, 0, 0) };
        let (timer, expires_ms, tries) = extras.timer.unwrap_or(if is_udp { (Timer::None, 0, 0) } else { unknown });
        let uid = extras.uid.unwrap_or(if self.columns.inodes { 0 } else { untold::UID });
        let mut record = vec![if is_v6 { AF_INET6 } else { AF_INET }, state.number(), timer.number(), tries];
        record.extend(ends.iter().flat_map(|(_, port)| port.to_be_bytes()));
        record.extend(ends.iter().flat_map(|(address, _)| octets(*address, is_v6)));
        // No interface: it is told by name.
        record.extend([0; 4]);
        record.extend(extras.cookie.unwrap_or(0).to_ne_bytes());
        for word in [expires_ms, queues.0, queues.1.unwrap_or(NO_LIMIT), uid, inode] {
            record.extend(word.to_ne_bytes());
        }
        if let Some(info) = &extras.info {
            attribute(&mut record, inet_diag::INFO, info);
        }
        if let Some(name) = extras.congestion {
            attribute(&mut record, inet_diag::CONG, &[name.as_bytes(), &[0]].concat());
        }
        if let Some(memory) = &extras.memory {
            attribute(&mut record, inet_diag::SKMEMINFO, &memory.map(u32::to_ne_bytes).concat());
        }
        self.source.record((0, if is_udp { IPPROTO_UDP } else { IPPROTO_TCP }), &record);
    }

    /// Adds a UNIX socket: `SOCK_*` of its type, its name, and its peer's inode.
    pub(super) fn unix(
        &mut self,
        kind: u8,
        state: State,
        queues: (u32, u32),
        name: Option<&str>,
        peer: u32,
        extras: &Extras<'_>,
    ) {
        let inode = extras.inode.unwrap_or(0);
        self.hold(inode, extras);
        let mut record = vec![AF_UNIX, kind, state.number(), 0];
        record.extend(inode.to_ne_bytes());
        record.extend(extras.cookie.unwrap_or(0).to_ne_bytes());
        if let Some(name) = name {
            let hidden = name.strip_prefix('@').map(|name| [&[0], name.as_bytes()].concat());
            attribute(&mut record, unix_diag::NAME, &hidden.unwrap_or_else(|| [name.as_bytes(), &[0]].concat()));
        }
        if peer != 0 {
            attribute(&mut record, unix_diag::PEER, &peer.to_ne_bytes());
        }
        attribute(&mut record, unix_diag::RQLEN, &[queues.0.to_ne_bytes(), queues.1.to_ne_bytes()].concat());
        self.source.record((AF_UNIX, 0), &record);
    }

    /// Adds a line of `/proc/net/unix`, for texts without the queues.
    pub(super) fn unix_line(&mut self, kind: u8, is_listening: bool, is_connected: bool, inode: u32, path: &str) {
        const FILE: &str = "/proc/thread-self/net/unix";
        let (flags, state) = (if is_listening { 0x10000 } else { 0 }, if is_connected { 3 } else { 1 });
        let line = format!("0: 00000002 00000000 {flags:08X} {kind:04X} {state:02X} {inode} {path}\n");
        self.source.append(FILE, "Num\n", &line);
    }

    /// Adds who holds a socket of such a line.
    pub(super) fn unix_holder(&mut self, inode: u32, user: &User<'_>) {
        self.hold(inode, &Extras { users: vec![user.clone()], ..Extras::default() });
    }

    /// All of it.
    pub(super) fn finish(mut self, kind: &'static str) -> Text {
        // A heading alone tells that there was nothing; other tables say nothing of TCP.
        if self.source.is_empty() {
            self.source.has_table((0, IPPROTO_TCP));
        }
        self.source.blanks = Blanks {
            host: true,
            timers: !self.columns.timers,
            inodes: !self.columns.inodes,
            states: Blanks::untold(self.listens, self.others),
        };
        let lacks = [
            (!self.has_owners, Lack::Owners),
            (!self.columns.timers, Lack::Timers),
            (!self.columns.inodes, Lack::Inodes),
            (!self.has_info, Lack::TcpInfo),
            (self.has_limits_untold, Lack::AcceptLimits),
        ];
        let lacks = lacks.into_iter().filter(|(is_lacking, _)| *is_lacking).map(|(_, lack)| lack).collect();
        Text { source: self.source, kind, lacks, left_out: self.left_out }
    }
}

fn attribute(record: &mut Vec<u8>, kind: u16, value: &[u8]) {
    let length = 4 + value.len();
    record.extend((length as u16).to_ne_bytes());
    record.extend(kind.to_ne_bytes());
    record.extend(value);
    record.resize(record.len() + (length.next_multiple_of(4) - length), 0);
}

fn octets(address: IpAddr, is_v6: bool) -> [u8; 16] {
    match address {
        IpAddr::V4(v4) if !is_v6 => {
            let mut octets = [0; 16];
            octets[..4].copy_from_slice(&v4.octets());
            octets
        }
        IpAddr::V4(v4) if v4.is_unspecified() => [0; 16],
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    }
}
