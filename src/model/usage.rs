//! TCP sockets by cgroup, from every record: needs no privilege and reads no processes.

use std::collections::{BTreeMap, HashMap};

use crate::model::{sorted, state::State};

/// The states that are counted by cgroup: those in which a program holds a socket and its number says something.
pub const BY_CGROUP: [State; 4] = [State::ESTABLISHED, State::CLOSE_WAIT, State::SYN_SENT, State::FIN_WAIT2];

/// Totals of all TCP sockets except listeners, and the number of sockets in each cgroup.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Usage {
    /// Bytes received that no program has read yet.
    pub receive_bytes: u64,
    /// Bytes sent or written that the peer has not acknowledged.
    pub send_bytes: u64,
    /// Sockets of each of the states of [`BY_CGROUP`], by cgroup; `None` for records without one.
    pub cgroups: BTreeMap<Option<u64>, [u64; 4]>,
}

/// Counts while a table is walked; most sockets are of the cgroup of the one before.
#[derive(Default, Debug)]
pub struct UsageCounter {
    receive_bytes: u64,
    send_bytes: u64,
    last: (Option<u64>, [u64; 4]),
    cgroups: HashMap<Option<u64>, [u64; 4]>,
}

impl UsageCounter {
    /// Counts one socket.
    pub fn count(&mut self, state: State, queues: (u32, u32), cgroup: impl FnOnce() -> Option<u64>) {
        self.receive_bytes += u64::from(queues.0);
        self.send_bytes += u64::from(queues.1);
        let Some(place) = BY_CGROUP.iter().position(|one| *one == state) else { return };
        let cgroup = cgroup();
        if cgroup != self.last.0 {
            self.settle();
            self.last.0 = cgroup;
        }
        if let Some(count) = self.last.1.get_mut(place) {
            *count += 1;
        }
    }

    /// The counts.
    pub fn finish(mut self) -> Usage {
        self.settle();
        let cgroups = sorted::map(self.cgroups);
        Usage { receive_bytes: self.receive_bytes, send_bytes: self.send_bytes, cgroups }
    }

    fn settle(&mut self) {
        let run = std::mem::take(&mut self.last.1);
        if run != [0; 4] {
            let known = self.cgroups.entry(self.last.0).or_default();
            known.iter_mut().zip(run).for_each(|(known, more)| *known += more);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_are_counted_by_cgroup_and_state() {
        let mut usage = UsageCounter::default();
        for (state, cgroup) in [
            (State::ESTABLISHED, Some(7)),
            (State::CLOSE_WAIT, Some(7)),
            (State::ESTABLISHED, None),
            (State::TIME_WAIT, Some(9)),
            (State::ESTABLISHED, Some(7)),
        ] {
            usage.count(state, (2, 3), || cgroup);
        }
        let usage = usage.finish();
        assert_eq!((usage.receive_bytes, usage.send_bytes), (10, 15));
        assert_eq!(usage.cgroups, BTreeMap::from([(None, [1, 0, 0, 0]), (Some(7), [2, 1, 0, 0])]));
    }
}
