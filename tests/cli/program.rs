//! Runs the binary in an environment that holds nothing but what a test puts there.

use std::{
    ffi::OsStr,
    process::{Command, Output},
};

/// Every kind of run that prints something on any host.
pub(crate) const EVERY_COMMAND: &[&[&str]] = &[
    &[],
    &["-v"],
    &["--json"],
    &["check", "close-wait-leak", "--fail-on", "critical"],
    &["check", "--list"],
    &["check", "--script"],
    &["explain"],
    &["counters"],
    &["counters", "-a", "-v"],
    &["counters", "--json"],
    &["metrics"],
    &["metrics", "--format", "openmetrics"],
    &["metrics", "--rules"],
    &["metrics", "--dashboard"],
    &["count"],
    &["count", "--json"],
    &["group", "--by", "state"],
    &["group", "--by", "state,lport,peer/24", "--top", "3"],
    &["group", "--by", "local user", "-x"],
    &["group", "--by", "state", "--format", "csv"],
    &["group", "--by", "state", "--json"],
    &["--help"],
    &["count", "--help"],
    &["group", "-h"],
    &["help", "group"],
    &["--version"],
    &["man"],
    &["completions", "bash"],
    &["completions", "zsh"],
];

/// The binary, in a UTF-8 locale without a language.
pub(crate) fn sockdoc<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(arguments: I) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockdoc"));
    command.args(arguments).env_clear().env("LC_ALL", "C.UTF-8");
    command
}

/// The result of a run: exit status, stdout, stderr.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn ran(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().expect("the binary runs");
    Ran { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

pub(crate) fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}

/// A run that must go well.
pub(crate) fn good<const N: usize>(arguments: [&str; N]) -> String {
    let ran = ran(&mut sockdoc(arguments));
    assert_eq!((ran.code, ran.stderr.contains("panicked")), (Some(0), false), "{ran:?}");
    ran.stdout
}

/// A run that must be refused: nothing on stdout, one line on stderr, exit status 2. An error in a filter is followed
/// by the filter and a caret under the place.
pub(crate) fn refused(command: &mut Command) -> String {
    let ran = ran(command);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    let mut lines = ran.stderr.lines();
    let line = lines.next().and_then(|line| line.strip_prefix("sockdoc: ")).expect("the program's name").to_owned();
    if let (Some(filter), Some(carets)) = (lines.next(), lines.next()) {
        assert!(filter.starts_with("  ") && !filter.chars().any(char::is_control), "{ran:?}");
        assert!(carets.trim_start().bytes().all(|byte| byte == b'^') && carets.ends_with('^'), "{ran:?}");
    }
    assert_eq!(lines.next(), None, "{ran:?}");
    assert!(ran.stderr.ends_with('\n'), "{ran:?}");
    assert!(!line.ends_with(['.', '。']), "no final stop: {line}");
    assert!(!line.chars().any(char::is_control), "{line:?}");
    line
}

/// A listener below the ports of outgoing connections: one among them is a finding, which other tests would see.
pub(crate) fn listener() -> std::net::TcpListener {
    (20_000..32_000).find_map(|port| std::net::TcpListener::bind(("127.0.0.1", port)).ok()).expect("a free port")
}
