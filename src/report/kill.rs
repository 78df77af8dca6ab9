//! The sockets that `kill` may destroy, the effect on the program and the peer, and the result for each.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use crate::{
    filter::facts::Facts,
    model::{
        entry::{End, Entry},
        family::Netid,
        kill::DestroyResult,
        owner::{Place, Process},
        socket::Kind,
        state::State,
    },
};

/// Programs and agents that give remote access to a host; also the stems of their units.
const REMOTE_ACCESS: [&str; 12] = [
    "sshd",
    "sshd-session",
    "sshd-auth",
    "dropbear",
    "mosh-server",
    "tailscaled",
    "teleport",
    "ssm-agent",
    "amazon-ssm-agent",
    "ssm-agent-worker",
    "ssm-session-worker",
    "kubelet",
];

/// The name of OpenSSH's unit on Debian.
const SSH_UNIT: &str = "ssh";

/// The kernel cuts a program's name after 15 bytes (`TASK_COMM_LEN`).
const COMM: usize = 15;

/// From this version on an orphan ends when it is destroyed (bac76cf89816); before, it loses its timer and stays
/// forever.
const ORPHANS_END_SINCE: (u32, u32) = (6, 11);

/// The effect of destroying a socket on the program and the peer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Consequence {
    /// A connection that a program holds.
    Open,
    /// One in `CLOSE_WAIT`: its program keeps the descriptor.
    CloseWait,
    /// One that waits in an accept queue.
    Unaccepted,
    /// An attempt to connect.
    Attempt,
    /// A listener.
    Listener,
    /// A half-open handshake.
    HalfOpen,
    /// A connection that its program closed and the kernel still finishes.
    Orphan,
    /// The kernel's record of a closed connection: `TIME_WAIT`, or `FIN_WAIT2` without a program.
    Record,
    /// A connected UDP socket.
    Udp,
}

impl Consequence {
    /// The consequence of destroying this socket.
    pub fn of(entry: &Entry) -> Consequence {
        match (entry.netid, entry.kind(), entry.state) {
            (Netid::Udp, ..) => Consequence::Udp,
            (_, Kind::MiniSock, _) => Consequence::Record,
            (_, Kind::RequestSock, _) | (_, _, State::SYN_RECV) => Consequence::HalfOpen,
            (_, Kind::Orphan, _) => Consequence::Orphan,
            (_, Kind::NotAccepted, _) => Consequence::Unaccepted,
            (_, _, State::LISTEN) => Consequence::Listener,
            (_, _, State::SYN_SENT) => Consequence::Attempt,
            (_, _, State::CLOSE_WAIT) => Consequence::CloseWait,
            _ => Consequence::Open,
        }
    }

    /// Its word in messages and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Consequence::Open => "open",
            Consequence::CloseWait => "close-wait",
            Consequence::Unaccepted => "unaccepted",
            Consequence::Attempt => "attempt",
            Consequence::Listener => "listener",
            Consequence::HalfOpen => "half-open",
            Consequence::Orphan => "orphan",
            Consequence::Record => "record",
            Consequence::Udp => "udp",
        }
    }
}

/// Why a socket that the filter takes is not destroyed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum SkipReason {
    /// The connection of this SSH session.
    Session,
    /// A connection by which somebody administers this host.
    RemoteAccess,
    /// Its owner is not known.
    UnknownOwner,
    /// A listener.
    Listener,
    /// In `TIME_WAIT`.
    TimeWait,
    /// An orphan.
    Orphan,
    /// An orphan that this kernel would keep forever.
    OldKernel,
    /// UDP.
    Udp,
    /// UDP without a peer: the kernel would not close it.
    Unconnected,
    /// The kernel cannot find it: it has no cookie, or is bound and unused.
    NotAddressable,
}

impl SkipReason {
    /// Its word in messages and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            SkipReason::Session => "session",
            SkipReason::RemoteAccess => "remote-access",
            SkipReason::UnknownOwner => "unknown-owner",
            SkipReason::Listener => "listener",
            SkipReason::TimeWait => "time-wait",
            SkipReason::Orphan => "orphan",
            SkipReason::OldKernel => "old-kernel",
            SkipReason::Udp => "udp",
            SkipReason::Unconnected => "unconnected",
            SkipReason::NotAddressable => "not-addressable",
        }
    }
}

/// Both ends of a connection, the local one first.
pub type ConnectionEnds = [(IpAddr, u16); 2];

/// Which sockets may be destroyed.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct KillRules {
    /// Connected UDP sockets, too.
    pub udp: bool,
    /// Listeners, too.
    pub listeners: bool,
    /// `TIME_WAIT`, too.
    pub time_wait: bool,
    /// Orphans, too.
    pub orphans: bool,
    /// Connections of remote access, too.
    pub remote_access: bool,
    /// Sockets whose owner is not known, too.
    pub unknown_owner: bool,
    /// How many at most.
    pub most: usize,
    /// One's own SSH connection.
    pub session: Option<ConnectionEnds>,
    /// The kernel's version.
    pub kernel: Option<(u32, u32)>,
}

impl KillRules {
    /// Why a socket is not destroyed; `None` where it may be. `remote` are the connections of remote access.
    pub fn skips(&self, entry: &Entry, facts: &dyn Facts, remote: &BTreeSet<ConnectionEnds>) -> Option<SkipReason> {
        let is_small = entry.kind() == Kind::MiniSock;
        let is_orphan = entry.kind() == Kind::Orphan || is_small && entry.state != State::TIME_WAIT;
        let has_hidden_owner = entry.inode != 0 && facts.holders(entry).is_empty();
        let is_old = self.kernel.is_none_or(|version| version < ORPHANS_END_SINCE);
        let is_any_of = |all: &dyn Fn(&ConnectionEnds) -> bool| both(entry).is_some_and(|ends| all(&ends));
        let session =
            |ends: &ConnectionEnds| self.session.is_some_and(|session| session == *ends || session == turned(ends));
        let is_of_remote = |ends: &ConnectionEnds| remote.contains(ends) || remote.contains(&turned(ends));
        let reasons = [
            (entry.netid == Netid::Udp && entry.state != State::ESTABLISHED, SkipReason::Unconnected),
            (entry.netid == Netid::Udp && !self.udp, SkipReason::Udp),
            (entry.cookie == 0 || entry.state == State::BOUND_INACTIVE, SkipReason::NotAddressable),
            (entry.state == State::LISTEN && !self.listeners, SkipReason::Listener),
            (entry.state == State::TIME_WAIT && !self.time_wait, SkipReason::TimeWait),
            (is_orphan && !self.orphans, SkipReason::Orphan),
            (is_orphan && !is_small && is_old, SkipReason::OldKernel),
            (!self.remote_access && is_any_of(&session), SkipReason::Session),
            (!self.remote_access && is_any_of(&is_of_remote), SkipReason::RemoteAccess),
            (!self.unknown_owner && has_hidden_owner, SkipReason::UnknownOwner),
        ];
        reasons.into_iter().find(|(holds, _)| *holds).map(|(_, reason)| reason)
    }
}

/// Both ends, where they are of the internet.
pub fn both(entry: &Entry) -> Option<ConnectionEnds> {
    match (&entry.local, &entry.peer) {
        (End::Inet(local, local_port), End::Inet(peer, peer_port)) => {
            Some([(*local, *local_port), (*peer, *peer_port)])
        }
        _ => None,
    }
}

/// The same connection, as its other end has it.
fn turned(&[local, peer]: &ConnectionEnds) -> ConnectionEnds {
    [peer, local]
}

/// Whether somebody may administer this host by the connection: by its program, or by the unit of its cgroup.
pub fn is_remote_access(entry: &Entry, facts: &dyn Facts) -> bool {
    let processes = || facts.holders(entry).iter().filter_map(|holder| facts.process(holder.pid));
    let is_program = |process: &Process| {
        REMOTE_ACCESS.iter().any(|name| name.as_bytes().get(..COMM).unwrap_or(name.as_bytes()) == &*process.program)
    };
    let is_unit = |place: &Place| {
        let parts = place.unit.as_deref().unwrap_or_default().split(['.', '@']);
        parts.into_iter().any(|part| part == SSH_UNIT || REMOTE_ACCESS.contains(&part))
    };
    entry.state == State::ESTABLISHED
        && (processes().any(is_program)
            || facts.place(entry).is_some_and(is_unit)
            || processes().any(|process| is_unit(&process.place)))
}

/// A socket to destroy.
#[derive(Clone, PartialEq, Debug)]
pub struct KillTarget {
    /// The socket.
    pub entry: Entry,
    /// The processes that hold it.
    pub owners: Vec<Process>,
    /// Where its cgroup, or its first process, belongs.
    pub place: Option<Place>,
    /// The result; `None` in a dry run.
    pub result: Option<DestroyResult>,
}

impl KillTarget {
    /// A socket with the facts about it.
    pub fn new(entry: &Entry, facts: &dyn Facts) -> KillTarget {
        let processes = facts.holders(entry).iter().filter_map(|holder| facts.process(holder.pid));
        let mut owners: Vec<Process> = processes.cloned().collect();
        owners.dedup_by_key(|process| process.pid);
        let place = facts.place(entry).cloned().or_else(|| owners.first().map(|process| process.place.clone()));
        KillTarget { entry: entry.clone(), owners, place, result: None }
    }

    /// The systemd unit.
    pub fn unit(&self) -> Option<&str> {
        self.place.as_ref()?.unit.as_deref()
    }
}

/// The sockets that a filter takes.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct KillReport {
    /// Those to destroy.
    pub targets: Vec<KillTarget>,
    /// The others.
    pub skipped: Vec<(KillTarget, SkipReason)>,
}

impl KillReport {
    /// How many are gone.
    pub fn gone(&self) -> usize {
        self.targets.iter().filter(|target| target.result.is_some_and(DestroyResult::is_gone)).count()
    }

    /// How many sockets are skipped for each reason.
    pub fn reasons(&self) -> BTreeMap<SkipReason, usize> {
        let mut reasons = BTreeMap::new();
        self.skipped.iter().for_each(|(_, reason)| *reasons.entry(*reason).or_default() += 1);
        reasons
    }

    /// Those to destroy by consequence, state and owner; within an owner by an end.
    pub fn groups(&self) -> Vec<Vec<&KillTarget>> {
        let mut owners: BTreeMap<_, Vec<&KillTarget>> = BTreeMap::new();
        for target in &self.targets {
            let pid = target.owners.first().map(|process| process.pid);
            let key = (Consequence::of(&target.entry), target.entry.state.number(), pid, target.unit());
            owners.entry(key).or_default().push(target);
        }
        owners.into_values().flat_map(by_end).collect()
    }
}

/// Sockets of one owner by peer, or by local end where those are fewer.
fn by_end(of_owner: Vec<&KillTarget>) -> Vec<Vec<&KillTarget>> {
    let by = |side: usize| {
        let mut groups: BTreeMap<_, Vec<&KillTarget>> = BTreeMap::new();
        for target in &of_owner {
            let end = both(&target.entry).and_then(|ends| ends.get(side).copied());
            groups.entry(end).or_default().push(target);
        }
        groups
    };
    let (local, peer) = (by(0), by(1));
    if local.len() < peer.len() { local } else { peer }.into_values().collect()
}
