//! The texts of `explain`: that there is one for everything that is shown, that they say what holds, and how they are
//! laid out.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code; clippy knows it by #[test], which the functions that tests share do not have"
)]

use std::{collections::BTreeSet, fs, path::Path};

use sockdoc::{
    book::{self, Topic, TopicKind},
    model::{state::State, tcp_info},
    render::list::columns::COLUMNS,
    rules::RULES,
    text::Lang,
};

#[path = "book/commands.rs"]
mod commands;
#[path = "book/figures.rs"]
mod figures;
#[path = "book/layout.rs"]
mod layout;
#[path = "book/search.rs"]
mod search;

/// The whole text with its heading.
fn markdown(topic: &Topic) -> String {
    format!("# {}\n\n{}\n", topic.title, topic.body)
}

/// Every error that `connect`, `bind`, `accept`, `read` or `write` gives for a reason that lies in sockets.
const ERRORS: [&str; 17] = [
    "EADDRNOTAVAIL",
    "EADDRINUSE",
    "EMFILE",
    "ENFILE",
    "ETIMEDOUT",
    "ECONNREFUSED",
    "ECONNRESET",
    "EPIPE",
    "ECONNABORTED",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOBUFS",
    "ENOMEM",
    "EPERM",
    "EAGAIN",
    "EACCES",
    "EINVAL",
];

/// A language with the headings of texts and the labels of entries and myths.
type Headings = (Lang, [&'static str; 9], [&'static str; 5], [&'static str; 5]);

/// The headings of a full topic, and the labels of an entry's items.
const HEADINGS: [Headings; 2] = [
    (
        Lang::En,
        [
            "Who must act",
            "In everyday terms",
            "How it works",
            "Normal or a fault",
            "How long it lasts",
            "Where to look",
            "Fix",
            "Won't help",
            "Sources",
        ],
        ["Unit: ", "Healthy: ", "How to read it: ", "Related: ", "Source: "],
        ["Said: ", "True: ", "Proof: ", "Related: ", "Source: "],
    ),
    (
        Lang::Zh,
        [
            "该由谁处理",
            "打个比方",
            "实际发生了什么",
            "何时正常，何时是故障",
            "能持续多久",
            "看什么",
            "怎么办",
            "哪些办法没用",
            "出处",
        ],
        ["单位：", "正常值：", "怎么看：", "相关：", "出处："],
        ["说法：", "事实：", "依据：", "相关：", "出处："],
    ),
];

/// The labels of entries whose kind has other ones than fields, by language.
const OF_ERRORS: [[&str; 5]; 2] = [
    ["Raised by: ", "Normal: ", "Usual causes: ", "Related: ", "Source: "],
    ["出现在：", "是否正常：", "常见原因：", "相关：", "出处："],
];
const OF_SYSCTLS: [[&str; 5]; 2] = [
    ["Unit: ", "Healthy: ", "Effect: ", "Related: ", "Source: "],
    ["单位：", "正常值：", "影响：", "相关：", "出处："],
];
const OF_COUNTERS: [[&str; 5]; 2] = [
    ["Unit: ", "Healthy: ", "A rise means: ", "Related: ", "Source: "],
    ["单位：", "正常值：", "升高说明：", "相关：", "出处："],
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Whether a topic has its own sections.
fn is_full(topic: &Topic) -> bool {
    matches!(topic.kind, TopicKind::State | TopicKind::Exchange | TopicKind::Rule)
}

/// The items of an entry, each on one line.
fn items(topic: &Topic) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in topic.body.lines() {
        match line.strip_prefix("- ") {
            Some(item) => items.push(item.to_owned()),
            None => {
                if let (Some(item), true) = (items.last_mut(), line.starts_with("  ")) {
                    item.push(' ');
                    item.push_str(line.trim());
                }
            }
        }
    }
    items
}

/// Names in the code that begin so, outside tests.
fn named(folders: &[&str], begins: &[&str]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in folders {
        gather(&root().join(folder), &mut |code| {
            for literal in code.split('"').skip(1).step_by(2) {
                let is_name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
                if begins.iter().any(|begin| literal.starts_with(begin)) && literal.chars().all(is_name) {
                    names.insert(literal.to_owned());
                }
            }
        });
    }
    names
}

fn gather(folder: &Path, take: &mut dyn FnMut(&str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, take);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("fixture.rs")
            && !path.ends_with("tests.rs")
        {
            let code = fs::read_to_string(&path).unwrap();
            take(code.split("\n#[cfg(test)]").next().unwrap_or_default());
        }
    }
}

#[test]
fn everything_that_is_shown_has_a_topic() {
    let mut wrong = Vec::new();
    let mut wanted: Vec<String> = Vec::new();
    let states = State::ALL.into_iter().chain([State::BOUND_INACTIVE]);
    wanted.extend(states.map(|state| state.to_string()));
    wanted.extend(["udp", "unix-listen", "orphan", "half-closing", "reset", "keepalive"].map(str::to_owned));
    wanted.extend(["three-way-handshake", "four-way-close", "simultaneous-close"].map(str::to_owned));
    wanted.extend(["zero-window", "retransmission"].map(str::to_owned));
    wanted.extend(RULES.iter().map(|rule| rule.name.to_owned()));
    wanted.extend(tcp_info::FIELDS.iter().map(|field| format!("tcp_info.{}", field.name)));
    wanted.extend(COLUMNS.iter().map(|(name, ..)| (*name).to_owned()));
    wanted.extend(ERRORS.map(str::to_owned));
    let counters = named(&["src/rules"], &["TcpExt", "Tcp", "Udp", "IpExt"]);
    assert!(counters.len() > 15, "{counters:?}");
    let settings = named(&["src/rules", "src/collect/snapshot"], &["net.", "fs.file-max"]);
    assert!(settings.len() > 25, "{settings:?}");
    wanted.extend(counters);
    wanted.extend(settings.into_iter().filter(|name| !name.ends_with('.')));
    for (language, lang) in Lang::ALL {
        wrong.extend(
            wanted
                .iter()
                .filter(|name| book::search::find(name, lang).is_none())
                .map(|name| format!("{language}: {name}")),
        );
    }
    assert_none(&wrong);
}

#[test]
fn a_text_has_its_headings_in_their_order() {
    let mut wrong = Vec::new();
    for (language, (lang, headings, of_entries, of_myths)) in HEADINGS.into_iter().enumerate() {
        for topic in book::topics(lang) {
            let labels = match topic.kind {
                TopicKind::Myth => &of_myths,
                // An error has no unit, and no value that is healthy.
                TopicKind::Error => &OF_ERRORS[language],
                TopicKind::Sysctl => &OF_SYSCTLS[language],
                TopicKind::Counter => &OF_COUNTERS[language],
                _ => &of_entries,
            };
            let (what, found): (&[&str], Vec<String>) = if is_full(&topic) {
                let found = topic.body.lines().filter_map(|line| line.strip_prefix("## "));
                (&headings, found.map(str::to_owned).collect())
            } else {
                let found = items(&topic).into_iter().map(|item| {
                    let label = labels.iter().find(|label| item.starts_with(**label));
                    label.map_or(item.clone(), |label| (*label).to_owned())
                });
                (labels, found.collect())
            };
            if what != found {
                wrong.push(format!("{}/{}: {found:?}", lang.name(), topic.name));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn what_an_entry_says_is_related_is_there() {
    let mut wrong = Vec::new();
    for (lang, ..) in HEADINGS {
        for topic in book::topics(lang).iter().filter(|topic| !is_full(topic)) {
            let related = items(topic);
            let related =
                related.iter().find_map(|item| item.strip_prefix("Related: ").or(item.strip_prefix("相关：")));
            for name in related.unwrap_or_default().split([',', '、']).map(str::trim) {
                if book::search::find(name, lang).is_none() {
                    wrong.push(format!("{}/{}: {name:?}", lang.name(), topic.name));
                }
            }
        }
    }
    assert_none(&wrong);
}

/// The parts of a text that name sources.
fn sources(topic: &Topic) -> Vec<String> {
    if !is_full(topic) {
        let is_source = |item: &String| item.starts_with("Source: ") || item.starts_with("出处：");
        return items(topic).into_iter().filter(is_source).collect();
    }
    let from = topic.body.rfind("\n## ").unwrap_or(0);
    topic.body[from..].lines().filter(|line| line.starts_with("- ")).map(str::to_owned).collect()
}

#[test]
fn every_source_is_one_of_the_list() {
    let list = fs::read_to_string(root().join("docs/sources.txt")).unwrap();
    let known: BTreeSet<&str> = list.lines().filter(|line| !line.starts_with('#')).collect();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    let mut wrong = Vec::new();
    for (lang, ..) in HEADINGS {
        for topic in book::topics(lang) {
            let sources = sources(&topic);
            if sources.is_empty() {
                wrong.push(format!("{}/{}: names no source", lang.name(), topic.name));
            }
            for source in sources {
                let here = known.iter().filter(|known| source.contains(**known));
                named.extend(here);
                // Each document of a line must be known: RFCs, files of the kernel, pages of the manual.
                let documents = documents(&source);
                if documents.is_empty() {
                    wrong.push(format!("{}/{}: {source}", lang.name(), topic.name));
                }
                for document in documents.iter().filter(|document| !known.contains(document.as_str())) {
                    wrong.push(format!("{}/{}: {document} is not in docs/sources.txt", lang.name(), topic.name));
                }
            }
        }
    }
    wrong.extend(known.difference(&named).map(|one| format!("docs/sources.txt: {one} is named nowhere")));
    assert_none(&wrong);
}

/// The documents that a line names: `RFC 9293`, `net/ipv4/tcp.c`, `tcp(7)`.
fn documents(line: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "/._-()".contains(c);
    let words: Vec<&str> = line.split(|c: char| !is_part(c)).filter(|word| !word.is_empty()).collect();
    let mut documents = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let is_page = word.strip_suffix(')').and_then(|word| word.split_once('(')).is_some_and(|(name, section)| {
            !name.is_empty() && section.len() == 1 && section.chars().all(|c| c.is_ascii_digit())
        });
        let is_file = word.contains('/') && [".c", ".h", ".rst"].iter().any(|end| word.ends_with(end));
        if is_page || is_file {
            documents.push((*word).to_owned());
        } else if *word == "RFC" {
            documents.extend(words.get(place + 1).map(|number| format!("RFC {number}")));
        }
    }
    documents
}
