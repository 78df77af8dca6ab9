//! All words for people, in every language. Nothing outside this folder holds a sentence.
//!
//! A catalogue is a set of Fluent files; each is parsed when its first message is asked for, so a command
//! pays only for the words it says.

pub mod escape;
pub mod layout;
pub mod locale;
pub mod messages;
pub mod packed;
pub mod rule;
pub mod topic;

use std::{borrow::Cow, cell::OnceCell};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, subtags::Language};

pub use messages::{File, Message};
pub use rule::RuleTexts;
pub(crate) use rule::texts;

/// A language the product speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lang {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// All of them, by the word of `--lang`.
    pub const ALL: [(&'static str, Lang); 2] = [("en", Lang::En), ("zh", Lang::Zh)];

    /// The word of `--lang`.
    pub fn name(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh",
        }
    }

    /// What stands between two names of a list that a message puts into quotes.
    pub fn between_quoted(self) -> &'static str {
        match self {
            Lang::En => "\", \"",
            Lang::Zh => "”、“",
        }
    }

    /// What stands between the items of a list.
    pub fn comma(self) -> &'static str {
        match self {
            Lang::En => ", ",
            Lang::Zh => "、",
        }
    }

    fn identifier(self) -> LanguageIdentifier {
        // A name of ASCII letters is always a language; the default is the undefined one.
        LanguageIdentifier::from_parts(self.name().parse::<Language>().unwrap_or_default(), None, None, &[])
    }

    /// The text of a catalogue file.
    pub fn file(self, file: File) -> &'static str {
        match (self, file) {
            (Lang::En, File::Cli) => include_str!("en/cli.ftl"),
            (Lang::En, File::Draw) => include_str!("en/draw.ftl"),
            (Lang::En, File::Errors) => include_str!("en/errors.ftl"),
            (Lang::En, File::Explain) => include_str!("en/explain.ftl"),
            (Lang::En, File::Findings) => include_str!("en/findings.ftl"),
            (Lang::En, File::Filter) => include_str!("en/filter.ftl"),
            (Lang::En, File::Group) => include_str!("en/group.ftl"),
            (Lang::En, File::List) => include_str!("en/list.ftl"),
            (Lang::En, File::Man) => include_str!("en/man.ftl"),
            (Lang::En, File::Overview) => include_str!("en/overview.ftl"),
            (Lang::Zh, File::Cli) => include_str!("zh/cli.ftl"),
            (Lang::Zh, File::Draw) => include_str!("zh/draw.ftl"),
            (Lang::Zh, File::Errors) => include_str!("zh/errors.ftl"),
            (Lang::Zh, File::Explain) => include_str!("zh/explain.ftl"),
            (Lang::Zh, File::Findings) => include_str!("zh/findings.ftl"),
            (Lang::Zh, File::Filter) => include_str!("zh/filter.ftl"),
            (Lang::Zh, File::Group) => include_str!("zh/group.ftl"),
            (Lang::Zh, File::List) => include_str!("zh/list.ftl"),
            (Lang::Zh, File::Man) => include_str!("zh/man.ftl"),
            (Lang::Zh, File::Overview) => include_str!("zh/overview.ftl"),
        }
    }
}

/// A value put into a message.
pub type Value<'a> = FluentValue<'a>;

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
    pub fn say(&self, message: Message, values: &[(&'static str, Value<'_>)]) -> String {
        let bundle = self.bundle(message.file);
        let pattern = bundle.get_message(message.id).and_then(|found| found.value());
        // The tests make sure that every message is there; a bare name still says more than nothing.
        let Some(pattern) = pattern else { return message.id.to_owned() };
        let values: FluentArgs<'_> = values.iter().cloned().collect();
        bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
    }

    fn bundle(&self, file: File) -> &FluentBundle<FluentResource> {
        self.bundles[file as usize].get_or_init(|| parsed(self.lang, self.lang.file(file)))
    }
}

/// A catalogue file, read.
fn parsed(lang: Lang, text: &str) -> FluentBundle<FluentResource> {
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
pub fn number(count: u64) -> Value<'static> {
    Value::from(count)
}

/// Text as a message takes it.
pub fn words<'a>(text: impl Into<Cow<'a, str>>) -> Value<'a> {
    Value::String(text.into())
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
