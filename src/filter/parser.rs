//! From text to tree: `not` binds before `and`, `and` before `or`, and adjacent terms are joined by *and*.
//!
//! A list of states at the beginning applies to the whole expression, as in `ss`; elsewhere it is a condition. Adjacent
//! names of states are one list, a union; `exclude` removes states from the list so far, or from all.

use super::{
    error::{Expected, FilterError, Problem},
    lexer::{Sign, Token, lex},
    names::Names,
    prelude::*,
    states,
    words::{self, Joint, Keyword},
};

mod colons;
mod condition;

/// How deep parentheses may be nested.
const DEEPEST: usize = 200;

/// The result of texts that must all hold.
#[derive(Default)]
pub(super) struct Parsed {
    parts: Vec<Expr>,
    /// Whether an `and` follows an `or` without parentheses.
    pub(super) mixed: bool,
    /// Whether it has `host` or `port`, which `ss` lacks, though it has their parts.
    pub(super) beyond: bool,
    /// The families before ends, each once, in the order of the text.
    families: Vec<Family>,
}

impl Parsed {
    /// Adds another text.
    pub(super) fn join(&mut self, other: Parsed) {
        self.parts.extend(other.parts);
        self.mixed |= other.mixed;
        self.beyond |= other.beyond;
        self.name_families(other.families);
    }

    fn name_families(&mut self, families: impl IntoIterator<Item = Family>) {
        for family in families {
            if !self.families.contains(&family) {
                self.families.push(family);
            }
        }
    }

    /// The expression; `None` for every socket.
    pub(super) fn expr(self) -> Option<Expr> {
        (!self.parts.is_empty()).then(|| within(Expr::all(self.parts), &self.families))
    }
}

/// Reads a text.
///
/// # Errors
/// The first place that cannot be read.
pub(super) fn parse(text: &str, names: &dyn Names) -> Result<Parsed, FilterError> {
    let mut parser =
        Parser { text, tokens: colons::split(lex(text)?), at: 0, names, depth: 0, parsed: Parsed::default() };
    if parser.tokens.is_empty() {
        return Ok(parser.parsed);
    }
    let expr = parser.whole()?;
    match parser.peek() {
        None => {
            parser.parsed.parts.push(expr);
            Ok(parser.parsed)
        }
        Some(Token { sign: Sign::Close, span, .. }) => Err(FilterError::new(Problem::Unopened, span.clone())),
        Some(_) => Err(parser.unexpected(&[Expected::Word("and"), Expected::Word("or"), Expected::End])),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    names: &'a dyn Names,
    depth: usize,
    parsed: Parsed,
}

impl Parser<'_> {
    /// The states before the expression, and the expression.
    fn whole(&mut self) -> Result<Expr, FilterError> {
        if self.at_states() {
            let states = self.states()?;
            let is_joined = matches!(self.joint(), Some(Joint::And | Joint::Or));
            if self.peek().is_some() && !is_joined && self.sign() != Some(Sign::Close) {
                let rest = self.any()?;
                return Ok(Expr::all(vec![states, rest]));
            }
            self.at = 0;
        }
        self.any()
    }

    fn any(&mut self) -> Result<Expr, FilterError> {
        let mut parts = vec![self.all(false)?];
        while self.joint() == Some(Joint::Or) {
            self.at += 1;
            parts.push(self.all(true)?);
        }
        Ok(Expr::any(parts))
    }

    /// A conjunction; after an `or`, `ss` would apply its `and` to everything before.
    fn all(&mut self, after_or: bool) -> Result<Expr, FilterError> {
        let mut parts = vec![self.not()?];
        loop {
            match self.joint() {
                Some(Joint::And) => self.at += 1,
                Some(Joint::Or) => break,
                Some(Joint::Not) => {}
                None if matches!(self.sign(), Some(Sign::Word | Sign::Open)) => {}
                None => break,
            }
            parts.push(self.not()?);
            self.parsed.mixed |= after_or;
        }
        Ok(Expr::all(parts))
    }

    fn not(&mut self) -> Result<Expr, FilterError> {
        let mut is_negated = false;
        while self.joint() == Some(Joint::Not) {
            self.at += 1;
            is_negated = !is_negated;
        }
        let expr = self.primary()?;
        Ok(if is_negated { expr.negated() } else { expr })
    }

    fn primary(&mut self) -> Result<Expr, FilterError> {
        let open = match self.peek() {
            Some(Token { sign: Sign::Open, span, .. }) => span.clone(),
            Some(Token { sign: Sign::Word, .. }) if self.joint().is_none() => {
                return if self.at_states() { self.states() } else { self.condition() };
            }
            _ => return Err(self.unexpected(&[Expected::Condition])),
        };
        if self.depth == DEEPEST {
            return Err(FilterError::new(Problem::TooDeep { limit: DEEPEST }, open));
        }
        self.depth += 1;
        self.at += 1;
        let inner = self.any()?;
        self.depth -= 1;
        match self.sign() {
            Some(Sign::Close) => self.at += 1,
            None => return Err(FilterError::new(Problem::Unclosed, open).expecting(&[Expected::Word(")")])),
            Some(_) => {
                return Err(self.unexpected(&[Expected::Word("and"), Expected::Word("or"), Expected::Word(")")]));
            }
        }
        Ok(inner)
    }

    /// Whether a list of states begins here.
    fn at_states(&self) -> bool {
        self.peek().is_some_and(|token| {
            is_state(token) || matches!(words::key(token), Some(Keyword::State | Keyword::Exclude))
        })
    }

    /// A list of states.
    fn states(&mut self) -> Result<Expr, FilterError> {
        let mut found: Option<StateSet> = None;
        let mut excludes = false;
        while let Some(token) = self.peek() {
            match words::key(token) {
                Some(key @ (Keyword::State | Keyword::Exclude)) => {
                    excludes = key == Keyword::Exclude;
                    self.at += 1;
                    // `state = time-wait` and `state != listen` are not of `ss`, but can only be meant so.
                    if let Some(op @ (Op::Equal | Op::NotEqual)) = self.operator() {
                        self.at += 1;
                        excludes ^= op == Op::NotEqual;
                    }
                }
                _ if is_state(token) => {}
                _ => break,
            }
            loop {
                let set = self.state()?;
                found = Some(match found {
                    None if excludes => without(StateSet::ALL, set),
                    Some(before) if excludes => without(before, set),
                    None => set,
                    Some(before) => before.union(set),
                });
                if self.sign() != Some(Sign::Comma) {
                    break;
                }
                self.at += 1;
            }
        }
        Ok(is(Op::Equal, Test::States(found.unwrap_or(StateSet::ALL))))
    }

    /// One name of states.
    fn state(&mut self) -> Result<StateSet, FilterError> {
        let Some(token) = self.peek().filter(|token| token.sign == Sign::Word) else {
            return Err(self.unexpected(&[Expected::State]));
        };
        let named = states::named(&token.text).ok_or_else(|| {
            FilterError::new(Problem::UnknownState, token.span.clone())
                .about(&token.text)
                .expecting(&[Expected::State])
                .near(words::nearest_state(&token.text))
        })?;
        self.at += 1;
        Ok(named)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn sign(&self) -> Option<Sign> {
        self.peek().map(|token| token.sign)
    }

    /// The joint at this place, as sign or word.
    fn joint(&self) -> Option<Joint> {
        let token = self.peek()?;
        match token.sign {
            Sign::Not => Some(Joint::Not),
            Sign::And => Some(Joint::And),
            Sign::Or => Some(Joint::Or),
            Sign::Word => words::joint(token),
            _ => None,
        }
    }

    /// The comparison at this place, as sign or word.
    fn operator(&self) -> Option<Op> {
        let token = self.peek()?;
        match token.sign {
            Sign::Compare(op) => Some(op),
            Sign::Word => words::comparison(token),
            _ => None,
        }
    }

    /// An error about the token at this place, or about the end.
    fn unexpected(&self, expected: &[Expected]) -> FilterError {
        let error = match self.peek() {
            Some(token) => FilterError::new(Problem::Unexpected, token.span.clone())
                .about(self.text.get(token.span.clone()).unwrap_or_default()),
            None => {
                let end = self.text.trim_end().len();
                FilterError::new(Problem::UnexpectedEnd, end..end)
            }
        };
        error.expecting(expected)
    }
}

fn is(op: Op, test: Test) -> Expr {
    Expr::Is(Condition { op, test })
}

/// The expression in these families alone, if `inet:` or `inet6:` is among them: in `ss` they choose tables for the
/// whole filter. Other families need no restriction: only they have such an end.
fn within(expr: Expr, families: &[Family]) -> Expr {
    if !families.iter().any(|family| matches!(family, Family::Inet | Family::Inet6)) {
        return expr;
    }
    let any = families.iter().map(|family| is(Op::Equal, Test::Family(*family))).collect();
    Expr::all(vec![expr, Expr::any(any)])
}

fn is_state(token: &Token) -> bool {
    token.is_plain && token.sign == Sign::Word && states::named(&token.text).is_some()
}

fn without(set: StateSet, taken: StateSet) -> StateSet {
    let each = State::ALL.into_iter().chain([State::BOUND_INACTIVE]);
    each.filter(|state| taken.contains(*state)).fold(set, StateSet::without)
}

#[cfg(test)]
mod tests;
