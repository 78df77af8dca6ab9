//! A sentence without its words: a message ID and typed values. The catalogue makes the text.

use std::{net::IpAddr, time::Duration};

/// A value that a sentence is filled with. Units are made where the words are.
#[derive(Clone, PartialEq, Debug)]
pub enum Word {
    /// How many.
    Count(u64),
    /// A plain number without grouping: a port, a pid, a sysctl's value.
    Plain(u64),
    /// Bytes.
    Bytes(u64),
    /// A length of time.
    Time(Duration),
    /// A ratio: 0.9 is shown as `90 %`.
    Ratio(f64),
    /// A rate or mean with at most one decimal: 4.3.
    Decimal(f64),
    /// An address.
    Address(IpAddr),
    /// An address with a port; an unspecified address is shown as `*`.
    Endpoint(IpAddr, u16),
    /// A name of the kernel, a command, a sysctl: never translated.
    Term(&'static str),
    /// Something from outside, such as a program's name: escaped before it is shown.
    Outside(String),
    /// A sentence, or a part of one, of the same catalogue.
    Part(Box<Sentence>),
    /// Several, joined as the language joins a list.
    List(Vec<Word>),
}

/// A message of a rule's catalogue and its values.
#[derive(Clone, PartialEq, Debug)]
pub struct Sentence {
    /// The message's name; searched in the rule's own file, then in the shared one.
    pub id: &'static str,
    /// Its placeholders.
    pub values: Vec<(&'static str, Word)>,
}

impl Sentence {
    /// A message without placeholders.
    pub fn plain(id: &'static str) -> Sentence {
        Sentence { id, values: Vec::new() }
    }

    /// As a part of another sentence.
    pub fn part(self) -> Word {
        Word::Part(Box::new(self))
    }
}

impl From<&'static str> for Sentence {
    fn from(id: &'static str) -> Sentence {
        Sentence::plain(id)
    }
}

/// Anything with placeholders: a sentence, or a finding, whose placeholders are those of its title.
pub trait Placeholders: Sized {
    /// Fills a placeholder.
    #[must_use]
    fn with(self, name: &'static str, word: Word) -> Self;

    /// With how many.
    #[must_use]
    fn count(self, name: &'static str, count: u64) -> Self {
        self.with(name, Word::Count(count))
    }

    /// With a number that is not grouped: a port, a pid, a sysctl's value.
    #[must_use]
    fn number(self, name: &'static str, number: u64) -> Self {
        self.with(name, Word::Plain(number))
    }

    /// With bytes.
    #[must_use]
    fn bytes(self, name: &'static str, bytes: u64) -> Self {
        self.with(name, Word::Bytes(bytes))
    }

    /// With a length of time.
    #[must_use]
    fn time(self, name: &'static str, time: Duration) -> Self {
        self.with(name, Word::Time(time))
    }

    /// With a part of a whole, 0 to 1.
    #[must_use]
    fn ratio(self, name: &'static str, ratio: f64) -> Self {
        self.with(name, Word::Ratio(ratio))
    }

    /// With a rate or mean.
    #[must_use]
    fn decimal(self, name: &'static str, value: f64) -> Self {
        self.with(name, Word::Decimal(value))
    }

    /// With an address.
    #[must_use]
    fn address(self, name: &'static str, address: IpAddr) -> Self {
        self.with(name, Word::Address(address))
    }

    /// With an address and a port.
    #[must_use]
    fn endpoint(self, name: &'static str, address: IpAddr, port: u16) -> Self {
        self.with(name, Word::Endpoint(address, port))
    }

    /// With a name that is never translated.
    #[must_use]
    fn term(self, name: &'static str, term: &'static str) -> Self {
        self.with(name, Word::Term(term))
    }

    /// With something from outside, such as a program's name.
    #[must_use]
    fn outside(self, name: &'static str, text: impl Into<String>) -> Self {
        self.with(name, Word::Outside(text.into()))
    }
}

impl Placeholders for Sentence {
    fn with(mut self, name: &'static str, word: Word) -> Sentence {
        self.values.push((name, word));
        self
    }
}
