//! A sentence for each counter: from its topic if there is one, else from a list of short texts. The list also gives
//! the groups and their order.

use super::{
    Topic, TopicKind,
    search::{likeness, squashed},
    topics,
};
use crate::text::Lang;

/// Counters that speak of the same thing.
#[derive(Clone, Debug)]
pub struct CounterGroup {
    /// Its name, the same in every language: `drops`.
    pub name: &'static str,
    /// Its heading.
    pub heading: &'static str,
    texts: Vec<CounterText>,
}

/// The text for one counter, or for several that differ by protocol alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CounterText {
    names: Vec<&'static str>,
    /// The things that it counts.
    pub gloss: String,
    /// The conclusion from a rise; `None` if a rise alone proves nothing.
    pub rise: Option<String>,
    /// Whether `explain` says more of it.
    pub has_topic: bool,
}

/// The texts of all counters, by group.
#[derive(Clone, Debug)]
pub struct CounterBook(Vec<CounterGroup>);

/// Begins of names, longest first, that people leave out.
const PREFIXES: [&str; 15] = [
    "TcpExtTCP",
    "TcpExtIP",
    "TcpExt",
    "IpExt",
    "MPTcpExt",
    "UdpLite6",
    "UdpLite",
    "Udp6",
    "Udp",
    "IcmpMsg",
    "Icmp6",
    "Icmp",
    "Ip6",
    "Ip",
    "Tcp",
];

/// As near a name must be for it to be offered.
const NEAR: f64 = 0.8;

impl CounterBook {
    /// The texts in a language.
    pub fn of(lang: Lang) -> CounterBook {
        let entries: Vec<Topic> = topics(lang).into_iter().filter(|topic| topic.kind == TopicKind::Counter).collect();
        let mut groups: Vec<CounterGroup> = Vec::new();
        for line in lang.markdown("counters.md").lines() {
            if let Some((name, heading)) = line.strip_prefix("## ").and_then(|line| line.split_once(": ")) {
                groups.push(CounterGroup { name, heading, texts: Vec::new() });
            } else if let Some(group) = groups.last_mut() {
                group.texts.extend(CounterText::read(line, &entries));
            }
        }
        CounterBook(groups)
    }

    /// All groups, in the order in which they are shown; the last is that of counters without a text.
    pub fn groups(&self) -> &[CounterGroup] {
        &self.0
    }

    /// The place of a counter: its group, and its text, by their numbers; one without a text is in the last group.
    pub fn place(&self, name: &str) -> (usize, usize) {
        let of_group = |(number, group): (usize, &CounterGroup)| {
            Some((number, group.texts.iter().position(|text| text.is_of(name))?))
        };
        let found = self.0.iter().enumerate().find_map(of_group);
        found.unwrap_or((self.0.len().saturating_sub(1), usize::MAX))
    }

    /// The text for a counter.
    pub fn text(&self, name: &str) -> Option<&CounterText> {
        let (group, text) = self.place(name);
        self.0.get(group)?.texts.get(text)
    }

    /// The name of its group.
    pub fn group(&self, name: &str) -> &'static str {
        self.0.get(self.place(name).0).map_or("", |group| group.name)
    }

    /// Whether a word means a counter: its name in any case, with or without its prefix.
    pub fn is_meant(word: &str, name: &str) -> bool {
        let wanted = squashed(word);
        let prefixes = PREFIXES.iter().filter_map(|prefix| name.strip_prefix(prefix));
        !wanted.is_empty() && [name].into_iter().chain(prefixes).any(|name| squashed(name) == wanted)
    }

    /// A counter that is described here and that a word means, whether or not this kernel has it.
    pub fn described(&self, word: &str) -> Option<&'static str> {
        self.names().find(|name| CounterBook::is_meant(word, name))
    }

    /// The counter or group whose name is most like a word, of these or of those that are described here.
    pub fn nearest(&self, word: &str, counters: &[&str]) -> Option<String> {
        let wanted = squashed(word);
        let short = |name: &str| PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).map(squashed);
        let how = |name: &str| {
            let of_short = short(name).map_or(0.0, |short| likeness(&wanted, &short));
            likeness(&wanted, &squashed(name)).max(of_short)
        };
        let described: Vec<&str> = self.names().chain(self.0.iter().map(|group| group.name)).collect();
        let all = counters.iter().chain(&described).copied();
        let best = all.map(|name| (how(name), name)).max_by(|a, b| a.0.total_cmp(&b.0));
        best.filter(|(likeness, _)| *likeness >= NEAR && !wanted.is_empty()).map(|(_, name)| name.to_owned())
    }

    /// The names of all counters that are described here.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().flat_map(|group| &group.texts).flat_map(|text| text.names.iter().copied())
    }
}

impl CounterText {
    /// `NAME...: meaning. | what a rise proves`, or a name alone, whose topic has both.
    fn read(line: &'static str, entries: &[Topic]) -> Option<CounterText> {
        let Some((names, said)) = line.split_once(": ") else {
            let topic = entries.iter().find(|topic| topic.name == line)?;
            // Unit, healthy value, and then the conclusion from a rise.
            let rise = topic.items().into_iter().nth(2);
            let rise = rise.and_then(|item| item.split_once([':', '：']).map(|(_, rise)| rise.trim().to_owned()));
            return Some(CounterText { names: vec![topic.name], gloss: topic.summary(), rise, has_topic: true });
        };
        let (gloss, rise) = said.split_once(" | ").map_or((said, None), |(gloss, rise)| (gloss, Some(rise.to_owned())));
        Some(CounterText { names: names.split(' ').collect(), gloss: gloss.to_owned(), rise, has_topic: false })
    }

    /// Whether it speaks of this counter; a name that ends in `*` stands for all that begin so.
    fn is_of(&self, name: &str) -> bool {
        self.names.iter().any(|known| match known.strip_suffix('*') {
            Some(begin) => name.starts_with(begin),
            None => *known == name,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_groups_and_names() {
        let [en, zh] = [Lang::En, Lang::Zh].map(CounterBook::of);
        let names = |book: &CounterBook| -> Vec<(&str, Vec<&str>)> {
            let of_group = |group: &CounterGroup| group.texts.iter().flat_map(|text| text.names.clone()).collect();
            book.0.iter().map(|group| (group.name, of_group(group))).collect()
        };
        assert_eq!(names(&en), names(&zh));
        assert!(en.names().count() > 380);
        for text in en.0.iter().chain(&zh.0).flat_map(|group| &group.texts) {
            assert!(text.gloss.len() > 5 && text.rise.as_ref().is_none_or(|rise| rise.len() > 5), "{text:?}");
            assert!(text.gloss.ends_with(['.', '。']), "{text:?}");
        }
    }

    #[test]
    fn every_topic_about_a_counter_is_in_a_group_once() {
        let book = CounterBook::of(Lang::En);
        for topic in topics(Lang::En).iter().filter(|topic| topic.kind == TopicKind::Counter) {
            assert!(book.text(topic.name).is_some_and(|text| text.has_topic), "{}", topic.name);
            assert_eq!(book.names().filter(|name| *name == topic.name).count(), 1, "{}", topic.name);
        }
    }

    #[test]
    fn a_counter_is_meant_by_its_name_in_any_case_with_or_without_its_prefix() {
        for word in ["TcpExtTCPAbortOnMemory", "tcpexttcpabortonmemory", "TCPAbortOnMemory", "abort-on-memory"] {
            assert!(CounterBook::is_meant(word, "TcpExtTCPAbortOnMemory"), "{word}");
        }
        assert!(CounterBook::is_meant("NoPorts", "Udp6NoPorts") && CounterBook::is_meant("tcp.inuse", "TCP.inuse"));
        assert!(!CounterBook::is_meant("Ports", "UdpNoPorts") && !CounterBook::is_meant("", "UdpNoPorts"));
        let book = CounterBook::of(Lang::En);
        assert_eq!(book.nearest("ListenDorps", &[]).as_deref(), Some("TcpExtListenDrops"));
        assert_eq!(book.nearest("FutureDropz", &["TcpExtFutureDrops"]).as_deref(), Some("TcpExtFutureDrops"));
        assert_eq!((book.nearest("xyzzy", &[]), book.nearest("", &[])), (None, None));
        assert_eq!(book.described("listendrops"), Some("TcpExtListenDrops"));
    }

    #[test]
    fn a_counter_without_a_text_is_in_the_last_group() {
        let book = CounterBook::of(Lang::En);
        assert_eq!((book.group("TcpExtNotThere"), book.text("TcpExtNotThere")), ("other", None));
        assert_eq!((book.group("TcpExtListenDrops"), book.group("IcmpMsgInType3")), ("handshakes", "icmp"));
    }
}
