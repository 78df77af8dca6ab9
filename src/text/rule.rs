//! The words of the rules: a Fluent file of sentences and a Markdown text to read for each, in every language.

use std::{fmt::Write, net::IpAddr, time::Duration};

use super::{Catalogue, Lang, Message, MessageValue, escape::visible, fill::fill, grouped, number, words};
use crate::model::{
    blanks::not_shown,
    sentence::{Placeholders, Sentence, Word},
};

/// The sentences of one rule in one language.
pub struct RuleWords<'a> {
    catalogue: &'a Catalogue,
    rule: &'a str,
    unicode: bool,
}

impl<'a> RuleWords<'a> {
    /// The words of a rule by its name; `unicode` selects the escapes for outside names.
    pub fn new(catalogue: &'a Catalogue, rule: &'a str, unicode: bool) -> RuleWords<'a> {
        RuleWords { catalogue, rule, unicode }
    }

    /// A sentence as text.
    pub fn say(&self, sentence: &Sentence) -> String {
        self.try_say(sentence).unwrap_or_else(|(said, _)| said)
    }

    /// A whole sentence as text: where it begins with the words for a program that cannot be seen, with a capital letter.
    pub fn say_whole(&self, sentence: &Sentence) -> String {
        let mut said = self.say(sentence);
        if said.starts_with(&self.say(&Sentence::plain("some-program")))
            && let Some(first) = said.get_mut(..1)
        {
            first.make_ascii_uppercase();
        }
        said
    }

    /// A sentence as text, or the partial text and its error.
    ///
    /// # Errors
    ///
    /// If no catalogue has the message, or a placeholder is not filled in.
    pub fn try_say(&self, sentence: &Sentence) -> Result<String, (String, String)> {
        let (id, lang) = (sentence.id, self.catalogue.lang());
        let texts = &lang.texts().seldom;
        let own = texts.find(&format!("rules/{}/{id}", self.rule));
        let Some(message) = own.or_else(|| texts.find(&format!("sentences/{id}"))) else {
            return Err((id.to_owned(), format!("no message {id}")));
        };
        let mut wrong = None;
        let mut values = Vec::new();
        for (name, word) in &sentence.values {
            let value = self.word(word).unwrap_or_else(|(said, why)| {
                wrong = Some(why);
                words(said)
            });
            values.push((*name, value));
        }
        let (said, missing) = fill(message, &values, lang);
        match wrong.or_else(|| missing.map(|name| format!("{id}: no value for {name}"))) {
            None => Ok(said),
            Some(why) => Err((said, why)),
        }
    }

    /// A value as a message takes it.
    fn word(&self, word: &Word) -> Result<MessageValue<'static>, (String, String)> {
        let lang = self.catalogue.lang();
        Ok(match word {
            Word::Part(sentence) => words(self.try_say(sentence)?),
            Word::List(list) => {
                let mut text = String::new();
                for (place, one) in list.iter().enumerate() {
                    let value = self.try_say(&Sentence::plain("one").with("value", one.clone()))?;
                    let between = if place == 0 { "" } else { lang.comma() };
                    // Writing to a String cannot fail.
                    let _ = write!(text, "{between}{value}");
                }
                words(text)
            }
            plain => value(plain, lang, self.unicode),
        })
    }
}

/// A message of the catalogue with typed values; `literal` makes a text from them harmless where it is put.
pub fn say(
    catalogue: &Catalogue,
    message: Message,
    values: &[(&'static str, Word)],
    unicode: bool,
    literal: &dyn Fn(&str) -> String,
) -> String {
    let worded = values.iter().map(|(name, word)| match value(word, catalogue.lang(), unicode) {
        MessageValue::Text(text) => (*name, words(literal(&text))),
        other => (*name, other),
    });
    catalogue.say(message, &worded.collect::<Vec<_>>())
}

/// A value that needs no catalogue as a message takes it; of those that do, nothing.
fn value(word: &Word, lang: Lang, unicode: bool) -> MessageValue<'static> {
    match word {
        Word::Count(count) => number(*count),
        Word::Plain(value) => words(value.to_string()),
        Word::Bytes(count) => words(bytes(*count)),
        Word::Time(time) => words(duration(*time, lang)),
        Word::Ratio(ratio) => words(percent(*ratio, lang)),
        Word::Decimal(value) => words(decimal(*value, lang)),
        Word::Address(address) => words(address_text(*address)),
        Word::Endpoint(address, port) => words(endpoint(*address, *port)),
        Word::Term(term) => words(*term),
        Word::Outside(text) => words(visible(text.as_bytes(), unicode)),
        Word::Part(_) | Word::List(_) => words(""),
    }
}

/// An address; a question mark if a text gave a name instead.
pub fn address_text(address: IpAddr) -> String {
    if not_shown::is_address(address) { "?".to_owned() } else { address.to_string() }
}

/// An address with its port; an unspecified one is any.
pub fn endpoint(address: IpAddr, port: u16) -> String {
    match address {
        _ if address.is_unspecified() => format!("*:{port}"),
        IpAddr::V6(address) if !not_shown::is_address(address.into()) => format!("[{address}]:{port}"),
        address => format!("{}:{port}", address_text(address)),
    }
}

/// Bytes in the largest unit that leaves a number of some size: `512 B`, `128 KiB`, `1.5 GiB`.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut value = count as f64;
    let mut unit = "B";
    for larger in UNITS {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = larger;
    }
    if unit == "B" { format!("{count} B") } else { format!("{} {unit}", decimal(value, Lang::En)) }
}

/// A number with one decimal below 10 unless it is 0, none above, thousands grouped; two significant digits for values
/// that would print as 0.0.
pub fn decimal(value: f64, lang: Lang) -> String {
    if (0.000_1..0.05).contains(&value) {
        let places = 1 - value.log10().floor() as i32;
        let text = format!("{value:.*}", places.unsigned_abs() as usize);
        return text.trim_end_matches('0').to_owned();
    }
    if value < 9.95 {
        let text = format!("{value:.1}");
        return text.strip_suffix(".0").map(str::to_owned).unwrap_or(text);
    }
    grouped(value.round() as u64, lang)
}

/// A part of a whole: `90 %`, and in Chinese `90%`.
pub fn percent(ratio: f64, lang: Lang) -> String {
    format!("{}{}", decimal(ratio * 100.0, lang), if lang.is_han() { "%" } else { " %" })
}

/// A length of time in its two largest units: `9 h 2 min`.
pub fn duration(time: Duration, lang: Lang) -> String {
    let ms = time.as_millis();
    let seconds = time.as_secs();
    let [days, hours, minutes, secs, millis, _] = lang.units();
    let one = |value: u128, unit: &str| format!("{value} {unit}");
    let two = |first: u64, unit: &str, second: u64, lesser: &str| {
        let first = format!("{} {unit}", grouped(first, lang));
        if second == 0 { first } else { format!("{first} {second} {lesser}") }
    };
    match seconds {
        0 if ms < 1000 => one(ms, millis),
        0..60 => one(u128::from(seconds), secs),
        60..3600 => {
            // From ten minutes on, seconds are noise.
            let rest = if seconds < 600 { seconds % 60 } else { 0 };
            two(seconds / 60, minutes, rest, secs)
        }
        3600..86_400 => two(seconds / 3600, hours, seconds % 3600 / 60, minutes),
        _ => two(seconds / 86_400, days, seconds % 86_400 / 3600, hours),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_about_a_program_that_cannot_be_seen_begins_with_a_capital() {
        let catalogue = Catalogue::new(Lang::En);
        let said = RuleWords::new(&catalogue, "slow-reader", true);
        let why = |word: Word| said.say_whole(&Sentence::plain("why").with("program", word));
        assert!(why(Sentence::plain("some-program").part()).starts_with("The program reads nothing."));
        assert!(why(Word::Outside("java".to_owned())).starts_with("java reads nothing."));
    }

    #[test]
    fn times_have_two_units() {
        let en = |seconds| duration(Duration::from_secs(seconds), Lang::En);
        assert_eq!([en(0), en(59), en(61), en(120), en(700)], ["0 ms", "59 s", "1 min 1 s", "2 min", "11 min"]);
        assert_eq!([en(32_520), en(90_000), en(86_400)], ["9 h 2 min", "1 d 1 h", "1 d"]);
        assert_eq!(duration(Duration::from_secs(32_520), Lang::Zh), "9 小时 2 分钟");
    }

    #[test]
    fn sizes_and_rates_have_one_decimal_at_most() {
        assert_eq!([bytes(512), bytes(131_072), bytes(1_610_612_736)], ["512 B", "128 KiB", "1.5 GiB"]);
        let en = |value| decimal(value, Lang::En);
        assert_eq!([en(4.3), en(4.0), en(65.2), en(12_345.0), en(0.0)], ["4.3", "4", "65", "12,345", "0"]);
        assert_eq!([en(0.03), en(0.049), en(0.0123), en(0.05)], ["0.03", "0.049", "0.012", "0.1"]);
        assert_eq!([percent(0.95, Lang::En), percent(0.95, Lang::Zh)], ["95 %", "95%"]);
    }
}
