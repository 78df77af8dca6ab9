//! Every message there is, as `build.rs` finds them in the files of `src/text/en`: `live-share` in `explain.ftl` is
//! [`LIVE_SHARE`].

use std::cmp::Ordering;

/// A message by its file and name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Message {
    /// The file it is in.
    pub file: File,
    /// Its name there.
    pub id: &'static str,
    /// The placeholders it takes.
    pub placeholders: &'static [&'static str],
    /// Where it is among all texts of a language.
    pub(super) place: usize,
}

/// What `build.rs` makes of the folder of a language.
pub(super) struct Texts {
    /// The folder's name.
    pub(super) name: &'static str,
    /// Each message behind its path and `\0`, sorted by path: the same paths in every language.
    messages: &'static str,
    /// Where each message ends.
    ends: &'static [usize],
    /// The Markdown, packed.
    pub(super) topics: &'static [u8],
}

impl Texts {
    /// Those of a language without a folder.
    pub(super) const NONE: Texts = Texts { name: "", messages: "", ends: &[], topics: &[] };

    /// The path and text of a message.
    fn entry(&self, place: usize) -> (&'static str, &'static str) {
        let end = |place: usize| self.ends.get(place).copied().unwrap_or_default();
        let from = place.checked_sub(1).map_or(0, end);
        self.messages.get(from..end(place)).and_then(|entry| entry.split_once('\0')).unwrap_or_default()
    }

    /// The text of a message.
    pub(super) fn message(&self, place: usize) -> &'static str {
        self.entry(place).1
    }

    /// The text of the message with a path.
    pub(super) fn find(&self, path: &str) -> Option<&'static str> {
        let (mut from, mut to) = (0, self.ends.len());
        while from < to {
            let middle = from.midpoint(to);
            let (known, text) = self.entry(middle);
            match known.cmp(path) {
                Ordering::Less => from = middle + 1,
                Ordering::Equal => return Some(text),
                Ordering::Greater => to = middle,
            }
        }
        None
    }
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
