//! Many sockets at once: reported and lost ones, and the cost.

use std::{
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use rustix::{net::sockopt, process::Signal};
use serde_json::Value;

use crate::{
    follower::Follower,
    lab::program::{LIMIT, command, without_privileges},
};

/// Connections that each end with a reset, in a row; two sockets each.
const CONNECTIONS: usize = 20_000;

fn connections(count: usize) {
    let listener = TcpListener::bind("127.0.0.1:8080").unwrap();
    for _ in 0..count {
        let client = TcpStream::connect("127.0.0.1:8080").unwrap();
        let server = listener.accept().unwrap();
        sockopt::set_socket_linger(&client, Some(Duration::ZERO)).unwrap();
        drop((client, server));
    }
}

/// Each socket is reported, or counted among the lost; the sums agree.
fn all_are_accounted_for(command: Command) -> u64 {
    let follower = Follower::of(command);
    connections(CONNECTIONS);
    let mut documents: Vec<Value> = Vec::new();
    let mut read = |lines: Vec<String>| {
        documents.extend(lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap()));
        let of = |event: &str| documents.iter().filter(|one| one["event"] == event).cloned().collect::<Vec<_>>();
        let told = of("end").iter().filter(|one| one["netid"] == "tcp").count() as u64;
        let lost: u64 = of("lost").iter().map(|one| one["lost"].as_u64().expect("this kernel counts them")).sum();
        (told, lost, of("lost").len(), of("summary"))
    };
    // The listener is one more.
    let all = 2 * CONNECTIONS as u64 + 1;
    let began = Instant::now();
    while began.elapsed() < LIMIT {
        let (told, lost, ..) = read(follower.within(Duration::from_secs(1)));
        if told + lost >= all {
            break;
        }
    }
    let (rest, code) = follower.interrupt(Signal::TERM);
    assert_eq!(code, Some(0));
    let (told, lost, losses, sums) = read(rest);
    assert_eq!(told + lost, all, "{told} told, {lost} lost");
    assert_eq!((sums.len(), &sums[0]["lost"], &sums[0]["losses"]), (1, &lost.into(), &losses.into()));
    lost
}

pub(crate) fn twenty_thousand_connections_are_reported_or_counted_as_lost() {
    all_are_accounted_for(command(&["events", "--json"]));
}

pub(crate) fn an_ordinary_user_gets_the_same() {
    all_are_accounted_for(without_privileges(command(&["events", "--json"])));
}

pub(crate) fn many_living_sockets_do_not_grow_the_memory() {
    let follower = Follower::start(&["events", "--json", "--interval", "200ms"]);
    let kib = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", follower.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap().to_owned();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
    };
    let descriptors = || std::fs::read_dir(format!("/proc/{}/fd", follower.pid())).unwrap().count();
    let round = || {
        connections(3000);
        // The kernel reports ends when it comes to it.
        follower.line();
        follower.within(Duration::from_secs(1));
    };
    round();
    round();
    let open = descriptors();
    // A busy machine lets events wait once in a while, which takes memory once; a leak would take it every time.
    let grown = || {
        let before = kib();
        for _ in 0..6 {
            round();
        }
        kib().saturating_sub(before)
    };
    let grown: Vec<u64> = std::iter::repeat_with(grown)
        .take(4)
        .scan(true, |goes_on, grown| std::mem::replace(goes_on, grown >= 2048).then_some(grown))
        .collect();
    assert!(grown.last().is_some_and(|last| *last < 2048), "KiB in each six rounds: {grown:?}");
    // While it dumps it has one or two more.
    assert!(descriptors() <= open + 2, "{open}, then {}", descriptors());
}

pub(crate) fn a_closed_pipe_is_a_normal_end() {
    let mut child = command(&["events"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    drop(out);
    let status = loop {
        TcpStream::connect("127.0.0.1:9").unwrap_err();
        std::thread::sleep(Duration::from_millis(50));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
    };
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert_eq!((status.code(), said.as_str()), (Some(0), ""), "{line}");
}
