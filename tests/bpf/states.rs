//! `events --states`: the changes of the states of real sockets.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::Command,
    time::{Duration, Instant},
};

use rustix::{
    net::sockopt,
    process::{Pid, Signal, kill_process},
};
use serde_json::{Value, json};

use crate::{
    follower::{Follower, pair},
    host,
    lab::{
        makers, namespace,
        process::Process,
        program::{self, LIMIT, command, finish, run, without_system_call},
        sockets::{self, Family},
    },
};

/// Starts sockdoc, and waits until it reports changes.
fn start(args: &[&str]) -> Follower {
    let follower = Follower::at_once(command(&[&["events", "--states"], args].concat()));
    let began = Instant::now();
    loop {
        drop(TcpStream::connect("127.0.0.9:9"));
        if follower.within(Duration::from_millis(300)).iter().any(|line| line.contains("127.0.0.9")) {
            break;
        }
        assert!(began.elapsed() < LIMIT, "it tells nothing");
    }
    while !follower.within(Duration::from_millis(300)).is_empty() {}
    follower
}

/// The changes until one fits, all of them of the schema.
fn until(follower: &Follower, mut is_last: impl FnMut(&Value) -> bool) -> Vec<Value> {
    let schema = format!("{}/schema/event.json", env!("CARGO_MANIFEST_DIR"));
    let schema = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::draft202012::options().build(&schema).unwrap();
    let mut all = Vec::new();
    loop {
        let document = follower.document();
        if let Err(error) = validator.validate(&document) {
            panic!("{error}: {document:#}");
        }
        let is_end = is_last(&document);
        all.push(document);
        if is_end {
            return all;
        }
    }
}

/// A refused attempt to this port is the last event reported.
fn all_before_marker(follower: &Follower) -> Vec<Value> {
    drop(TcpStream::connect("127.0.0.9:9"));
    let mut all = until(follower, |one| one["peer"]["address"] == "127.0.0.9" && one["to"] == "CLOSE");
    all.retain(|one| one["peer"]["address"] != "127.0.0.9");
    all
}

fn step(change: &Value) -> (&str, &str) {
    (change["from"].as_str().unwrap(), change["to"].as_str().unwrap())
}

/// The steps of figure 5 of RFC 9293. The kernel has no event for TIME_WAIT: the socket ends when its small record
/// replaces it.
const DIAGRAM: &[(&str, &str)] = &[
    ("CLOSE", "LISTEN"),
    ("CLOSE", "SYN_SENT"),
    ("LISTEN", "SYN_RECV"),
    ("LISTEN", "CLOSE"),
    ("SYN_SENT", "SYN_RECV"),
    ("SYN_SENT", "ESTABLISHED"),
    ("SYN_SENT", "CLOSE"),
    ("SYN_RECV", "ESTABLISHED"),
    ("ESTABLISHED", "FIN_WAIT1"),
    ("ESTABLISHED", "CLOSE_WAIT"),
    ("FIN_WAIT1", "FIN_WAIT2"),
    ("FIN_WAIT1", "CLOSING"),
    ("FIN_WAIT2", "CLOSE"),
    ("CLOSING", "CLOSE"),
    ("CLOSE_WAIT", "LAST_ACK"),
    ("LAST_ACK", "CLOSE"),
    // A reset, of either side.
    ("ESTABLISHED", "CLOSE"),
    ("CLOSE_WAIT", "CLOSE"),
];

/// Further steps that a reset or lack of memory causes.
const RESETS: &[(&str, &str)] = &[("SYN_RECV", "CLOSE"), ("FIN_WAIT1", "CLOSE"), ("SYN_RECV", "FIN_WAIT1")];

pub(crate) fn every_step_is_one_of_the_diagram_and_each_is_seen() {
    host::enter();
    let follower = start(&["--json"]);
    drop(makers::every_state(&[Family::V4, Family::V6], &[Family::V4]));
    // It connects to itself: both sides send a SYN, and both a FIN.
    let socket = sockets::tcp(Family::V4.client(), rustix::net::SocketFlags::empty()).unwrap();
    let own = SocketAddr::from((Ipv4Addr::LOCALHOST, 7007));
    rustix::net::bind(&socket, &own).unwrap();
    rustix::net::connect(&socket, &own).unwrap();
    drop(socket);
    // Reset by the peer after its FIN.
    let listener = TcpListener::bind("127.0.0.1:7008").unwrap();
    let (client, server) = pair(&listener);
    rustix::net::shutdown(&client, rustix::net::Shutdown::Write).unwrap();
    crate::follower::settle();
    sockopt::set_socket_linger(&server, Some(Duration::ZERO)).unwrap();
    drop((server, client));
    // Reset while it is open.
    let (client, server) = pair(&listener);
    sockopt::set_socket_linger(&client, Some(Duration::ZERO)).unwrap();
    drop((client, server, listener));
    let all = all_before_marker(&follower);
    let mut seen = BTreeSet::new();
    let mut chains: BTreeMap<u64, Vec<(&str, &str)>> = BTreeMap::new();
    for change in &all {
        let step = step(change);
        assert!(DIAGRAM.contains(&step) || RESETS.contains(&step), "{change}");
        seen.insert(step);
        chains.entry(change["cookie"].as_u64().unwrap()).or_default().push(step);
    }
    let missing: Vec<_> = DIAGRAM.iter().filter(|step| !seen.contains(*step)).collect();
    assert!(missing.is_empty(), "{missing:?} of {seen:?}");
    // Each socket goes from state to state, without a gap.
    for chain in chains.values() {
        assert!(["CLOSE", "LISTEN"].contains(&chain[0].0), "{chain:?}");
        assert!(chain.windows(2).all(|two| two[0].1 == two[1].0), "{chain:?}");
    }
    // Whoever connected is named, and of an accepted connection whoever listens; each time in a state that was entered is exact.
    let own = json!(std::process::id());
    for change in &all {
        let caller = if change["direction"] == "inbound" { "listener" } else { "caller" };
        if change["owners_of"] == caller {
            assert_eq!(change["owners"][0]["pid"], own, "{change}");
        }
        if change["from"] == "SYN_SENT" {
            assert_eq!(change["owners_of"], "caller", "{change}");
        }
        if !["CLOSE", "LISTEN"].contains(&step(change).0) {
            assert_eq!(change["in_state_us"]["at_least"], change["in_state_us"]["at_most"], "{change}");
        }
    }
}

pub(crate) fn failures_name_their_cause() {
    host::enter();
    let follower = start(&["--json", "port", "lt", ":8100"]);
    // No SYN is answered: sent once more after a second, and given up two later.
    let silent = sockets::listener_at("127.0.0.1:8001".parse().unwrap(), 1).unwrap();
    sockets::blind(&silent).unwrap();
    std::fs::write("/proc/sys/net/ipv4/tcp_syn_retries", "1").unwrap();
    assert_eq!(TcpStream::connect("127.0.0.1:8001").unwrap_err().raw_os_error(), Some(libc::ETIMEDOUT));
    assert_eq!(TcpStream::connect("127.0.0.1:8002").unwrap_err().raw_os_error(), Some(libc::ECONNREFUSED));
    let listener = TcpListener::bind("127.0.0.1:8003").unwrap();
    let (client, server) = pair(&listener);
    sockopt::set_socket_linger(&client, Some(Duration::ZERO)).unwrap();
    drop(client);
    crate::follower::settle();
    drop(server);
    // Closed with data unread.
    let other = TcpListener::bind("127.0.0.1:8004").unwrap();
    let (mut client, server) = pair(&other);
    std::io::Write::write_all(&mut client, b"x").unwrap();
    crate::follower::settle();
    drop(server);
    crate::follower::settle();
    drop(client);
    let third = TcpListener::bind("127.0.0.1:8005").unwrap();
    let (_client, _server) = pair(&third);
    let said = run(&["kill", "sport = :8005 and established", "--include-unknown", "--yes"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let all = all_before_marker(&follower);
    let causes = |port: u16, from: &str, is_server: bool| {
        let end = if is_server { "local" } else { "peer" };
        let is_it = |one: &&Value| one[end]["port"] == port && one["from"] == from && one["to"] == "CLOSE";
        all.iter().filter(is_it).map(|one| one["cause"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(causes(8001, "SYN_SENT", false), ["ETIMEDOUT"], "{all:#?}");
    assert_eq!(causes(8002, "SYN_SENT", false), ["ECONNREFUSED"]);
    assert_eq!(causes(8003, "ESTABLISHED", false), ["aborted"]);
    assert_eq!(causes(8003, "ESTABLISHED", true), ["ECONNRESET"]);
    assert_eq!(causes(8004, "ESTABLISHED", true), ["aborted"]);
    assert_eq!(causes(8004, "ESTABLISHED", false), ["ECONNRESET"]);
    assert_eq!(causes(8005, "ESTABLISHED", true), ["ECONNABORTED"]);
    // An orderly close has none.
    assert!(all.iter().all(|one| one["to"] == "CLOSE" || one["cause"].is_null()), "{all:#?}");
    let timed_out = all.iter().find(|one| one["cause"] == "ETIMEDOUT").unwrap();
    assert!((2_900_000..9_000_000).contains(&timed_out["in_state_us"]["at_least"].as_u64().unwrap()), "{timed_out}");
}

/// The reported latency of the only connection to a port, and what the program itself measured, in microseconds.
fn latency(follower: &Follower, address: &str) -> (u64, u64) {
    let began = Instant::now();
    let _client = TcpStream::connect(address).unwrap();
    let measured = began.elapsed().as_micros() as u64;
    let all = until(follower, |one| step(one) == ("SYN_SENT", "ESTABLISHED"));
    (all.last().unwrap()["connect_us"].as_u64().unwrap(), measured)
}

pub(crate) fn the_time_to_connect_is_that_of_the_handshake() {
    host::enter();
    let follower = start(&["--json", "dport = :8080 or dst 127.0.0.9"]);
    let listener = TcpListener::bind("127.0.0.1:8080").unwrap();
    let (told, measured) = latency(&follower, "127.0.0.1:8080");
    assert!(told > 0 && told <= measured, "{told} {measured}");
    // The first SYN gets no answer; the second follows after a second.
    sockets::blind(&listener).unwrap();
    let hears = std::thread::spawn({
        let listener = listener.try_clone().unwrap();
        move || {
            std::thread::sleep(Duration::from_millis(300));
            sockets::see(&listener).unwrap();
        }
    });
    let (told, measured) = latency(&follower, "127.0.0.1:8080");
    hears.join().unwrap();
    assert!((990_000..=measured).contains(&told), "{told} {measured}");
    assert!(measured - told < 900_000, "{told} {measured}");
    // A slow line, where the kernel has one.
    let slow = Command::new("tc").args("qdisc add dev lo root netem delay 50ms".split(' ')).output();
    if slow.is_ok_and(|output| output.status.success()) {
        let (told, measured) = latency(&follower, "127.0.0.1:8080");
        assert!((100_000..=measured).contains(&told), "{told} {measured}");
    }
}

pub(crate) fn one_namespace_is_not_seen_from_another_and_all_are() {
    host::enter();
    let here = start(&["--json"]);
    let all = start(&["--json", "--netns", "all"]);
    let other = Process::fork(|| {
        namespace::enter_another().expect("a namespace");
        namespace::bring_loopback_up().expect("lo");
        loop {
            drop(TcpStream::connect("127.0.0.7:7"));
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    let is_there = |one: &Value| one["peer"]["address"] == "127.0.0.7";
    let there = until(&all, is_there).pop().unwrap();
    let inode = |pid: u32| {
        let link = std::fs::read_link(format!("/proc/{pid}/ns/net")).unwrap();
        link.to_str().unwrap().trim_matches(|letter: char| !letter.is_ascii_digit()).parse::<u64>().unwrap()
    };
    assert_eq!(there["netns_inode"], inode(other.pid()), "{there}");
    assert!(there["netns"].is_string(), "{there}");
    // It has run for a while.
    until(&all, is_there);
    drop(TcpStream::connect("127.0.0.9:9"));
    let seen = until(&here, |one| one["peer"]["address"] == "127.0.0.9" && one["to"] == "CLOSE");
    assert!(!seen.iter().any(is_there), "{seen:#?}");
    assert!(seen.iter().all(|one| one["netns_inode"] == inode(std::process::id()) && one["netns"].is_null()));
    // Followed by its process, only the other one is seen.
    let pid = format!("pid:{}", other.pid());
    let named = run(&["events", "--states", "--json", "--netns", &pid, "-c", "4"]);
    let lines: Vec<&str> = named.stdout.lines().collect();
    assert!(lines.len() == 5 && lines[..4].iter().all(|line| line.contains("127.0.0.7")), "{named:?}");
}

/// Connections that each end with a reset, one after the other: six changes each.
fn connections(count: usize) -> Duration {
    let listener = TcpListener::bind("127.0.0.1:8080").unwrap();
    let began = Instant::now();
    for _ in 0..count {
        let (client, server) = pair(&listener);
        sockopt::set_socket_linger(&client, Some(Duration::ZERO)).unwrap();
        drop((client, server));
    }
    began.elapsed()
}

/// Each change is reported or counted as lost; the sums agree.
fn all_are_accounted_for(count: usize, stops: bool) -> u64 {
    let follower = start(&["--json"]);
    let pid = Pid::from_raw(follower.pid().cast_signed()).unwrap();
    if stops {
        kill_process(pid, Signal::STOP).unwrap();
    }
    let took = connections(count);
    kill_process(pid, Signal::CONT).unwrap();
    // Until nothing more comes.
    let mut lines = Vec::new();
    loop {
        let more = follower.within(Duration::from_secs(3));
        if more.is_empty() {
            break;
        }
        lines.extend(more);
    }
    let (rest, code) = follower.interrupt(Signal::TERM);
    lines.extend(rest);
    assert_eq!(code, Some(0));
    let documents: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |event: &str| documents.iter().filter(|one| one["event"] == event).collect::<Vec<_>>();
    let told = of("change").len() as u64;
    let lost: u64 = of("lost").iter().map(|one| one["lost"].as_u64().unwrap()).sum();
    // The listener has two.
    assert_eq!(told + lost, 6 * count as u64 + 2, "{told} told, {lost} lost, in {took:?}");
    let sums = of("states");
    assert_eq!((sums.len(), &sums[0]["lost"]), (1, &lost.into()), "{sums:?}");
    lost
}

pub(crate) fn twenty_thousand_connections_are_reported_or_counted_as_lost() {
    host::enter();
    all_are_accounted_for(20_000, false);
}

pub(crate) fn a_full_ring_is_reported_where_it_was_full() {
    host::enter();
    assert!(all_are_accounted_for(40_000, true) > 0);
}

pub(crate) fn filters_sums_and_limits_are_those_of_events() {
    host::enter();
    let _listener = TcpListener::bind("127.0.0.1:8080").unwrap();
    let own = format!("pid = {}", std::process::id());
    let program = std::fs::read_to_string("/proc/self/comm").unwrap();
    for (filter, steps) in [
        ("syn-sent or close", vec![("CLOSE", "SYN_SENT"), ("SYN_SENT", "CLOSE")]),
        ("established", vec![("SYN_SENT", "ESTABLISHED"), ("SYN_RECV", "ESTABLISHED")]),
        (&own, vec![("CLOSE", "SYN_SENT"), ("SYN_SENT", "CLOSE")]),
        (&format!("proc = {}", program.trim()), vec![("CLOSE", "SYN_SENT"), ("SYN_SENT", "CLOSE")]),
        ("user = 0 and age gt 0ms and close", vec![("SYN_SENT", "CLOSE"), ("SYN_SENT", "CLOSE")]),
    ] {
        let follower = start(&["--json", &format!("({filter}) or dst 127.0.0.9")]);
        if filter == "established" {
            drop(TcpStream::connect("127.0.0.1:8080").unwrap());
        } else {
            TcpStream::connect("127.0.0.1:81").unwrap_err();
            TcpStream::connect("127.0.0.1:81").unwrap_err();
        }
        let all = all_before_marker(&follower);
        let seen: BTreeSet<_> = all.iter().map(step).collect();
        assert_eq!(seen, steps.into_iter().collect(), "{filter}: {all:#?}");
    }
    let none = run(&["events", "--states", "--for", "300ms", "--json", "pid = 4194304"]);
    assert_eq!((none.code, none.json()["changes"].clone()), (Some(0), 0.into()), "{none:?}");
    let sums =
        Follower::at_once(command(&["events", "--states", "--summary", "500ms", "--by", "state,proc", "--json"]));
    let began = Instant::now();
    let full = loop {
        drop(TcpStream::connect("127.0.0.1:8080").unwrap());
        let document = sums.document();
        assert_eq!(document["event"], "states", "{document}");
        if document["connects"]["connections"] != 0 {
            break document;
        }
        assert!(began.elapsed() < LIMIT);
    };
    let times = ["median_us", "p99_us", "longest_us"].map(|name| full["connects"][name].as_u64().unwrap());
    assert!(times[0] > 0 && times.is_sorted(), "{full}");
    let rows = full["groups"]["rows"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["state"] == "SYN_SENT" && row["proc"] == program.trim()), "{full:#}");
    // A table says the same in words.
    let table = Follower::at_once(command(&["events", "--states"]));
    assert!(table.line().starts_with("TIME"), "the heading comes first");
    let began = Instant::now();
    loop {
        TcpStream::connect("127.0.0.1:81").unwrap_err();
        let lines = table.within(Duration::from_millis(300));
        if lines.iter().any(|line| line.contains("SYN_SENT     CLOSE ") && line.ends_with("Connection refused")) {
            break;
        }
        assert!(began.elapsed() < LIMIT, "{lines:?}");
    }
    let few = Follower::at_once(command(&["events", "--states", "--json", "-c", "2"]));
    while few.within(Duration::from_millis(300)).is_empty() {
        drop(TcpStream::connect("127.0.0.1:81"));
        assert!(began.elapsed() < 2 * LIMIT);
    }
}

pub(crate) fn without_bpf_nothing_is_begun() {
    host::enter();
    let refused = |said: program::Said, reason: &str| {
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{said:?}");
        assert!(said.stderr.contains("without BPF") && said.stderr.contains(reason), "{said:?}");
    };
    let states = &["events", "--states", "--for", "1s"];
    // As under lockdown, and as on a kernel without the call.
    for (errno, reason) in [(libc::EPERM, "Operation not permitted"), (libc::ENOSYS, "Function not implemented")] {
        refused(finish(without_system_call(command(states), libc::SYS_bpf, errno)), reason);
        let plain = finish(without_system_call(command(&["events", "--for", "300ms"]), libc::SYS_bpf, errno));
        assert_eq!((plain.code, plain.stderr.as_str()), (Some(0), ""), "{plain:?}");
    }
    refused(finish(host::as_nobody(states)), "CAP_BPF");
    let plain = finish(host::as_nobody(&["events", "--for", "300ms"]));
    assert_eq!((plain.code, plain.stderr.as_str()), (Some(0), ""), "{plain:?}");
    for (args, word) in [
        (&["--engine", "netlink"][..], "--engine netlink"),
        (&["--from", "/dev/null"], "--from"),
        (&["timer = persist"], "keepalive"),
        (&["--by", "timer", "--summary", "1s"], "keepalive"),
        (&["--netns", "nowhere"], "nowhere"),
    ] {
        let said = run(&[&["events", "--states"], args].concat());
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{args:?}: {said:?}");
        assert!(said.stderr.contains(word), "{args:?}: {said:?}");
    }
}
