//! The languages: each is its folder in `src/text`, a variant and a row.

use super::messages::{self, Texts};

/// A language the product speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lang {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

/// The habits of a language beyond its messages.
struct Habits {
    lang: Lang,
    /// The folder's name, the word of `--lang`, and the first part of a locale's name.
    name: &'static str,
    comma: &'static str,
    /// Between clauses of one line.
    pause: &'static str,
    /// Between sentences of one line.
    semicolon: &'static str,
    between_quoted: &'static str,
    /// Day, hour, minute, second, millisecond, microsecond.
    units: [&'static str; 6],
    /// Whether its units are Han characters, which take no blank between them.
    is_han: bool,
    /// The grammatical number of a count, by the name it has in Unicode's plural rules.
    plural: fn(u64) -> &'static str,
}

const LANGUAGES: [Habits; 2] = [
    Habits {
        lang: Lang::En,
        name: "en",
        comma: ", ",
        pause: ", ",
        semicolon: "; ",
        between_quoted: "\", \"",
        units: ["d", "h", "min", "s", "ms", "µs"],
        is_han: false,
        plural: |count| if count == 1 { "one" } else { "other" },
    },
    Habits {
        lang: Lang::Zh,
        name: "zh",
        comma: "、",
        pause: "，",
        semicolon: "；",
        between_quoted: "”“",
        units: ["天", "小时", "分钟", "秒", "毫秒", "微秒"],
        is_han: true,
        plural: |_| "other",
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

    /// The language of a locale, which `--lang` takes too: `zh`, `zh_CN`, `zh-TW`, `ZH_cn.UTF-8`, and `cn`, `中文`.
    pub fn of_locale(name: &str) -> Option<Lang> {
        let word = name.split(['_', '-', '.', '@']).next().unwrap_or_default().to_ascii_lowercase();
        let word = if matches!(word.as_str(), "cn" | "chinese" | "中文") { "zh" } else { &word };
        Lang::ALL.into_iter().find(|(name, _)| *name == word).map(|(_, lang)| lang)
    }

    /// The word of `--lang`.
    pub fn name(self) -> &'static str {
        self.habits().name
    }

    /// The separator of quoted names in a list.
    pub fn between_quoted(self) -> &'static str {
        self.habits().between_quoted
    }

    /// The separator of list items.
    pub fn comma(self) -> &'static str {
        self.habits().comma
    }

    /// The separator of clauses on one line.
    pub fn pause(self) -> &'static str {
        self.habits().pause
    }

    /// The separator of sentences on one line.
    pub fn semicolon(self) -> &'static str {
        self.habits().semicolon
    }

    /// The units of a duration: day, hour, minute, second, millisecond, microsecond.
    pub(crate) fn units(self) -> [&'static str; 6] {
        self.habits().units
    }

    /// Whether its units are Han characters.
    pub(super) fn is_han(self) -> bool {
        self.habits().is_han
    }

    /// The grammatical number of a count.
    pub(super) fn plural(self, count: u64) -> &'static str {
        (self.habits().plural)(count)
    }

    /// A Markdown file by its path in the language's folder; empty where there is none.
    pub fn markdown(self, path: &str) -> &'static str {
        self.texts().markdown.find(path).unwrap_or_default()
    }

    /// The texts that `build.rs` made of its folder.
    pub(super) fn texts(self) -> &'static Texts {
        static NONE: Texts = Texts::none();
        messages::LANGUAGES.iter().find(|texts| texts.name == self.name()).unwrap_or(&NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_is_what_is_read() {
        for (_, lang) in Lang::ALL {
            assert!(lang.markdown("topics/time-wait.md").starts_with("# TIME_WAIT\n"));
            assert!(!lang.markdown("topics/time-wait.md").contains('\0'));
            assert_eq!(lang.markdown("topics/time-wait"), "");
        }
    }
}
