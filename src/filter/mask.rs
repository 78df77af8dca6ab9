//! The states that a matching socket can have: `idiag_states` for the kernel.
//!
//! Each part has two sets: states in which it *may* hold, and states in which it *must*. A `not` swaps them, so the
//! mask is never too narrow.

use super::prelude::*;

/// The states of an expression.
pub(super) struct StatesAsked {
    pub(super) states: StateSet,
    pub(super) bound_inactive: bool,
    pub(super) names_states: bool,
}

/// Bits of states.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Range {
    may: u32,
    must: u32,
}

const BOUND: u32 = 1 << 13;

pub(super) fn of(expr: &Expr) -> StatesAsked {
    let (mut names_states, mut named) = (false, 0);
    expr.each(&mut |condition| {
        if let Test::States(set) = condition.test {
            names_states = true;
            named |= set.mask();
        }
    });
    // Sockets that are bound and unused are there only for who names them.
    let may = range(expr).may & (!BOUND | named);
    StatesAsked { states: set(may & !BOUND), bound_inactive: may & BOUND != 0, names_states }
}

/// Whether the state alone decides, so that the mask says it all.
pub(super) fn decides(expr: &Expr) -> bool {
    let range = range(expr);
    range.may == range.must
}

fn range(expr: &Expr) -> Range {
    match expr {
        Expr::And(parts) => parts
            .iter()
            .map(range)
            .reduce(|a, b| Range { may: a.may & b.may, must: a.must & b.must })
            .unwrap_or(Range { may: everything(), must: 0 }),
        Expr::Or(parts) => parts
            .iter()
            .map(range)
            .reduce(|a, b| Range { may: a.may | b.may, must: a.must | b.must })
            .unwrap_or(Range { may: everything(), must: 0 }),
        Expr::Not(inner) => {
            let inner = range(inner);
            Range { may: everything() & !inner.must, must: everything() & !inner.may }
        }
        Expr::Is(condition) => leaf(condition),
    }
}

/// If a condition needs a field that some states never have, it also restricts the state: a million sockets in
/// `TIME_WAIT` need not be read to find those of a program.
fn leaf(condition: &Condition) -> Range {
    let only = |states: &[State]| states.iter().fold(StateSet::EMPTY, |set, state| set.with(*state)).mask();
    let not_time_wait = everything() & !only(&[State::TIME_WAIT]);
    let may = match &condition.test {
        Test::States(set) => {
            let set = set.mask() & everything();
            return Range { may: set, must: set };
        }
        Test::Pid(_) | Test::Program(_) | Test::User(_) | Test::Keepalive(_) => not_time_wait,
        Test::Age(_) => only(&super::measure::AGE_STATES),
        Test::Idle(_) | Test::Rtt(_) => only(&super::measure::DATA_STATES),
        Test::ReceiveQueue(bytes) | Test::SendQueue(bytes) if !condition.op.holds(0.cmp(bytes)) => not_time_wait,
        _ => everything(),
    };
    Range { may, must: 0 }
}

fn everything() -> u32 {
    StateSet::ALL.mask() | BOUND
}

/// The set of these bits. All of them stay all, with the bits the kernel may use some day.
fn set(bits: u32) -> StateSet {
    if bits == StateSet::ALL.mask() {
        return StateSet::ALL;
    }
    let numbers = (0..32u8).filter(|number| bits & (1 << number) != 0);
    // 12 is the kernel's internal number of `SYN_RECV`, which the kernel adds itself where that is asked for.
    numbers.filter(|number| *number != 12).map(State::from_kernel).fold(StateSet::EMPTY, StateSet::with)
}

#[cfg(test)]
mod tests {
    use crate::{
        filter::{Filter, names::NoNames},
        model::state::{State, StateSet},
    };

    fn filter(text: &str) -> Filter {
        Filter::parse(text, &NoNames).unwrap()
    }

    fn states(list: &[State]) -> StateSet {
        list.iter().fold(StateSet::EMPTY, |set, state| set.with(*state))
    }

    #[test]
    fn states_of_the_conjunction_are_the_mask() {
        let close_wait = states(&[State::CLOSE_WAIT]);
        assert_eq!(filter("close-wait and dport = :5432").states, close_wait);
        assert_eq!(filter("dport = :5432 close-wait").states, close_wait);
        assert_eq!(filter("(close-wait or listen) and not listen").states, close_wait);
        assert_eq!(
            filter("close-wait sport = 1 or listen").states,
            close_wait,
            "a list at the beginning holds for all"
        );
        assert_eq!(filter("close-wait and sport = 1 or listen").states, states(&[State::CLOSE_WAIT, State::LISTEN]));
        assert_eq!(filter("close-wait or dport = 1").states, StateSet::ALL);
        assert!(filter("listen and close-wait").states.is_empty());
    }

    #[test]
    fn a_negation_never_narrows_too_much() {
        let not_listen = filter("not listen").states;
        assert!(!not_listen.contains(State::LISTEN) && not_listen.contains(State::TIME_WAIT));
        assert!(filter("not (listen and sport = 1)").states.contains(State::LISTEN));
        assert!(!filter("not (listen or sport = 1)").states.contains(State::LISTEN));
        assert!(filter("not proc = a").states.contains(State::TIME_WAIT));
        assert!(!filter("proc = a").states.contains(State::TIME_WAIT));
        assert!(!filter("recvq > 0").states.contains(State::TIME_WAIT));
        assert!(filter("recvq < 1").states.contains(State::TIME_WAIT));
    }

    #[test]
    fn bound_inactive_comes_only_by_name() {
        for text in ["", "not listen", "exclude listen", "all", "dport = 1", "not bound-inactive", "state big"] {
            assert!(!filter(text).bound_inactive, "{text}");
        }
        for text in ["bound-inactive", "listen bound-inactive", "bound or sport = 1"] {
            let filter = filter(text);
            assert!(filter.bound_inactive, "{text}");
            assert!(!filter.states.contains(State::BOUND_INACTIVE), "{text}");
        }
    }

    #[test]
    fn no_mask_asks_for_half_open_sockets_unasked() {
        for text in ["exclude syn-recv", "not syn-recv", "established", "idle > 1s"] {
            assert_eq!(filter(text).states.mask() & (1 << 12 | 1 << 3), 0, "{text}");
        }
        assert_ne!(filter("not established").states.mask() & (1 << 3), 0);
    }

    #[test]
    fn whether_states_are_named_is_known() {
        assert!(filter("not listen").names_states);
        assert!(filter("dport = 1 or time-wait").names_states);
        assert!(!filter("dport = 1").names_states);
    }
}
