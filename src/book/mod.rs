//! The topics of `explain`: what there is to read, found by a name in any spelling, with this host's figures.

pub mod counters;
mod kind;
mod list;
pub mod live;
pub mod setting;

pub use self::kind::TopicKind;
use self::list::{ENTRIES, FULL};
use crate::{
    model::state::State,
    rules::RULES,
    text::{Lang, topic::OTHER_NAMES},
};

/// How alike a word and a topic must be (Jaro-Winkler, 0 to 1) for the topic to be offered.
const NEAR: f64 = 0.8;

/// How many topics are offered in place of one that is not there.
const OFFERED: usize = 5;

/// Something to read about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Topic {
    /// Its name, the same in every language.
    pub name: &'static str,
    /// Its heading: the name, or in Chinese what people call it with the name behind it, `三次握手（three-way-handshake）`.
    pub title: &'static str,
    /// What kind of thing it is about.
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

    /// The whole text with its heading.
    pub fn markdown(&self) -> String {
        format!("# {}\n\n{}\n", self.title, self.body)
    }

    /// The first paragraph: what it is about, in a sentence.
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
    topics.extend(RULES.iter().map(|rule| {
        Topic::of_file(TopicKind::Rule, crate::text::packed::text(lang, &format!("rules/{}.md", rule.name)))
    }));
    for (kind, files) in ENTRIES {
        let entries = files.of(lang).split("\n## ").skip(1);
        topics.extend(entries.map(|entry| Topic::of_file(*kind, entry)));
    }
    topics
}

/// The topic of a name, whatever its case and the marks between its words: its own name, one it is also known by, or
/// what is left of it without the words that many share.
pub fn find(word: &str, lang: Lang) -> Option<Topic> {
    let topics = topics(lang);
    let wanted = squashed(word);
    let named = |is: &dyn Fn(&str) -> bool| {
        let by = |of: &dyn Fn(&Topic) -> bool| topics.iter().find(|topic| of(topic)).copied();
        by(&|topic| is(topic.name))
            .or_else(|| by(&|topic| other_names(topic).iter().any(|name| is(name))))
            .or_else(|| by(&|topic| short_names(topic).any(is)))
    };
    // A rule may differ from what it is about by its spelling alone: `bound-inactive`, `ListenDrops`.
    named(&|name| name == word.trim())
        .or_else(|| named(&|name| squashed(name) == wanted))
        .filter(|_| !wanted.is_empty())
}

/// Topics, of one kind or of all, whose names begin like a word or are like it, the most alike first.
pub fn nearest(word: &str, kind: Option<TopicKind>) -> Vec<&'static str> {
    let wanted = squashed(word);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut alike: Vec<(f64, &'static str)> = Vec::new();
    for topic in topics(Lang::En).into_iter().filter(|topic| kind.is_none_or(|kind| kind == topic.kind)) {
        let names = [topic.name].into_iter().chain(other_names(&topic).iter().copied()).chain(short_names(&topic));
        let likeness = names.map(|name| likeness(&wanted, &squashed(name))).fold(0.0, f64::max);
        if likeness >= NEAR {
            alike.push((likeness, topic.name));
        }
    }
    alike.sort_by(|a, b| b.0.total_cmp(&a.0));
    // Where some hold the word, what is merely like it is left out.
    let is_held = alike.first().is_some_and(|(likeness, _)| *likeness >= 1.0);
    alike.retain(|(likeness, _)| !is_held || *likeness >= 1.0);
    alike.into_iter().take(OFFERED).map(|(_, name)| name).collect()
}

/// How like a name a word is: what it begins comes first, then what it is a part of.
fn likeness(word: &str, name: &str) -> f64 {
    let is_long = word.chars().count() > 2 || !word.is_ascii();
    if name.starts_with(word) {
        // The shorter the name, the nearer.
        2.0 + 1.0 / (1.0 + name.len() as f64)
    } else if is_long && name.contains(word) {
        1.0 + 1.0 / (1.0 + name.len() as f64)
    } else {
        strsim::jaro_winkler(word, name)
    }
}

/// The names a topic is also known by.
fn other_names(topic: &Topic) -> &'static [&'static str] {
    OTHER_NAMES.iter().find(|(name, _)| *name == topic.name).map_or(&[], |(_, names)| names)
}

/// What is left of a name without the words that many share.
fn short_names(topic: &Topic) -> impl Iterator<Item = &'static str> {
    let name = topic.name;
    let last = name.rsplit('.').next().filter(|last| *last != name && last.len() > 2);
    let (parts, rests): (&[&str], &[&str]) = match topic.kind {
        TopicKind::Counter => (&["TcpExt", "IpExt", "Tcp", "Udp", "Ip"], &["TcpExtTCP", "TcpExtIP"]),
        TopicKind::Myth => (&["myth-"], &[]),
        _ => (&[], &[]),
    };
    let prefixes: &[&str] = if topic.kind == TopicKind::Sysctl { &["tcp_", "nf_conntrack_", "ip_"] } else { &[] };
    let of_last = prefixes.iter().filter_map(move |prefix| last?.strip_prefix(prefix));
    let of_parts = parts.iter().filter_map(move |part| name.strip_prefix(part)).take(1);
    last.into_iter().chain(of_last).chain(of_parts).chain(rests.iter().filter_map(move |rest| name.strip_prefix(rest)))
}

/// The spelling of rules: lower case, words joined by dashes.
pub fn plain(word: &str) -> String {
    word.trim().to_ascii_lowercase().replace(['_', ' '], "-")
}

/// What counts of a name: its letters and digits. A file of `/proc/sys` is its setting.
fn squashed(word: &str) -> String {
    let word = word.trim().trim_start_matches("/proc/sys/");
    word.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(word: &str) -> Option<&'static str> {
        find(word, Lang::En).map(|topic| topic.name)
    }

    #[test]
    fn a_topic_is_found_in_any_spelling() {
        for (word, name) in [
            ("BOUND_INACTIVE", "BOUND_INACTIVE"),
            ("bound-inactive", "bound-inactive"),
            ("Bound_Inactive", "BOUND_INACTIVE"),
            ("close-wait-leak", "close-wait-leak"),
            ("CLOSE_WAIT_LEAK", "close-wait-leak"),
            ("CLOSE_WAIT", "CLOSE_WAIT"),
            ("close-wait", "CLOSE_WAIT"),
            ("closewait", "CLOSE_WAIT"),
            ("tw", "TIME_WAIT"),
            ("fin wait 2", "FIN_WAIT2"),
            ("EMFILE", "EMFILE"),
            ("emfile", "EMFILE"),
            ("Too many open files", "EMFILE"),
            ("Recv-Q", "Recv-Q"),
            ("recvq", "Recv-Q"),
            ("tw_reuse", "net.ipv4.tcp_tw_reuse"),
            ("tcp_tw_reuse", "net.ipv4.tcp_tw_reuse"),
            ("net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_tw_reuse"),
            ("/proc/sys/net/ipv4/tcp_tw_reuse", "net.ipv4.tcp_tw_reuse"),
            ("somaxconn", "net.core.somaxconn"),
            ("ListenDrops", "TcpExtListenDrops"),
            ("TcpExtListenDrops", "TcpExtListenDrops"),
            ("AbortOnMemory", "TcpExtTCPAbortOnMemory"),
            ("rto", "tcp_info.rto"),
            ("cwnd", "tcp_info.snd_cwnd"),
            ("三次握手", "three-way-handshake"),
            ("四次挥手", "four-way-close"),
            ("半连接", "SYN_RECV"),
            ("状态", "states"),
        ] {
            assert_eq!(found(word), Some(name), "{word}");
        }
        assert_eq!([found("nothing"), found(""), found("--")], [None, None, None]);
    }

    #[test]
    fn a_prefix_or_an_unknown_word_lists_the_nearest() {
        assert_eq!(nearest("close-wait-leek", None).first(), Some(&"close-wait-leak"));
        assert_eq!(nearest("close-wai", None).first(), Some(&"CLOSE_WAIT"));
        assert_eq!(nearest("三次", None).first(), Some(&"three-way-handshake"));
        assert_eq!(nearest("EADDR", None), ["EADDRINUSE", "EADDRNOTAVAIL"]);
        assert!(nearest("xyzzy", None).is_empty(), "{:?}", nearest("xyzzy", None));
        assert!(nearest("", None).is_empty());
    }

    #[test]
    fn a_paragraph_is_one_line_without_blanks_in_chinese() {
        assert_eq!(joined(&["one", "two"]), "one two");
        assert_eq!(joined(&["一", "二，", "abc"]), "一二，abc");
        assert_eq!(joined(&["用", "`with`"]), "用 `with`");
    }

    #[test]
    fn every_name_is_there_once_and_every_other_name_leads_to_its_topic() {
        let names: Vec<&str> = topics(Lang::En).iter().map(|topic| topic.name).collect();
        assert_eq!(names, topics(Lang::Zh).iter().map(|topic| topic.name).collect::<Vec<_>>());
        for name in &names {
            assert_eq!(found(name), Some(*name));
        }
        for (name, others) in OTHER_NAMES {
            for other in *others {
                assert_eq!(found(other), Some(*name), "{other}");
            }
        }
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
