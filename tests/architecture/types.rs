//! The types that a file defines.

use super::{
    Source,
    tokens::{Kind, Token, tokens},
};

/// The names of its structures, enumerations, traits and aliases outside tests, each with its line.
pub(super) fn defined(source: &Source) -> Vec<(String, usize)> {
    let tokens: Vec<Token> = tokens(&source.text).into_iter().filter(|token| !token.test && !token.attribute).collect();
    let mut found = Vec::new();
    // The opener of each brace around a place: a `type` within an implementation is not a new one.
    let mut around: Vec<bool> = Vec::new();
    let mut is_implementation = false;
    for (place, token) in tokens.iter().enumerate() {
        match &token.kind {
            Kind::Mark('{') => around.push(std::mem::take(&mut is_implementation)),
            Kind::Mark('}') => drop(around.pop()),
            Kind::Mark(';') => is_implementation = false,
            Kind::Word(word) => {
                let begins = place.checked_sub(1).is_none_or(|before| !is_expression(&tokens[before]));
                is_implementation |= matches!(word.as_str(), "impl" | "trait") && begins;
                let defines =
                    matches!(word.as_str(), "struct" | "enum" | "trait") || (word == "type" && !around.contains(&true));
                let name = tokens.get(place + 1).and_then(Token::word).filter(|_| defines);
                let name = name.filter(|name| name.starts_with(|first: char| first.is_ascii_uppercase()));
                found.extend(name.map(|name| (name.to_owned(), token.line)));
            }
            _ => {}
        }
    }
    found
}

/// Whether `impl` after this is part of a type, as in `-> impl Iterator` and `&impl Fn()`.
fn is_expression(before: &Token) -> bool {
    ['>', '&', '(', ':', '<', ',', '='].iter().any(|mark| before.is(*mark)) || before.word() == Some("mut")
}
