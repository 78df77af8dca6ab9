//! The words of one language, filled in.

use std::{borrow::Cow, cell::OnceCell};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

use super::{
    lang::Lang,
    messages::{File, Message},
};

/// A value put into a message.
pub type MessageValue<'a> = FluentValue<'a>;

/// The words of one language.
pub struct Catalogue {
    lang: Lang,
    bundles: [OnceCell<FluentBundle<FluentResource>>; File::ALL.len()],
}

impl Catalogue {
    /// The catalogue of a language, with nothing parsed yet.
    pub fn new(lang: Lang) -> Catalogue {
        Catalogue { lang, bundles: Default::default() }
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
        let bundle = self.bundle(message.file);
        let pattern = bundle.get_message(message.id).and_then(|found| found.value());
        // The tests make sure that every message is there; a bare name still says more than nothing.
        let Some(pattern) = pattern else { return message.id.to_owned() };
        let values: FluentArgs<'_> = values.iter().cloned().collect();
        bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
    }

    pub(super) fn bundle(&self, file: File) -> &FluentBundle<FluentResource> {
        self.bundles[file as usize].get_or_init(|| parsed(self.lang, self.lang.file(file)))
    }
}

/// A catalogue file, read.
pub(super) fn parsed(lang: Lang, text: &str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new(vec![lang.identifier()]);
    // The invisible marks around placeholders would break columns and copied commands.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(grouped(number.value as u64)),
        _ => None,
    }));
    // The parts that were understood are kept; the tests refuse files with other parts.
    let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(text.to_owned());
    bundle.add_resource_overriding(resource);
    bundle
}

/// A count as a message takes it.
pub fn number(count: u64) -> MessageValue<'static> {
    MessageValue::from(count)
}

/// Text as a message takes it.
pub fn words<'a>(text: impl Into<Cow<'a, str>>) -> MessageValue<'a> {
    MessageValue::String(text.into())
}

/// Digits in groups of three: `14,438`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_from_the_right() {
        let texts: Vec<_> = [0, 999, 1000, 14_438, 1_000_000].map(grouped).into();
        assert_eq!(texts, ["0", "999", "1,000", "14,438", "1,000,000"]);
    }
}
