//! `docs/ss-parity.md` and `docs/netstat-parity.md` are true of their names: each test they name exists, each option of `ss` and
//! `netstat` has its row and is known.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "test code; clippy knows only functions with #[test] as such, not what they share"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

/// The table of `ss`'s long options (iproute2 6.x).
const OPTIONS: [&str; 47] = [
    "numeric",
    "resolve",
    "options",
    "extended",
    "memory",
    "info",
    "processes",
    "threads",
    "bpf",
    "events",
    "dccp",
    "tcp",
    "sctp",
    "udp",
    "raw",
    "unix",
    "tipc",
    "vsock",
    "all",
    "listening",
    "bound-inactive",
    "ipv4",
    "ipv6",
    "packet",
    "family",
    "socket",
    "query",
    "summary",
    "diag",
    "filter",
    "version",
    "help",
    "context",
    "contexts",
    "net",
    "tipcinfo",
    "kill",
    "no-header",
    "xdp",
    "mptcp",
    "oneline",
    "inet-sockopt",
    "no-queues",
    "tos",
    "cgroup",
    "bpf-maps",
    "bpf-map-id",
];

const PAGE: &str = include_str!("../docs/ss-parity.md");
const NETSTAT: &str = include_str!("../docs/netstat-parity.md");

/// The cells of the rows that begin with a word in backquotes.
fn rows(page: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    rows.map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
}

/// The texts in backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The text of all test sources below a directory.
fn sources(directory: &Path, text: &mut String) {
    for entry in fs::read_dir(directory).expect("a directory of tests") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).expect("a source"));
        }
    }
}

#[test]
fn every_test_that_the_table_names_exists() {
    let mut text = String::new();
    sources(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").as_path(), &mut text);
    let mut named = 0;
    for row in rows(PAGE).chain(rows(NETSTAT)).filter(|row| row.last() != Some(&"Test")) {
        let tests: Vec<&str> = quoted(row.last().expect("a cell")).collect();
        assert!(!tests.is_empty(), "a test for {row:?}");
        for test in tests {
            assert!(text.contains(&format!("fn {test}()")), "{test} exists: {row:?}");
            named += 1;
        }
    }
    assert!(named > OPTIONS.len());
    let outside = [PAGE, NETSTAT]
        .into_iter()
        .flat_map(str::lines)
        .filter(|line| !line.starts_with('|'))
        .flat_map(quoted)
        .filter(|word| word.matches('_').count() > 3);
    for test in outside {
        assert!(text.contains(&format!("fn {test}()")), "{test} exists");
    }
}

#[test]
fn every_lab_test_of_parity_is_named_in_the_table() {
    let mut text = String::new();
    sources(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kernel/parity").as_path(), &mut text);
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("pub(crate) fn ").and_then(|rest| rest.strip_suffix("() {")) {
            assert!(PAGE.contains(&format!("`{name}`")), "{name} is in the table");
        }
    }
}

#[test]
fn every_option_of_ss_is_known() {
    for option in OPTIONS {
        let spelled = format!("--{option}");
        let row = rows(PAGE).find(|row| quoted(row.first().expect("a cell")).any(|word| word == spelled));
        assert!(row.is_some(), "{spelled} has a row");
        let mut command = Command::new(env!("CARGO_BIN_EXE_sockdoc"));
        command.args(["list", "--tcp", &spelled]);
        match option {
            "family" => drop(command.arg("inet")),
            "socket" | "query" => drop(command.arg("tcp")),
            "diag" | "filter" => drop(command.arg("/dev/null")),
            "net" => drop(command.arg(format!("pid:{}", std::process::id()))),
            // Without it the command never ends.
            "events" => drop(command.arg("--summary")),
            "bpf-map-id" => drop(command.arg("1")),
            _ => {}
        }
        let output = command.env_clear().output().expect("sockdoc runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code().is_some_and(|code| code <= 2), "{spelled}: {output:?}");
        for unknown in ["unknown option", "unexpected argument", "argument"] {
            assert!(!stderr.contains(unknown), "{spelled}: {stderr}");
        }
        // Refused with a specific message: the option does not apply to a listing, or the kernel lacks it.
        if output.status.code() == Some(2) {
            let excused = [
                "dccp",
                "sctp",
                "tipc",
                "vsock",
                "xdp",
                "mptcp",
                "packet",
                "kill",
                "events",
                "context",
                "contexts",
                "tipcinfo",
                "net",
                "tcp",
                "bpf-maps",
                "bpf-map-id",
            ];
            assert!(excused.contains(&option), "{spelled}: {stderr}");
        }
    }
}

/// The commands for uses of `lsof`, with existing names of this host.
#[test]
fn what_lsof_is_asked_can_be_asked_here() {
    let commands: Vec<&str> = rows(NETSTAT)
        .filter(|row| row.first().is_some_and(|cell| cell.starts_with("`lsof ")))
        .filter_map(|row| quoted(row.get(1)?).next())
        .collect();
    assert!(commands.len() > 10);
    for command in commands {
        let command = command.replace("user = www-data", "user = root");
        let mut words = command.split(' ');
        assert_eq!(words.next(), Some("sockdoc"), "{command}");
        let output =
            Command::new(env!("CARGO_BIN_EXE_sockdoc")).args(words).env_clear().output().expect("sockdoc runs");
        assert_eq!(output.status.code(), Some(0), "{command}: {output:?}");
    }
}

/// Every option of sockdoc's `netstat --help` is in the table.
#[test]
fn every_option_of_netstat_has_its_row() {
    let help = Command::new(env!("CARGO_BIN_EXE_sockdoc")).args(["netstat", "--help"]).env_clear().output();
    let help = String::from_utf8(help.expect("sockdoc runs").stdout).expect("text");
    let words = help.lines().filter(|line| line.trim_start().starts_with('-')).flat_map(|line| {
        let names = line.trim_start().split("  ").next().unwrap_or_default();
        names.split([',', ' ']).filter(|word| word.starts_with('-'))
    });
    let options: Vec<String> =
        words.map(str::to_owned).filter(|word| !matches!(&**word, "--lang" | "--color")).collect();
    assert!(options.len() > 60, "{options:?}");
    for option in options {
        let has_row = rows(NETSTAT).any(|row| quoted(row.first().expect("a cell")).any(|word| word == option));
        assert!(has_row, "{option} has a row");
    }
}
