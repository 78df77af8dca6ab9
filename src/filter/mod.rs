//! The words by which sockets are selected and grouped on the command line.
//!
//! The filter language is that of `ss`, with more conditions. It is one typed tree ([`tree::Expr`]) with two readers:
//! the kernel, by a state mask and bytecode ([`kernel`]), and the stream of sockets here ([`eval`]). Nothing here
//! speaks to the host or to people: names are resolved by [`names::Names`], owners by [`facts::Facts`], and errors are
//! typed.

mod assemble;
mod ends;
pub mod error;
mod eval;
pub mod facts;
mod glob;
pub mod goal;
mod group;
mod host;
pub mod kernel;
pub mod keys;
mod lexer;
mod mask;
mod measure;
pub mod names;
mod narrow;
pub mod needs;
mod parser;
mod prelude;
mod print;
mod protocols;
pub mod ss;
pub mod states;
mod suggest;
pub mod tables;
pub mod tree;
mod value;
mod words;

use crate::{
    filter::{
        error::{FilterError, Problem},
        facts::Facts,
        names::Names,
        parser::Parsed,
        tree::Expr,
        words::Keyword,
    },
    model::{
        entry::Entry,
        state::{State, StateSet},
    },
};

pub use error::WordError;
pub use glob::globbed;
pub use group::of_group;
pub use suggest::nearest;

/// The maximum length of a filter in bytes: four times the kernel's limit for one word of a command line.
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
    /// Whether it has words that `ss` lacks for conditions that it has.
    beyond: bool,
}

impl Filter {
    /// The filter that takes every socket of a dump.
    pub fn everything() -> Filter {
        Filter {
            states: StateSet::ALL,
            bound_inactive: false,
            names_states: false,
            expr: None,
            mixed: false,
            beyond: false,
        }
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
            beyond: false,
        }
    }

    /// Reads a filter; blanks alone are the filter that takes everything.
    ///
    /// # Errors
    /// The first place that cannot be read, or the first name the host does not know.
    pub fn parse(text: &str, names: &dyn Names) -> Result<Filter, FilterError> {
        Filter::parse_all(&[text], names).map_err(|(_, error)| error)
    }

    /// Reads texts that must all hold, such as the words of a command line and a file.
    ///
    /// # Errors
    /// As [`Filter::parse`], with which of the texts it is.
    pub fn parse_all(texts: &[&str], names: &dyn Names) -> Result<Filter, (usize, FilterError)> {
        let mut all = Parsed::default();
        for (place, text) in texts.iter().enumerate() {
            if text.len() > LONGEST {
                let error = FilterError::new(Problem::TooLong { limit: LONGEST }, LONGEST..text.len());
                return Err((place, error));
            }
            all.join(parser::parse(text, names).map_err(|error| (place, error))?);
        }
        let (mixed, beyond) = (all.mixed, all.beyond);
        let filter = all.expr().map_or_else(Filter::everything, Filter::of);
        Ok(Filter { mixed, beyond, ..filter })
    }

    /// Whether the expression holds of the socket, the states being chosen elsewhere where the filter names none.
    pub fn takes(&self, entry: &Entry, facts: &dyn Facts) -> bool {
        if self.names_states {
            return self.matches(entry, facts);
        }
        self.expr.as_ref().is_none_or(|expr| eval::holds(expr, entry, facts))
    }

    /// Whether the socket matches. Unknown data makes the condition that needs it false, with `=` and with `!=`; a
    /// `not` before such a condition makes it true.
    pub fn matches(&self, entry: &Entry, facts: &dyn Facts) -> bool {
        let state = match entry.state {
            State::BOUND_INACTIVE => self.bound_inactive,
            state => self.states.contains(state),
        };
        state && self.expr.as_ref().is_none_or(|expr| eval::holds(expr, entry, facts))
    }
}

/// The text of command line words: joined by one blank, so that positions are the same however the shell split them. The
/// quotes that the shell took from `proc = "Web Content"` are put back.
pub fn join(given: &[String]) -> String {
    let is_name = |word: Option<&String>| {
        let key = word.and_then(|word| words::key_named(word));
        matches!(key, Some(Keyword::Program | Keyword::Cgroup | Keyword::Source | Keyword::Destination))
    };
    let mut text = String::new();
    let mut before: [Option<&String>; 2] = [None, None];
    for word in given {
        let is_compared = before[1].is_some_and(|op| matches!(op.as_str(), "=" | "==" | "!=" | "<>" | "eq" | "ne"));
        let is_value = is_name(before[1]) || is_compared && is_name(before[0]);
        text.push_str(if text.is_empty() { "" } else { " " });
        if is_value && word.contains(char::is_whitespace) && !word.starts_with(['"', '\'', '=', '!', '(']) {
            text.push_str(&format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")));
        } else {
            text.push_str(word);
        }
        before = [before[1], Some(word)];
    }
    text
}

/// Whether a word is the name of a protocol or an IP version: `tcp`, `udp6`, `ipv4`.
pub fn is_protocol(word: &str) -> bool {
    words::protocol(word).is_some()
}

/// The names of all keys, to offer.
pub fn key_names() -> impl Iterator<Item = &'static str> {
    words::keys()
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
    use crate::model::family::Protocol;

    #[test]
    fn comments_of_a_file_are_blank_and_positions_stay() {
        let file = "# ours: é\nstate time-wait\n  # more\n0.0.0.0/8\n";
        let text = read_file_text(file);
        assert_eq!(text.len(), file.len());
        assert_eq!(text.find("state"), file.find("state"));
        assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["state", "time-wait", "0.0.0.0/8"]);
    }

    #[test]
    fn texts_that_must_all_hold_are_read_each_by_itself() {
        let parse = |texts: &[&str]| Filter::parse_all(texts, &names::NoNames);
        let alone = Filter::parse("close-wait (dport = 1 or dport = 2)", &names::NoNames);
        assert_eq!(parse(&["close-wait", "dport = 1 or dport = 2"]).map_err(|(_, error)| error), alone);
        let (place, error) = parse(&["close-wait", "dport = 1 )"]).unwrap_err();
        assert_eq!((place, error.kind, error.span), (1, Problem::Unopened, 10..11));
        let (place, error) = parse(&["(listen", ") close-wait"]).unwrap_err();
        assert_eq!((place, error.kind, error.span), (0, Problem::Unclosed, 0..1), "neither reaches into the other");
        let families = parse(&["not src inet:10.0.0.1", "not dst unix:/a"]).unwrap().protocols(&[Protocol::Tcp]);
        assert_eq!(families, [Protocol::Tcp, Protocol::Unix]);
        assert!(parse(&["listen or close-wait and dport = 1", "dport = 2"]).unwrap().mixed);
        assert_eq!(parse(&["", " "]).unwrap(), Filter::everything());
    }

    #[test]
    fn quotes_that_the_shell_took_are_put_back_where_a_name_with_blanks_is_a_value() {
        let joined = |words: &[&str]| join(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        for (words, text) in [
            (&["proc", "=", "Web Content"][..], "proc = \"Web Content\""),
            (&["proc", "Web Content", "listen"], "proc \"Web Content\" listen"),
            (&["listen", "comm", "!=", "a \"b\\"], "listen comm != \"a \\\"b\\\\\""),
            (&["src", "/tmp/a b.sock"], "src \"/tmp/a b.sock\""),
            (&["proc", "= nginx"], "proc = nginx"),
            (&["proc = nginx and dport = 80"], "proc = nginx and dport = 80"),
            (&["dport", "=", "80 or dport = 443"], "dport = 80 or dport = 443"),
            (&["proc", "=", "'Web Content'"], "proc = 'Web Content'"),
        ] {
            assert_eq!(joined(words), text);
        }
    }

    #[test]
    fn too_long_a_text_is_refused_whole() {
        let error = Filter::parse(&"(".repeat(LONGEST + 1), &names::NoNames).unwrap_err();
        assert_eq!(error.kind, Problem::TooLong { limit: LONGEST });
    }
}
