//! TCP states and sets of them, numbered and named as the kernel does (`include/net/tcp_states.h`).

/// A socket state by the kernel's number; a number this program does not know is kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct State(u8);

impl State {
    /// Open both ways.
    pub const ESTABLISHED: State = State(1);
    /// A SYN was sent, no answer yet.
    pub const SYN_SENT: State = State(2);
    /// A SYN was answered, the last ACK of the handshake is missing.
    pub const SYN_RECV: State = State(3);
    /// Closed here, the FIN is not acknowledged.
    pub const FIN_WAIT1: State = State(4);
    /// Closed here and acknowledged, the peer has not closed.
    pub const FIN_WAIT2: State = State(5);
    /// Closed both ways by this side first; old packets die out.
    pub const TIME_WAIT: State = State(6);
    /// Not connected.
    pub const CLOSE: State = State(7);
    /// The peer has closed, the program here has not.
    pub const CLOSE_WAIT: State = State(8);
    /// Closed after the peer, the FIN is not acknowledged.
    pub const LAST_ACK: State = State(9);
    /// Waits for clients.
    pub const LISTEN: State = State(10);
    /// Both sides closed at once, the FIN is not acknowledged.
    pub const CLOSING: State = State(11);
    /// A pseudo state of requests (Linux 6.8): bound, neither listening nor connecting.
    pub const BOUND_INACTIVE: State = State(13);

    /// The kernel's internal name of a half-open connection; reported as `SYN_RECV`.
    const NEW_SYN_RECV: State = State(12);

    /// The eleven states of a dump, in the kernel's order.
    pub const ALL: [State; 11] = [
        State::ESTABLISHED,
        State::SYN_SENT,
        State::SYN_RECV,
        State::FIN_WAIT1,
        State::FIN_WAIT2,
        State::TIME_WAIT,
        State::CLOSE,
        State::CLOSE_WAIT,
        State::LAST_ACK,
        State::LISTEN,
        State::CLOSING,
    ];

    /// The state of a record, `NEW_SYN_RECV` read as `SYN_RECV`.
    #[inline]
    pub fn from_kernel(number: u8) -> State {
        match State(number) {
            State::NEW_SYN_RECV => State::SYN_RECV,
            state => state,
        }
    }

    /// The kernel's number.
    pub fn number(self) -> u8 {
        self.0
    }

    /// The name as the kernel and netstat spell it; `None` for a number that has none.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            State::ESTABLISHED => "ESTABLISHED",
            State::SYN_SENT => "SYN_SENT",
            State::SYN_RECV => "SYN_RECV",
            State::FIN_WAIT1 => "FIN_WAIT1",
            State::FIN_WAIT2 => "FIN_WAIT2",
            State::TIME_WAIT => "TIME_WAIT",
            State::CLOSE => "CLOSE",
            State::CLOSE_WAIT => "CLOSE_WAIT",
            State::LAST_ACK => "LAST_ACK",
            State::LISTEN => "LISTEN",
            State::CLOSING => "CLOSING",
            State::BOUND_INACTIVE => "BOUND_INACTIVE",
            _ => return None,
        })
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.name() {
            Some(name) => out.pad(name),
            None => out.pad(&format!("STATE_{}", self.0)),
        }
    }
}

/// A set of states: bit *n* is state *n*, as in `idiag_states`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct StateSet(u32);

impl StateSet {
    /// No state.
    pub const EMPTY: StateSet = StateSet(0);
    /// Every state that a dump can show: all but `BOUND_INACTIVE`, which needs a separate walk.
    pub const ALL: StateSet = StateSet(!(1 | 1 << 13));
    /// All but `LISTEN` and `CLOSE`.
    pub const CONNECTED: StateSet = StateSet(StateSet::ALL.0 & !(1 << 7 | 1 << 10));
    /// All connected ones but `SYN_SENT`.
    pub const SYNCHRONIZED: StateSet = StateSet(StateSet::CONNECTED.0 & !(1 << 2));
    /// [`State::BOUND_INACTIVE`] alone.
    pub const BOUND_INACTIVE: StateSet = StateSet(1 << 13);
    /// The states the kernel keeps as small records: `TIME_WAIT` and `SYN_RECV`.
    pub const BUCKET: StateSet = StateSet(1 << 3 | 1 << 6);
    /// The opposite of [`StateSet::BUCKET`].
    pub const BIG: StateSet = StateSet(StateSet::ALL.0 & !StateSet::BUCKET.0);

    /// The set of this one state.
    pub fn of(state: State) -> StateSet {
        StateSet::EMPTY.with(state)
    }

    /// This set and one more state. Numbers that have no bit are left out.
    #[must_use]
    pub fn with(self, state: State) -> StateSet {
        StateSet(self.0 | 1u32.checked_shl(u32::from(state.0)).unwrap_or(0))
    }

    /// This set without one state.
    #[must_use]
    pub fn without(self, state: State) -> StateSet {
        StateSet(self.0 & !1u32.checked_shl(u32::from(state.0)).unwrap_or(0))
    }

    /// All that is in one of the two.
    #[must_use]
    pub fn union(self, other: StateSet) -> StateSet {
        StateSet(self.0 | other.0)
    }

    /// All that is in this set and not in the other.
    #[must_use]
    pub fn difference(self, other: StateSet) -> StateSet {
        StateSet(self.0 & !other.0)
    }

    /// Whether one state alone is in the set.
    pub fn is_single(self) -> bool {
        self.0.is_power_of_two()
    }

    /// Whether the state is in the set; a state beyond the mask's 32 bits is in no set.
    #[inline]
    pub fn contains(self, state: State) -> bool {
        1u32.checked_shl(u32::from(state.0)).is_some_and(|bit| self.0 & bit != 0)
    }

    /// Whether nothing is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The mask as `idiag_states` takes it.
    pub const fn mask(self) -> u32 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_a_dump_has_a_name_and_its_own_bit() {
        let mut seen = StateSet::EMPTY;
        for state in State::ALL {
            assert!(state.name().is_some(), "{state:?}");
            assert!(!seen.contains(state), "{state:?} twice");
            assert!(StateSet::ALL.contains(state));
            seen = seen.with(state);
        }
    }

    #[test]
    fn bound_inactive_is_only_there_on_request() {
        assert!(!StateSet::ALL.contains(State::BOUND_INACTIVE));
        assert_eq!(StateSet::of(State::BOUND_INACTIVE).mask(), 1 << 13);
    }

    #[test]
    fn the_internal_half_open_state_is_syn_recv() {
        assert_eq!(State::from_kernel(12), State::SYN_RECV);
    }

    #[test]
    fn an_unknown_state_keeps_its_number_and_harms_no_set() {
        let odd = State::from_kernel(200);
        assert_eq!(odd.to_string(), "STATE_200");
        assert_eq!(StateSet::EMPTY.with(odd), StateSet::EMPTY);
        assert!(!StateSet::ALL.contains(odd));
    }
}
