//! Counts by state: the result of one pass over a table. Its size does not depend on the size of the table.

use crate::model::{
    socket::{Kind, Timer, kind},
    state::State,
};

/// How many sockets of one state there are, and how many of them are of an uncommon kind.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Tally {
    /// All sockets of the state.
    pub sockets: u64,
    /// Of these, finished handshakes that no program has accepted.
    pub not_accepted: u64,
    /// Of these, closed by their program and finished by the kernel, which waits for the peer.
    pub orphans: u64,
    /// Of these, small records that never had an owner or need none: `TIME_WAIT` and half-open handshakes.
    pub small: u64,
}

impl Tally {
    fn add(&mut self, other: &Tally) {
        self.sockets += other.sockets;
        self.not_accepted += other.not_accepted;
        self.orphans += other.orphans;
        self.small += other.small;
    }

    /// Sockets that a program here holds.
    pub fn held(&self) -> u64 {
        self.sockets.saturating_sub(self.not_accepted + self.orphans + self.small)
    }
}

/// One tally per state number; numbers beyond the known ones share the first place.
const STATES: usize = 16;

/// Counts by state.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Census {
    tallies: [Tally; STATES],
}

impl Census {
    /// Counts one socket by the fields that every record carries.
    #[inline]
    pub fn count(&mut self, state: State, timer: Timer, inode: u32) {
        let tally = self.tally_mut(state);
        tally.sockets += 1;
        match kind(state, timer, inode) {
            Kind::Full => {}
            Kind::NotAccepted => tally.not_accepted += 1,
            Kind::Orphan => tally.orphans += 1,
            // A closed FIN_WAIT2 waits for its peer like any orphan; only its record is smaller.
            Kind::MiniSock if state == State::FIN_WAIT2 => tally.orphans += 1,
            Kind::MiniSock | Kind::RequestSock => tally.small += 1,
        }
    }

    /// Adds this number of sockets of which only the state is known.
    pub fn add(&mut self, state: State, sockets: u64) {
        self.tally_mut(state).sockets += sockets;
    }

    /// The tally of a state.
    pub fn tally(&self, state: State) -> Tally {
        self.tallies.get(usize::from(state.number())).copied().unwrap_or_default()
    }

    /// Sockets of a state.
    pub fn sockets(&self, state: State) -> u64 {
        self.tally(state).sockets
    }

    /// Sockets in states this program has no name for.
    pub fn unnamed(&self) -> u64 {
        self.total()
            - self.sockets(State::BOUND_INACTIVE)
            - State::ALL.iter().map(|&state| self.sockets(state)).sum::<u64>()
    }

    /// The states that have sockets, with how many.
    pub fn counts(&self) -> impl Iterator<Item = (State, u64)> + '_ {
        let numbered = (0u8..).zip(&self.tallies).filter(|(_, tally)| tally.sockets > 0);
        numbered.map(|(number, tally)| (State::from_kernel(number), tally.sockets))
    }

    /// All sockets.
    pub fn total(&self) -> u64 {
        self.tallies.iter().map(|tally| tally.sockets).sum()
    }

    /// Adds another census, of another family or namespace.
    pub fn merge(&mut self, other: &Census) {
        for (mine, theirs) in self.tallies.iter_mut().zip(&other.tallies) {
            mine.add(theirs);
        }
    }

    #[inline]
    fn tally_mut(&mut self, state: State) -> &mut Tally {
        let number = usize::from(state.number());
        // Index 0 is not a kernel state: it counts the numbers beyond this table.
        &mut self.tallies[if number < STATES { number } else { 0 }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_distinguished_within_a_state() {
        let mut census = Census::default();
        census.count(State::FIN_WAIT2, Timer::TimeWait, 0);
        census.count(State::FIN_WAIT2, Timer::None, 44);
        census.count(State::FIN_WAIT2, Timer::Keepalive, 0);
        let tally = census.tally(State::FIN_WAIT2);
        assert_eq!((tally.sockets, tally.small, tally.orphans, tally.held()), (3, 0, 2, 1));
    }

    #[test]
    fn a_state_without_a_name_is_counted_and_told() {
        let mut census = Census::default();
        census.count(State::from_kernel(77), Timer::None, 1);
        census.count(State::LISTEN, Timer::None, 1);
        assert_eq!((census.total(), census.unnamed()), (2, 1));
    }

    #[test]
    fn merging_adds_every_part() {
        let mut a = Census::default();
        a.count(State::ESTABLISHED, Timer::None, 0);
        let mut b = Census::default();
        b.count(State::ESTABLISHED, Timer::None, 9);
        a.merge(&b);
        assert_eq!((a.sockets(State::ESTABLISHED), a.tally(State::ESTABLISHED).not_accepted), (2, 1));
    }
}
