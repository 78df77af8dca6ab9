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

/// Texts one behind the other.
struct Joined {
    text: &'static str,
    /// Where each ends.
    ends: &'static [u32],
}

impl Joined {
    fn get(&self, place: usize) -> &'static str {
        let end = |place: usize| self.ends.get(place).map_or(0, |end| *end as usize);
        let from = place.checked_sub(1).map_or(0, end);
        self.text.get(from..end(place)).unwrap_or_default()
    }

    /// The place of a text, where they are sorted.
    fn find(&self, text: &str) -> Option<usize> {
        let (mut from, mut to) = (0, self.ends.len());
        while from < to {
            let middle = from.midpoint(to);
            match self.get(middle).cmp(text) {
                Ordering::Less => from = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => to = middle,
            }
        }
        None
    }
}

/// What `build.rs` makes of the folder of a language.
pub(super) struct Texts {
    /// The folder's name.
    pub(super) name: &'static str,
    /// The messages, sorted by path: the same paths in every language.
    messages: Joined,
    /// The Markdown, packed.
    pub(super) topics: &'static [u8],
}

impl Texts {
    /// Those of a language without a folder.
    pub(super) const NONE: Texts = Texts { name: "", messages: Joined { text: "", ends: &[] }, topics: &[] };

    /// The text of a message.
    pub(super) fn message(&self, place: usize) -> &'static str {
        self.messages.get(place)
    }

    /// The text of the message with a path.
    pub(super) fn find(&self, path: &str) -> Option<&'static str> {
        PATHS.find(path).map(|place| self.message(place))
    }
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
