//! Which recorded dumps answer a question that was not asked just so: those of more states, more detail, another family.

use super::{
    dumps::{Question, Sieve},
    format::Kind,
    reader::{Archive, Stored},
};

/// `LISTEN` in a mask of states.
const LISTEN: u32 = 1 << 10;

/// A recorded answer, and what of it is given.
pub(super) struct Pick<'a> {
    pub(super) stored: &'a Stored,
    pub(super) sieve: Option<Sieve>,
}

/// The recorded answers to a question; none where not all of it was recorded.
pub(super) fn cover<'a>(archive: &'a Archive, netns: &str, asked: &Question) -> Option<Vec<Pick<'a>>> {
    let mut known: Vec<(&Question, &str)> = archive
        .dumps(netns)
        .iter()
        .filter(|(known, _)| {
            known.protocol == asked.protocol && known.attributes == asked.attributes && !known.is_narrowed
        })
        .map(|(known, name)| (known, name.as_str()))
        .collect();
    // Those with all the detail come first, then those of most states.
    let lacks = |known: &Question| (asked.shows & !known.shows).count_ones();
    known.sort_by_key(|(known, _)| (lacks(known), std::cmp::Reverse((known.states & asked.states).count_ones())));
    let answer = |name: &str| archive.answer(netns, Kind::Netlink, name).filter(|stored| stored.error.is_none());
    if !asked.is_inet() {
        let is_wider = |known: &Question| known.family == asked.family && asked.states & !known.states == 0;
        let (_, name) = known.iter().find(|(known, _)| is_wider(known))?;
        return Some(vec![Pick { stored: answer(name)?, sieve: None }]);
    }
    let in_one: Vec<(&Question, &str)> = known.iter().copied().filter(|(known, _)| known.family.is_none()).collect();
    if let Some(picks) = of_families(&in_one, asked.families(), asked.states, &answer) {
        return Some(picks);
    }
    let mut picks = Vec::new();
    for family in asked.families() {
        let of_family: Vec<(&Question, &str)> =
            known.iter().copied().filter(|(known, _)| known.family.is_none_or(|of| of == family)).collect();
        picks.extend(of_families(&of_family, vec![family], asked.states, &answer)?);
    }
    Some(picks)
}

/// Dumps that together have all of these states.
fn of_families<'a>(
    known: &[(&Question, &str)],
    families: Vec<u8>,
    states: u32,
    answer: &dyn Fn(&str) -> Option<&'a Stored>,
) -> Option<Vec<Pick<'a>>> {
    let mut missing = states;
    let mut picks = Vec::new();
    for (question, name) in known {
        // Whoever asked for unused bound sockets got nothing else.
        let gives = if missing == question.states { missing } else { missing & question.states & 0x1ffe };
        if gives == 0 {
            continue;
        }
        let Some(stored) = answer(name) else { continue };
        picks.push(Pick { stored, sieve: Some(Sieve { families: families.clone(), states: gives }) });
        missing &= !gives;
    }
    // The kernel tells listeners first.
    let has_listeners = |pick: &Pick<'_>| pick.sieve.as_ref().is_some_and(|sieve| sieve.states & LISTEN != 0);
    picks.sort_by_key(|pick| !has_listeners(pick));
    (missing == 0).then_some(picks)
}
