//! The signs and words of a filter, with their places.

use std::ops::Range;

use super::{
    error::{FilterError, Problem},
    tree::Op,
};

/// The kind of a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sign {
    Word,
    Open,
    Close,
    Not,
    And,
    Or,
    Comma,
    Compare(Op),
}

/// A sign or a word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) sign: Sign,
    /// Bytes of the text.
    pub(super) span: Range<usize>,
    /// A word without its escapes; empty for signs.
    pub(super) text: String,
    /// Whether nothing in it was escaped: only then it can be a word of the language.
    pub(super) is_plain: bool,
}

/// Longest first: the first that fits is taken.
const SIGNS: [(&str, Sign); 16] = [
    ("||", Sign::Or),
    ("&&", Sign::And),
    ("==", Sign::Compare(Op::Equal)),
    ("!=", Sign::Compare(Op::NotEqual)),
    ("<>", Sign::Compare(Op::NotEqual)),
    ("<=", Sign::Compare(Op::LessEqual)),
    (">=", Sign::Compare(Op::GreaterEqual)),
    ("|", Sign::Or),
    ("&", Sign::And),
    ("=", Sign::Compare(Op::Equal)),
    ("<", Sign::Compare(Op::Less)),
    (">", Sign::Compare(Op::Greater)),
    ("!", Sign::Not),
    ("(", Sign::Open),
    (")", Sign::Close),
    (",", Sign::Comma),
];

/// Splits a text.
///
/// # Errors
/// A backslash at the end, or a quote that is not closed.
pub(super) fn lex(text: &str) -> Result<Vec<Token>, FilterError> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start_matches(is_blank);
    while !rest.is_empty() {
        let start = text.len() - rest.len();
        let token = match SIGNS.iter().find(|(spelling, _)| rest.starts_with(spelling)) {
            Some((spelling, sign)) => {
                Token { sign: *sign, span: start..start + spelling.len(), text: String::new(), is_plain: true }
            }
            None => word(rest, start)?,
        };
        rest = text.get(token.span.end..).unwrap_or_default().trim_start_matches(is_blank);
        tokens.push(token);
    }
    Ok(tokens)
}

/// The word the text begins with. A `!` within it is its own, but for one before a `=`; a quote is one at its begin alone.
fn word(text: &str, start: usize) -> Result<Token, FilterError> {
    let mut word = String::new();
    let mut is_plain = true;
    let mut end = text.len();
    let mut chars = text.char_indices().peekable();
    if let Some((_, quote)) = chars.next_if(|(_, c)| matches!(c, '"' | '\'')) {
        is_plain = false;
        let unclosed = || FilterError::new(Problem::UnclosedQuote, start..start + 1);
        loop {
            match chars.next().ok_or_else(unclosed)?.1 {
                c if c == quote => break,
                '\\' if quote == '"' => word.push(chars.next().ok_or_else(unclosed)?.1),
                c => word.push(c),
            }
        }
    }
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                is_plain = false;
                let Some((_, escaped)) = chars.next() else {
                    return Err(FilterError::new(Problem::LoneBackslash, start + at..start + at + 1));
                };
                word.push(escaped);
            }
            '!' if !matches!(chars.peek(), Some((_, '='))) => word.push(c),
            c if is_blank(c) || is_special(c) => {
                end = at;
                break;
            }
            c => word.push(c),
        }
    }
    Ok(Token { sign: Sign::Word, span: start..start + end, text: word, is_plain })
}

pub(super) fn is_blank(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{b}'
}

/// Whether it ends a word, and so has to be escaped inside one.
pub(super) fn is_special(c: char) -> bool {
    matches!(c, '(' | ')' | '|' | '&' | ',' | '=' | '<' | '>' | '!')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(text: &str) -> Vec<(Sign, &str)> {
        lex(text).unwrap().into_iter().map(|token| (token.sign, &text[token.span])).collect()
    }

    #[test]
    fn signs_need_no_blanks() {
        let spaced = signs("dport = :80");
        assert_eq!(spaced, [(Sign::Word, "dport"), (Sign::Compare(Op::Equal), "="), (Sign::Word, ":80")]);
        assert_eq!(signs("dport=:80"), spaced);
        assert_eq!(signs("dport=:80\n"), spaced);
        assert_eq!(
            signs("recvq>0&&!listen"),
            [
                (Sign::Word, "recvq"),
                (Sign::Compare(Op::Greater), ">"),
                (Sign::Word, "0"),
                (Sign::And, "&&"),
                (Sign::Not, "!"),
                (Sign::Word, "listen")
            ]
        );
    }

    #[test]
    fn an_exclamation_mark_inside_a_word_is_its_own() {
        assert_eq!(signs("a[!b]c"), [(Sign::Word, "a[!b]c")]);
        assert_eq!(signs("a!=b").len(), 3);
    }

    #[test]
    fn a_backslash_takes_the_next_sign_as_a_letter() {
        let tokens = lex(r"unix:/tmp/a\ \(b\)\\ x").unwrap();
        assert_eq!(tokens[0].text, r"unix:/tmp/a (b)\");
        assert!(!tokens[0].is_plain);
        assert_eq!(tokens[0].span, 0..20);
        assert!(tokens[1].is_plain);
        let error = lex(r"a b\").unwrap_err();
        assert_eq!((error.kind, error.span), (Problem::LoneBackslash, 3..4));
    }
}
