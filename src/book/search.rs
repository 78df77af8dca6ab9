//! Finds topics by typed names in any spelling, and in Chinese with the words around them.

use std::{collections::VecDeque, sync::OnceLock};

use super::{Topic, TopicKind, topics};
use crate::{
    model::sorted,
    text::{
        Lang,
        names::{FILLERS, STATES, plain},
        topic::other_names,
    },
};

/// How alike a word and a topic must be (Jaro-Winkler, 0 to 1) for the topic to be offered.
const NEAR: f64 = 0.8;

/// Words of the longest name in a question.
const MOST_WORDS: usize = 12;

/// Topics that are suggested for an unknown name.
const OFFERED: usize = 5;

/// The topic with a name, regardless of case and separators: its name, an alias, or the name without its common words.
/// For a Chinese question, the topic that the question names.
pub fn find(word: &str, lang: Lang) -> Option<Topic> {
    let topics = topics(lang);
    let names = names();
    let known = |is: &dyn Fn(&Name) -> bool| names.iter().find(|name| is(name)).map(|name| name.place);
    let wanted = squashed(word);
    let named = |wanted: &str| known(&|name| name.squashed == wanted);
    // A rule and its subject may have names that differ only in spelling: `bound-inactive`, `ListenDrops`.
    let place = known(&|name| name.text == word.trim()).or_else(|| named(&wanted)).or_else(|| {
        let is_chinese = !wanted.is_ascii();
        is_chinese.then(|| of_question(&wanted, &named, names)).flatten()
    });
    topics.get(place.filter(|_| !wanted.is_empty())?).copied()
}

/// The topic that an English question names: by the longest name in it, if that is a third of it (`stuck in close_wait`), or
/// if it is a state, an error's message or long: programs put any text around these (`connect() failed (111: Connection
/// refused)`, `TCP: request_sock_TCP: Possible SYN flooding on port 80. Sending cookies.`).
pub fn within(question: &str, lang: Lang) -> Option<Topic> {
    let parts = question.split(|c: char| c.is_whitespace() || "(){}[]<>\"'`,;:=".contains(c));
    let words: Vec<String> = parts.map(squashed).filter(|word| !word.is_empty()).collect();
    let letters: usize = words.iter().map(String::len).sum();
    let runs = (1..=words.len().min(MOST_WORDS)).flat_map(|length| words.windows(length).map(<[String]>::concat));
    let topics = topics(lang);
    let is_telling = |name: &Name, letters: usize| match topics.get(name.place).map(|topic| topic.kind) {
        Some(TopicKind::Error) => letters > 8,
        Some(TopicKind::State) => letters > 6,
        _ => letters > 13,
    };
    let named = runs.filter(|run| run.len() > 3).filter_map(|run| {
        // Browsers put ERR_ before the message of an error.
        let is_name = |name: &&Name| {
            [Some(&run[..]), run.strip_suffix('s'), run.strip_prefix("err")].contains(&Some(&name.squashed[..]))
        };
        let is_said = |name: &&Name| 3 * run.len() >= letters || is_telling(name, run.len());
        names().iter().find(is_name).filter(is_said)
    });
    topics.get(named.max_by_key(|name| name.squashed.len())?.place).copied()
}

/// Topics, of one kind or of all, whose names begin like a word or are like it, the most alike first.
pub fn nearest(word: &str, kind: Option<TopicKind>) -> Vec<&'static str> {
    let wanted = squashed(word);
    if wanted.is_empty() {
        return Vec::new();
    }
    let topics = topics(Lang::En);
    let mut alike: Vec<(f64, &'static str)> = Vec::new();
    let mut likest = vec![0.0; topics.len()];
    for name in names() {
        if let Some(known) = likest.get_mut(name.place) {
            *known = likeness(&wanted, &name.squashed).max(*known);
        }
    }
    for (topic, likeness) in topics.iter().zip(likest) {
        if likeness >= NEAR && kind.is_none_or(|kind| kind == topic.kind) {
            alike.push((likeness, topic.name));
        }
    }
    sorted::sort_by(&mut alike, |a, b| b.0.total_cmp(&a.0));
    // If some hold the word, those that merely resemble it are left out.
    let is_held = alike.first().is_some_and(|(likeness, _)| *likeness >= 1.0);
    alike.retain(|(likeness, _)| !is_held || *likeness >= 1.0);
    alike.into_iter().take(OFFERED).map(|(_, name)| name).collect()
}

/// A name of a topic.
struct Name {
    text: &'static str,
    squashed: String,
    /// The topic's place among all.
    place: usize,
}

/// Every name of every topic, those that count most first: its own, other ones, short ones, its Chinese title. The topics
/// have the same places in every language.
fn names() -> &'static [Name] {
    static NAMES: OnceLock<Vec<Name>> = OnceLock::new();
    NAMES.get_or_init(|| gathered(&topics(Lang::En)))
}

fn gathered(topics: &[Topic]) -> Vec<Name> {
    let mut names = Vec::new();
    let mut add = |place: usize, text: &'static str| names.push(Name { text, squashed: squashed(text), place });
    topics.iter().enumerate().for_each(|(place, topic)| add(place, topic.name));
    for (name, others) in other_names() {
        if let Some(place) = topics.iter().position(|topic| topic.name == name) {
            others.for_each(|other| add(place, other));
        }
    }
    for (place, topic) in topics.iter().enumerate() {
        let state = topic.state();
        STATES.iter().filter(|(_, one)| state == Some(*one)).for_each(|(name, _)| add(place, name));
        short_names(topic).for_each(|name| add(place, name));
    }
    for (place, topic) in super::topics(Lang::Zh).iter().enumerate() {
        let title = topic.title.rsplit_once('（').map_or(topic.title, |(title, _)| title);
        add(place, title.split_once('：').map_or(title, |(_, title)| title));
    }
    names
}

/// How similar a word is to a name: prefixes first, then substrings.
pub(super) fn likeness(word: &str, name: &str) -> f64 {
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

/// A topic's names without the words that many topics share.
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

/// The topic of a question, without the words around a name, as few of them as possible: `TIME_WAIT 过多怎么办`. Else the
/// topic with the longest name within the question, or with a name that differs by one character: `文件描述付`.
fn of_question(question: &str, named: &dyn Fn(&str) -> Option<usize>, names: &[Name]) -> Option<usize> {
    let mut seen = Vec::new();
    let mut rests = VecDeque::from([question]);
    while let Some(rest) = rests.pop_front() {
        if rest.chars().count() < 2 || seen.contains(&rest) {
            continue;
        }
        seen.push(rest);
        if let Some(place) = named(rest) {
            return Some(place);
        }
        rests.extend(FILLERS.iter().filter_map(|filler| rest.strip_suffix(filler)));
        rests.extend(FILLERS.iter().filter_map(|filler| rest.strip_prefix(filler)));
    }
    let least = seen.into_iter().min_by_key(|rest| rest.chars().count())?;
    // Also from the middle: `挥手为什么不是三次`.
    let is_word = |filler: &&&str| filler.chars().count() > 1 && !filler.is_ascii();
    let bare = FILLERS.iter().filter(is_word).fold(question.to_owned(), |bare, filler| bare.replace(filler, ""));
    let held = [least, question, &bare].into_iter().find_map(|text| longest_within(text, names));
    held.or_else(|| misspelt(least, names))
}

/// The topic with a Chinese name of four characters and more of which one is mistyped.
fn misspelt(word: &str, names: &[Name]) -> Option<usize> {
    let letters = word.chars().count();
    let is_meant = |name: &&Name| {
        !name.squashed.is_ascii()
            && name.squashed.chars().count() == letters
            && strsim::hamming(word, &name.squashed) == Ok(1)
    };
    (letters > 3).then(|| names.iter().find(is_meant).map(|name| name.place)).flatten()
}

/// The topic with the longest name that a question holds, where that is a good part of it.
fn longest_within(question: &str, names: &[Name]) -> Option<usize> {
    let letters = |text: &str| text.chars().count();
    let is_telling = |name: &&Name| match name.squashed.is_ascii() {
        true => name.squashed.len() > 3,
        false => letters(&name.squashed) > 1 && !FILLERS.contains(&name.squashed.as_str()),
    };
    let within = names.iter().filter(is_telling).filter(|name| question.contains(&name.squashed));
    // Of names of one length the first counts.
    let longest = within.rev().max_by_key(|name| letters(&name.squashed))?;
    (3 * letters(&longest.squashed) >= letters(question)).then_some(longest.place)
}

/// The significant characters of a name: letters and digits. A file of `/proc/sys` is its sysctl.
pub(super) fn squashed(word: &str) -> String {
    plain(word.trim().trim_start_matches("/proc/sys/"))
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
    fn every_name_is_there_once_and_every_other_name_leads_to_its_topic() {
        let names: Vec<&str> = topics(Lang::En).iter().map(|topic| topic.name).collect();
        assert_eq!(names, topics(Lang::Zh).iter().map(|topic| topic.name).collect::<Vec<_>>());
        for name in &names {
            assert_eq!(found(name), Some(*name));
        }
        for (name, others) in other_names() {
            for other in others {
                assert_eq!(found(other), Some(name), "{other}");
            }
        }
    }
}
