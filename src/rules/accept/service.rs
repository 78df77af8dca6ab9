//! The listeners of one address and port, as rules about accept queues see them.

use super::super::prelude::*;
use crate::model::tcp_info::LAST_DATA_SENT;

/// A queue this short is meant for one client at a time (qemu, gdbserver): a full one is its normal state.
const ONE_CLIENT: u32 = 1;

/// The listeners of one address and port: one, or several with `SO_REUSEPORT`.
#[derive(Clone, Debug)]
pub struct Service<'a> {
    /// The one whose queue is fullest for its length.
    pub fullest: &'a Listener,
    /// All of them.
    pub listeners: Vec<&'a Listener>,
}

impl<'a> Service<'a> {
    /// All services, by address and port.
    pub fn all(input: &RuleInput<'a>) -> Vec<Service<'a>> {
        let mut places: BTreeMap<(IpAddr, u16, u32), Vec<&Listener>> = BTreeMap::new();
        for listener in &input.now().listeners {
            places.entry((listener.address, listener.port, listener.interface)).or_default().push(listener);
        }
        places.into_values().filter_map(Service::of).collect()
    }

    /// Those of its listeners that something is true of; `None` where it is of none.
    pub fn only(&self, is_meant: impl Fn(&Listener) -> bool) -> Option<Service<'a>> {
        Service::of(self.listeners.iter().copied().filter(|listener| is_meant(listener)).collect())
    }

    fn of(listeners: Vec<&'a Listener>) -> Option<Service<'a>> {
        // a/b > c/d without division; one more than the limit fits. A queue of unknown limit counts as the least full.
        let room = |listener: &Listener| u64::from(listener.limit.unwrap_or(u32::MAX)) + 1;
        let fullest = listeners.iter().copied().max_by(|a, b| {
            let (a, b) = (u64::from(a.queue) * room(b), u64::from(b.queue) * room(a));
            a.cmp(&b)
        })?;
        Some(Service { fullest, listeners })
    }

    /// As a subject, with the program that holds any of the listeners.
    pub fn subject(&self, input: &RuleInput<'_>) -> Subject {
        let program = input.program_of(&input.pids(self.inodes()));
        Subject::Listener { address: self.fullest.address, port: self.fullest.port, path: None, program }
    }

    /// The inodes of its listeners.
    pub fn inodes(&self) -> Vec<u32> {
        self.listeners.iter().map(|listener| listener.inode).collect()
    }

    /// Connections that wait in all its queues.
    pub fn waiting(&self) -> u64 {
        self.listeners.iter().map(|listener| u64::from(listener.queue)).sum()
    }

    /// How many may wait in all its queues; `None` if the limit of one is unknown.
    pub fn limit(&self) -> Option<u64> {
        self.listeners.iter().map(|listener| listener.limit.map(u64::from)).sum()
    }

    /// The limit of its fullest queue, if known.
    pub fn fullest_limit(&self) -> Option<u64> {
        self.fullest.limit.map(u64::from)
    }

    /// How long the oldest connection has waited in queues of which the age of each is known; `None` for empty ones.
    pub fn oldest(&self, input: &RuleInput<'_>) -> Option<Duration> {
        // The program cannot have sent anything: the time runs from the handshake.
        let waiting = input.not_accepted(&self.listeners);
        let ages: Vec<Duration> = waiting.filter_map(|seen| seen.since(&LAST_DATA_SENT)).collect();
        ages.iter().max().copied().filter(|_| ages.len() as u64 >= self.waiting())
    }

    /// Whether it is meant for one client at a time.
    pub fn is_for_one_client(&self) -> bool {
        self.fullest.limit.is_some_and(|limit| limit <= ONE_CLIENT)
    }

    /// Whether only systemd holds it: the service behind it is just being started (socket activation).
    pub fn awaits_start(&self, input: &RuleInput<'_>) -> bool {
        let pids = input.pids(self.inodes());
        !pids.is_empty() && pids.iter().all(|&pid| input.is_systemd(pid))
    }
}
