//! Sums of changes of state.

use std::{collections::BTreeMap, time::SystemTime};

use super::EventTally;
use crate::{
    model::{group::Value, state::State, transition::StateTransition},
    report::latencies::Latencies,
};

/// How many changes there were, and how connecting went.
#[derive(Debug)]
pub struct StateTally {
    /// The changes by the number of the state that was entered; groups and losses.
    pub events: EventTally,
    /// How long handshakes of connections made here took.
    pub connects: Latencies,
    /// How many failed of each cause.
    pub causes: BTreeMap<String, u64>,
}

impl StateTally {
    /// Nothing, from this time on.
    pub fn begun(since: SystemTime) -> StateTally {
        StateTally { events: EventTally::begun(since), connects: Latencies::default(), causes: BTreeMap::new() }
    }

    /// The states that were entered, and how often.
    pub fn entered(&self) -> impl Iterator<Item = (State, u64)> {
        let (_, counts) = self.events.counts();
        (0..).zip(counts).filter(|(_, count)| *count > 0).map(|(number, count)| (State::from_kernel(number), count))
    }

    /// Adds a change, to its group where there are groups.
    pub fn add(&mut self, transition: &StateTransition, group: Option<Box<[Value]>>) {
        self.events.count(usize::from(transition.to().number()), group);
        if let Some(micros) = transition.connect_us() {
            self.connects.add(micros);
        }
        if let Some(cause) = transition.cause() {
            *self.causes.entry(cause).or_default() += 1;
        }
    }
}
