//! What is to be said, without the words: a message's name and typed values. The catalogue makes the sentence.

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

/// A message of a rule's catalogue with what it is filled with.
#[derive(Clone, PartialEq, Debug)]
pub struct Sentence {
    /// The message's name; looked for in the rule's own file, then in the one all rules share.
    pub id: &'static str,
    /// Its placeholders.
    pub values: Vec<(&'static str, Word)>,
}

impl Sentence {
    /// A message without placeholders.
    pub fn plain(id: &'static str) -> Sentence {
        Sentence { id, values: Vec::new() }
    }

    /// The same with one more placeholder.
    #[must_use]
    pub fn with(mut self, name: &'static str, word: Word) -> Sentence {
        self.values.push((name, word));
        self
    }

    /// As a part of another sentence.
    pub fn part(self) -> Word {
        Word::Part(Box::new(self))
    }
}
