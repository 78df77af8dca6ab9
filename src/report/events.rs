//! Sums of sockets that ended, and of other events of sockets.

pub mod states;

use std::{
    collections::HashMap,
    time::{Instant, SystemTime},
};

use crate::model::{
    ending::EndKind,
    group::{Groups, Value},
};

/// Groups that are counted apart; the sockets of further ones are one more group.
const MOST_GROUPS: usize = 100_000;

/// Kinds of events are numbered below this.
const KINDS: usize = 16;

/// How many ended, and how.
#[derive(Debug)]
pub struct EventTally {
    /// When the sum begins.
    pub since: SystemTime,
    /// The same on the monotonic clock.
    pub begun: Instant,
    counts: [u64; KINDS],
    groups: HashMap<Box<[Value]>, u64>,
    /// Sockets of groups beyond those that are counted apart.
    beyond: u64,
    /// How many times the kernel reported that it lost messages.
    pub losses: u64,
    lost: Option<u64>,
}

impl EventTally {
    /// Nothing, from this time on.
    pub fn begun(since: SystemTime) -> EventTally {
        EventTally {
            since,
            begun: Instant::now(),
            counts: Default::default(),
            groups: HashMap::new(),
            beyond: 0,
            losses: 0,
            lost: Some(0),
        }
    }

    /// Adds a socket, to its group where there are groups.
    pub fn add(&mut self, end: EndKind, group: Option<Box<[Value]>>) {
        self.count(end as usize, group);
    }

    /// Adds an event by the number of its kind, to its group where there are groups.
    pub fn count(&mut self, kind: usize, group: Option<Box<[Value]>>) {
        self.counts[kind.min(KINDS - 1)] += 1;
        let Some(group) = group else { return };
        let has_room = self.groups.len() < MOST_GROUPS;
        match self.groups.get_mut(&group) {
            Some(count) => *count += 1,
            None if has_room => {
                self.groups.insert(group, 1);
            }
            None => self.beyond += 1,
        }
    }

    /// Adds a loss of this number of events, or of an unknown number.
    pub fn lose(&mut self, count: Option<u64>) {
        self.losses += 1;
        self.lost = self.lost.zip(count).map(|(lost, more)| lost + more);
    }

    /// How many were lost; `None` where that is not known.
    pub fn lost(&self) -> Option<u64> {
        self.lost
    }

    /// How many ended, and of each kind how many.
    pub fn ends(&self) -> (u64, impl Iterator<Item = (EndKind, u64)>) {
        let (all, counts) = self.counts();
        (all, EndKind::ALL.into_iter().zip(counts))
    }

    /// How many events there were, and of each kind how many.
    pub fn counts(&self) -> (u64, [u64; KINDS]) {
        (self.counts.iter().sum(), self.counts)
    }

    /// The largest groups first, at most `top`.
    pub fn groups(&self, top: Option<usize>) -> Groups {
        let rows = self.groups.iter().map(|(values, count)| (values.clone(), *count)).collect();
        let mut groups = Groups::new(rows, 0, top);
        groups.other += self.beyond;
        groups.total += self.beyond;
        groups
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn a_loss_of_unknown_size_makes_the_sum_unknown() {
        let mut tally = EventTally::begun(UNIX_EPOCH);
        tally.lose(Some(3));
        tally.lose(Some(4));
        assert_eq!((tally.losses, tally.lost()), (2, Some(7)));
        tally.lose(None);
        tally.lose(Some(1));
        assert_eq!((tally.losses, tally.lost()), (4, None));
    }

    #[test]
    fn groups_have_a_limit_and_no_socket_is_missing() {
        let mut tally = EventTally::begun(UNIX_EPOCH);
        let port = |port: usize| Some(Box::from([Value::Pid(port as u32)]));
        (0..MOST_GROUPS + 5).for_each(|one| tally.add(EndKind::Closed, port(one)));
        tally.add(EndKind::Reset, port(7));
        let groups = tally.groups(Some(1));
        assert_eq!((groups.rows[0].1, groups.total), (2, MOST_GROUPS as u64 + 6));
        assert_eq!(groups.rows[0].1 + groups.other, groups.total);
    }
}
