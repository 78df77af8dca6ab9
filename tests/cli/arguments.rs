//! Valid arguments, and the errors for invalid ones.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

use crate::program::{good, ran, refused, sockdoc};

/// A wrong command line, the word its error names, and the word or text it offers.
const WRONG: &[(&[&str], &str, &str)] = &[
    (&["count", "tme-wait"], "tme-wait", "time-wait"),
    (&["count", "CLOS_WAIT"], "CLOS_WAIT", "close-wait"),
    (&["count", "time-wait", "estab1ished"], "estab1ished", "established"),
    (&["group", "--by", "state", "listn"], "listn", "listen"),
    (&["count", "xyzzy"], "xyzzy", "time-wait"),
    (&["group", "--by", "stat"], "stat", "state"),
    (&["group", "--by", "state,prot"], "prot", "proc"),
    (&["group", "--by", "peer/33"], "peer/33", "peer/24"),
    (&["group", "--by", "state state"], "state", "sockdoc group --help"),
    (&["group", "--by", " "], "--by", "lport"),
    (&["group"], "--by", "sockdoc group --help"),
    (&["group", "--by"], "--by", "--help"),
    (&["--jsn"], "--jsn", "--json"),
    (&["count", "--jsn"], "--jsn", "--json"),
    (&["--xyzzy"], "--xyzzy", "--help"),
    (&["count", "-q"], "-q", "--help"),
    (&["cuont"], "cuont", "count"),
    (&["gruop", "--by", "state"], "gruop", "group"),
    (&["frobnicate"], "frobnicate", "--help"),
    (&["help", "frobnicate"], "frobnicate", "--help"),
    (&["--format", "jsn"], "jsn", "json"),
    (&["--format", "frobnicate"], "frobnicate", "table"),
    (&["--format"], "--format", ""),
    (&["--format", "csv"], "sockdoc", "table"),
    (&["--lang", "de"], "de", "en"),
    (&["--color", "allways"], "allways", "always"),
    (&["group", "--by", "state", "--top", "many"], "many", "--top"),
    (&["group", "--by", "state", "--top=-1"], "-1", "--top"),
    (&["group", "--by", "state", "--min", "1.5"], "1.5", "--min"),
    (&["--json=yes"], "yes", "--json"),
    (&["--json", "--format", "table"], "--json", "--format table"),
    (&["list", "--format=jsonl", "--json"], "--json", "--format jsonl"),
    (&["check", "--for", "5x"], "5x", "30s"),
    (&["completions"], "SHELL", "--help"),
    (&["completions", "bsh"], "bsh", "bash"),
    (&["completions", "tcsh"], "tcsh", "zsh"),
    (&["man", "page"], "page", "--help"),
    (&["count", "-4", "-6"], "-4", "-6"),
    (&["count", "-x", "-4"], "-4", "-x"),
    (&["count", "-6", "-x"], "-6", "-x"),
];

pub(crate) fn a_wrong_command_line_is_refused_by_name_with_a_way_out() {
    let mut faults = Vec::new();
    for (arguments, named, offered) in WRONG {
        let line = refused(&mut sockdoc(*arguments));
        if !(line.contains(named) && line.contains(offered) && line.is_ascii()) {
            faults.push(format!("{arguments:?}: {named} and {offered} in {line}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The formats of each command, as its error names them.
const FORMATS: &[(&[&str], &str)] = &[
    (&[], "table, json"),
    (&["check"], "table, json"),
    (&["check", "--list"], "table, json"),
    (&["count"], "table, json"),
    (&["counters"], "table, json"),
    (&["diff", "a", "b"], "table, json"),
    (&["events"], "table, jsonl, json"),
    (&["explain"], "table, json"),
    (&["group", "--by", "state"], "table, json, csv"),
    (&["kill", ":1"], "table, json"),
    (&["list"], "table, json, jsonl, csv"),
    (&["reach", "host"], "table, json"),
    (&["watch"], "table, jsonl, json"),
];

pub(crate) fn a_format_that_a_command_lacks_is_refused_with_those_that_it_has() {
    for (command, formats) in FORMATS {
        // The unknown word is refused by every command, "csv" and "jsonl" by those without them.
        for format in ["frobnicate", "csv", "jsonl"].into_iter().filter(|format| !formats.contains(format)) {
            let line = refused(sockdoc(*command).args(["--format", format]));
            assert!(line.contains(&format!("\"{format}\"")), "{command:?}: {line}");
            assert!(line.ends_with(&format!(": expected {formats}")), "{command:?} {format}: {line}");
            let chinese = refused(sockdoc(["--lang", "zh"]).args(*command).args(["--format", format]));
            assert!(chinese.ends_with(&format!("可以是 {}", formats.replace(", ", "、"))), "{command:?}: {chinese}");
        }
    }
    // Output for a shell has one form only, a summary of `list` two.
    for (command, formats) in [("check --sysctl-d", "table"), ("check --script", "table"), ("list -s", "table, json")] {
        let line = refused(sockdoc(command.split(' ')).args(["--format", "jsonl"]));
        let expected = format!("{command} does not support the format \"jsonl\": expected {formats}");
        assert!(line.ends_with(&expected), "{line}");
    }
    // A near word is offered where the command has it.
    assert!(refused(&mut sockdoc(["list", "--format", "jsonll"])).ends_with("did you mean \"jsonl\"?"));
    assert!(refused(&mut sockdoc(["check", "--format", "jsonll"])).ends_with("table, json"));
}

pub(crate) fn the_same_in_chinese_by_option_and_by_locale() {
    let mut faults = Vec::new();
    for (arguments, named, offered) in WRONG {
        // A command line that is wrong by its --lang speaks the locale's language.
        if arguments.contains(&"--lang") {
            continue;
        }
        let by_option = refused(sockdoc(["--lang", "zh"]).args(*arguments));
        let by_locale = refused(sockdoc(*arguments).env("LC_ALL", "zh_CN.UTF-8"));
        assert_eq!(by_option, by_locale, "{arguments:?}");
        let chinese = by_option.chars().any(|character| ('一'..='龥').contains(&character));
        if !(by_option.contains(named) && by_option.contains(offered) && chinese) {
            faults.push(format!("{arguments:?}: {named} and {offered} in {by_option}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

pub(crate) fn chinese_errors_have_chinese_punctuation() {
    for arguments in [&["count", "tme-wait"][..], &["--xyzzy"], &["group"], &["--lang", "zh", "help", "frobnicate"]] {
        let line = refused(sockdoc(arguments).env("LC_ALL", "zh_CN.UTF-8"));
        assert!(!line.contains([':', ',', ';']) && line.contains('；'), "{line}");
    }
}

pub(crate) fn an_argument_that_is_no_text_is_refused() {
    let odd = OsStr::from_bytes(b"time-\xff");
    refused(&mut sockdoc([OsStr::new("count"), odd]));
    refused(&mut sockdoc([odd]));
    refused(&mut sockdoc([OsStr::new("--lang"), odd]));
    refused(&mut sockdoc([OsStr::new("group"), OsStr::new("--by"), odd]));
}

pub(crate) fn what_an_argument_holds_cannot_reach_the_terminal_as_it_is() {
    let mut faults = Vec::new();
    for odd in ["\u{1b}[2J", "a\nb", "\u{7}", "a\u{202e}b", "\u{200b}"] {
        for arguments in [&["count", odd][..], &[odd], &["group", "--by", odd], &["--format", odd], &["help", odd]] {
            let ran = ran(&mut sockdoc(arguments));
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
            // The filter itself follows below the error.
            let text = ran.stderr.strip_suffix('\n').expect("a line").replace("\n  ", " ");
            let line = text.as_str();
            if line.contains(|c: char| c.is_control() || matches!(c, '\u{202e}' | '\u{200b}')) {
                faults.push(format!("{arguments:?}: {line:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

pub(crate) fn help_is_given_by_every_way_of_asking() {
    let help = good(["--help"]);
    assert!(help.contains("sockdoc count time-wait"), "{help}");
    assert_eq!(good(["help"]), help);
    let short = good(["-h"]);
    assert!(short.contains("sockdoc --help") && short.len() < help.len(), "{short}");
    let of_count = good(["help", "count"]);
    assert!(of_count.contains("sockdoc count"), "{of_count}");
    assert_eq!(good(["count", "--help"]), of_count);
    let short = good(["count", "-h"]);
    assert!(short.contains("sockdoc count --help") && short.len() < of_count.len(), "{short}");
    assert_eq!(good(["count", "time-wait", "-h"]), short);
    assert_eq!(good(["count", "-h", "--help"]), of_count);
}

pub(crate) fn help_outweighs_what_is_missing() {
    assert_eq!(good(["group", "--help"]), good(["help", "group"]));
    assert_eq!(good(["completions", "--help"]), good(["help", "completions"]));
    assert!(good(["completions", "-h"]).contains("sockdoc completions --help"));
}

pub(crate) fn the_version_is_that_of_the_package() {
    let version = format!("sockdoc {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(good(["--version"]), version);
    assert_eq!(good(["-V"]), version);
    assert_eq!(good(["--lang", "zh", "-V"]), version);
}

pub(crate) fn count_prints_exactly_one_integer() {
    let lines = [
        &["count"][..],
        &["count", "time-wait"],
        &["count", "TIME_WAIT", "cw"],
        &["count", "time-wait,close-wait"],
        &["count", "-t", "-u", "-w", "-x"],
        &["count", "-tuwx"],
        &["count", "-4"],
        &["count", "-6", "listening"],
        &["count", "--lang", "zh"],
    ];
    for arguments in lines {
        let ran = ran(&mut sockdoc(arguments));
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        let digits = ran.stdout.strip_suffix('\n').expect("a newline");
        assert!(!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()), "{arguments:?}: {ran:?}");
        digits.parse::<u64>().expect("an integer");
    }
}

pub(crate) fn count_of_a_listener_of_ours_is_not_zero() {
    let listener = crate::program::listener();
    let ran = ran(&mut sockdoc(["count", "listen"]));
    assert_ne!(ran.stdout, "0\n", "{ran:?}");
    let port = listener.local_addr().unwrap().port().to_string();
    let rows = good(["group", "--by", "lport direction", "listen"]);
    let row: Vec<&str> =
        rows.lines().map(str::trim).find(|line| line.contains(&port)).unwrap().split_whitespace().collect();
    assert_eq!(row, ["1", &port, "listener"]);
}

pub(crate) fn count_as_json_is_one_object() {
    let document: serde_json::Value = serde_json::from_str(&good(["count", "--json"])).unwrap();
    assert_eq!(document["schema"], "sockdoc/1");
    assert!(document["sockets"].is_u64(), "{document}");
    let same: serde_json::Value = serde_json::from_str(&good(["count", "--format", "json"])).unwrap();
    assert_eq!(same["schema"], document["schema"]);
}

/// The host may open and close sockets between any two looks: only what one document says of itself is compared.
pub(crate) fn the_groups_of_one_answer_add_up() {
    for by in ["state", "lport", "peer/24,64", "service,direction", "user timer family"] {
        for limits in [&[][..], &["--top", "1"], &["--min", "2"], &["--top", "0"]] {
            let mut command = sockdoc(["group", "--json", "--by", by, "-t", "-u", "-x"]);
            let document: serde_json::Value = serde_json::from_str(&ran(command.args(limits)).stdout).unwrap();
            let groups = document["groups"].as_array().unwrap();
            let sum: u64 = groups.iter().map(|group| group["sockets"].as_u64().unwrap()).sum();
            assert_eq!(sum + document["other"].as_u64().unwrap(), document["total"].as_u64().unwrap(), "{document}");
        }
    }
}

pub(crate) fn groups_as_csv_have_a_heading_and_numbers() {
    let csv = good(["group", "--by", "state,lport", "--format", "csv"]);
    assert_eq!(csv.lines().next(), Some("state,lport,sockets"));
    for line in csv.lines().skip(1) {
        assert!(line.rsplit(',').next().unwrap().parse::<u64>().is_ok(), "{line}");
    }
}

pub(crate) fn the_overview_as_json_holds_every_state() {
    let document: serde_json::Value = serde_json::from_str(&good(["--json"])).unwrap();
    let states: Vec<&str> =
        document["states"].as_array().unwrap().iter().map(|state| state["state"].as_str().unwrap()).collect();
    assert_eq!(
        states,
        [
            "ESTABLISHED",
            "SYN_SENT",
            "SYN_RECV",
            "FIN_WAIT1",
            "FIN_WAIT2",
            "TIME_WAIT",
            "CLOSE",
            "CLOSE_WAIT",
            "LAST_ACK",
            "LISTEN",
            "CLOSING"
        ]
    );
}

pub(crate) fn completions_are_printed_for_every_shell() {
    for (shell, mark) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef"),
        ("fish", "complete -c"),
        ("elvish", "edit:"),
        ("powershell", "Register"),
    ] {
        let script = good(["completions", shell]);
        assert!(script.contains(mark) && script.contains("time-wait") | script.contains("count"), "{shell}: {script}");
    }
}

pub(crate) fn the_man_page_is_printed_in_each_language() {
    let english = good(["man"]);
    assert!(english.contains(".TH") && english.contains("EXIT STATUS"), "{english}");
    let chinese = good(["man", "--lang", "zh"]);
    assert!(chinese.contains(".TH") && chinese.contains("退出状态"), "{chinese}");
}

pub(crate) fn the_last_of_an_option_given_twice_counts() {
    assert_eq!(good(["--lang", "zh", "--lang", "en", "--help"]), good(["--help"]));
}

pub(crate) fn states_behind_two_dashes_are_states() {
    let ran = ran(&mut sockdoc(["count", "--", "time-wait"]));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let line = refused(&mut sockdoc(["count", "--", "--json"]));
    assert!(line.contains("--json"), "{line}");
}

/// The words and the file of a filter are parsed separately: the caret marks the wrong one.
pub(crate) fn an_error_in_a_filter_file_is_placed_and_nothing_of_the_file_is_repeated() {
    let path = std::env::temp_dir().join(format!("sockdoc-filter-error-{}", std::process::id()));
    let file = path.to_str().expect("UTF-8");
    let refused = |content: &str, words: &[&str]| {
        std::fs::write(&path, content).expect("a file");
        crate::program::refused(sockdoc(["list", "-F", file]).args(words))
    };
    for words in [&["listen"][..], &[]] {
        let line = refused("# ours\nsport > 1\nand dprot = 80\n", words);
        assert!(line.starts_with(&format!("{file}, line 3, column 5: invalid filter")), "{line}");
    }
    for secret in [
        "root:$6$salt:19000:0:99999:7:::\n",
        "secret",
        "key = secret",
        "\u{1b}secret",
        "src secret",
        "(",
        "sport = secret",
    ] {
        let line = refused(secret, &[]);
        assert!(!line.contains("secret") && !line.contains("salt"), "{line}");
    }
    let ran = ran(&mut sockdoc(["list", "-F", file, "(listen"]));
    assert_eq!(ran.stderr.lines().skip(1).collect::<Vec<_>>(), ["  (listen", "  ^"]);
    std::fs::remove_file(path).expect("removed");
}

/// Typed from habit, without a command.
pub(crate) fn options_of_netstat_and_ss_do_what_is_meant_or_say_what_to_type() {
    for option in ["-W", "-ano", "-tulpen", "-tunlp", "-nat", "-antp", "-antW", "-lntup", "-pantu", "-at"] {
        let list = good([option]);
        assert!(list.contains("Local Address:Port"), "{option}: {list}");
    }
    assert!(good(["-s"]).starts_with("Total: "));
    for (option, command) in [
        ("-g", "sockdoc netstat -g"),
        ("--groups", "sockdoc netstat --groups"),
        ("-F", "sockdoc netstat -F"),
        ("-tnc", "sockdoc watch"),
        ("-?", "--help"),
        ("-Pni", "-n"),
        ("--watch", "watch"),
        ("top", "sockdoc watch"),
        ("lsof", "sockdoc list"),
        ("status", "sockdoc check"),
        ("version", "sockdoc --version"),
        ("close-wait", "sockdoc list close-wait"),
        ("listen", "sockdoc list listen"),
        (":8080", "sockdoc list :8080"),
        ("10.0.0.1", "sockdoc list 10.0.0.1"),
        ("-K", "sockdoc kill FILTER"),
        ("nginx", "sockdoc list nginx"),
        ("tcp", "sockdoc list tcp"),
        ("udp6", "sockdoc list udp6"),
        ("state", "sockdoc list state"),
        ("pid", "sockdoc list pid"),
        ("-iTCP", "sockdoc list -ap"),
        ("-i4UDP:53", "sockdoc list -ap"),
        ("-i:443", "sockdoc list -ap"),
        ("-i@10.0.0.1", "sockdoc list -ap"),
        ("--nagios", "sockdoc check --nagios"),
        ("--by", "sockdoc group --by"),
        ("--until", "sockdoc count --until"),
    ] {
        for lang in ["en", "zh"] {
            let line = refused(sockdoc(["--lang", lang, option]).env("LC_ALL", "C.UTF-8"));
            assert!(line.contains(command), "{option}: {line}");
        }
    }
    for option in ["-rn", "-nr"] {
        let ran = ran(&mut sockdoc([option]));
        assert!(ran.code == Some(0) && ran.stderr.contains("sockdoc netstat -rn"), "{ran:?}");
    }
}

pub(crate) fn states_and_keys_have_chinese_names() {
    for word in ["监听", "已建立,关闭等待", "監聽", "时间等待状态", "state 已建立", "监听 or 等待关闭"]
    {
        assert_eq!(good(["count", word]), "0\n", "{word}");
    }
    assert!(good(["list", "监听"]).contains("Local Address:Port"));
    assert!(good(["list", "state", "已建立", "and", "sport", "=", ":443"]).contains("Local Address:Port"));
    assert!(good(["group", "--by", "状态,本地端口", "等待关闭"]).starts_with("SOCKETS"));
    let line = refused(sockdoc(["count", "建立中"]).env("LC_ALL", "zh_CN.UTF-8"));
    assert!(line.contains("“建立中”既不是状态") && line.contains("；可以是 established、syn-sent、"), "{line}");
}
