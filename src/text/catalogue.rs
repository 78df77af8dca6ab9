//! The words of one language.

use super::{
    fill::{MessageValue, fill, placeholders},
    lang::Lang,
    messages::Message,
};

/// The words of one language.
pub struct Catalogue {
    lang: Lang,
}

impl Catalogue {
    /// The catalogue of a language.
    pub fn new(lang: Lang) -> Catalogue {
        Catalogue { lang }
    }

    /// Its language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A message without placeholders.
    pub fn text(&self, message: Message) -> String {
        self.say(message, &[])
    }

    /// A message with its placeholders filled in; numbers are grouped by thousands.
    pub fn say(&self, message: Message, values: &[(&'static str, MessageValue<'_>)]) -> String {
        fill(self.lang.texts().message(message), values, self.lang).0
    }

    /// The placeholders that a message takes outside choices, in the order in which English has them.
    pub fn placeholders(&self, message: Message) -> Vec<&'static str> {
        placeholders(Lang::En.texts().message(message))
    }
}
