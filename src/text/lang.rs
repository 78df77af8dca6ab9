//! The languages: each is its folder in `src/text`, a variant and a row.

use unic_langid::{LanguageIdentifier, subtags::Language as Subtag};

use super::messages::{self, File};

/// A language the product speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lang {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

/// How a language writes what is not in its messages.
struct Habits {
    lang: Lang,
    /// The folder's name, the word of `--lang`, and the first part of a locale's name.
    name: &'static str,
    comma: &'static str,
    between_quoted: &'static str,
    /// Day, hour, minute, second, millisecond.
    units: [&'static str; 5],
    /// Whether its units are Han characters: no blank stands between two of these.
    is_han: bool,
}

const LANGUAGES: [Habits; 2] = [
    Habits {
        lang: Lang::En,
        name: "en",
        comma: ", ",
        between_quoted: "\", \"",
        units: ["d", "h", "min", "s", "ms"],
        is_han: false,
    },
    Habits {
        lang: Lang::Zh,
        name: "zh",
        comma: "、",
        between_quoted: "”、“",
        units: ["天", "小时", "分钟", "秒", "毫秒"],
        is_han: true,
    },
];

impl Lang {
    /// All of them, by the word of `--lang`.
    pub const ALL: [(&'static str, Lang); LANGUAGES.len()] = {
        let mut all = [("", Lang::En); LANGUAGES.len()];
        let mut place = 0;
        while place < LANGUAGES.len() {
            all[place] = (LANGUAGES[place].name, LANGUAGES[place].lang);
            place += 1;
        }
        all
    };

    fn habits(self) -> &'static Habits {
        const ROWS: &[Habits] = &LANGUAGES;
        ROWS.iter().find(|one| one.lang == self).unwrap_or(&ROWS[0])
    }

    /// The language of a locale such as `zh_CN`; English where the product does not speak it.
    pub fn of_locale(name: &str) -> Lang {
        let word = name.split(['_', '-', '.', '@']).next().unwrap_or_default();
        Lang::ALL.into_iter().find(|(name, _)| *name == word).map_or(Lang::En, |(_, lang)| lang)
    }

    /// The word of `--lang`.
    pub fn name(self) -> &'static str {
        self.habits().name
    }

    /// What separates two names of a list that a message puts into quotes.
    pub fn between_quoted(self) -> &'static str {
        self.habits().between_quoted
    }

    /// What separates the items of a list.
    pub fn comma(self) -> &'static str {
        self.habits().comma
    }

    /// The units of a duration: day, hour, minute, second, millisecond.
    pub(super) fn units(self) -> [&'static str; 5] {
        self.habits().units
    }

    /// Whether its units are Han characters.
    pub(super) fn is_han(self) -> bool {
        self.habits().is_han
    }

    pub(super) fn identifier(self) -> LanguageIdentifier {
        // A name of ASCII letters is always a language; the default is the undefined one.
        LanguageIdentifier::from_parts(self.name().parse::<Subtag>().unwrap_or_default(), None, None, &[])
    }

    /// The text of a catalogue file.
    pub fn file(self, file: File) -> &'static str {
        self.row(messages::FILES).and_then(|files| files.get(file as usize)).copied().unwrap_or_default()
    }

    /// The sentences of a rule; `None` where no rule has the name.
    pub fn sentences(self, rule: &str) -> Option<&'static str> {
        let place = messages::RULES.binary_search(&rule).ok()?;
        self.row(messages::SENTENCES)?.get(place).copied()
    }

    /// What a table made by `build.rs` has for it.
    pub(super) fn row<T: Copy>(self, table: &[(&str, T)]) -> Option<T> {
        table.iter().find(|(name, _)| *name == self.name()).map(|(_, row)| *row)
    }
}
