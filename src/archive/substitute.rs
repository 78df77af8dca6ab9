//! Which recorded dumps answer a question that was not asked just so: those of more states, more detail, another family.

use super::{
    format::AnswerKind,
    question::{DumpRequest, ONLY_BOUND, STATES},
    reader::{Recording, Stored},
};
use crate::model::{sorted, state::State};

/// A recorded answer, and the part of it to return.
pub(super) struct Substitute<'a> {
    pub(super) stored: &'a Stored,
    pub(super) filter: Option<RecordFilter>,
}

/// The recorded answers to a question; none where not all of it was recorded.
pub(super) fn substitutes<'a>(
    recording: &'a Recording,
    netns: &str,
    asked: &DumpRequest,
) -> Option<Vec<Substitute<'a>>> {
    let mut known: Vec<(&DumpRequest, &str)> = recording
        .dumps(netns)
        .iter()
        .filter(|(known, _)| {
            known.protocol == asked.protocol && known.attributes == asked.attributes && !known.is_narrowed
        })
        .map(|(known, name)| (known, name.as_str()))
        .collect();
    // Those with all the detail come first, then those of most states.
    let lacks = |known: &DumpRequest| (asked.shows & !known.shows).count_ones();
    sorted::sort_by_key(&mut known, |(known, _)| {
        (lacks(known), std::cmp::Reverse((known.states & asked.states).count_ones()))
    });
    let answer =
        |name: &str| recording.answer(netns, AnswerKind::Netlink, name).filter(|stored| stored.error.is_none());
    if !asked.is_inet() {
        let is_wider = |known: &DumpRequest| known.family == asked.family && asked.states & !known.states == 0;
        let (_, name) = known.iter().find(|(known, _)| is_wider(known))?;
        return Some(vec![Substitute { stored: answer(name)?, filter: None }]);
    }
    let in_one: Vec<(&DumpRequest, &str)> = known.iter().copied().filter(|(known, _)| known.family.is_none()).collect();
    if let Some(substitutes) = of_families(&in_one, asked.families(), asked.states, &answer) {
        return Some(substitutes);
    }
    let mut substitutes = Vec::new();
    for family in asked.families() {
        let of_family: Vec<(&DumpRequest, &str)> =
            known.iter().copied().filter(|(known, _)| known.family.is_none_or(|of| of == family)).collect();
        substitutes.extend(of_families(&of_family, vec![family], asked.states, &answer)?);
    }
    Some(substitutes)
}

/// Dumps that together have all of these states.
fn of_families<'a>(
    known: &[(&DumpRequest, &str)],
    families: Vec<u8>,
    states: u32,
    answer: &dyn Fn(&str) -> Option<&'a Stored>,
) -> Option<Vec<Substitute<'a>>> {
    let mut missing = states;
    let mut substitutes = Vec::new();
    for (question, name) in known {
        // Whoever asked for unused bound sockets got nothing else.
        let gives = if missing == question.states { missing } else { missing & question.states & STATES };
        if gives == 0 {
            continue;
        }
        let Some(stored) = answer(name) else { continue };
        substitutes
            .push(Substitute { stored, filter: Some(RecordFilter { families: families.clone(), states: gives }) });
        missing &= !gives;
    }
    // The kernel lists listeners first.
    let has_listeners = |substitute: &Substitute<'_>| {
        substitute.filter.as_ref().is_some_and(|filter| filter.states & (1 << State::LISTEN.number()) != 0)
    };
    sorted::sort_by_key(&mut substitutes, |substitute| !has_listeners(substitute));
    (missing == 0).then_some(substitutes)
}

/// Which records of a dump are given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct RecordFilter {
    /// `AF_*` of the first byte.
    pub(super) families: Vec<u8>,
    /// The states.
    pub(super) states: u32,
}

impl RecordFilter {
    /// Whether a record of `inet_diag` goes through.
    pub(super) fn takes(&self, record: &[u8]) -> bool {
        let Some([family, state, ..]) = record.get(..2).and_then(|head| head.first_chunk::<2>()) else { return false };
        if !self.families.contains(family) {
            return false;
        }
        match state {
            // Bound-only sockets have this state if the dump requested only them.
            7 if self.states == ONLY_BOUND => true,
            3 => self.states & (1 << 3 | 1 << 12) != 0,
            0..32 => self.states & (1 << state) != 0,
            _ => false,
        }
    }
}
