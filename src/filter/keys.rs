//! Group keys: `state`, `peer/24`, `"state lport"`, `state,lport`.

use super::{WordError, suggest::nearest};
use crate::{
    model::group::{KEYS, Key, NamedKey},
    text::names as chinese,
};

/// The prefix length for IPv6 where only the one for IPv4 is given: the size of one link.
const V6: u8 = 64;

/// Names of the keys in other programs, unless similar letters lead to them.
const MEANT: &[(&str, &str)] = &[
    ("sport", "lport"),
    ("dport", "pport"),
    ("port", "lport"),
    ("src", "local"),
    ("source", "local"),
    ("laddr", "local"),
    ("dst", "peer"),
    ("dest", "peer"),
    ("destination", "peer"),
    ("remote", "peer"),
    ("foreign", "peer"),
    ("raddr", "peer"),
    ("ip", "peer"),
    ("addr", "peer"),
    ("address", "peer"),
    ("rport", "pport"),
    ("subnet", "peer/24"),
    ("network", "peer/24"),
    ("prog", "proc"),
    ("program", "proc"),
    ("process", "proc"),
    ("comm", "proc"),
    ("command", "proc"),
    ("uid", "user"),
    ("owner", "user"),
    ("slice", "unit"),
    ("cgroup", "unit"),
    ("pod", "container"),
    ("congestion", "cc"),
    ("if", "dev"),
    ("iface", "dev"),
    ("interface", "dev"),
    ("namespace", "netns"),
    ("net", "netns"),
];

/// The words to offer when one is not known.
pub fn names() -> impl Iterator<Item = &'static str> {
    KEYS.iter().map(|(name, _)| *name)
}

/// Reads key words; each value of `--by` may hold several.
///
/// # Errors
/// The first word that names no key, or one that was there before.
pub fn read(values: &[String]) -> Result<Vec<NamedKey>, WordError> {
    let mut keys: Vec<NamedKey> = Vec::new();
    for word in values.iter().flat_map(|value| words(value)) {
        let named = key(&word)?;
        if keys.iter().any(|(_, known)| *known == named.1) {
            return Err(WordError::KeyTwice(word));
        }
        keys.push(named);
    }
    if keys.is_empty() { Err(WordError::NoKey) } else { Ok(keys) }
}

/// Splits at blanks and commas, but not at the comma of `peer/24,64`.
fn words(value: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in value.split_ascii_whitespace() {
        let mut joins = false;
        for piece in part.split(',') {
            let is_length = !piece.is_empty() && piece.bytes().all(|byte| byte.is_ascii_digit());
            match words.last_mut() {
                Some(last) if joins && is_length && last.contains('/') && !last.contains(',') => {
                    last.push(',');
                    last.push_str(piece);
                }
                _ if piece.is_empty() => {}
                _ => words.push(piece.to_owned()),
            }
            joins = true;
        }
    }
    words
}

fn key(word: &str) -> Result<NamedKey, WordError> {
    let lower = chinese::named(chinese::KEYS, word).map_or_else(|| word.to_ascii_lowercase(), str::to_owned);
    if let Some(lengths) = lower.strip_prefix("peer/") {
        let (v4, v6) = match lengths.split_once(',') {
            Some((v4, v6)) => (length(v4, 32), length(v6, 128)),
            None => (length(lengths, 32), Some(V6)),
        };
        let (Some(v4), Some(v6)) = (v4, v6) else { return Err(WordError::PrefixLength(word.to_owned())) };
        return Ok((lower, Key::PeerNetwork { v4, v6 }));
    }
    match KEYS.iter().find(|(name, _)| *name == lower) {
        Some((name, key)) => Ok(((*name).to_owned(), *key)),
        None => {
            let meant = MEANT.iter().find(|(known, _)| *known == lower).map(|(_, key)| *key);
            Err(WordError::UnknownKey(word.to_owned(), meant.or_else(|| nearest(&lower, names()))))
        }
    }
}

fn length(digits: &str, longest: u8) -> Option<u8> {
    digits.parse().ok().filter(|&length| length <= longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_from(values: &[&str]) -> Result<Vec<Key>, WordError> {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        Ok(read(&values)?.into_iter().map(|(_, key)| key).collect())
    }

    #[test]
    fn a_key_has_a_chinese_name() {
        assert_eq!(read_from(&["状态,端口"]), Ok(vec![Key::State, Key::LocalPort]));
        assert_eq!(read_from(&["狀態 用户"]), Ok(vec![Key::State, Key::User]));
    }

    #[test]
    fn keys_are_separated_by_blanks_commas_or_repetition() {
        let both = Ok(vec![Key::State, Key::LocalPort]);
        assert_eq!(read_from(&["state lport"]), both);
        assert_eq!(read_from(&["state,lport"]), both);
        assert_eq!(read_from(&["state", "lport"]), both);
        assert_eq!(read_from(&["STATE, lport"]), both);
    }

    #[test]
    fn the_comma_of_two_prefix_lengths_separates_nothing() {
        let network = Key::PeerNetwork { v4: 16, v6: 48 };
        assert_eq!(read_from(&["peer/16,48"]), Ok(vec![network]));
        assert_eq!(read_from(&["peer/16,48,state"]), Ok(vec![network, Key::State]));
        assert_eq!(read_from(&["peer/24"]), Ok(vec![Key::PeerNetwork { v4: 24, v6: 64 }]));
    }

    #[test]
    fn what_is_meant_is_a_key() {
        for (word, key) in MEANT {
            assert!(names().any(|name| name == *key) && names().all(|name| name != *word), "{word}");
        }
    }

    #[test]
    fn wrong_words_are_named() {
        assert_eq!(read_from(&["stat"]), Err(WordError::UnknownKey("stat".into(), Some("state"))));
        for (word, key) in [
            ("sport", "lport"),
            ("dport", "pport"),
            ("SRC", "local"),
            ("dst", "peer"),
            ("process", "proc"),
            ("uid", "user"),
            ("staet", "state"),
            ("interface", "dev"),
            ("timers", "timer"),
            ("local/24", "local"),
        ] {
            assert_eq!(read_from(&[word]), Err(WordError::UnknownKey(word.into(), Some(key))), "{word}");
        }
        assert_eq!(read_from(&["peer/33"]), Err(WordError::PrefixLength("peer/33".into())));
        assert_eq!(read_from(&["peer/24,129"]), Err(WordError::PrefixLength("peer/24,129".into())));
        assert_eq!(read_from(&[" "]), Err(WordError::NoKey));
        assert_eq!(read_from(&["state state"]), Err(WordError::KeyTwice("state".into())));
    }
}
