//! `counters` beside `nstat` and `netstat -s`: the same figure for every counter, since the namespace was made and over some time.

use std::{collections::BTreeMap, fs, net::UdpSocket, time::Duration};

use serde_json::Value;

use crate::lab::{
    peer,
    process::Process,
    program::{controlled, finish, run},
    traffic::{First, connect_to, in_a_row, loopback, server},
};

/// Connections opened, ended and refused, and datagrams that find no one: IPv4 and IPv6.
fn traffic() {
    let listener = server(8080);
    assert_eq!(in_a_row(&listener, loopback(1, 8080), First::Client, 20).0, 20);
    assert!(connect_to(loopback(1, 9)).is_err(), "no one listens at port 9");
    for local in ["127.0.0.1:0", "[::1]:0"] {
        // A namespace may be without IPv6.
        let Ok(socket) = UdpSocket::bind(local) else { continue };
        let to = if local.starts_with('[') { "[::1]:9" } else { "127.0.0.1:9" };
        let _ = socket.send_to(b"?", to);
    }
}

/// The values of a document, by the names of the counters.
fn values(document: &Value) -> BTreeMap<String, i64> {
    let counters = document["counters"].as_array().unwrap();
    let of = |one: &Value| (one["name"].as_str().unwrap().to_owned(), one["value"].as_i64().unwrap());
    let values: BTreeMap<_, _> = counters.iter().map(of).collect();
    assert_eq!(values.len(), counters.len(), "every name is there once");
    values
}

pub(crate) fn every_counter_is_that_of_nstat() {
    peer::needs("nstat");
    traffic();
    let ours = values(&run(&["counters", "-a", "--json"]).json());
    let theirs = finish(controlled("nstat", &["-asz"]));
    assert_eq!(theirs.code, Some(0), "{theirs:?}");
    let mut compared = 0;
    for line in theirs.stdout.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_ascii_whitespace();
        let (name, value) = (words.next().unwrap(), words.next().unwrap().parse::<i64>().unwrap());
        assert_eq!(ours.get(name), Some(&value), "{line}");
        compared += 1;
    }
    assert!(compared > 200, "{compared}");
    let beyond: Vec<&String> = ours.keys().filter(|name| !theirs.stdout.contains(&format!("{name} "))).collect();
    // What nstat leaves out on purpose, and sockstat, which it does not read.
    for name in beyond {
        let is_known =
            ["IpForwarding", "IpDefaultTTL", "TcpRtoAlgorithm", "TcpRtoMin", "TcpRtoMax", "TcpMaxConn", "TcpCurrEstab"];
        assert!(is_known.contains(&name.as_str()) || name.contains('.'), "{name}");
    }
    assert!(ours["TcpActiveOpens"] >= 20 && ours["TcpAttemptFails"] >= 1 && ours["UdpNoPorts"] >= 1, "{ours:?}");
}

pub(crate) fn every_counter_is_that_of_netstat() {
    peer::needs("netstat");
    traffic();
    let ours = values(&run(&["counters", "-a", "--json"]).json());
    let sentences = include_str!("../../src/render/netstat/statistics.txt");
    let mut compared = 0;
    for family in ["-4", "-6"] {
        let theirs = finish(controlled("netstat", &["-s", family]));
        for sentence in sentences.lines() {
            let parts: Vec<&str> = sentence.splitn(4, ' ').collect();
            let [group, name, shown @ ("=" | "?"), words] = parts.as_slice() else { continue };
            let of = if name.starts_with(group) { (*name).to_owned() } else { format!("{group}{name}") };
            let is_other_family = of.contains('6') != (family == "-6");
            let (Some(value), Some((before, after))) = (ours.get(&of), words.split_once('#')) else { continue };
            // The same words stand for several counters of different protocols.
            let is_alone = sentences.lines().filter(|line| line.ends_with(&format!(" {words}"))).count() == 1;
            if is_other_family || !is_alone {
                continue;
            }
            let line = format!("{before}{value}{after}");
            let is_shown = |line: &str| theirs.stdout.lines().any(|one| one.trim() == line.trim());
            let any = theirs.stdout.lines().any(|one| is_of(one.trim(), before, after));
            assert!(
                is_shown(&line) || *value == 0 && *shown == "?" && !any,
                "{of}: {line:?} is not in\n{}",
                theirs.stdout
            );
            compared += u32::from(any);
        }
    }
    assert!(compared > 15, "{compared}");
}

/// Whether a line is these words around a number.
fn is_of(line: &str, before: &str, after: &str) -> bool {
    let number = line.strip_prefix(before.trim_start()).and_then(|rest| rest.strip_suffix(after.trim_end()));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

pub(crate) fn a_rise_is_shown_with_its_rate_and_what_did_not_rise_is_not() {
    let listener = server(8080);
    let busy = Process::fork(move || {
        for _ in 0..200 {
            let _ = in_a_row(&listener, loopback(1, 8080), First::Client, 5);
            std::thread::sleep(Duration::from_millis(20));
        }
        0
    });
    let document = run(&["counters", "--for", "1s", "--json"]).json();
    drop(busy);
    let seconds = document["seconds"].as_f64().unwrap();
    assert!((1.0..20.0).contains(&seconds), "{seconds}");
    let counters = document["counters"].as_array().unwrap();
    let opened = counters.iter().find(|one| one["name"] == "TcpActiveOpens").expect("connections were opened");
    let (rise, rate) = (opened["rise"].as_i64().unwrap(), opened["per_second"].as_f64().unwrap());
    assert!(rise >= 20 && rise <= opened["value"].as_i64().unwrap(), "{opened}");
    assert!((rate - rise as f64 / seconds).abs() < 0.01, "{opened}");
    assert!(counters.iter().all(|one| one["rise"].as_i64() != Some(0)), "{document:#}");
    assert_eq!(document["hidden"].as_u64().unwrap() + counters.len() as u64, all(&document), "nothing is lost");
    let text = run(&["counters", "--for", "200ms", "TcpRtoMax", "listendrops"]);
    assert!(text.stdout.contains("+0") && text.stdout.contains("TcpExtListenDrops"), "{text:?}");
}

/// How many counters there are in all.
fn all(_: &Value) -> u64 {
    run(&["counters", "-a", "--json"]).json()["counters"].as_array().unwrap().len() as u64
}

pub(crate) fn a_recording_gives_the_counters_of_its_host() {
    traffic();
    let file = std::env::temp_dir().join("a.sockdoc").display().to_string();
    assert_eq!(run(&["record", "-o", &file]).code, Some(0));
    let live = values(&run(&["counters", "-a", "--json"]).json());
    let kept = run(&["counters", "-a", "--json", "--from", &file]).json();
    for (name, value) in values(&kept) {
        // Recording and counting hold other sockets than each other.
        assert!(live[&name] == value || name.contains('.'), "{name}: {value}, now {}", live[&name]);
    }
    assert!(values(&kept).len() > 200, "{kept:#}");
    let text = run(&["counters", "--from", &file]);
    assert!(text.stdout.contains("TcpActiveOpens") && !text.stdout.contains("TcpExtTCPMD5Failure"), "{text:?}");
    // Two samples give what rose between them.
    assert_eq!(run(&["record", "-o", &file, "--force", "--for", "1s", "--every", "500ms"]).code, Some(0));
    let over_time = run(&["counters", "--json", "--from", &file]).json();
    assert!(over_time["seconds"].as_f64().unwrap() > 0.5, "{over_time:#}");
    fs::remove_file(file).unwrap();
}

pub(crate) fn counters_of_another_namespace_are_its_own() {
    peer::needs("ip");
    traffic();
    assert_eq!(finish(controlled("ip", &["netns", "add", "blue"])).code, Some(0));
    let here = values(&run(&["counters", "-a", "--json"]).json());
    let there = values(&run(&["counters", "-a", "--json", "--netns", "blue"]).json());
    assert_eq!((there["TcpActiveOpens"], here["TcpActiveOpens"] >= 20), (0, true));
}
