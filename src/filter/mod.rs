//! The words by which sockets are selected and grouped on the command line.

pub mod keys;
pub mod states;
mod suggest;

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
}
