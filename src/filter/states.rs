//! State names in any spelling, and the groups of `ss`.

use crate::{
    model::state::{State, StateSet},
    text::names,
};

/// The meaning of a word.
#[derive(Clone, Copy)]
enum Meaning {
    One(State),
    Many(StateSet),
}

/// The names in the spelling of `ss`, in which they are suggested.
const NAMES: &[(&str, Meaning)] = &[
    ("established", Meaning::One(State::ESTABLISHED)),
    ("syn-sent", Meaning::One(State::SYN_SENT)),
    ("syn-recv", Meaning::One(State::SYN_RECV)),
    ("fin-wait-1", Meaning::One(State::FIN_WAIT1)),
    ("fin-wait-2", Meaning::One(State::FIN_WAIT2)),
    ("time-wait", Meaning::One(State::TIME_WAIT)),
    ("close", Meaning::One(State::CLOSE)),
    ("close-wait", Meaning::One(State::CLOSE_WAIT)),
    ("last-ack", Meaning::One(State::LAST_ACK)),
    ("listen", Meaning::One(State::LISTEN)),
    ("closing", Meaning::One(State::CLOSING)),
    ("bound-inactive", Meaning::One(State::BOUND_INACTIVE)),
    ("all", Meaning::Many(StateSet::ALL)),
    ("connected", Meaning::Many(StateSet::CONNECTED)),
    ("synchronized", Meaning::Many(StateSet::SYNCHRONIZED)),
    ("bucket", Meaning::Many(StateSet::BUCKET)),
    ("big", Meaning::Many(StateSet::BIG)),
];

/// Other spellings, without dashes and underscores: those of `netstat`, RFC 9293 and daily use.
const OTHERS: &[(&str, Meaning)] = &[
    ("estab", Meaning::One(State::ESTABLISHED)),
    ("est", Meaning::One(State::ESTABLISHED)),
    ("synrcv", Meaning::One(State::SYN_RECV)),
    ("synrcvd", Meaning::One(State::SYN_RECV)),
    ("synreceived", Meaning::One(State::SYN_RECV)),
    ("newsynrecv", Meaning::One(State::SYN_RECV)),
    ("tw", Meaning::One(State::TIME_WAIT)),
    ("cw", Meaning::One(State::CLOSE_WAIT)),
    ("closed", Meaning::One(State::CLOSE)),
    ("unconnected", Meaning::One(State::CLOSE)),
    ("unconn", Meaning::One(State::CLOSE)),
    ("listening", Meaning::One(State::LISTEN)),
    ("bound", Meaning::One(State::BOUND_INACTIVE)),
];

/// The words to offer when one is not known.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

/// The state, where the words of a filter name exactly one, and do not exclude it.
pub fn only(words: &[String]) -> Option<State> {
    let words = || words.iter().flat_map(|word| word.split([',', ' ', '\t']));
    let mut named = words().filter_map(find);
    match (named.next(), named.next()) {
        (Some(Meaning::One(state)), None) if !words().any(|word| matches!(word, "exclude" | "not" | "!")) => {
            Some(state)
        }
        _ => None,
    }
}

/// The states of one word, if it names a state or a group.
pub fn named(word: &str) -> Option<StateSet> {
    find(word).map(|meaning| match meaning {
        Meaning::One(state) => StateSet::of(state),
        Meaning::Many(set) => set,
    })
}

/// The name of a state as `ss` spells it.
pub(super) fn name(state: State) -> Option<&'static str> {
    NAMES.iter().find(|(_, meaning)| matches!(meaning, Meaning::One(one) if *one == state)).map(|(name, _)| *name)
}

fn find(word: &str) -> Option<Meaning> {
    let plain = plain(names::without_state(word));
    let known = NAMES.iter().chain(OTHERS).find(|(name, _)| name.chars().filter(|c| *c != '-').eq(plain.chars()));
    let all = names::is_all_states(word).then_some(Meaning::Many(StateSet::ALL));
    known.map(|(_, meaning)| *meaning).or(all).or_else(|| names::state(word).map(Meaning::One))
}

/// The word without the characters that vary between spellings.
fn plain(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_')).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_names_the_state() {
        for word in ["time-wait", "TIME_WAIT", "timewait", "tw", "Time-Wait", "TIME-WAIT"] {
            assert_eq!(named(word), Some(StateSet::of(State::TIME_WAIT)), "{word}");
        }
        for word in ["FIN_WAIT1", "fin-wait-1", "FIN-WAIT-1", "finwait1"] {
            assert_eq!(named(word), Some(StateSet::of(State::FIN_WAIT1)), "{word}");
        }
        for word in ["SYN_RECV", "syn-rcv", "SYN_RECEIVED", "syn-recv", "SYN-RECEIVED", "syn_rcvd"] {
            assert_eq!(named(word), Some(StateSet::of(State::SYN_RECV)), "{word}");
        }
        for word in ["estab", "ESTABLISHED", "ESTAB"] {
            assert_eq!(named(word), Some(StateSet::of(State::ESTABLISHED)), "{word}");
        }
    }

    #[test]
    fn a_state_has_chinese_names() {
        assert_eq!(named("已建立"), Some(StateSet::of(State::ESTABLISHED)));
        assert_eq!(named("關閉等待"), Some(StateSet::of(State::CLOSE_WAIT)));
        for word in ["时间等待状态", "TIME_WAIT状态"] {
            assert_eq!(named(word), Some(StateSet::of(State::TIME_WAIT)), "{word}");
        }
        assert_eq!(named("全部"), Some(StateSet::ALL));
        assert_eq!(named("状态"), None);
    }

    #[test]
    fn the_kernels_own_names_are_all_understood() {
        for state in State::ALL.into_iter().chain([State::BOUND_INACTIVE]) {
            assert_eq!(named(state.name().unwrap()), Some(StateSet::of(state)));
        }
    }

    #[test]
    fn a_group_is_named_and_other_words_are_not() {
        assert_eq!(named("connected"), Some(StateSet::CONNECTED));
        for word in ["tme-wait", "xyzzy", "", "tw,close-wait"] {
            assert_eq!(named(word), None, "{word}");
        }
    }
}
