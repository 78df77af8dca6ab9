//! The fault of a filter, its position, and the expected tokens; the sentences are in the catalogue.

use std::ops::Range;

/// The fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Problem {
    /// The text ends where more is needed.
    UnexpectedEnd,
    /// This does not belong here.
    Unexpected,
    /// A parenthesis that is not closed.
    Unclosed,
    /// A parenthesis that was not opened.
    Unopened,
    /// A bare word that is nearly a state or a key of the language.
    NearWord,
    /// An unknown word before an operator.
    UnknownKey,
    /// A word that must be a state and is none.
    UnknownState,
    /// An operator that this key does not take: it knows only equal and not equal.
    NotOrdered,
    /// No port: not a number from 0 to 65535.
    BadPort,
    /// No address, or one of another family.
    BadAddress,
    /// A prefix length that is too long, or none.
    BadPrefix,
    /// No number, or one that is too large.
    BadNumber,
    /// No number of bytes.
    BadSize,
    /// No duration: the unit is missing or unknown, or it is too long.
    BadDuration,
    /// No mark, or no mask after it.
    BadMark,
    /// A word that is not one of the few allowed here.
    BadWord,
    /// No such service on this host.
    UnknownService,
    /// The host name does not exist, or names are not resolved.
    UnknownHost,
    /// No such interface on this host.
    UnknownInterface,
    /// No such user on this host.
    UnknownUser,
    /// No such cgroup on this host.
    UnknownCgroup,
    /// No such systemd unit on this host.
    UnknownUnit,
    /// No container of such an id on this host.
    UnknownContainer,
    /// No such network namespace on this host.
    UnknownNetns,
    /// A bare word that is neither a state nor a running program.
    UnknownProgram,
    /// No such protocol of packet or netlink sockets.
    UnknownProtocol,
    /// A quote that is not closed.
    UnclosedQuote,
    /// A backslash with nothing after it.
    LoneBackslash,
    /// Parentheses nested too deeply.
    TooDeep {
        /// How deep they may be.
        limit: usize,
    },
    /// More text than is read.
    TooLong {
        /// How many bytes are read.
        limit: usize,
    },
}

/// Something that would be valid at this place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// This very word.
    Word(&'static str),
    /// A condition: a state, a key, an address, a port, a program, `not` or a parenthesis.
    Condition,
    /// `=`, `!=`, and their other spellings.
    Equality,
    /// Any of the six comparisons.
    Comparison,
    /// A state's name.
    State,
    /// A key of the language.
    Key,
    /// An address, with prefix length and port or without.
    Address,
    /// A port's number or the name of a service.
    Port,
    /// The name or index of an interface.
    Interface,
    /// A number.
    Number,
    /// A number of bytes, with `K`, `M` or `G` or without.
    Size,
    /// A number with its unit: `us`, `ms`, `s`, `m`, `h` or `d`.
    Duration,
    /// A firewall mark, with a mask or without.
    Mark,
    /// A path below the cgroup root.
    CgroupPath,
    /// A program's name; `*` and `?` are wildcards.
    Program,
    /// A user's name or number.
    User,
    /// A systemd unit.
    Unit,
    /// The beginning of a container's id.
    Container,
    /// A network namespace's name.
    Netns,
    /// The end of the filter.
    End,
}

/// Why a filter cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FilterError {
    /// The fault.
    pub kind: Problem,
    /// Where: bytes of the text; empty at its end where something is missing.
    pub span: Range<usize>,
    /// The word there, without its escapes; empty where there is none.
    pub word: String,
    /// The accepted alternatives.
    pub expected: Vec<Expected>,
    /// The nearest word of the language, if one is near.
    pub nearest: Option<&'static str>,
}

impl FilterError {
    /// An error without a word or anything expected.
    pub(super) fn new(kind: Problem, span: Range<usize>) -> FilterError {
        FilterError { kind, span, word: String::new(), expected: Vec::new(), nearest: None }
    }

    /// The same about this word.
    pub(super) fn about(mut self, word: &str) -> FilterError {
        self.word = word.to_owned();
        self
    }

    /// The same where one of these was expected.
    pub(super) fn expecting(mut self, expected: &[Expected]) -> FilterError {
        self.expected = expected.to_vec();
        self
    }

    /// The same with a suggestion.
    pub(super) fn near(mut self, nearest: Option<&'static str>) -> FilterError {
        self.nearest = nearest;
        self
    }
}

/// An unknown word: the expected alternatives decide the message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WordError {
    /// No group key has this name; the nearest that has, if one is near.
    UnknownKey(String, Option<&'static str>),
    /// A prefix length that is none.
    PrefixLength(String),
    /// No key at all.
    NoKey,
    /// A key was named twice.
    KeyTwice(String),
    /// No number of sockets to wait for.
    Goal(String),
    /// A number of sockets that there cannot be.
    NeverGoal(String),
    /// IPv4 only and IPv6 only at once.
    BothFamilies,
    /// An IP version asked of UNIX sockets alone, by this option.
    UnixFamily(&'static str),
    /// No family has this name; the nearest that has, if one is near.
    UnknownFamily(String, Option<&'static str>),
    /// No table has this name; the nearest that has, if one is near.
    UnknownQuery(String, Option<&'static str>),
}
