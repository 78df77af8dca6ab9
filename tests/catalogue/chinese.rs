//! All Chinese there is, messages and topics alike: no word left in English, no line broken within a paragraph, punctuation
//! of its own width, one colon to a sentence.

use std::{collections::BTreeSet, fs, path::Path};

use super::{
    assert_none,
    punctuation::{self, PLACEABLE, is_han},
};

/// Names of the kernel, of programs and of what is typed, in lower case: these stay as they are.
const NAMES: &str = "
    accept activation age all always and auto awk backlog bash bind bpf bucket cat cgroup chmod check client close cluster collector connect
    connected conntrack container cookie count counters critical cubic curl cwnd cwr defer delack dgram disorder docker dport
    drops dst dump elvish endpoint ends ensure explain filter finally fish flood freeze freezer fwmark gdbserver goroutine grep
    group gunicorn handshakes host icmp idle ifconfig illumos inbound incident inet inode iptables json keepalive kill lastack
    less link list listen listener local locale loss lsof map many max maxclients maxconn mem memory metrics mptcp name net
    netid netlink netns netstat never nftables nginx nmap none not notice notrack nstat null off open openmetrics orphan
    orphaned other outbound packet pause peer peers pending persist pfsockopen pgbouncer pid ping pod port powershell prefork
    proc process qemu raw rcvbuf record recovery recvq reload retrans retransmission root rsync rto rtt safe sack seccomp
    sendq seq seqpacket server settings shell shutdown skmem socat sock socket socketserver sockdoc sockets sockstat somaxconn
    src ssh sshd state stream sudo synproxy syncookies synchronized sysctl systemctl systemd table tcp text textfile timeout
    timewait tipc token traceroute traffic true tunnel udp uid ulimit uniq unit unix upstream user vsock warning watch with
    workers wscale connections xdp zsh big datagram pacing using await now interval trace until
    blackhole prohibit reach unreachable dropbear mosh tailscaled teleport kubelet events ignore false";

/// What the system and the kernel's log say.
const QUOTED: [&str; 8] = [
    "Address already in use",
    "Cannot assign requested address",
    "No such file or directory",
    "Resource temporarily unavailable",
    "Too many open files",
    "bucket table overflow",
    "nf_conntrack: table full, dropping packet",
    "too many orphaned sockets",
];

/// Every Chinese text with the place it is in: a message a line, and the lines of topics without code and quotations.
fn texts() -> Vec<(String, String)> {
    let mut found = Vec::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/text/zh"), &mut found);
    assert!(found.len() > 5000, "{}", found.len());
    found
}

fn gather(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, found);
            continue;
        }
        let is_topic = path.extension().is_some_and(|extension| extension == "md");
        let text = fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            let said = if is_topic { line } else { line.split_once(" = ").map_or(line.trim(), |(_, said)| said) };
            found.push((format!("{}:{}", path.display(), number + 1), said.to_owned()));
        }
    }
}

/// A text with one sign for each piece of code, quotation or value.
fn prose(text: &str) -> String {
    let mut prose = String::new();
    let mut until: Option<char> = None;
    for character in text.chars() {
        match (until, character) {
            (Some(end), character) if character == end => until = None,
            (Some(_), _) => {}
            (None, '`') => (until, _) = (Some('`'), prose.push(PLACEABLE)),
            (None, '“') => (until, _) = (Some('”'), prose.push('“')),
            (None, '{') => (until, _) = (Some('}'), prose.push(PLACEABLE)),
            (None, character) => prose.push(character),
        }
    }
    prose
}

#[test]
fn no_word_is_left_in_english() {
    let names: BTreeSet<&str> = NAMES.split_whitespace().collect();
    let mut wrong = Vec::new();
    for (place, text) in texts() {
        // Names of topics, sources, command lines and what a program calls its settings.
        let is_names = ["- 相关", "- 出处", "- Linux", "#"].iter().any(|begin| text.starts_with(begin));
        if is_names
            || text.split([' ', '：']).next().is_some_and(|first| first.starts_with("Tcp"))
            || !text.contains(is_han)
        {
            continue;
        }
        let text = QUOTED.iter().fold(text, |text, quoted| text.replace(quoted, ""));
        for word in prose(&text).split(|c: char| !c.is_ascii_graphic()) {
            let is_word = word.len() > 2 && word.chars().all(|c| c.is_ascii_lowercase());
            if is_word && !names.contains(word) && !text.contains("sockdoc ") {
                wrong.push(format!("{place}: {word:?} in {text:?}"));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn topics_are_set_as_chinese_is() {
    let mut wrong = Vec::new();
    for (place, text) in
        texts().into_iter().filter(|(place, _)| place.contains(".md:") && !place.contains("zh/counters.md"))
    {
        let text = prose(text.trim_start_matches(['#', '-', ' ']));
        wrong.extend(punctuation::faults(&text).into_iter().map(|fault| format!("{place}: {fault}")));
    }
    assert_none(&wrong);
}

/// A reader of Markdown puts a blank where a line ends: `网 络`.
#[test]
fn no_line_ends_within_a_paragraph() {
    let mut wrong = Vec::new();
    let mut before = String::new();
    for (place, text) in
        texts().into_iter().filter(|(place, _)| place.contains(".md:") && !place.contains("zh/counters.md"))
    {
        let begins = |text: &str| {
            let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
            text.is_empty()
                || text.starts_with(['#', '-', '{', '`', '|'])
                || (number != text && number.starts_with(". "))
        };
        let is_prose = !before.is_empty() && !before.starts_with(['#', '{', '`', '|']);
        if is_prose && !begins(&text) && text.contains(is_han) {
            wrong.push(format!("{place}: goes on from {before:?}"));
        }
        before = text;
    }
    assert_none(&wrong);
}

/// A second colon makes a riddle of a sentence; brackets, quotations and lists of settings have their own.
#[test]
fn a_message_has_one_colon_to_a_sentence() {
    let mut wrong = Vec::new();
    for (place, text) in texts().into_iter().filter(|(place, _)| place.contains(".ftl:")) {
        let mut depth = 0;
        let outside: String = prose(&text)
            .chars()
            .filter(|character| {
                depth += match character {
                    '（' | '[' => 1,
                    '）' | ']' => -1,
                    _ => 0,
                };
                depth == 0
            })
            .collect();
        let is_list = text.contains("：always")
            || text.contains("：auto")
            || text.contains("：en、")
            || text.contains("Python：");
        let is_twice = outside.split(['。', '；']).any(|sentence| sentence.matches('：').count() > 1);
        if is_twice && !is_list {
            wrong.push(format!("{place}: {text}"));
        }
    }
    assert_none(&wrong);
}
