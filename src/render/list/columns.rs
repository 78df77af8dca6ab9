//! The columns a listing can have, by the names of `--columns`.

use crate::{
    model::{field::Field, tcp_info},
    render::prelude::*,
};

/// A column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    /// Protocol and type, as in `ss`.
    Netid,
    /// The state.
    State,
    /// Bytes received and not read; on a listener connections that wait.
    RecvQ,
    /// Bytes not acknowledged; on a listener the limit.
    SendQ,
    /// Local address and port.
    Local,
    /// The peer's address and port.
    Peer,
    /// Local address.
    LocalAddress,
    /// Local port.
    LocalPort,
    /// The peer's address.
    PeerAddress,
    /// The peer's port.
    PeerPort,
    /// The programs that hold it.
    Process,
    /// Their process ids.
    Pid,
    /// Their descriptors.
    Fd,
    /// The user, by name where there is one.
    User,
    /// The user id.
    Uid,
    /// The inode.
    Inode,
    /// The cookie.
    Cookie,
    /// The address family.
    Family,
    /// The running timer.
    Timer,
    /// Milliseconds until it fires.
    Expires,
    /// Timeouts in a row, or unanswered probes.
    Retrans,
    /// When it goes away.
    Ends,
    /// The systemd unit.
    Unit,
    /// The container.
    Container,
    /// The Kubernetes pod.
    Pod,
    /// The network namespace.
    Netns,
    /// The cgroup's path.
    Cgroup,
    /// The firewall mark.
    Mark,
    /// The interface it is bound to.
    Interface,
    /// The congestion control.
    Congestion,
    /// A field of `tcp_info`.
    Info(&'static Field),
}

/// All columns but those of `tcp_info`, by the names they have on the command line.
pub const COLUMNS: &[(&str, Column, Message)] = &[
    ("netid", Column::Netid, messages::LIST_NETID),
    ("state", Column::State, messages::LIST_STATE),
    ("recvq", Column::RecvQ, messages::LIST_RECVQ),
    ("sendq", Column::SendQ, messages::LIST_SENDQ),
    ("local", Column::Local, messages::LIST_LOCAL),
    ("peer", Column::Peer, messages::LIST_PEER),
    ("laddr", Column::LocalAddress, messages::LIST_LADDR),
    ("lport", Column::LocalPort, messages::LIST_LPORT),
    ("paddr", Column::PeerAddress, messages::LIST_PADDR),
    ("pport", Column::PeerPort, messages::LIST_PPORT),
    ("process", Column::Process, messages::LIST_PROCESS),
    ("pid", Column::Pid, messages::LIST_PID),
    ("fd", Column::Fd, messages::LIST_FD),
    ("user", Column::User, messages::LIST_USER),
    ("uid", Column::Uid, messages::LIST_UID),
    ("inode", Column::Inode, messages::LIST_INODE),
    ("cookie", Column::Cookie, messages::LIST_COOKIE),
    ("family", Column::Family, messages::LIST_FAMILY),
    ("timer", Column::Timer, messages::LIST_TIMER),
    ("expires", Column::Expires, messages::LIST_EXPIRES),
    ("retrans", Column::Retrans, messages::LIST_RETRANS),
    ("ends", Column::Ends, messages::LIST_ENDS),
    ("unit", Column::Unit, messages::LIST_UNIT),
    ("container", Column::Container, messages::LIST_CONTAINER),
    ("pod", Column::Pod, messages::LIST_POD),
    ("netns", Column::Netns, messages::LIST_NETNS),
    ("cgroup", Column::Cgroup, messages::LIST_CGROUP),
    ("mark", Column::Mark, messages::LIST_MARK),
    ("iface", Column::Interface, messages::LIST_IFACE),
    ("cc", Column::Congestion, messages::LIST_CONGESTION),
];

/// Other words for columns: those of the filter, of `ss` and of `netstat`.
const OTHER_NAMES: &[(&str, Column)] = &[
    ("proc", Column::Process),
    ("processes", Column::Process),
    ("program", Column::Process),
    ("comm", Column::Process),
    ("owner", Column::Process),
    ("owners", Column::Process),
    ("pids", Column::Pid),
    ("protocol", Column::Netid),
    ("proto", Column::Netid),
    ("recv-q", Column::RecvQ),
    ("recv_q", Column::RecvQ),
    ("rqueue", Column::RecvQ),
    ("send-q", Column::SendQ),
    ("send_q", Column::SendQ),
    ("wqueue", Column::SendQ),
    ("src", Column::Local),
    ("dst", Column::Peer),
    ("remote", Column::Peer),
    ("foreign", Column::Peer),
    ("sport", Column::LocalPort),
    ("dport", Column::PeerPort),
    ("rport", Column::PeerPort),
    ("raddr", Column::PeerAddress),
    ("ino", Column::Inode),
    ("sk", Column::Cookie),
    ("ends_in_ms", Column::Ends),
    ("expires_ms", Column::Expires),
    ("namespace", Column::Netns),
    ("fwmark", Column::Mark),
    ("dev", Column::Interface),
    ("interface", Column::Interface),
    ("congestion", Column::Congestion),
    ("cwnd", Column::Info(&tcp_info::SND_CWND)),
    ("ssthresh", Column::Info(&tcp_info::SND_SSTHRESH)),
    ("mss", Column::Info(&tcp_info::SND_MSS)),
    ("minrtt", Column::Info(&tcp_info::MIN_RTT)),
    // The names in the JSON of a whole socket.
    ("recv_queue_bytes", Column::RecvQ),
    ("accept_queue", Column::RecvQ),
    ("send_queue_bytes", Column::SendQ),
    ("accept_limit", Column::SendQ),
    ("local.address", Column::LocalAddress),
    ("local.port", Column::LocalPort),
    ("local.interface", Column::Interface),
    ("peer.address", Column::PeerAddress),
    ("peer.port", Column::PeerPort),
    ("owners.program", Column::Process),
    ("owners.pid", Column::Pid),
    ("owners.fd", Column::Fd),
    ("timer.expires_ms", Column::Expires),
    ("timer.retrans", Column::Retrans),
    ("container.id", Column::Container),
    ("container.pod", Column::Pod),
];

/// The names to offer: one of each column, without the fields of `tcp_info`.
pub fn offered() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|(name, ..)| *name)
}

/// All words that name a column.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    let own = COLUMNS.iter().map(|(name, ..)| *name).chain(OTHER_NAMES.iter().map(|(name, _)| *name));
    own.chain(tcp_info::FIELDS.iter().flat_map(|field| [field.name, field.json]))
}

impl Column {
    /// The column of a name in any case of letters: one of [`COLUMNS`], a field of `tcp_info` by the kernel's name or
    /// that of JSON, or another word for one of them.
    pub fn of_name(name: &str) -> Option<Column> {
        let is = |one: &str| one.eq_ignore_ascii_case(name);
        let own = COLUMNS.iter().find(|(own, ..)| is(own)).map(|(_, column, _)| *column);
        let plain = name.strip_prefix("tcp_info.").unwrap_or(name);
        let is_plain = |one: &str| one.eq_ignore_ascii_case(plain);
        let field = || tcp_info::FIELDS.iter().find(|field| is_plain(field.name) || is_plain(field.json));
        let other = || OTHER_NAMES.iter().find(|(other, _)| is(other)).map(|(_, column)| *column);
        own.or_else(|| field().map(Column::Info)).or_else(other)
    }

    /// Its name in CSV and JSON, which ends in the unit where there is one.
    pub fn name(self) -> &'static str {
        match self {
            Column::Info(field) => field.json,
            Column::Expires => "expires_ms",
            Column::Ends => "ends_in_ms",
            column => COLUMNS.iter().find(|(_, one, _)| *one == column).map_or("", |(name, ..)| name),
        }
    }

    /// Its heading in a table; the fields of the kernel keep its names.
    pub fn heading(self, words: &Catalogue) -> String {
        match self {
            Column::Info(field) => field.name.to_owned(),
            column => COLUMNS
                .iter()
                .find(|(_, one, _)| *one == column)
                .map_or_else(String::new, |(.., message)| words.text(*message)),
        }
    }

    /// Whether it holds numbers, which are right-aligned.
    pub(super) fn is_number(self) -> bool {
        matches!(
            self,
            Column::RecvQ
                | Column::SendQ
                | Column::LocalPort
                | Column::PeerPort
                | Column::Uid
                | Column::Inode
                | Column::Expires
                | Column::Retrans
                | Column::Info(_)
        )
    }

    /// Whether it needs the descriptors of all processes.
    pub fn needs_owners(self) -> bool {
        matches!(self, Column::Process | Column::Pid | Column::Fd)
    }

    /// Whether it needs the socket's cgroup, or else its owners.
    pub fn needs_place(self) -> bool {
        matches!(self, Column::Unit | Column::Container | Column::Pod | Column::Cgroup)
    }

    /// Whether it needs `tcp_info` or the name of the congestion control.
    pub fn needs_info(self) -> bool {
        matches!(self, Column::Info(_) | Column::Congestion)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_found_by_its_name() {
        for (name, column, _) in COLUMNS {
            assert_eq!(Column::of_name(name), Some(*column), "{name}");
        }
        assert_eq!(Column::of_name("rtt"), Some(Column::Info(&tcp_info::RTT)));
        assert_eq!(Column::of_name("rtt_us"), Some(Column::Info(&tcp_info::RTT)));
        assert_eq!(Column::of_name("RTT"), Some(Column::Info(&tcp_info::RTT)));
        assert_eq!(Column::of_name("xyzzy"), None);
        assert!(names().all(|name| Column::of_name(name).is_some()));
    }

    #[test]
    fn other_words_hide_no_column() {
        for (name, column) in OTHER_NAMES {
            assert_eq!(Column::of_name(name), Some(*column), "{name}");
        }
    }
}
