//! Words with a colon in them, as people know them from other programs: `pid:4321`, `tcp:8080`, `443/tcp`, and `lsof`'s
//! `TCP@10.0.0.1:443`.

use super::super::{
    lexer::{Sign, Token},
    words,
};

/// Splits words: a key and its value, or a protocol and an end, which stay together in parentheses. A word after a key
/// or a comparison is a value and stays whole.
pub(super) fn split(tokens: Vec<Token>) -> Vec<Token> {
    let mut split = Vec::with_capacity(tokens.len());
    let mut is_value = false;
    for token in tokens {
        let is_whole = is_value || !token.is_plain || token.sign != Sign::Word;
        is_value = matches!(token.sign, Sign::Compare(_) | Sign::Comma)
            || words::comparison(&token).is_some()
            || !is_value && words::key(&token).is_some_and(|key| !matches!(key, words::Keyword::Autobound));
        match parts(&token.text).filter(|_| !is_whole) {
            None => split.push(token),
            Some(WordParts::Condition(key, value)) => {
                split.push(word(&token, key, 0));
                split.push(word(&token, value, token.text.len() - value.len()));
            }
            Some(WordParts::End(protocol, end)) => {
                let sign = |sign| Token { sign, text: String::new(), ..token.clone() };
                split.push(sign(Sign::Open));
                split.push(word(&token, protocol, 0));
                split.push(Token { text: end, ..token.clone() });
                split.push(sign(Sign::Close));
            }
        }
    }
    split
}

enum WordParts<'a> {
    Condition(&'a str, &'a str),
    End(&'a str, String),
}

fn parts(text: &str) -> Option<WordParts<'_>> {
    if let Some((port, protocol)) =
        text.split_once('/').filter(|(port, protocol)| !port.is_empty() && is_protocol(protocol))
    {
        return Some(WordParts::End(protocol, format!(":{port}")));
    }
    let at = text.find([':', '@', '/'])?;
    let (name, rest) = (text.get(..at)?, text.get(at + 1..)?);
    let is_colon = text.as_bytes().get(at) == Some(&b':');
    if is_protocol(name) {
        let end = rest.trim_start_matches('/');
        let is_address = end.contains([':', '.', '[', '*']);
        return (!end.is_empty())
            .then(|| WordParts::End(name, if is_address { end.into() } else { format!(":{end}") }));
    }
    (is_colon && !rest.is_empty() && words::key_named(name).is_some()).then_some(WordParts::Condition(name, rest))
}

/// Whether a word is that of a protocol with ports; `unix:` and the like begin an end by themselves, as in `ss`.
fn is_protocol(word: &str) -> bool {
    let is_family = |name: &str| matches!(name, "unix" | "netlink" | "vsock" | "packet" | "inet" | "inet6");
    words::protocol(word).is_some() && !is_family(&word.to_ascii_lowercase())
}

fn word(token: &Token, text: &str, at: usize) -> Token {
    let start = token.span.start + at;
    Token { text: text.to_owned(), span: start..start + text.len(), ..token.clone() }
}
