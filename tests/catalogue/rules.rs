//! The rules: all that the catalogue of the knowledge names, each with its words in every language.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use sockdoc::{
    model::sentence::{Placeholders, Sentence},
    report::performance::compared,
    rules::RULES,
    text::{Catalogue, Lang, messages, number, rule::RuleWords},
};

use super::{Text, assert_none, faults, fluent, is_han, read, said_by, written};

/// The topic that `explain` shows for a rule.
fn topic(rule: &str, lang: Lang) -> &'static str {
    lang.markdown(&format!("rules/{rule}.md"))
}

/// Section I of the knowledge, in its order.
const CATALOGUE: [&str; 54] = [
    "close-wait-leak",
    "close-wait-unread",
    "close-wait-unaccepted",
    "close-wait-many",
    "half-close",
    "relay-waits",
    "closed-fd-leak",
    "fd-near-limit",
    "file-table-near-limit",
    "accept-queue-full",
    "accept-queue-high",
    "listen-drops",
    "backlog-small",
    "somaxconn-clamp",
    "reuseport-imbalance",
    "syn-recv-pileup",
    "syncookies-active",
    "syn-drop-no-cookies",
    "syn-sent-stuck",
    "port-exhaustion",
    "port-range-pressure",
    "bound-inactive",
    "time-wait-client",
    "time-wait-server",
    "tw-bucket-limit",
    "tw-reuse-blocked",
    "fin-wait1-orphans",
    "orphans-near-limit",
    "fin-wait2-peer",
    "fin-wait2-held",
    "last-ack-stuck",
    "states-many",
    "peer-zero-window",
    "path-dead",
    "loss-high",
    "program-hung",
    "slow-reader",
    "unread-requests",
    "queues-many",
    "unaccepted-established",
    "closed-at-once",
    "connects-refused",
    "sndbuf-limited",
    "idle-no-keepalive",
    "keepalive-failing",
    "tcp-memory",
    "rcv-prune",
    "udp-drops",
    "unix-backlog-full",
    "conntrack-near-limit",
    "reset-unread",
    "linger-zero",
    "bad-sysctl",
    "listener-in-port-range",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The messages of a rule in a language, and the faults of its file.
fn sentences(rule: &sockdoc::rules::Rule, lang: Lang) -> (BTreeMap<String, Text>, Vec<String>) {
    let (texts, wrong) = read(&written(lang, &format!("rules/{}", rule.name)));
    let name = format!("{}/rules/{}.ftl", lang.name(), rule.name);
    (texts, wrong.into_iter().map(|fault| format!("{name}: {fault}")).collect())
}

#[test]
fn the_rules_are_those_of_the_catalogue_in_its_order() {
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    let missing: Vec<&str> = CATALOGUE.iter().filter(|name| !names.contains(name)).copied().collect();
    assert!(missing.is_empty(), "not written: {missing:?}");
    assert_eq!(names, CATALOGUE);
}

#[test]
fn no_rule_is_unknown_to_the_catalogue_or_out_of_its_order() {
    let places: Vec<Option<usize>> =
        RULES.iter().map(|rule| CATALOGUE.iter().position(|name| *name == rule.name)).collect();
    assert!(places.iter().all(Option::is_some), "{places:?}");
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn every_rule_has_its_files_and_no_file_is_without_its_rule() {
    let names: BTreeSet<String> = RULES.iter().map(|rule| rule.name.to_owned()).collect();
    for (lang, _) in Lang::ALL {
        for kind in ["ftl", "md"] {
            let folder = fs::read_dir(root().join("src/text").join(lang).join("rules")).unwrap();
            let files = folder.map(|file| file.unwrap().file_name().into_string().unwrap());
            let ending = format!(".{kind}");
            let there: BTreeSet<String> =
                files.filter_map(|file| file.strip_suffix(&ending).map(str::to_owned)).collect();
            assert_eq!(there, names, "{lang}/rules/*.{kind}");
        }
    }
    for rule in RULES {
        assert!(source(rule.name).exists(), "{}", rule.name);
        assert!(!rule.severities.is_empty() && !rule.needs.is_empty(), "{}", rule.name);
        assert!(rule.severities.windows(2).all(|pair| pair[0] > pair[1]), "{}: worst first", rule.name);
        let names: BTreeSet<&str> = rule.thresholds.iter().map(|threshold| threshold.name).collect();
        assert_eq!(names.len(), rule.thresholds.len(), "{}: a threshold twice", rule.name);
    }
}

/// The code of a rule: its file, or the folder of that name.
fn source(name: &str) -> std::path::PathBuf {
    root().join("src/rules").join(format!("{}.rs", name.replace('-', "_")))
}

#[test]
fn the_sentences_of_a_rule_are_the_same_in_every_language() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let (english, of_english) = sentences(rule, Lang::En);
        let (chinese, of_chinese) = sentences(rule, Lang::Zh);
        wrong.extend(of_english.into_iter().chain(of_chinese));
        let ids = |texts: &BTreeMap<String, Text>| texts.keys().cloned().collect::<BTreeSet<_>>();
        for id in ids(&english).symmetric_difference(&ids(&chinese)) {
            wrong.push(format!("{}: {id} is there in one language only", rule.name));
        }
        for (id, text) in &english {
            if let Some(other) = chinese.get(id).filter(|other| other.placeholders != text.placeholders) {
                wrong.push(format!(
                    "{}: {id} takes {:?} in English, {:?} in Chinese",
                    rule.name, text.placeholders, other.placeholders
                ));
            }
        }
    }
    assert_none(&wrong);
}

/// The code before a message's name.
const SAID: &[&str] = &[
    "Sentence::plain(",
    ".title(",
    ".why(",
    ".proof(",
    ".risk(",
    ".needs(",
    ".myth(",
    "RemedyKind::Code, ",
    "RemedyKind::Config, ",
    "RemedyKind::Operate, ",
    "RemedyKind::Sysctl, ",
];

/// The names of messages that code says: behind one of [`SAID`], or last in a call of `sysctl`.
fn ids(code: &str) -> BTreeSet<String> {
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(").replace(", )", ")");
    let literal = |rest: &str| Some(rest.strip_prefix('"')?.split('"').next()?.to_owned());
    let direct = SAID.iter().flat_map(|before| code.split(before).skip(1)).filter_map(literal);
    let calls =
        ["sysctl::raise(", "sysctl::lower(", "sysctl::set("].into_iter().flat_map(|call| code.split(call).skip(1));
    let last = calls.filter_map(|rest| {
        let mut depth = 1;
        let end = rest.find(|c: char| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        })?;
        literal(&rest[rest[..end].rfind(", ")? + 2..end])
    });
    direct.chain(last).collect()
}

#[test]
fn names_of_messages_are_found_wherever_they_are_said() {
    let code = r#"finding.why("a").remedy(Remedy::new(RemedyKind::Code,
        "b")); sysctl::raise(input, "net.x", twice(most), "c").map(|one| one.risk("d")); Sentence::plain(
            "e",
        ); sysctl::set(input, "net.y", &value, text.count("n", 1)); finding.evidence("f", figure, "g")"#;
    assert_eq!(ids(code).into_iter().collect::<Vec<_>>(), ["a", "b", "c", "d", "e"]);
}

#[test]
fn every_sentence_says_what_fluent_says() {
    let mut wrong = Vec::new();
    for (rule, lang) in RULES.iter().flat_map(|rule| Lang::ALL.map(|(_, lang)| (rule, lang))) {
        let bundle = fluent(lang, written(lang, &format!("rules/{}", rule.name)));
        let catalogue = Catalogue::new(lang);
        let rule_words = RuleWords::new(&catalogue, rule.name, true);
        for (id, text) in sentences(rule, lang).0 {
            let id: &'static str = id.leak();
            for count in [0, 1, 14_438] {
                let mut sentence = Sentence::plain(id);
                let mut values = Vec::new();
                for name in &text.placeholders {
                    let name: &'static str = name.clone().leak();
                    sentence = sentence.count(name, count);
                    values.push((name, number(count)));
                }
                let (meant, errors) = said_by(&bundle, id, &values);
                let said = rule_words.try_say(&sentence);
                if !errors.is_empty() || said.as_ref() != Ok(&meant) {
                    wrong.push(format!("{} in {}: {id}: {meant:?} {errors:?}, not {said:?}", rule.name, lang.name()));
                }
            }
        }
    }
    assert_none(&wrong);
}

/// The code of the rules, and of what they have their findings' subjects from.
fn gather_rules(code: &mut String) {
    super::gather(&root().join("src/rules"), code);
    super::gather(&root().join("src/model"), code);
}

#[test]
fn a_rule_says_what_it_has_and_has_what_it_says() {
    let shared = read(&written(Lang::En, "sentences")).0;
    let mut all = String::new();
    gather_rules(&mut all);
    let mut wrong = Vec::new();
    for rule in RULES {
        let code = fs::read_to_string(source(rule.name)).unwrap();
        let code = code.split("\n#[cfg(test)]").next().unwrap_or_default();
        let own = sentences(rule, Lang::En).0;
        // Some rules say the same of the same: by code they share.
        for id in own.keys().filter(|id| !all.contains(&format!("\"{id}\""))) {
            wrong.push(format!("{}: {id} is never said", rule.name));
        }
        for said in ids(code) {
            if !own.contains_key(&said) && !shared.contains_key(&said) {
                wrong.push(format!("{}: {said} is said, and no file has it", rule.name));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn what_all_rules_share_is_the_same_in_every_language_and_said_by_one() {
    let mut code = String::new();
    gather_rules(&mut code);
    let (english, chinese) = (read(&written(Lang::En, "sentences")).0, read(&written(Lang::Zh, "sentences")).0);
    let listed: BTreeSet<&str> = messages::ALL.iter().map(|message| message.id).collect();
    let mut wrong = Vec::new();
    for (id, text) in english.iter().filter(|(id, _)| !listed.contains(id.as_str()) && id.as_str() != "one") {
        match chinese.get(id) {
            None => wrong.push(format!("{id} is not there in Chinese")),
            Some(other) if other.placeholders != text.placeholders => {
                wrong.push(format!("{id} takes other values in Chinese"));
            }
            Some(_) => {}
        }
        if RULES.len() == CATALOGUE.len() && !code.contains(&format!("\"{id}\"")) {
            wrong.push(format!("{id} is never said"));
        }
    }
    assert_none(&wrong);
}

/// Puts a blank between a placeholder and a Chinese character.
fn with_blanks(text: &str) -> String {
    let mut blanks = String::new();
    let mut before = ' ';
    for character in text.chars() {
        if before == super::PLACEABLE && is_han(character) {
            blanks.push(' ');
        }
        blanks.push(character);
        before = character;
    }
    blanks
}

#[test]
fn chinese_sentences_of_rules_are_chinese_and_set_as_chinese_is() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let english = sentences(rule, Lang::En).0;
        for (id, text) in sentences(rule, Lang::Zh).0 {
            for variant in &text.variants {
                // A length of time ends in a Chinese unit, which takes no blank after it.
                wrong.extend(
                    faults(&with_blanks(variant)).into_iter().map(|fault| format!("{}: {id}: {fault}", rule.name)),
                );
            }
            let is_translated = text.variants.iter().any(|variant| variant.chars().any(is_han));
            if english.get(&id).is_some_and(|english| english.variants == text.variants) && !is_translated {
                let words = text.variants.iter().any(|variant| variant.split_whitespace().count() > 3);
                if words {
                    wrong.push(format!("{}: {id} is the English text", rule.name));
                }
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn english_texts_of_rules_are_plain_ascii() {
    let mut wrong = Vec::new();
    for rule in RULES {
        for (kind, text) in
            [("ftl", written(Lang::En, &format!("rules/{}", rule.name))), ("md", topic(rule.name, Lang::En).to_owned())]
        {
            for (line, text) in text.lines().enumerate().filter(|(_, line)| !line.is_ascii()) {
                wrong.push(format!("en/rules/{}.{kind}:{}: {text}", rule.name, line + 1));
            }
        }
    }
    assert_none(&wrong);
}

/// The headings of a text by their depth; those in code are none.
fn headings(markdown: &str) -> Vec<usize> {
    let mut is_code = false;
    let mut found = Vec::new();
    for line in markdown.lines() {
        is_code ^= line.starts_with("```");
        let depth = line.bytes().take_while(|&byte| byte == b'#').count();
        if !is_code && depth > 0 {
            found.push(depth);
        }
    }
    found
}

fn headline(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[test]
fn the_topics_have_the_same_headings_in_every_language() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let [english, chinese] = [Lang::En, Lang::Zh].map(|lang| topic(rule.name, lang));
        if headings(english) != headings(chinese) {
            wrong.push(format!("{}: {:?} and {:?}", rule.name, headings(english), headings(chinese)));
        }
        for (text, is_title) in [
            (english, headline(english) == format!("# {}", rule.name)),
            // People's name for it, and the name that is typed.
            (
                chinese,
                headline(chinese).ends_with(&format!("（{}）", rule.name)) && headline(chinese).chars().any(is_han),
            ),
        ] {
            if !is_title {
                wrong.push(format!("{}: begins with {:?}", rule.name, headline(text)));
            }
            if headings(text).len() < 5 {
                wrong.push(format!("{}: only {} headings", rule.name, headings(text).len()));
            }
        }
        if !chinese.lines().filter(|line| line.starts_with("## ")).all(|line| line.chars().any(is_han)) {
            wrong.push(format!("{}: a Chinese heading that is none", rule.name));
        }
    }
    assert_none(&wrong);
}

#[test]
fn every_figure_beside_a_threshold_is_evidence_of_its_rule() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let shared = ["model/finding.rs", "rules/accept.rs"].map(|path| read(&source.join(path))).concat();
    for rule in RULES {
        let path = source.join("rules").join(rule.name.replace('-', "_"));
        let parts = fs::read_dir(&path).into_iter().flatten().flatten().map(|part| part.path());
        let text: String = [path.with_extension("rs")].into_iter().chain(parts).map(|part| read(&part)).collect();
        for [figure, .., whole] in compared(rule.name) {
            for one in [figure, whole].into_iter().filter(|one| *one != "-") {
                let quoted = format!("\"{one}\"");
                assert!(text.contains(&quoted) || shared.contains(&quoted), "{}: {one}", rule.name);
            }
        }
    }
}
