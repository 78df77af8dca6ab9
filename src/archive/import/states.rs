//! The names of states, and words that are numbers.

use crate::model::state::State;

/// How the states are spelled: by `ss`, by `netstat`, and by `netstat` in German, Portuguese and Czech, the languages
/// in which it translates them.
const STATES: [(&str, State); 38] = [
    ("ESTAB", State::ESTABLISHED),
    ("ESTABLISHED", State::ESTABLISHED),
    ("VERBUNDEN", State::ESTABLISHED),
    ("ESTABELECIDA", State::ESTABLISHED),
    ("SPOJENO", State::ESTABLISHED),
    ("SYN-SENT", State::SYN_SENT),
    ("SYN_SENT", State::SYN_SENT),
    ("SYN_ENVIADO", State::SYN_SENT),
    ("SYN-RECV", State::SYN_RECV),
    ("SYN_RECV", State::SYN_RECV),
    ("SYN_RECEBIDO", State::SYN_RECV),
    ("FIN-WAIT-1", State::FIN_WAIT1),
    ("FIN_WAIT1", State::FIN_WAIT1),
    ("ESPERA_FIN1", State::FIN_WAIT1),
    ("FIN-WAIT-2", State::FIN_WAIT2),
    ("FIN_WAIT2", State::FIN_WAIT2),
    ("ESPERA_FIN2", State::FIN_WAIT2),
    ("TIME-WAIT", State::TIME_WAIT),
    ("TIME_WAIT", State::TIME_WAIT),
    ("UNCONN", State::CLOSE),
    ("CLOSE", State::CLOSE),
    ("CLOSED", State::CLOSE),
    ("FECHAR", State::CLOSE),
    ("ZAVŘEN", State::CLOSE),
    ("CLOSE-WAIT", State::CLOSE_WAIT),
    ("CLOSE_WAIT", State::CLOSE_WAIT),
    ("ESPERANDO_FECHAR", State::CLOSE_WAIT),
    ("LAST-ACK", State::LAST_ACK),
    ("LAST_ACK", State::LAST_ACK),
    ("ÚLTIMO_ACK", State::LAST_ACK),
    ("LISTEN", State::LISTEN),
    ("LISTENING", State::LISTEN),
    ("OUÇA", State::LISTEN),
    ("NASLOUCHÁ", State::LISTEN),
    ("CLOSING", State::CLOSING),
    ("FECHANDO", State::CLOSING),
    ("ZAVÍRÁ", State::CLOSING),
    ("UNKNOWN", State::CLOSE),
];

/// A state by its name.
pub(super) fn state(word: &str) -> Option<State> {
    STATES.iter().find(|(name, _)| *name == word).map(|(_, state)| *state)
}

/// A state with figures glued to it, as iproute2 4.15 to 4.19 writes `LISTEN0` into a pipe: its name and the figures.
pub(super) fn glued_state(word: &str) -> Option<(&str, &str)> {
    let splits = STATES
        .iter()
        .filter_map(|(name, _)| word.strip_prefix(name).map(|rest| word.split_at(word.len() - rest.len())));
    splits.filter(|(_, rest)| !rest.is_empty() && is_number(rest)).max_by_key(|(name, _)| name.len())
}

/// Whether a word is digits alone.
pub(super) fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}
