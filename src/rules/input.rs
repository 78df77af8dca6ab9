//! A snapshot as rules read it: with their thresholds, and with subjects for sockets.

use std::{
    cell::OnceCell,
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    time::Duration,
};

use super::{
    inherited::{self, SharedListener, SharedSockets},
    services::ProcessGroups,
    settings::{Settings, Threshold},
    socket_index::SocketIndex,
};
use crate::model::{
    finding::{Finding, Program, Severity, Subject},
    gap::{Gap, What},
    owner::{Holder, Place},
    snapshot::{Listener, ProcessFacts, Sample, Seen, Snapshot},
    socket::Kind,
    sorted,
    state::State,
};

/// Hexadecimal digits of a container's id that people know it by.
const SHORT_ID: usize = 12;

/// The input of a rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleInput<'a> {
    /// The snapshot.
    pub snapshot: &'a Snapshot,
    /// The rule's name.
    pub rule: &'static str,
    /// Thresholds as the user set them.
    pub settings: &'a Settings,
    services: &'a OnceCell<ProcessGroups>,
    shared: &'a OnceCell<SharedSockets>,
    index: &'a SocketIndex,
}

/// What all rules are asked about. What several of them need is worked out once.
#[derive(Clone, Debug)]
pub struct RuleInputs<'a> {
    /// The snapshot.
    pub snapshot: &'a Snapshot,
    /// Thresholds as the user set them.
    pub settings: &'a Settings,
    services: OnceCell<ProcessGroups>,
    shared: OnceCell<SharedSockets>,
    index: SocketIndex,
}

impl<'a> RuleInputs<'a> {
    /// A snapshot, with these thresholds.
    pub fn new(snapshot: &'a Snapshot, settings: &'a Settings) -> RuleInputs<'a> {
        let (services, shared) = (OnceCell::new(), OnceCell::new());
        RuleInputs { snapshot, settings, services, shared, index: SocketIndex::default() }
    }

    /// The same without some connections: processes and listeners are those of the whole.
    pub(super) fn within<'b>(&self, snapshot: &'b Snapshot) -> RuleInputs<'b>
    where
        'a: 'b,
    {
        let (services, shared) = (self.services.clone(), self.shared.clone());
        RuleInputs { snapshot, settings: self.settings, services, shared, index: SocketIndex::default() }
    }

    /// The input of one rule.
    pub fn of(&self, rule: &'static str) -> RuleInput<'_> {
        let RuleInputs { snapshot, settings, services, shared, index } = self;
        RuleInput { snapshot, rule, settings, services, shared, index }
    }
}

impl<'a> RuleInput<'a> {
    /// A threshold as it was set.
    pub fn limit(&self, threshold: &Threshold) -> f64 {
        self.settings.get(self.rule, threshold).0
    }

    /// The severity of a usage relative to its limit; `None` below `high`, and without a limit.
    pub fn near_limit(&self, used: u64, most: u64, high: &Threshold, full: &Threshold) -> Option<Severity> {
        let part = Some(part(used, most)).filter(|_| most > 0)?;
        match part {
            _ if part >= self.limit(full) => Some(Severity::Critical),
            _ if part >= self.limit(high) => Some(Severity::Warning),
            _ => None,
        }
    }

    /// A threshold that counts seconds.
    pub fn time(&self, threshold: &Threshold) -> Duration {
        Duration::try_from_secs_f64(self.limit(threshold)).unwrap_or(Duration::MAX)
    }

    /// The last sample.
    pub fn now(&self) -> &'a Sample {
        &self.snapshot.now
    }

    /// The first sample and its age; only with `--for`.
    pub fn before(&self) -> Option<(&'a Sample, Duration)> {
        let before = self.snapshot.before.as_ref()?;
        let between = self.snapshot.now.at.saturating_sub(before.at);
        (!between.is_zero()).then_some((before, between))
    }

    /// Sockets of a state with details.
    pub fn sockets(&self, state: State) -> impl Iterator<Item = &'a Seen> + use<'a> {
        self.now().sockets.iter().filter(move |seen| seen.socket.state == state)
    }

    /// The number of all sockets of a state, with or without details; 0 if TCP was not read.
    pub fn count(&self, state: State) -> u64 {
        self.now().tcp.as_ref().map_or(0, |tcp| tcp.sockets(state))
    }

    /// The same socket in the first sample.
    pub fn earlier(&self, seen: &Seen) -> Option<&'a Seen> {
        if seen.socket.cookie == 0 {
            return None;
        }
        self.index.earlier(self.before()?.0, seen.socket.cookie)
    }

    /// The same listener in the first sample.
    pub fn earlier_listener(&self, listener: &Listener) -> Option<&'a Listener> {
        self.before()?.0.listeners.iter().find(|earlier| earlier.cookie == listener.cookie)
    }

    /// A counter since the network namespace was made; `None` where this kernel has none of the name.
    pub fn counter(&self, name: &str) -> Option<u64> {
        self.now().counters.get(name).copied()
    }

    /// How much a counter rose between the samples; `None` without two of them.
    pub fn rise(&self, name: &str) -> Option<u64> {
        let (before, _) = self.before()?;
        // A counter that the first sample lacks came up in between: the kernel prints all or none.
        self.counter(name)?.checked_sub(before.counters.get(name).copied().unwrap_or(0))
    }

    /// A kernel setting that is one number.
    pub fn sysctl(&self, name: &str) -> Option<u64> {
        self.snapshot.sysctls.get(name)?.trim().parse().ok()
    }

    /// The listener of an address and port of this host: the one that the kernel would choose, and of several that share
    /// the port the one in which most connections wait.
    pub fn listener(&self, address: IpAddr, port: u16) -> Option<&'a Listener> {
        let listeners = self.now().listeners.iter().filter(|listener| listener.takes(address, port));
        let fit = |listener: &Listener| {
            (listener.address == address, listener.address.is_ipv4() == address.is_ipv4(), listener.queue)
        };
        listeners.rev().max_by_key(|listener| fit(listener))
    }

    /// Whether an address is one of this network namespace's own, as far as its sockets tell.
    pub fn is_own(&self, address: IpAddr) -> bool {
        let now = self.now();
        address.is_loopback()
            || now.listeners.iter().any(|listener| listener.address == address)
            || now.sockets.iter().any(|seen| seen.socket.local == address)
            || now.outbound.keys().any(|route| route.source == address)
    }

    /// Whether a peer is on this host, or in this network namespace: its end is among the sockets.
    pub fn peer_here(&self, seen: &Seen) -> Option<&'a Seen> {
        let socket = &seen.socket;
        let mut others = self.index.between(self.now(), (socket.peer_port, socket.local_port));
        others.find(|other| other.socket.local == socket.peer && other.socket.peer == socket.local)
    }

    /// The holders of a socket.
    pub fn holders(&self, inode: u32) -> &'a [Holder] {
        inherited::holders_of(self.snapshot.holders.as_deref().unwrap_or_default(), inode)
    }

    /// Whether owners were sought, or cannot be read. Rules are asked once before that, and their findings say whose
    /// owners are wanted.
    pub fn knows_owners(&self) -> bool {
        let is_gap = |gap: &Gap| gap.what == What::Owners;
        self.snapshot.holders.is_some() || self.snapshot.gaps.iter().any(is_gap)
    }

    /// A process that was looked up.
    pub fn process(&self, pid: u32) -> Option<&'a ProcessFacts> {
        self.snapshot.processes.get(&pid)
    }

    /// Descriptors a process has open, and its soft limit. Those above the limit, opened before it was lowered, take none
    /// of the numbers that are left, so no more than all of them are in use.
    pub fn descriptors(&self, pid: u32) -> Option<(u64, u64)> {
        let used = self.now().descriptors.get(&pid).copied()?;
        let most = self.process(pid)?.soft_limit?;
        Some((used.min(most), most))
    }

    /// The program that holds a socket and serves it: of several processes the lowest.
    pub fn program(&self, inode: u32) -> Option<Program> {
        if inode == 0 {
            return None;
        }
        self.program_of(&self.pids([inode]))
    }

    /// The processes that hold any of these sockets and serve it, lowest first; of several programs the eldest first.
    /// Systemd, which keeps the listeners of the services it starts on demand, and programs that only inherited a socket
    /// are among them only where no other process is.
    pub fn pids(&self, inodes: impl IntoIterator<Item = u32>) -> Vec<u32> {
        let mut all: Vec<u32> = Vec::new();
        for inode in inodes.into_iter().filter(|&inode| inode != 0) {
            match self.shared_sockets().serving(inode) {
                Some(serving) => all.extend(serving),
                None => all.extend(self.holders(inode).iter().map(|holder| holder.pid)),
            }
        }
        all.sort_unstable();
        all.dedup();
        if all.len() > 1 && all.iter().any(|&pid| !self.is_systemd(pid)) {
            all.retain(|&pid| !self.is_systemd(pid));
        }
        inherited::eldest_first(&self.snapshot.processes, &mut all);
        all
    }

    fn shared_sockets(&self) -> &'a SharedSockets {
        self.shared.get_or_init(|| SharedSockets::of(self.snapshot))
    }

    /// A listener that several programs hold.
    pub(super) fn shared_listener(&self, inode: u32) -> Option<&'a SharedListener> {
        self.shared_sockets().listener(inode)
    }

    /// Whether all of these processes run one program.
    pub(super) fn is_one_program(&self, pids: &[u32]) -> bool {
        inherited::is_one_program(&self.snapshot.processes, pids)
    }

    /// Whether a process is systemd, the system's or a user's. In a container process 1 is the service itself.
    pub fn is_systemd(&self, pid: u32) -> bool {
        self.process(pid).is_some_and(|facts| *facts.process.program == *b"systemd")
    }

    /// The program that holds most of these sockets; of equals the one with the lowest process.
    pub fn main_program(&self, inodes: &[u32]) -> Option<Program> {
        let services = self.services();
        let mut holders: BTreeMap<u32, (usize, BTreeSet<u32>)> = BTreeMap::new();
        for pids in inodes.iter().map(|&inode| self.pids([inode])) {
            let Some(first) = pids.first().filter(|pid| self.process(**pid).is_some()) else { continue };
            let (count, all) = holders.entry(services.first(*first)).or_default();
            *count += 1;
            all.extend(pids);
        }
        let (_, all) = holders.into_values().rev().max_by_key(|(count, _)| *count)?;
        self.program_of(&all.into_iter().collect::<Vec<u32>>())
    }

    /// Which of the known processes are one service.
    pub(super) fn services(&self) -> &'a ProcessGroups {
        let groups = || ProcessGroups::of(&self.snapshot.processes, self.now(), |inode| self.pids([inode]));
        self.services.get_or_init(groups)
    }

    /// A program by its processes; of several programs the one of the first.
    pub fn program_of(&self, pids: &[u32]) -> Option<Program> {
        let mut pids = pids.to_vec();
        inherited::eldest_first(&self.snapshot.processes, &mut pids);
        let pid = *pids.first()?;
        let facts = self.process(pid)?;
        let process = &facts.process;
        let user = process.uid.map(|uid| self.user(uid));
        Some(Program {
            pid,
            processes: inherited::of_first(&self.snapshot.processes, &pids),
            name: String::from_utf8_lossy(&process.program).into_owned(),
            user,
            unit: process.place.unit.as_deref().map(str::to_owned),
            container: container(&process.place),
            runtime: facts.runtime,
        })
    }

    /// A user's name, or the number.
    pub fn user(&self, uid: u32) -> String {
        self.snapshot.users.get(&uid).cloned().unwrap_or_else(|| uid.to_string())
    }

    /// Whom a socket belongs to, as exactly as this run may know: process, container, unit, user.
    pub fn subject(&self, seen: &Seen) -> Subject {
        if let Some(program) = self.program(seen.socket.inode) {
            return Subject::Process(program);
        }
        let place = seen.cgroup_id.and_then(|id| self.snapshot.places.get(&id));
        if let Some(place) = place {
            if let Some(container) = container(place) {
                return Subject::Container(container);
            }
            if let Some(unit) = &place.unit {
                return Subject::Unit(unit.to_string());
            }
        }
        match seen.socket.uid() {
            Some(uid) => Subject::User(self.user(uid)),
            None => Subject::Unknown,
        }
    }

    /// Sockets by whom they belong to; the processes of one service are one owner.
    pub fn by_subject(&self, sockets: impl IntoIterator<Item = &'a Seen>) -> BTreeMap<Subject, Vec<&'a Seen>> {
        let services = self.services();
        let mut groups: BTreeMap<Subject, Vec<&Seen>> = BTreeMap::new();
        let mut held: BTreeMap<u32, (BTreeSet<u32>, Vec<&Seen>)> = BTreeMap::new();
        for seen in sockets {
            let pids = self.pids([seen.socket.inode]);
            match pids.first().filter(|pid| self.process(**pid).is_some()) {
                Some(&first) => {
                    let (all, sockets) = held.entry(services.first(first)).or_default();
                    all.extend(pids);
                    sockets.push(seen);
                }
                None => groups.entry(self.subject(seen)).or_default().push(seen),
            }
        }
        for (pids, sockets) in held.into_values() {
            let program = self.program_of(&pids.into_iter().collect::<Vec<u32>>());
            groups.insert(program.map_or(Subject::Unknown, Subject::Process), sockets);
        }
        groups
    }

    /// The processes that hold these sockets, with how many of them each: the one with the most first.
    pub fn workers(&self, sockets: &[&Seen]) -> Vec<(u32, u64)> {
        let mut held: BTreeMap<u32, u64> = BTreeMap::new();
        for pid in sockets.iter().flat_map(|seen| self.pids([seen.socket.inode])) {
            *held.entry(pid).or_default() += 1;
        }
        let mut workers: Vec<(u32, u64)> = held.into_iter().collect();
        sorted::sort_by_key(&mut workers, |&(pid, count)| (Reverse(count), pid));
        workers
    }

    /// A listener as a subject.
    pub fn listener_subject(&self, listener: &Listener) -> Subject {
        Subject::Listener {
            address: listener.address,
            port: listener.port,
            path: None,
            program: self.program(listener.inode),
        }
    }

    /// Connections that wait in the queues of these listeners, of those that were read.
    pub fn not_accepted(&self, listeners: &[&Listener]) -> impl Iterator<Item = &'a Seen> {
        self.sockets(State::ESTABLISHED).filter(move |seen| {
            let is_there = |listener: &&Listener| listener.takes(seen.socket.local, seen.socket.local_port);
            seen.kind() == Kind::NotAccepted && listeners.iter().any(is_there)
        })
    }

    /// A finding of this rule.
    pub fn finding(&self, severity: Severity, subject: Subject) -> Finding {
        Finding::new(self.rule, severity, subject)
    }
}

/// The used fraction of a limit, 0 to 1.
pub(super) fn part(used: u64, most: u64) -> f64 {
    used as f64 / most as f64
}

/// A container as people name it: runtime and short id.
fn container(place: &Place) -> Option<String> {
    let container = place.container.as_ref()?;
    let short = container.id.get(..SHORT_ID).unwrap_or(&container.id);
    Some(format!("{} {short}", container.runtime))
}
