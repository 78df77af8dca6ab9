//! Every message there is, as `build.rs` finds them in the files of `src/text/en`: `live-share` in `explain.ftl` is
//! [`LIVE_SHARE`].

use super::packed::PackedTexts;

/// A message, by its place among all of a language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Message(u16);

/// How a message is written.
#[derive(Clone, Copy, Debug)]
pub struct MessageSource {
    /// The name of its constant.
    pub name: &'static str,
    /// The message.
    pub message: Message,
    /// The file it is in.
    pub file: File,
    /// Its name there.
    pub id: &'static str,
    /// The placeholders it takes.
    pub placeholders: &'static [&'static str],
}

/// Texts one behind the other.
struct Joined {
    text: &'static str,
    /// Where each ends.
    ends: &'static [u32],
}

impl Joined {
    fn get(&self, place: usize) -> Option<&'static str> {
        let end = *self.ends.get(place)? as usize;
        let from = place.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        self.text.get(from..end)
    }
}

/// The form that `build.rs` gives to the folder of a language.
pub(super) struct Texts {
    /// The folder's name.
    pub(super) name: &'static str,
    /// The messages that most runs say: the same, in the same order, in every language.
    often: Joined,
    /// The other messages, likewise.
    pub(super) seldom: PackedTexts,
    pub(super) markdown: PackedTexts,
}

impl Texts {
    /// Those of a language without a folder.
    pub(super) const fn none() -> Texts {
        let often = Joined { text: "", ends: &[] };
        Texts { name: "", often, seldom: PackedTexts::new(&[]), markdown: PackedTexts::new(&[]) }
    }

    /// The text of a message.
    pub(super) fn message(&'static self, Message(place): Message) -> &'static str {
        let place = usize::from(place);
        self.often.get(place).unwrap_or_else(|| self.seldom.get(place - self.often.ends.len()))
    }
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
