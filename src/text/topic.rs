//! The texts to read: Markdown files, and the other names people know their subjects by.

use super::Lang;

/// A Markdown file in every language, by the path it has in the folder of each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TopicFiles {
    /// Such as `topics/time-wait.md`.
    pub path: &'static str,
}

impl TopicFiles {
    /// The file with this path.
    pub const fn at(path: &'static str) -> TopicFiles {
        TopicFiles { path }
    }

    /// The file in a language.
    pub fn of(&self, lang: Lang) -> &'static str {
        lang.markdown(self.path)
    }
}

/// Other names of topics, in any language; case, blanks and marks between words do not count. A line is a topic, a colon,
/// and its names with commas between.
pub fn other_names() -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    let lines = include_str!("names.txt").lines().filter_map(|line| line.split_once(": "));
    lines.map(|(topic, names)| (topic, names.split(", ")))
}
