//! Sockets that a rule will judge once they are old enough. Silence about them would look like health.

use std::time::Duration;

use super::{close_wait_leak, prelude::*, settings::Settings};
use crate::model::snapshot::Snapshot;

/// So few come and go on any busy host.
const LEAST: u64 = 10;

/// Sockets of a state that are too young for the rule that judges them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Young {
    /// Their state.
    pub state: State,
    /// How many, where most of the state's sockets are that young.
    pub count: u64,
    /// The age from which the rule judges.
    pub age: Duration,
    /// How long the oldest of them still has to stay.
    pub left: Duration,
}

impl Young {
    /// Those of a snapshot: `CLOSE_WAIT`, of which each should end at once.
    pub fn of(snapshot: &Snapshot, settings: &Settings) -> Option<Young> {
        let input = RuleInput { snapshot, rule: close_wait_leak::RULE.name, settings };
        let age = input.time(&close_wait_leak::AGE);
        let held = input.sockets(State::CLOSE_WAIT).filter(|seen| seen.kind() == Kind::Full);
        let young: Vec<Duration> =
            held.filter_map(Seen::hung_up).map(|age| age.time).filter(|&time| time < age).collect();
        let oldest = *young.iter().max()?;
        let count = young.len() as u64;
        (count >= LEAST).then_some(Young { state: State::CLOSE_WAIT, count, age, left: age.saturating_sub(oldest) })
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{snapshot, socket, with_info},
        *,
    };
    use crate::model::tcp_info::LAST_ACK_RECV;

    #[test]
    fn many_young_ones_are_told_with_the_time_that_is_left() {
        let of = |count: u32, age: u64| {
            let mut snapshot = snapshot();
            snapshot.now.add(
                (1..=count).map(|number| with_info(socket(State::CLOSE_WAIT, number), &LAST_ACK_RECV, age * 1_000)),
            );
            Young::of(&snapshot, &Settings::default())
        };
        let seconds = Duration::from_secs;
        let young = Young { state: State::CLOSE_WAIT, count: 40, age: seconds(60), left: seconds(25) };
        assert_eq!(of(40, 35), Some(young));
        assert_eq!((of(9, 35), of(40, 60)), (None, None));
    }
}
