//! Fills in messages. `build.rs` has parsed the Fluent files and marked the parts that are not text.

use std::borrow::Cow;

use super::lang::Lang;

/// The marks around the name of a value or a choice, before each case of the choice, and behind the key of a case; by
/// how many choices they are in. A choice begins with the name of the value that decides; its last case is the default.
const MARKS: [[char; 3]; 3] = [['\u{1}', '\u{2}', '\u{3}'], ['\u{4}', '\u{5}', '\u{6}'], ['\u{7}', '\u{8}', '\u{e}']];

/// A value put into a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MessageValue<'a> {
    /// A count, shown in groups of three digits.
    Number(u64),
    /// Text, shown as it is.
    Text(Cow<'a, str>),
}

impl<'a, T: Into<Cow<'a, str>>> From<T> for MessageValue<'a> {
    fn from(text: T) -> MessageValue<'a> {
        MessageValue::Text(text.into())
    }
}

/// A count as a message takes it.
pub fn number(count: u64) -> MessageValue<'static> {
    MessageValue::Number(count)
}

/// Text as a message takes it.
pub fn words<'a>(text: impl Into<Cow<'a, str>>) -> MessageValue<'a> {
    MessageValue::from(text)
}

/// Digits in groups of three where the language writes them so: `14,438`, and in Chinese `14438`.
pub fn grouped(count: u64, lang: Lang) -> String {
    let digits = count.to_string();
    if lang.is_han() {
        return digits;
    }
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A message with its values, and the name of one that it takes and that is not given.
pub(super) fn fill<'m>(
    message: &'m str,
    values: &[(&'static str, MessageValue<'_>)],
    lang: Lang,
) -> (String, Option<&'m str>) {
    let mut filling = Filling { values, lang, said: String::with_capacity(message.len()), missing: None };
    filling.put(message, &MARKS);
    (filling.said, filling.missing)
}

/// The names of the values that a message takes outside choices.
pub(super) fn placeholders(message: &str) -> Vec<&str> {
    let [[mark, before, _], ..] = MARKS;
    message.split(mark).skip(1).step_by(2).filter(|piece| !piece.contains(before)).collect()
}

/// Whether a character is Chinese: a Han character, or punctuation of its width.
fn is_cjk(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{3001}'..='\u{3002}' | '\u{ff01}'..='\u{ff1f}')
        || "“”‘’".contains(character)
}

struct Filling<'v, 'm> {
    values: &'v [(&'static str, MessageValue<'v>)],
    lang: Lang,
    said: String,
    missing: Option<&'m str>,
}

impl<'m> Filling<'_, 'm> {
    fn put(&mut self, text: &'m str, marks: &[[char; 3]]) {
        let [[mark, before, behind], inner @ ..] = marks else { return };
        for (place, piece) in text.split(*mark).enumerate() {
            match piece.split_once(*before) {
                _ if place % 2 == 0 => self.push(piece),
                Some((name, cases)) => {
                    let cases = cases.split(*before).filter_map(|case| case.split_once(*behind));
                    self.put(self.chosen(name, cases), inner);
                }
                None => self.value(piece),
            }
        }
    }

    /// Goes on with a text: messages put a blank around every value, and none belongs where Chinese follows Chinese.
    fn push(&mut self, text: &str) {
        let is_joint = |before: &str, after: &str| before.ends_with(is_cjk) && after.starts_with(is_cjk);
        let before = self.said.strip_suffix(' ').filter(|_| self.lang.is_han());
        if let Some(length) = before.filter(|before| is_joint(before, text)).map(str::len) {
            self.said.truncate(length);
        }
        let rest = text.strip_prefix(' ').filter(|rest| self.lang.is_han() && is_joint(&self.said, rest));
        self.said.push_str(rest.unwrap_or(text));
    }

    fn value(&mut self, name: &'m str) {
        match self.values.iter().find(|(known, _)| *known == name) {
            Some((_, MessageValue::Number(count))) => self.push(&grouped(*count, self.lang)),
            Some((_, MessageValue::Text(text))) => self.push(text),
            None => {
                self.said.push_str(name);
                self.missing = Some(name);
            }
        }
    }

    /// The text of the case that a value decides for: by its number, the grammatical number of it, or its word.
    fn chosen(&self, name: &str, cases: impl Iterator<Item = (&'m str, &'m str)>) -> &'m str {
        let value = self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
        let mut default = "";
        for (key, text) in cases {
            let is_meant = match value {
                Some(MessageValue::Number(count)) => key == self.lang.plural(*count) || key.parse() == Ok(*count),
                Some(MessageValue::Text(text)) => key == text,
                None => false,
            };
            if is_meant {
                return text;
            }
            default = text;
        }
        default
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_from_the_right() {
        let texts: Vec<_> = [0, 999, 1000, 14_438, 1_000_000].map(|count| grouped(count, Lang::En)).into();
        assert_eq!(texts, ["0", "999", "1,000", "14,438", "1,000,000"]);
        assert_eq!(grouped(14_438, Lang::Zh), "14438");
    }

    const MESSAGE: &str = concat!(
        "\u{1}count\u{2}0\u{3}none\u{2}one\u{3}\u{4}count\u{4} socket",
        "\u{2}other\u{3}\u{4}count\u{4} sockets\u{1} of \u{1}who\u{1}."
    );

    fn said(count: u64, lang: Lang) -> String {
        fill(MESSAGE, &[("count", number(count)), ("who", words("nginx"))], lang).0
    }

    #[test]
    fn a_choice_goes_by_the_number_and_by_its_grammar() {
        let en = [0, 1, 1234].map(|count| said(count, Lang::En));
        assert_eq!(en, ["none of nginx.", "1 socket of nginx.", "1,234 sockets of nginx."]);
        assert_eq!(said(1, Lang::Zh), "1 sockets of nginx.");
    }

    #[test]
    fn a_choice_may_be_in_a_case_of_another() {
        let message = "\u{1}a\u{2}one\u{3}A\u{2}other\u{3}\u{4}b\u{5}one\u{6}B\u{5}other\u{6}\u{7}b\u{7} Bs\u{4}\u{1}";
        let said = |a, b| fill(message, &[("a", number(a)), ("b", number(b))], Lang::En).0;
        assert_eq!([said(1, 2), said(2, 1), said(2, 2)], ["A", "B", "2 Bs"]);
    }

    #[test]
    fn a_choice_goes_by_a_word_too() {
        assert_eq!(fill(MESSAGE, &[("count", words("one")), ("who", words("a"))], Lang::En).0, "one socket of a.");
    }

    #[test]
    fn no_blank_stands_between_two_chinese_characters() {
        let said = |value: &'static str| fill("约 \u{1}time\u{1} 后用尽", &[("time", words(value))], Lang::Zh).0;
        assert_eq!(
            [said("47 分钟"), said("TIME_WAIT"), said("某时")],
            ["约 47 分钟后用尽", "约 TIME_WAIT 后用尽", "约某时后用尽"]
        );
        assert_eq!(fill("a \u{1}b\u{1}", &[("b", words("中"))], Lang::En).0, "a 中");
    }

    #[test]
    fn a_value_that_is_not_given_is_named() {
        assert_eq!(fill("a \u{1}b\u{1}", &[], Lang::En), ("a b".to_owned(), Some("b")));
        assert_eq!(fill("a \u{1}b\u{1}", &[("b", words("\u{1}"))], Lang::En), ("a \u{1}".to_owned(), None));
    }
}
