//! The sockets of one capture, as the kernel's own records.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use super::{
    end::{Address, TextEnd},
    others::{self, attribute},
    prelude::*,
    table::{TableHeading, protocol},
};
use crate::{
    model::{
        blanks::{Blanks, not_shown},
        gap::{Lack, Unread},
        owner::Holder,
        socket::NO_LIMIT,
        uapi::{AF_INET, AF_INET6, AF_UNIX, IPPROTO_TCP, inet_diag, unix_diag},
    },
    source::text::TextSource,
};

/// The port of a service by its name.
pub type Services<'a> = &'a dyn Fn(&str) -> Option<u16>;

/// The result of reading a text.
#[derive(Debug)]
pub struct Text {
    /// The sockets.
    pub source: TextSource,
    /// The program that wrote the text.
    pub kind: &'static str,
    /// The fields that it lacks.
    pub lacks: Vec<Lack>,
    /// Lines that were not understood, by the reason.
    pub unread: Vec<Unread>,
    /// Which capture it is, of how many.
    pub captures: (u64, u64),
}

/// The heading above the rows of a table of `/proc/net`; readers skip its first line.
const HEADING: &str = "sl\n";

/// The data of one capture.
pub(super) struct Sheet<'s> {
    source: TextSource,
    services: Services<'s>,
    /// Whether `*` is of both families, as `ss` writes it since iproute2 4.15.
    is_modern: bool,
    kinds: BTreeSet<&'static str>,
    /// Lines that were not understood, by the reason.
    unread: BTreeMap<UnreadReason, Vec<u64>>,
    names: BTreeMap<(bool, String), IpAddr>,
    inodes: BTreeSet<u32>,
    made_up: u32,
    has_tcp: bool,
    has_owners: bool,
    has_info: bool,
    /// The fields that every TCP row had so far.
    shown: Option<ShownColumns>,
    has_limits_not_shown: bool,
    listens: bool,
    others: bool,
}

impl<'s> Sheet<'s> {
    /// Nothing yet.
    pub(super) fn new(services: Services<'s>, is_modern: bool) -> Sheet<'s> {
        Sheet {
            source: TextSource::default(),
            services,
            is_modern,
            kinds: BTreeSet::new(),
            unread: BTreeMap::new(),
            names: BTreeMap::new(),
            inodes: BTreeSet::new(),
            made_up: 0,
            has_tcp: false,
            has_owners: false,
            has_info: false,
            shown: None,
            has_limits_not_shown: false,
            listens: false,
            others: false,
        }
    }

    /// Whether it is empty.
    pub(super) fn is_empty(&self) -> bool {
        self.source.is_empty() && self.kinds.is_empty()
    }

    /// Adds the content of a line.
    pub(super) fn take(&mut self, kind: &'static str, number: u64, item: &Item<'_>) {
        match item {
            Item::Inet(row) => match (end(row.local), end(row.peer)) {
                // `lsof` lists a socket once for each of its descriptors.
                (Some(_), Some(_)) if kind == "lsof" && !self.is_new(row) => {
                    self.hold(row.extras.inode.unwrap_or(0), &row.extras);
                }
                (Some(local), Some(peer)) => self.inet(row, number, [local, peer]),
                _ => return self.leave_out(UnreadReason::Cut, number),
            },
            Item::Unix(row) => self.unix(row),
            Item::Other(row) => {
                let inode = self.inode_of(row.extras.inode, row.extras.users.is_empty());
                self.hold(inode, &row.extras);
                if others::add(&mut self.source, row, inode).is_none() {
                    return self.leave_out(UnreadReason::Cut, number);
                }
            }
            Item::Table(name, line) => self.table(name, line),
            Item::File(name, line) => self.source.append(&net(name), "", &format!("{line}\n")),
            Item::Closed(user) => self.closed(user),
            Item::Unread(reason) => return self.leave_out(reason.clone(), number),
            Item::Foreign(_) => return self.leave_out(UnreadReason::Foreign, number),
            Item::Elsewhere(name) => return self.leave_out(UnreadReason::Elsewhere(name), number),
            Item::Message | Item::Prose => return self.leave_out(UnreadReason::NoRow, number),
            Item::Figure => return,
        }
        self.kinds.insert(kind);
    }

    /// Whether no row with the inode was read before.
    fn is_new(&mut self, row: &TextRow<'_>) -> bool {
        row.extras.inode.is_none_or(|inode| self.inodes.insert(inode))
    }

    fn leave_out(&mut self, reason: UnreadReason, number: u64) {
        let lines = self.unread.entry(reason).or_default();
        if lines.last() != Some(&number) {
            lines.push(number);
        }
    }
}

impl Sheet<'_> {
    /// Adds an internet socket.
    fn inet(&mut self, row: &TextRow<'_>, number: u64, ends: [TextEnd<'_>; 2]) {
        let is_tcp = row.netid == Netid::Tcp;
        let extras = &row.extras;
        // Before iproute2 4.15 `*` was IPv4; since then that is `0.0.0.0`, and `*` any of both.
        let any_is_v6 = self.is_modern || row.is_v6;
        let is_any = |end: &TextEnd<'_>| end.address == Address::Any;
        let is_v6 = row.is_v6 || ends.iter().any(TextEnd::is_v6) || ends.iter().all(is_any) && any_is_v6;
        let inode = self.inode(row);
        self.hold(inode, extras);
        let limit = (row.state == State::LISTEN && !row.shown.limits).then_some(NO_LIMIT);
        if is_tcp {
            self.has_tcp = true;
            self.listens |= row.state == State::LISTEN;
            self.others |= row.state != State::LISTEN;
            self.has_limits_not_shown |= limit.is_some();
            self.has_info |= extras.info.is_some();
            let shown = self.shown.get_or_insert(row.shown);
            *shown = ShownColumns {
                timers: shown.timers && row.shown.timers,
                inodes: shown.inodes && row.shown.inodes,
                queues: shown.queues && row.shown.queues,
                ..*shown
            };
        }
        let not_shown = if row.shown.timers || !is_tcp { Timer::None } else { Timer::NotShown };
        let (timer, expires_ms, tries) = extras.timer.unwrap_or((not_shown, 0, 0));
        let uid = extras.uid.unwrap_or(if row.shown.inodes { 0 } else { not_shown::UID });
        let ports = ends.map(|end| self.port(&end, number));
        let addresses = ends.map(|end| self.address(&end, is_v6, number));
        let zone = ends.iter().find_map(|end| end.zone).map_or(0, |zone| self.source.interface(zone));
        let mut record = vec![if is_v6 { AF_INET6 } else { AF_INET }, row.state.number(), timer.number(), tries];
        record.extend(ports.iter().flat_map(|port| port.to_be_bytes()));
        record.extend(addresses.iter().flat_map(|address| octets(*address, is_v6)));
        record.extend(zone.to_ne_bytes());
        record.extend(extras.cookie.unwrap_or(0).to_ne_bytes());
        for word in [expires_ms, row.received, limit.unwrap_or(row.sent), uid, inode] {
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
        // `[::]` takes no IPv4, `*` does.
        let mut wildcards = ends.iter().zip(&addresses).filter(|(_, address)| address.is_unspecified());
        let by_form = wildcards.next().filter(|_| is_v6 && self.is_modern && !row.is_v6).map(|(end, _)| !is_any(end));
        if let Some(v6only) = extras.v6only.or(by_form) {
            attribute(&mut record, inet_diag::SKV6ONLY, &[u8::from(v6only)]);
        }
        if let Some(mask) = extras.shutdown {
            attribute(&mut record, inet_diag::SHUTDOWN, &[mask]);
        }
        self.source.record((0, protocol(row.netid)), &record);
    }

    /// The port, 0 for any; a name that is unknown here is said.
    fn port(&mut self, end: &TextEnd<'_>, number: u64) -> u16 {
        if end.is_any() {
            return 0;
        }
        end.port.parse().ok().or_else(|| (self.services)(end.port)).unwrap_or_else(|| {
            self.leave_out(UnreadReason::Names, number);
            0
        })
    }

    /// The address; one that stands for a name is made up, the same for the same name.
    fn address(&mut self, end: &TextEnd<'_>, is_v6: bool, number: u64) -> IpAddr {
        match end.address {
            Address::Known(address) => address,
            Address::Any if is_v6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            Address::Any => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            Address::Name(name) => {
                self.leave_out(UnreadReason::Names, number);
                let next = self.names.len() as u32 + 1;
                let source = &mut self.source;
                *self.names.entry((is_v6, name.to_owned())).or_insert_with(|| {
                    let address = not_shown::address(next, is_v6);
                    source.hosts.insert(address, name.to_owned());
                    address
                })
            }
        }
    }

    /// The inode: the one in the text, none where the tool shows those without one, else a made-up one.
    fn inode(&mut self, row: &TextRow<'_>) -> u32 {
        match row.extras.inode {
            Some(inode) => inode,
            None if row.shown.inodes && row.extras.users.is_empty() => 0,
            None if matches!(row.state, State::TIME_WAIT | State::SYN_RECV) => 0,
            None => self.inode_of(None, false),
        }
    }

    /// The inode of the text; a made-up one where the text has none and a process holds the socket.
    fn inode_of(&mut self, shown: Option<u32>, is_free: bool) -> u32 {
        shown.unwrap_or_else(|| {
            if is_free {
                return 0;
            }
            self.made_up += 1;
            u32::MAX - self.made_up
        })
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

    /// A descriptor of TCP without a socket: held, and in no table.
    fn closed(&mut self, user: &User<'_>) {
        self.made_up += 1;
        let inode = u32::MAX - self.made_up;
        self.hold(inode, &Extras { users: vec![user.clone()], ..Extras::default() });
        self.source.closed(inode, user.pid, user.fd);
    }

    /// Adds a UNIX socket: as a record where the text has its queues, else as a line of `/proc/net/unix`.
    fn unix(&mut self, row: &UnixRow<'_>) {
        let inode = row.extras.inode.unwrap_or(0);
        self.hold(inode, &row.extras);
        let Some(queues) = row.queues else {
            let (flags, state) = match row.state {
                State::LISTEN => (0x10000, 1),
                State::ESTABLISHED => (0, 3),
                _ => (0, 1),
            };
            let name = row.name.as_deref().unwrap_or_default();
            let line = format!("0: 00000002 00000000 {flags:08X} {:04X} {state:02X} {inode} {name}\n", row.kind);
            return self.source.append(&net("unix"), HEADING, &line);
        };
        let mut record = vec![AF_UNIX, row.kind, row.state.number(), 0];
        record.extend(inode.to_ne_bytes());
        record.extend(row.extras.cookie.unwrap_or(0).to_ne_bytes());
        if let Some(name) = &row.name {
            let hidden = name.strip_prefix('@').map(|name| [&[0], name.as_bytes()].concat());
            attribute(&mut record, unix_diag::NAME, &hidden.unwrap_or_else(|| [name.as_bytes(), &[0]].concat()));
        }
        if row.peer != 0 {
            attribute(&mut record, unix_diag::PEER, &row.peer.to_ne_bytes());
        }
        if let Some(mask) = row.extras.shutdown {
            attribute(&mut record, unix_diag::SHUTDOWN, &[mask]);
        }
        attribute(&mut record, unix_diag::RQLEN, &[queues.0.to_ne_bytes(), queues.1.to_ne_bytes()].concat());
        self.source.record((AF_UNIX, 0), &record);
    }

    /// Adds a line of a table of `/proc/net`.
    fn table(&mut self, name: &'static str, line: &str) {
        if matches!(name, "tcp" | "tcp6") {
            self.has_tcp = true;
            let is_listener = line.split_ascii_whitespace().nth(3) == Some("0A");
            self.listens |= is_listener;
            self.others |= !is_listener;
            self.has_limits_not_shown |= is_listener;
            self.shown.get_or_insert(ShownColumns { timers: true, inodes: true, queues: true, limits: false });
            // Both families, or none.
            ["tcp", "tcp6"].iter().for_each(|name| self.source.append(&net(name), HEADING, ""));
        }
        self.source.append(&net(name), HEADING, &format!("{line}\n"));
    }

    /// Nothing, in the tables with these headings.
    pub(super) fn empty(mut self, headings: &[TableHeading]) -> Text {
        for (kind, table) in headings {
            self.kinds.insert(kind);
            self.source.has_table(*table);
        }
        self.finish()
    }

    /// All of it. A heading without rows means that there were no sockets.
    pub(super) fn finish(mut self) -> Text {
        let is_silent = self.source.is_empty() && self.kinds.iter().all(|kind| !COUNTERS.contains(kind));
        if is_silent {
            self.source.has_table((0, IPPROTO_TCP));
        }
        let shown = self.shown.unwrap_or_default();
        self.source.blanks = Blanks {
            host: true,
            timers: !shown.timers,
            inodes: !shown.inodes,
            queues: self.has_tcp && !shown.queues,
            closed: self.source.tells_closed(),
            states: Blanks::not_shown(self.listens, self.others),
        };
        let lacks = [
            (!self.has_owners, Lack::Owners),
            (!shown.timers, Lack::Timers),
            (!shown.inodes, Lack::Inodes),
            (self.source.blanks.queues, Lack::Queues),
            (!self.has_info, Lack::TcpInfo),
            (self.has_limits_not_shown, Lack::AcceptLimits),
            (!self.kinds.iter().any(|kind| COUNTERS.contains(kind)), Lack::Counters),
        ];
        let lacks = match self.source.tells_sockets() {
            true => lacks.into_iter().filter(|(is_lacking, _)| *is_lacking).map(|(_, lack)| lack).collect(),
            false => vec![Lack::Sockets],
        };
        let kind = KINDS.into_iter().find(|kind| self.kinds.contains(kind)).unwrap_or("ss");
        let unread = self.unread();
        Text { source: self.source, kind, lacks, unread, captures: (1, 1) }
    }

    /// The unreadable lines.
    pub(super) fn unread(&self) -> Vec<Unread> {
        let unread = self.unread.iter().map(|(reason, lines)| (reason.clone(), lines.clone()));
        unread.map(|(reason, lines)| Unread { reason, lines }).collect()
    }
}

/// Texts with figures alone.
const COUNTERS: [&str; 4] = ["ss -s", "nstat", "netstat -s", "sockstat"];

/// The programs by name, for texts of several ones.
const KINDS: [&str; 8] = ["ss", "netstat", "lsof", "/proc/net", "ss -s", "nstat", "netstat -s", "sockstat"];

fn net(name: &str) -> String {
    format!("/proc/thread-self/net/{name}")
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
