//! All Chinese texts, messages and topics: no English word left, no line broken within a paragraph, full-width
//! punctuation, one colon to a sentence.

use std::{collections::BTreeSet, fs, path::Path};

use super::{
    assert_none,
    punctuation::{self, PLACEABLE, is_han},
};

/// Names of the kernel, of programs and of typed words, in lower case: these stay untranslated.
const NAMES: &str = "
    accept activation age all always and auto await awk backlog bash big bind blackhole bpf bucket cat cgroup check chmod
    client close cluster collector connect connected connections conntrack container cookie count counters critical cubic
    curl cwnd cwr datagram defer delack dgram disorder docker dport dropbear drops dst dump elvish endpoint ends ensure
    events explain false filter finally fish flood freeze freezer fwmark gdbserver goroutine grep group gunicorn handshakes
    host icmp idle ifconfig ignore illumos inbound incident inet inode interval iptables journald json keepalive kill
    kubelet lastack less link list listen listener local locale loss lsof many map max maxclients maxconn mem memory metrics
    mosh mptcp name net netid netlink netns netstat never nftables nginx nmap none not notice notrack now nstat null off
    open openmetrics orphan orphaned other outbound pacing packet pause peer peers pending persist pfsockopen pgbouncer pid
    ping pod port powershell prefork proc process prohibit qemu raw rcvbuf reach record recovery recvq reload retrans
    retransmission root rsync rto rtt sack safe screen seccomp sendq seq seqpacket server settings shell shutdown skmem
    socat sock sockdoc socket sockets socketserver sockstat somaxconn src ssh sshd state stream sudo synchronized syncookies
    synproxy sysctl systemctl systemd table tailscaled tcp teleport text textfile timeout timewait tipc tmux token trace
    traceroute traffic true tunnel udp uid ulimit uniq unit unix unreachable until upstream user using vsock warning watch
    wchan with workers wscale xdp zsh";

/// Messages of the system and of the kernel's log.
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

/// A text without its parts in brackets.
fn outside_brackets(text: &str) -> String {
    let mut depth = 0;
    let is_outside = |character: &char| {
        depth += match character {
            '（' | '[' => 1,
            '）' | ']' => -1,
            _ => 0,
        };
        depth == 0
    };
    text.chars().filter(is_outside).collect()
}

#[test]
fn no_word_is_left_in_english() {
    let names: BTreeSet<&str> = NAMES.split_whitespace().collect();
    let mut wrong = Vec::new();
    for (place, text) in texts() {
        // Names of topics, sources, command lines and what a program calls its settings.
        let is_names = ["- 相关", "- 出处", "- 内核源码", "#"].iter().any(|begin| text.starts_with(begin));
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
        let outside = outside_brackets(&prose(&text));
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

/// A label has its colon; the text after it has none, in entries: `- 怎么看：为 0：没有`.
#[test]
fn an_entry_has_no_colon_after_its_label() {
    let mut wrong = Vec::new();
    for (place, text) in texts().into_iter().filter(|(place, _)| place.contains("/entries/")) {
        let Some((_, said)) = text.strip_prefix("- ").and_then(|item| item.split_once('：')) else { continue };
        if outside_brackets(&prose(said)).contains('：') {
            wrong.push(format!("{place}: {text}"));
        }
    }
    assert_none(&wrong);
}

/// Words for which another one is used everywhere, so that a thing has one name.
const OTHER_WORDS: [(&str, &str); 22] = [
    ("录制", "记录"),
    ("属主", "持有者"),
    ("此内核", "这个内核"),
    ("数据包", "包"),
    ("SYN-ACK", "SYN+ACK"),
    ("打印", "显示、输出"),
    ("环回", "回环"),
    ("复位", "重置"),
    ("重发", "重传"),
    ("接替", "复用"),
    ("重用", "复用"),
    ("软上限", "软限制"),
    ("接受队列", "全连接队列"),
    ("半开", "半连接"),
    ("外出连接", "出站连接"),
    ("对外连接", "出站连接"),
    ("误解", "误区"),
    ("窗口探询", "零窗口探测"),
    ("服务单元", "systemd 单元"),
    ("隐去", "脱敏"),
    ("洪水", "SYN flood（SYN 洪泛攻击）"),
    (" kB", "KiB"),
];

#[test]
fn a_thing_has_one_name() {
    let mut wrong = Vec::new();
    for (place, text) in texts() {
        let found = OTHER_WORDS.iter().filter(|(word, _)| prose(&text).contains(word));
        wrong.extend(found.map(|(word, better)| format!("{place}: {word:?}, better {better:?}: {text}")));
    }
    assert_none(&wrong);
}

/// Phrases that only a translation has: `对连接进行检查`, four `的` in a clause, connections counted with `个`.
#[test]
fn no_sentence_reads_translated() {
    let mut wrong = Vec::new();
    for (place, text) in texts() {
        let text = prose(&text);
        for clause in text.split(['，', '。', '；', '：', '（', '）', '、', '？']) {
            let after = |word: &str| clause.split_once(word).and_then(|(_, rest)| rest.chars().next());
            let is_of = clause.matches('的').count() > 3;
            let is_carried_out = !clause.contains("正在进行") && after("进行").is_some_and(is_han);
            let is_miscounted = ["个连接", "个出站连接", "个入站连接"]
                .iter()
                .any(|word| after(word).is_some_and(|next| !"请池".contains(next)) || clause.ends_with(word));
            if is_of || is_carried_out || is_miscounted {
                wrong.push(format!("{place}: {clause}"));
            }
        }
    }
    assert_none(&wrong);
}

/// A number has no marks between thousands, and a percent sign no blank before it; lists of ports are no numbers.
#[test]
fn numbers_are_written_in_one_way() {
    let mut wrong = Vec::new();
    for (place, text) in texts() {
        let prose = prose(&text).replace("80,443", "");
        let pieces: Vec<&str> = prose.split(',').collect();
        let is_grouped = pieces.windows(2).any(|pair| {
            let before = pair[0].rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
            let after: usize = pair[1].chars().take_while(char::is_ascii_digit).count();
            (1..4).contains(&before.len()) && after == 3
        });
        if is_grouped || prose.contains(" %") {
            wrong.push(format!("{place}: {text}"));
        }
    }
    assert_none(&wrong);
}
