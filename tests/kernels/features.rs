//! The features, in the order of the table.

use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::net::{AddressFamily, SocketType, ipproto, listen, socket};

use crate::follower::{Follower, pair};
use crate::lab::agreement::{count, everybody_counts, sockdoc_counts};
use crate::lab::check;
use crate::lab::counts::{Counts, Inet, State};
use crate::lab::makers::{self, Hangup, Held, Unread};
use crate::lab::other_families::{raw, udp_connected, udp_unconnected, unix_datagrams, unix_streams};
use crate::lab::proc_net::until;
use crate::lab::program::{Said, command, controlled, finish, run, run_unprivileged};
use crate::lab::sockets::Family;

/// A feature, and its test. The word is the result; a wrong one is a panic.
pub(crate) type Feature = (&'static str, fn() -> String);

pub(crate) const FEATURES: &[Feature] = &[
    ("TCP states", tcp_states),
    ("as nobody", as_nobody),
    ("UDP", udp),
    ("UNIX", unix),
    ("raw", raw_sockets),
    ("packet", packet),
    ("MPTCP", mptcp),
    ("bound", bound),
    ("list", list),
    ("check", rules),
    ("record", record),
    ("counters", counters),
    ("watch", watch),
    ("metrics", metrics),
    ("reach", reach),
    ("events", events),
    ("kill", kill),
    ("kill orphans", kill_orphans),
];

/// Those that need the first PID and user namespaces, as BPF does; they run in a network namespace alone.
pub(crate) const OF_THE_HOST: &[Feature] =
    &[("count by BPF", count_by_bpf), ("owners by BPF", owners_by_bpf), ("events by BPF", events_by_bpf)];

/// The result for a feature that the build lacks.
const NOT_IN_THIS_BUILD: &str = "not in this build";

/// `exact`, and whether the kernel's text files gave it.
fn exact(arguments: &[&str]) -> String {
    let is_text = run(arguments).stderr.contains("read from /proc/net");
    if is_text { "exact, from /proc/net".to_owned() } else { "exact".to_owned() }
}

/// The message of a run that the kernel refuses.
#[track_caller]
fn refusal(said: &Said) -> String {
    assert_eq!(said.code, Some(2), "{said:?}");
    let line = said.stderr.lines().find_map(|line| line.strip_prefix("sockdoc: ")).expect("a message");
    let why = line.split(['(', ';']).next().and_then(|line| line.rsplit(": ").next());
    format!("no: {}", why.unwrap_or(line).trim())
}

/// Sockets in every state, of both families.
fn every_state() -> (Vec<Held>, Counts) {
    makers::every_state(&[Family::V4, Family::Dual, Family::V6], &[Family::V4])
}

fn tcp_states() -> String {
    let (_held, made) = every_state();
    everybody_counts(&made);
    exact(&["count"])
}

fn as_nobody() -> String {
    let held = makers::established(Family::V4, 4);
    sockdoc_counts(&held.made, run_unprivileged);
    exact(&["count"])
}

fn udp() -> String {
    let _udp = [udp_unconnected(Inet::V4, 3), udp_connected(Inet::V6, 6)];
    assert_eq!((count(run, &["-u"]), count(run, &["-u", "established"])), (9, 6));
    exact(&["count", "-u"])
}

fn unix() -> String {
    let _unix = [unix_streams(3), unix_datagrams(4)];
    assert_eq!((count(run, &["-x"]), count(run, &["-x", "listen"])), (13, 3));
    exact(&["count", "-x"])
}

fn raw_sockets() -> String {
    let _raw = [raw(Inet::V4, 4), raw(Inet::V6, 3)];
    assert_eq!((count(run, &["-w", "-4"]), count(run, &["-w"])), (4, 7));
    exact(&["count", "-w"])
}

fn packet() -> String {
    // ETH_P_ALL, network order.
    let protocol = rustix::net::Protocol::from_raw(std::num::NonZeroU32::new(u32::from(3u16.to_be())).unwrap());
    let Ok(_made) = socket(AddressFamily::PACKET, SocketType::DGRAM, Some(protocol)) else {
        return "no: the kernel makes none".to_owned();
    };
    listed("-0a")
}

fn mptcp() -> String {
    let Ok(made) = socket(AddressFamily::INET, SocketType::STREAM, Some(ipproto::MPTCP)) else {
        return "no: the kernel makes none".to_owned();
    };
    rustix::net::bind(&made, &std::net::SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    listen(&made, 4).unwrap();
    listed("-Ma")
}

/// The one socket of a table, which no count shows.
fn listed(table: &str) -> String {
    let said = run(&["list", "--json", table]);
    if said.code != Some(0) {
        return refusal(&said);
    }
    assert_eq!(said.json()["sockets"].as_array().map(Vec::len), Some(1), "{said:?}");
    exact(&["list", table])
}

fn bound() -> String {
    let _bound: [Vec<OwnedFd>; 2] = [makers::bound_inactive(Inet::V4, 4), makers::bound_inactive(Inet::V6, 3)];
    let said = run(&["count", "--json", "bound-inactive"]);
    if said.code != Some(0) {
        return refusal(&said);
    }
    assert_eq!(said.json()["sockets"], 7);
    "exact".to_owned()
}

/// Every connection with its owner and, where the kernel gives them, with the figures of TCP.
fn list() -> String {
    let held = makers::established(Family::V4, 4);
    let listed = run(&["list", "-tanpi", "--json"]).json();
    let rows = listed["sockets"].as_array().expect("rows");
    assert_eq!(rows.len(), held.made.total());
    let us = std::process::id();
    let is_ours = |row: &serde_json::Value| row["owners"].as_array().unwrap().iter().any(|owner| owner["pid"] == us);
    assert!(rows.iter().all(is_ours), "{rows:#?}");
    let figures =
        rows.iter().filter(|row| row["state"] == "ESTABLISHED" && row["tcp_info"]["rtt_us"].is_number()).count();
    match figures {
        0 => "rows, owners".to_owned(),
        n => {
            assert_eq!(n, held.made.state(State::Established));
            "rows, owners, tcp_info".to_owned()
        }
    }
}

/// The fault is found by the rule for it; without the kernel's figures by the one for text.
fn rules() -> String {
    let _leak = makers::close_wait(Family::V4, 60, Unread::Nothing);
    let seen = check::run(&["--deep", "--for", "1s", "--set", "close-wait-leak.age=0s"]);
    let leaks = ["close-wait-leak", "close-wait-many"].map(|rule| seen.of(rule).len());
    assert!(leaks.contains(&1), "{:#}", seen.document);
    let name = if leaks[0] == 1 { "close-wait-leak" } else { "close-wait-many" };
    let unchecked = seen.document["not_checked"].as_array().expect("a list").len();
    format!("{name}; {} of {} rules", sockdoc::rules::RULES.len() - unchecked, sockdoc::rules::RULES.len())
}

/// The file gives all sockets, in all states, and the output of the run that saved it.
fn record() -> String {
    let (_held, made) = every_state();
    let file = std::env::temp_dir().join("kernel.sockdoc");
    let path = file.to_str().expect("a path");
    let saved = run(&["check", "--json", "--deep", "--force", "--save", path]);
    let again = run(&["check", "--json", "--deep", "--from", path]);
    assert_eq!((&again.stdout, again.code), (&saved.stdout, saved.code), "{}", again.stderr);
    for state in State::ALL {
        let said = run(&["count", "--json", state.name(), "--from", path]).json();
        assert_eq!(said["sockets"], made.state(state), "{}", state.name());
    }
    "same answers".to_owned()
}

fn counters() -> String {
    let before = opened();
    let _held = makers::established(Family::V4, 7);
    assert_eq!(opened() - before, 7);
    "exact".to_owned()
}

fn opened() -> u64 {
    let said = run(&["counters", "--json", "--all", "TcpPassiveOpens"]).json();
    said["counters"][0]["value"].as_u64().unwrap_or_else(|| panic!("{said}"))
}

/// Each sample shows every state as it was made.
fn watch() -> String {
    let (_held, made) = every_state();
    let said = run(&["watch", "--format", "jsonl", "-c", "2", "-n", "1"]);
    let samples: Vec<serde_json::Value> =
        said.stdout.lines().map(|line| serde_json::from_str(line).expect("a sample")).collect();
    assert_eq!(samples.len(), 2, "{said:?}");
    for sample in samples {
        for row in sample["states"].as_array().expect("states") {
            let state = State::ALL.into_iter().find(|state| row["state"] == state.name()).expect("a state");
            assert_eq!(row["sockets"], made.state(state), "{sample}");
        }
    }
    "two samples".to_owned()
}

/// The series of the states, and one of the kernel's counters.
fn metrics() -> String {
    let (_held, made) = every_state();
    let said = run(&["metrics"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let value = |series: &str| {
        let line = said.stdout.lines().find_map(|line| line.strip_prefix(series)).expect("a series");
        line.trim().parse::<f64>().expect("a number")
    };
    for state in State::ALL {
        let name = state.name().to_lowercase();
        assert_eq!(value(&format!("sockdoc_tcp_sockets{{state=\"{name}\"}}")), made.state(state) as f64, "{name}");
    }
    "exact".to_owned()
}

/// A port that listens, and one that does not.
fn reach() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let outcome = |port: u16| {
        let said = run(&["reach", "--json", &format!("127.0.0.1:{port}")]);
        let document: serde_json::Value = serde_json::from_str(&said.stdout).unwrap_or_else(|_| panic!("{said:?}"));
        document["attempts"][0]["outcome"].as_str().expect("an outcome").to_owned()
    };
    assert_eq!(outcome(listener.local_addr().unwrap().port()), "reached");
    outcome(1)
}

fn events() -> String {
    followed(&["events", "--json"])
}

/// Both ends of a connection are reported as it ends.
fn followed(arguments: &[&str]) -> String {
    let said = run(&[arguments, &["--for", "1s"]].concat());
    if said.code == Some(2) {
        return refusal(&said);
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let follower = Follower::start(arguments);
    drop(pair(&listener));
    assert_eq!(follower.ends(2).len(), 2);
    "both ends".to_owned()
}

/// Whether a command has an option.
fn has(command: &str, option: &str) -> bool {
    let help = run(&[command, "--help"]);
    assert!(matches!(help.code, Some(0 | 2)), "{help:?}");
    help.code == Some(0) && help.stdout.contains(option)
}

fn kill() -> String {
    if !has("kill", "--yes") {
        return NOT_IN_THIS_BUILD.to_owned();
    }
    let held = makers::established(Family::V4, 3);
    let said = run(&["kill", &format!("sport = :{} and established", held.port), "--include-unknown", "--yes"]);
    if said.code == Some(2) {
        return refusal(&said);
    }
    assert_eq!(count(run, &["established"]), 0, "{said:?}");
    assert_eq!(said.code, Some(0), "{said:?}");
    "destroyed".to_owned()
}

/// Orphans are destroyed where the kernel ends them, and left alone where it would keep them without a timer, which is seen by
/// `ss -K`, that destroys them everywhere.
fn kill_orphans() -> String {
    std::fs::write("/proc/sys/net/ipv4/tcp_orphan_retries", "1").expect("a limit for orphans");
    let orphans = || makers::fin_wait1(Family::V4, 2, Hangup::Orphan);
    let (ours, theirs) = (orphans(), orphans());
    let of = |held: &Held| format!("dport = :{} and fin-wait-1", held.port);
    let left = |held: &Held| count(run, &[&of(held)]);
    let said = run(&["kill", &of(&ours), "--orphans", "--yes"]);
    if said.code == Some(2) {
        return refusal(&said);
    }
    let is_left_alone = said.stdout.contains("6.11");
    let ss =
        finish(controlled("ss", &["-K", "-tn", "state", "fin-wait-1", "dport", "=", &format!(":{}", theirs.port)]));
    assert_eq!(ss.code, Some(0), "{ss:?}");
    let twin = orphans();
    until("the kernel has given up on a twin", || left(&twin) == 0);
    let stays = if left(&theirs) == 0 { "ss ends them" } else { "those that ss destroys stay for ever" };
    assert_eq!(left(&ours), 0, "{said:?}");
    format!("{}; {stays}", if is_left_alone { "left alone" } else { "destroyed" })
}

/// The reason why netlink and `/proc` were read instead of BPF.
fn fallback(said: &Said) -> Option<String> {
    let note = said.stderr.lines().find(|line| line.contains("instead of BPF"))?;
    Some(format!("no: {}", note.rsplit("instead of BPF: ").next().unwrap_or(note)))
}

fn count_by_bpf() -> String {
    if !has("count", "--engine") {
        return NOT_IN_THIS_BUILD.to_owned();
    }
    let (_held, made) = every_state();
    for state in State::ALL {
        let said = run(&["count", "--json", "--engine", "bpf", state.name()]);
        if let Some(why) = fallback(&said) {
            return why;
        }
        assert_eq!(said.json()["sockets"], made.state(state), "{}", state.name());
    }
    "exact".to_owned()
}

fn owners_by_bpf() -> String {
    if !has("list", "--engine") {
        return NOT_IN_THIS_BUILD.to_owned();
    }
    let _held = makers::established(Family::V4, 4);
    let [by_bpf, by_proc] = ["bpf", "netlink"].map(|engine| run(&["list", "-tanp", "--engine", engine]));
    if let Some(why) = fallback(&by_bpf) {
        return why;
    }
    assert_eq!(by_bpf.stdout, by_proc.stdout);
    "the same rows".to_owned()
}

fn events_by_bpf() -> String {
    if !has("events", "--states") {
        return NOT_IN_THIS_BUILD.to_owned();
    }
    let said = run(&["events", "--json", "--states", "--for", "1s"]);
    if said.code == Some(2) {
        return refusal(&said);
    }
    let follower = Follower::at_once(command(&["events", "--json", "--states", "port", "gt", "0"]));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    // Before it follows, it reports no connection.
    let told = std::iter::repeat_with(|| {
        drop(pair(&listener));
        follower.within(Duration::from_millis(500))
    });
    let lines = told.take(40).find(|lines| !lines.is_empty()).expect("changes of state");
    let has = |from: &str, to: &str| {
        lines
            .iter()
            .any(|line| line.contains(&format!("\"from\":\"{from}\"")) && line.contains(&format!("\"to\":\"{to}\"")))
    };
    assert!(has("SYN_SENT", "ESTABLISHED") && has("SYN_RECV", "ESTABLISHED"), "{lines:?}");
    "each change".to_owned()
}
