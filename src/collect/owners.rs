//! The processes that hold sockets, and their facts.
//!
//! A holder that ended between the search and the reading of its facts remains a holder without facts.

mod facts;
mod hidden;

use std::collections::BTreeSet;

use super::prelude::*;
use crate::{
    model::{
        engine::BpfFailure,
        owner::{Holder, Unknown},
        socket::Kind,
    },
    source::processes::HolderQuery,
};

pub use facts::ProcessFields;

/// Which processes could be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Scan {
    /// Processes whose descriptors may not be read.
    pub denied: u64,
    /// Whether `hidepid` keeps processes out of sight altogether.
    pub hidden: bool,
    /// Processes left out as they live in another network namespace.
    pub elsewhere: u64,
    /// Whether a text gave the owners, without processes to read.
    pub is_shown: bool,
    /// Whether this run is root's, so that `sudo` would show no more.
    pub is_root: bool,
    /// Whether no user could read more: processes that are denied even to root, such as process 1 of a container, do
    /// not belong to another user.
    pub sees_all: bool,
}

/// The holders of sockets, by inode.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Owners {
    holders: Vec<Holder>,
    processes: Vec<Process>,
    /// Which processes could be read.
    pub scan: Scan,
    /// Why they were not found by BPF.
    pub failure: Option<BpfFailure>,
}

impl Owners {
    /// Owners from existing data, in any order.
    pub fn new(mut holders: Vec<Holder>, mut processes: Vec<Process>, scan: Scan) -> Owners {
        holders.sort_unstable();
        processes.sort_by_key(|process| process.pid);
        Owners { holders, processes, scan, failure: None }
    }

    /// Keeps these holders, and the processes of those.
    pub fn retain(&mut self, is_kept: impl Fn(&Holder) -> bool) {
        self.holders.retain(is_kept);
        let pids: BTreeSet<u32> = self.holders.iter().map(|holder| holder.pid).collect();
        self.processes.retain(|process| pids.contains(&process.pid));
    }

    /// Adds the holders that another search found; the facts of a process that both found stay.
    pub fn merge(&mut self, other: Owners) {
        self.holders.extend(other.holders);
        self.holders.sort_unstable();
        self.holders.dedup();
        self.processes.extend(other.processes);
        self.processes.sort_by_key(|process| process.pid);
        self.processes.dedup_by_key(|process| process.pid);
    }

    /// The holders of a socket, by process, thread and descriptor.
    pub fn of(&self, inode: u32) -> &[Holder] {
        let from = self.holders.partition_point(|holder| holder.inode < inode);
        let found = self.holders.get(from..).unwrap_or_default();
        let count = found.iter().take_while(|holder| holder.inode == inode).count();
        found.get(..count).unwrap_or_default()
    }

    /// Every holder, by inode.
    pub fn holders(&self) -> &[Holder] {
        &self.holders
    }

    /// The facts of a process that holds a socket.
    pub fn process(&self, pid: u32) -> Option<&Process> {
        let place = self.processes.binary_search_by_key(&pid, |process| process.pid).ok()?;
        self.processes.get(place)
    }

    /// Every process that holds one of the sockets, by its id.
    pub fn processes(&self) -> &[Process] {
        &self.processes
    }

    /// The processes that could not be read, and why.
    pub fn gaps(&self) -> impl Iterator<Item = Gap> + use<> {
        let Scan { denied, hidden, is_root, .. } = self.scan;
        let denied = (denied > 0).then(|| if is_root { Why::OutOfReach } else { Why::Denied }(denied));
        let hidden = hidden.then(|| Why::Unreadable("hidepid".to_owned()));
        let failure = self.failure.clone().map(|failure| Gap { what: What::Engine, why: Why::WithoutBpf(failure) });
        denied.into_iter().chain(hidden).map(|why| Gap { what: What::Owners, why }).chain(failure)
    }
}

/// Finds the selected holders, and reads the needed facts of their processes.
///
/// # Errors
///
/// If the processes cannot be listed.
pub fn find(source: &dyn Source, ask: &HolderQuery<'_>, wanted: ProcessFields) -> io::Result<Owners> {
    if ask.wanted.is_some_and(<[u32]>::is_empty) {
        return Ok(Owners::default());
    }
    let found = source.holders(ask)?;
    let mut pids: Vec<u32> = found.holders.iter().map(|holder| holder.pid).collect();
    pids.sort_unstable();
    pids.dedup();
    let processes = pids.into_iter().filter_map(|pid| facts::read(source, pid, wanted)).collect();
    let hidden = hidden::are_processes(source, found.lists_init);
    let scan = Scan {
        denied: found.denied,
        hidden,
        elsewhere: found.elsewhere,
        is_shown: source.blanks().host,
        is_root: hidden::is_root(source),
        sees_all: hidden::sees_all(source),
    };
    Ok(Owners { failure: found.failure, ..Owners::new(found.holders, processes, scan) })
}

/// The gap for unreadable processes; `None` if there were none.
pub fn denied(source: &dyn Source, processes: u64) -> Option<Why> {
    (processes > 0).then(|| if hidden::is_root(source) { Why::OutOfReach } else { Why::Denied }(processes))
}

/// The facts of one process; `None` if it has ended.
pub fn process(source: &dyn Source, pid: u32, wanted: ProcessFields) -> Option<Process> {
    facts::read(source, pid, wanted)
}

/// The reason why a socket has no known holder.
pub fn unknown(entry: &Entry, scan: &Scan) -> Unknown {
    match entry.kind() {
        Kind::MiniSock | Kind::RequestSock | Kind::Orphan => Unknown::NoneKept,
        Kind::NotAccepted => Unknown::NotAccepted,
        Kind::Full if scan.is_shown => Unknown::NotShown,
        Kind::Full if entry.inode == 0 => {
            let is_open = matches!(entry.state, State::ESTABLISHED | State::CLOSE_WAIT);
            if is_open && is_accepted(entry.netid) { Unknown::NotAccepted } else { Unknown::Kernel }
        }
        // The kernel's own ends of netlink have port id 0.
        Kind::Full if matches!(entry.local, End::Netlink { port: 0, .. }) => Unknown::Kernel,
        Kind::Full if (scan.denied > 0 || scan.hidden) && !scan.sees_all && !scan.is_root => Unknown::NotPermitted,
        Kind::Full => Unknown::Kernel,
    }
}

/// Whether connections of this kind wait for `accept`, without an inode until then.
fn is_accepted(netid: Netid) -> bool {
    matches!(
        netid,
        Netid::Tcp
            | Netid::Mptcp
            | Netid::Sctp
            | Netid::Dccp
            | Netid::UnixStream
            | Netid::UnixSeqpacket
            | Netid::VsockStream
            | Netid::VsockSeqpacket
            | Netid::TipcStream
            | Netid::TipcSeqpacket
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::memory::MemorySource;

    #[test]
    fn of_two_searches_the_facts_of_the_first_stay_and_what_is_dropped_takes_its_processes_along() {
        let process = |pid: u32, name: &str| Process {
            pid,
            program: name.as_bytes().into(),
            uid: None,
            place: Place::default(),
            context: None,
        };
        let holder = |inode: u32, pid: u32| Holder { inode, pid, tid: pid, fd: 3 };
        let mut before = Owners::new(
            vec![holder(50, 7), holder(51, 8)],
            vec![process(7, "old"), process(8, "gone")],
            Scan::default(),
        );
        before.retain(|holder| holder.inode == 50);
        assert!(before.process(7).is_some() && before.process(8).is_none());
        let mut now =
            Owners::new(vec![holder(60, 7), holder(61, 9)], vec![process(9, "b"), process(7, "new")], Scan::default());
        now.merge(before);
        assert_eq!(
            now.holders().iter().map(|one| (one.inode, one.pid)).collect::<Vec<_>>(),
            [(50, 7), (60, 7), (61, 9)]
        );
        assert_eq!(now.process(7).map(|process| &*process.program), Some(&b"new"[..]));
        assert_eq!(now.processes().len(), 2);
    }

    fn entry(netid: Netid, state: State, inode: u32) -> Entry {
        Entry { state, inode, ..Entry::blank(netid, 0) }
    }

    #[test]
    fn why_an_owner_is_unknown_depends_on_what_the_kernel_keeps_and_on_what_may_be_read() {
        let (root, other) = (Scan::default(), Scan { denied: 3, ..Scan::default() });
        let hidden = Scan { hidden: true, ..Scan::default() };
        // Of a container, where some processes are out of reach.
        let bounded = Scan { denied: 3, is_root: true, ..Scan::default() };
        for (netid, state, inode, scan, why) in [
            (Netid::Tcp, State::TIME_WAIT, 0, other, Unknown::NoneKept),
            (Netid::Tcp, State::SYN_RECV, 0, other, Unknown::NoneKept),
            (Netid::Tcp, State::FIN_WAIT1, 0, other, Unknown::NoneKept),
            (Netid::Tcp, State::ESTABLISHED, 0, other, Unknown::NotAccepted),
            (Netid::Tcp, State::CLOSE_WAIT, 0, root, Unknown::NotAccepted),
            (Netid::UnixStream, State::ESTABLISHED, 0, other, Unknown::NotAccepted),
            (Netid::Udp, State::ESTABLISHED, 0, other, Unknown::Kernel),
            (Netid::Tcp, State::LISTEN, 7, other, Unknown::NotPermitted),
            (Netid::Tcp, State::LISTEN, 7, hidden, Unknown::NotPermitted),
            (Netid::Tcp, State::LISTEN, 7, root, Unknown::Kernel),
            (Netid::Tcp, State::LISTEN, 7, bounded, Unknown::Kernel),
        ] {
            assert_eq!(unknown(&entry(netid, state, inode), &scan), why, "{netid:?} {state:?} {inode}");
        }
    }

    #[test]
    fn holders_and_facts_are_found_by_inode_and_pid() {
        let mut held = MemorySource::default();
        for (pid, fd, inode) in [(1, 3, 70), (20, 4, 50), (20, 5, 70)] {
            held.symlink(&format!("/proc/{pid}/fd/{fd}"), &format!("socket:[{inode}]"));
        }
        held.file("/proc/1/comm", "init\n");
        let owners =
            find(&held, &HolderQuery { all_holders: true, ..HolderQuery::default() }, ProcessFields::default())
                .unwrap();
        assert_eq!(owners.of(70).iter().map(|holder| holder.pid).collect::<Vec<_>>(), [1, 20]);
        assert_eq!(owners.of(60), []);
        assert_eq!(owners.process(1).map(|process| &*process.program), Some(&b"init"[..]));
        // Ended before its name was read.
        assert!(owners.process(20).is_none());
    }

    #[test]
    fn nothing_wanted_reads_nothing() {
        let ask = HolderQuery { wanted: Some(&[]), ..HolderQuery::default() };
        assert_eq!(find(&MemorySource::default(), &ask, ProcessFields::default()).unwrap(), Owners::default());
        assert!(find(&MemorySource::default(), &HolderQuery::default(), ProcessFields::default()).is_err());
    }
}
