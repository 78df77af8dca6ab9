//! The words by which sockets are selected and grouped on the command line.
//!
//! The filter language is that of `ss`, with more conditions. It is one typed tree ([`tree::Expr`]) with two readers:
//! the kernel, by a state mask and bytecode ([`kernel`]), and the stream of sockets here ([`eval`]). Nothing here speaks
//! to the host or to people: names are looked up through [`names::Names`], owners through [`facts::Facts`], and errors
//! are typed.

mod assemble;
mod ends;
pub mod error;
mod eval;
pub mod facts;
mod glob;
mod host;
pub mod kernel;
pub mod keys;
mod lexer;
mod mask;
mod measure;
pub mod names;
mod needs;
mod parser;
mod print;
mod protocols;
pub mod states;
mod suggest;
pub mod tables;
pub mod tree;
mod value;
mod words;

use crate::{
    filter::{
        error::{FilterError, Kind},
        facts::Facts,
        names::Names,
        tree::Expr,
    },
    model::{
        entry::Entry,
        state::{State, StateSet},
    },
};

pub use needs::Needs;
pub use suggest::nearest;

/// A word that is not understood: what was expected decides what is said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WordError {
    /// No state has this name; the nearest that has, if one is near.
    UnknownState(String, Option<&'static str>),
    /// No group key has this name; the nearest that has, if one is near.
    UnknownKey(String, Option<&'static str>),
    /// A prefix length that is none.
    PrefixLength(String),
    /// No key at all.
    NoKey,
    /// A key was named twice.
    KeyTwice(String),
    /// IPv4 only and IPv6 only at once.
    BothFamilies,
    /// An IP version asked of UNIX sockets alone, by this option.
    UnixFamily(&'static str),
    /// No family has this name; the nearest that has, if one is near.
    UnknownFamily(String, Option<&'static str>),
    /// No table has this name; the nearest that has, if one is near.
    UnknownQuery(String, Option<&'static str>),
    /// Sockets are destroyed by another command.
    Kill,
    /// Dying sockets are not followed.
    Events,
}

/// The longest text that is read, in bytes: four times what a kernel takes as one word of a command line.
pub const LONGEST: usize = 1 << 19;

/// A filter: which sockets are wanted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filter {
    /// The states a wanted socket can have, for `idiag_states`; never narrower than the expression, and without
    /// `BOUND_INACTIVE`.
    pub states: StateSet,
    /// Whether the filter asks for bound but unused sockets too; they come only where their state is named.
    pub bound_inactive: bool,
    /// Whether the filter names any state; where it names none, the command's own default applies.
    pub names_states: bool,
    /// The condition; `None` for every socket.
    pub expr: Option<Expr>,
    /// Whether an `and` follows an `or` without parentheses: `ss` goes from left to right there, this filter by
    /// precedence.
    pub mixed: bool,
}

impl Filter {
    /// The filter that takes every socket of a dump.
    pub fn everything() -> Filter {
        Filter { states: StateSet::ALL, bound_inactive: false, names_states: false, expr: None, mixed: false }
    }

    /// The filter of a tree.
    pub fn of(expr: Expr) -> Filter {
        let found = mask::of(&expr);
        Filter {
            states: found.states,
            bound_inactive: found.bound_inactive,
            names_states: found.names_states,
            expr: Some(expr),
            mixed: false,
        }
    }

    /// Reads a filter; blanks alone are the filter that takes everything.
    ///
    /// # Errors
    /// The first place that cannot be read, or the first name the host does not know.
    pub fn parse(text: &str, names: &dyn Names) -> Result<Filter, FilterError> {
        if text.len() > LONGEST {
            return Err(FilterError::new(Kind::TooLong { limit: LONGEST }, LONGEST..text.len()));
        }
        let (expr, mixed) = parser::parse(text, names)?;
        let filter = expr.map_or_else(Filter::everything, Filter::of);
        Ok(Filter { mixed, ..filter })
    }

    /// Whether the expression holds of the socket, the states being chosen elsewhere where the filter names none.
    pub fn takes(&self, entry: &Entry, facts: &dyn Facts) -> bool {
        if self.names_states {
            return self.matches(entry, facts);
        }
        self.expr.as_ref().is_none_or(|expr| eval::holds(expr, entry, facts))
    }

    /// Whether the socket is wanted. What is not known about it makes the condition that asks for it false, with `=` as
    /// with `!=`; a `not` before such a condition makes it true.
    pub fn matches(&self, entry: &Entry, facts: &dyn Facts) -> bool {
        let state = match entry.state {
            State::BOUND_INACTIVE => self.bound_inactive,
            state => self.states.contains(state),
        };
        state && self.expr.as_ref().is_none_or(|expr| eval::holds(expr, entry, facts))
    }
}

/// The text of command line words: joined by one blank, so that positions are the same however the shell split them.
pub fn join(words: &[String]) -> String {
    words.join(" ")
}

/// The text of a filter file: lines that begin with `#` are left out, as is the end of each line. Positions stay those
/// of the file. (`ss` also leaves out lines that begin with `0`, which can only surprise: a condition can begin so.)
pub fn read_file_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('#') {
            out.extend(std::iter::repeat_n(' ', line.len()));
        } else {
            out.push_str(line);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_a_file_are_blank_and_positions_stay() {
        let file = "# ours: é\nstate time-wait\n  # more\n0.0.0.0/8\n";
        let text = read_file_text(file);
        assert_eq!(text.len(), file.len());
        assert_eq!(text.find("state"), file.find("state"));
        assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["state", "time-wait", "0.0.0.0/8"]);
    }

    #[test]
    fn too_long_a_text_is_refused_whole() {
        let error = Filter::parse(&"(".repeat(LONGEST + 1), &names::NoNames).unwrap_err();
        assert_eq!(error.kind, Kind::TooLong { limit: LONGEST });
    }
}
