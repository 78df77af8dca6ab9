//! The topics of `explain`, found by a name in any spelling, with this host's figures.

pub mod counters;
mod kind;
mod list;
pub mod live;
pub mod search;
pub mod setting;

pub use self::kind::TopicKind;
use self::list::{ENTRIES, FULL};
use crate::{model::state::State, rules::RULES, text::Lang};

/// Something to read about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Topic {
    /// Its name, the same in every language.
    pub name: &'static str,
    /// Its heading: the name, or in Chinese the usual term with the name behind it, `三次握手（three-way-handshake）`.
    pub title: &'static str,
    /// The kind of its subject.
    pub kind: TopicKind,
    /// The text below the heading, as Markdown.
    pub body: &'static str,
}

impl Topic {
    /// The text of a file: its first line is the heading.
    fn of_file(kind: TopicKind, file: &'static str) -> Topic {
        let (heading, body) = file.split_once('\n').unwrap_or((file, ""));
        let title = heading.trim_start_matches('#').trim();
        let named = title.strip_suffix('）').and_then(|title| title.rsplit_once('（'));
        Topic { name: named.map_or(title, |(_, name)| name), title, kind, body: body.trim() }
    }

    /// The first paragraph: a summary in one sentence.
    pub fn summary(&self) -> String {
        let lines = self.body.lines().take_while(|line| !line.trim().is_empty() && !line.starts_with("- "));
        joined(&lines.collect::<Vec<_>>())
    }

    /// The items of the list of an entry, each on one line without its mark.
    fn items(&self) -> Vec<String> {
        let mut items: Vec<Vec<&str>> = Vec::new();
        for line in self.body.lines() {
            match (line.strip_prefix("- "), items.last_mut()) {
                (Some(item), _) => items.push(vec![item]),
                (None, Some(item)) => item.push(line),
                (None, None) => {}
            }
        }
        items.iter().map(|lines| joined(lines)).collect()
    }

    /// The state it is about, where that is one of TCP's.
    pub fn state(&self) -> Option<State> {
        let all = State::ALL.into_iter().chain([State::BOUND_INACTIVE]);
        all.filter(|_| self.kind == TopicKind::State).find(|state| state.name() == Some(self.name))
    }
}

/// Lines of one paragraph as one line: between Chinese characters no blank belongs where a line ended.
pub fn joined(lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines.iter().map(|line| line.trim()) {
        if parts_with_blank(&text, line) {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

/// Whether a blank belongs between the end of one line and the begin of the next.
pub fn parts_with_blank(before: &str, after: &str) -> bool {
    let is_wide = |end: Option<char>| end.is_some_and(|end| !end.is_ascii());
    let is_closed = is_wide(before.chars().next_back()) && is_wide(after.chars().next());
    let is_marked = before.ends_with(FULL_WIDTH) || after.starts_with(FULL_WIDTH);
    !before.is_empty() && !after.is_empty() && !is_closed && !is_marked && !before.ends_with(' ')
}

/// Punctuation that brings its own blank.
const FULL_WIDTH: [char; 11] = ['，', '。', '、', '；', '：', '（', '）', '“', '”', '？', '！'];

/// All topics, in the order of the table of contents.
pub fn topics(lang: Lang) -> Vec<Topic> {
    let mut topics: Vec<Topic> = FULL.iter().map(|(kind, files)| Topic::of_file(*kind, files.of(lang))).collect();
    topics.extend(
        RULES.iter().map(|rule| Topic::of_file(TopicKind::Rule, lang.markdown(&format!("rules/{}.md", rule.name)))),
    );
    for (kind, files) in ENTRIES {
        let entries = files.of(lang).split("\n## ").skip(1);
        topics.extend(entries.map(|entry| Topic::of_file(*kind, entry)));
    }
    topics
}

/// The spelling of rules: lower case, words joined by dashes.
pub fn plain(word: &str) -> String {
    word.trim().to_ascii_lowercase().replace(['_', ' '], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_one_line_without_blanks_in_chinese() {
        assert_eq!(joined(&["one", "two"]), "one two");
        assert_eq!(joined(&["一", "二，", "abc"]), "一二，abc");
        assert_eq!(joined(&["用", "`with`"]), "用 `with`");
    }

    #[test]
    fn every_topic_has_a_summary() {
        for (_, lang) in Lang::ALL {
            for topic in topics(lang) {
                assert!(topic.summary().len() > 10, "{}: {:?}", topic.name, topic.summary());
                assert!(!topic.summary().contains('\n'));
            }
        }
    }
}
