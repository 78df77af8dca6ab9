//! Recordings as files: a corpus that still gives its verdicts, damage and malice, texts of other tools, redaction.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows it by #[test], which the functions that tests share do not have"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

#[path = "recording/damage.rs"]
mod damage;
#[path = "recording/old_kernels.rs"]
mod old_kernels;
#[path = "recording/pasted_rows.rs"]
mod pasted_rows;
#[path = "recording/pastes.rs"]
mod pastes;
#[path = "recording/rules.rs"]
mod rules;
#[path = "recording/texts.rs"]
mod texts;

use serde_json::Value;

/// The result of a run.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs the program with these bytes on its standard input.
fn sockdoc(arguments: &[&str], input: &[u8]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockdoc"));
    run(command.args(arguments).env_clear().env("LC_ALL", "C.UTF-8"), input)
}

fn run(command: &mut Command, input: &[u8]) -> Ran {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that wants none of it may end first.
    let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn json(arguments: &[&str], input: &[u8]) -> Value {
    let ran = sockdoc(arguments, input);
    assert!(matches!(ran.code, Some(0 | 1)), "{arguments:?}: {}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/recordings");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.is_file());
    files.sort();
    files
}

fn recording(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/recordings/{name}.sockdoc"))
}

/// A scenario of the corpus, a rule that speaks of it with its severity, and a state with its sockets.
type Scenario = (&'static str, Option<(&'static str, &'static str)>, &'static str, u64);

const CORPUS: &[Scenario] = &[
    ("close-wait", Some(("close-wait-leak", "notice")), "CLOSE_WAIT", 60),
    ("close-wait-unread", Some(("close-wait-unread", "warning")), "CLOSE_WAIT", 60),
    ("closing", Some(("close-wait-unread", "warning")), "LAST_ACK", 5),
    ("established", None, "ESTABLISHED", 180),
    ("full-accept-queue", Some(("accept-queue-full", "critical")), "SYN_SENT", 3),
    ("handshakes", None, "SYN_RECV", 20),
    ("listen", None, "LISTEN", 3),
    ("time-wait", None, "TIME_WAIT", 200),
    ("time-wait-server", Some(("time-wait-server", "ok")), "TIME_WAIT", 200),
    ("zero-window", None, "ESTABLISHED", 8),
];

#[test]
fn the_corpus_still_gives_its_verdicts() {
    assert_eq!(corpus().len(), CORPUS.len(), "each recording has its line");
    for (name, finding, state, sockets) in CORPUS {
        let path = recording(name);
        let path = path.to_str().unwrap();
        let lifted = ["--set", "close-wait-leak.age=0s", "--set", "close-wait-unread.age=0s"];
        let document = json(&[&["check", "--json", "--from", path], &lifted[..]].concat(), b"");
        let states = document["states"].as_array().unwrap();
        let of_state = states.iter().find(|one| one["state"] == *state).unwrap();
        assert_eq!(of_state["sockets"].as_u64(), Some(*sockets), "{name}");
        let findings = document["findings"].as_array().unwrap();
        if let Some((rule, severity)) = finding {
            let is_it = |one: &&Value| one["rule"] == *rule && one["severity"] == *severity;
            assert!(findings.iter().any(|one| is_it(&one)), "{name}: {rule}: {findings:#?}");
        }
    }
}

#[test]
fn every_command_reads_a_recording() {
    let path = recording("close-wait");
    let path = path.to_str().unwrap();
    assert_eq!(sockdoc(&["count", "close-wait", "--from", path], b"").stdout, "60\n");
    assert_eq!(sockdoc(&["count", "close-wait", "or", "sport", "=", ":1", "--from", path], b"").stdout, "60\n");
    let groups = json(&["group", "--by", "state,proc", "--json", "--from", path], b"");
    assert_eq!(groups["groups"][0]["state"], "CLOSE_WAIT", "{groups}");
    assert!(groups["groups"][0]["proc"].as_str().unwrap().starts_with("prog-"), "{groups}");
    let listed = json(&["list", "-tanpi", "--json", "--from", path], b"");
    let sockets = listed["sockets"].as_array().unwrap();
    assert_eq!(sockets.len(), 61);
    let first = sockets.iter().find(|one| one["state"] == "CLOSE_WAIT").unwrap();
    assert!(first["tcp_info"].is_object() && !first["owners"].as_array().unwrap().is_empty(), "{first:#}");
    let overview = sockdoc(&["--from", path], b"");
    assert!(overview.stdout.contains("CLOSE_WAIT"), "{}", overview.stdout);
    let chinese = sockdoc(&["--from", path, "--lang", "zh"], b"");
    assert_eq!((chinese.code, overview.code), (Some(0), Some(0)));
    // From standard input too.
    let bytes = fs::read(path).unwrap();
    assert_eq!(sockdoc(&["--from", "-"], &bytes).stdout, overview.stdout);
}

#[test]
fn a_recording_does_not_differ_from_itself() {
    let path = recording("time-wait");
    let path = path.to_str().unwrap();
    let document = json(&["diff", path, path, "--json", "--by", "state"], b"");
    assert_eq!(document["seconds"], 0.0);
    assert_eq!(document["groups"][0]["a"], document["groups"][0]["b"]);
    for list in ["born", "died", "moved"] {
        assert_eq!(document["sockets"][list].as_array().map(Vec::len), Some(0));
    }
    let other = recording("listen");
    let document = json(&["diff", path, other.to_str().unwrap(), "--json"], b"");
    assert_eq!(document["sockets"], Value::Null, "redacted apart: another host");
    let table = sockdoc(&["diff", path, other.to_str().unwrap()], b"");
    assert!(table.stdout.contains("TIME_WAIT") && table.stdout.contains("-200"), "{}", table.stdout);
}

#[test]
fn explain_tells_of_the_recording_and_not_of_this_host() {
    let path = recording("close-wait");
    let path = path.to_str().unwrap();
    let state = sockdoc(&["explain", "close-wait", "--from", path], b"");
    assert!(state.stdout.contains("60 sockets are in CLOSE_WAIT."), "{}", state.stdout);
    assert!(state.stdout.contains(&format!("## In {path}, taken 20")) && !state.stdout.contains("On this host"));
    let chinese = sockdoc(&["explain", "close-wait", "--from", path, "--lang", "zh"], b"");
    assert!(chinese.stdout.contains("有 60 个套接字处于 CLOSE_WAIT。"), "{}", chinese.stdout);
    let story = sockdoc(&["explain", "state", "=", "close-wait", "--from", path], b"");
    assert!(story.stdout.contains("60 sockets: 60 CLOSE_WAIT."), "{}", story.stdout);
    let document = json(&["explain", "net.core.somaxconn", "--json", "--from", path], b"");
    assert!(document["live"].to_string().contains("4096"), "{document:#}");
    let unknown = sockdoc(
        &["explain", "net.core.somaxconn", "--from", "-"],
        b"State Recv-Q Send-Q Local Address:Port Peer Address:Port\n",
    );
    assert!(unknown.stdout.contains("No net.core.somaxconn in this file."), "{}", unknown.stdout);
    let missing = sockdoc(&["explain", "close-wait", "--from", "/nonexistent/file"], b"");
    assert_eq!((missing.code, missing.stdout.as_str()), (Some(2), ""), "{}", missing.stderr);
}

#[test]
fn a_report_says_that_it_is_of_a_recording() {
    let path = recording("close-wait");
    let ran = sockdoc(&["--from", path.to_str().unwrap()], b"");
    assert!(
        ran.stdout.lines().take(2).any(|line| line.contains("recording, 1 sample") && line.contains("redacted")),
        "{}",
        ran.stdout
    );
    let text = sockdoc(
        &["--from", "-"],
        b"State Recv-Q Send-Q Local Address:Port Peer Address:Port\nLISTEN 0 128 0.0.0.0:22 0.0.0.0:*\n",
    );
    assert!(text.stdout.starts_with("text of ss "), "{}", text.stdout);
}

#[test]
fn a_recording_lists_in_the_order_of_the_kernel() {
    let path = recording("close-wait");
    let listed = json(&["list", "-ta", "--json", "--from", path.to_str().unwrap()], b"");
    assert_eq!(listed["sockets"][0]["state"], "LISTEN");
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let full = sockdoc(&["record", "-o", "/dev/full"], b"");
    assert_eq!(full.code, Some(2), "{}", full.stderr);
    assert!(full.stderr.contains("/dev/full"), "{}", full.stderr);
    let nowhere = sockdoc(&["--save", "/nonexistent/a.sockdoc"], b"");
    assert_eq!((nowhere.code, nowhere.stdout.as_str()), (Some(2), ""), "{}", nowhere.stderr);
    for arguments in [
        &["--from", "a", "--save", "b"][..],
        &["record", "--from", "a"],
        &["diff", "a", "b", "--from", "c"],
        &["diff", "-", "-"],
        &["--save", "-"],
        &["check", "--save", "-"],
        &["record", "--every", "1s"],
        &["record", "--for", "0s"],
        &["record", "--for", "1s", "--every", "0s"],
    ] {
        assert_eq!(sockdoc(arguments, b"").code, Some(2), "{arguments:?}");
    }
}
