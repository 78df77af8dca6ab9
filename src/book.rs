//! The topics of `explain`: one for each rule, found by a name in any spelling.

use crate::{
    rules::{self, RULES},
    text::{Lang, RuleTexts},
};

/// How alike a word and a topic must be (Jaro-Winkler, 0 to 1) for the topic to be offered.
const NEAR: f64 = 0.7;

/// How many topics are offered in place of one that is not there.
const OFFERED: usize = 3;

/// Something to read about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Topic {
    /// Its name, the same in every language.
    pub name: &'static str,
    /// What kind of thing it is about: `rule`.
    pub kind: &'static str,
    /// The text, as Markdown.
    pub markdown: &'static str,
}

impl Topic {
    /// The heading.
    pub fn title(&self) -> &'static str {
        let first = self.markdown.lines().next().unwrap_or_default();
        first.trim_start_matches('#').trim()
    }

    /// The first paragraph: what it is about, in a sentence.
    pub fn summary(&self) -> String {
        let body = self.markdown.lines().skip(1).skip_while(|line| line.trim().is_empty());
        let lines: Vec<&str> = body.take_while(|line| !line.trim().is_empty()).collect();
        joined(&lines)
    }
}

/// Lines of one paragraph as one line: between Chinese characters no blank belongs where a line ended.
pub fn joined(lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines.iter().map(|line| line.trim()) {
        let touches = |end: Option<char>| end.is_some_and(|end| !end.is_ascii());
        let is_closed = touches(text.chars().next_back()) && touches(line.chars().next());
        let follows_mark = text.ends_with(['，', '。', '、', '；', '：', '（'])
            || line.starts_with(['，', '。', '、', '；', '：', '）']);
        if !text.is_empty() && !is_closed && !follows_mark {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

fn of_rule(name: &'static str, texts: &RuleTexts, lang: Lang) -> Topic {
    Topic { name, kind: "rule", markdown: texts.of(lang).topic }
}

/// All topics, in the order of the catalogue.
pub fn topics(lang: Lang) -> Vec<Topic> {
    RULES.iter().map(|rule| of_rule(rule.name, &rule.texts, lang)).collect()
}

/// The topic of a name, whatever its case and the marks between its words.
pub fn find(word: &str, lang: Lang) -> Option<Topic> {
    rules::find(&plain(word)).map(|rule| of_rule(rule.name, &rule.texts, lang))
}

/// Topics whose names are like a word, the most alike first.
pub fn nearest(word: &str) -> Vec<&'static str> {
    let word = plain(word);
    let mut alike: Vec<(f64, &'static str)> = RULES
        .iter()
        .map(|rule| (strsim::jaro_winkler(&word, rule.name), rule.name))
        .filter(|(likeness, name)| *likeness >= NEAR || word.len() > 2 && name.contains(&word))
        .collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0));
    alike.into_iter().take(OFFERED).map(|(_, name)| name).collect()
}

/// The spelling of names: lower case, words joined by dashes.
pub fn plain(word: &str) -> String {
    word.trim().to_ascii_lowercase().replace(['_', ' '], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_found_in_any_spelling() {
        for word in ["close-wait-leak", "CLOSE_WAIT_LEAK", "Close Wait-leak"] {
            assert_eq!(find(word, Lang::En).map(|topic| topic.name), Some("close-wait-leak"), "{word}");
        }
        assert_eq!(find("nothing", Lang::En), None);
        assert_eq!(nearest("close-wait-leek").first(), Some(&"close-wait-leak"));
        assert!(nearest("xyzzy").is_empty());
    }

    #[test]
    fn a_paragraph_is_one_line_without_blanks_in_chinese() {
        assert_eq!(joined(&["one", "two"]), "one two");
        assert_eq!(joined(&["一", "二，", "abc"]), "一二，abc");
        assert_eq!(joined(&["用", "`with`"]), "用 `with`");
    }

    #[test]
    fn every_topic_has_a_title_and_a_summary() {
        for (_, lang) in Lang::ALL {
            for topic in topics(lang) {
                assert_eq!(topic.title(), topic.name);
                assert!(topic.summary().len() > 10, "{}", topic.name);
            }
        }
    }
}
