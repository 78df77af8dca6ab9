//! `ss -E` and `list -E`: the same sockets, in the columns of each.

use std::{
    net::{TcpListener, TcpStream, UdpSocket},
    os::unix::fs::symlink,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    follower::{Follower, pair, settle, wait_for_groups},
    lab::{
        peer,
        program::{LIMIT, controlled, finish, run},
    },
};

/// Sockets end in several ways.
fn ends() {
    let listener = TcpListener::bind("127.0.0.1:8080").unwrap();
    let six = TcpListener::bind("[::1]:8086").unwrap();
    for listener in [&listener, &six, &listener] {
        let (client, server) = pair(listener);
        drop(client);
        settle();
        drop(server);
        settle();
    }
    TcpStream::connect("127.0.0.1:9").unwrap_err();
    settle();
    let udp = UdpSocket::bind("127.0.0.1:5353").unwrap();
    udp.connect("127.0.0.1:53").unwrap();
    drop(udp);
    settle();
    drop(UdpSocket::bind("[::1]:5354").unwrap());
    settle();
}

pub(crate) fn ss_prints_the_same_bytes() {
    peer::needs("ss");
    peer::needs("stdbuf");
    let link = std::env::temp_dir().join("ss");
    symlink(env!("CARGO_BIN_EXE_sockdoc"), &link).unwrap();
    let link = link.to_string_lossy().into_owned();
    for options in [
        &["-E"][..],
        &["-E", "-H", "-n"],
        &["-Etn"],
        &["-Eu4n"],
        &["-Etnieo"],
        &["-OEtnie", "sport", "=", ":8080"],
        &["-Etnpm", "src", "[::1]"],
        &["-En", "dst", "127.0.0.1", "or", "sport", "=", ":5354"],
    ] {
        // `ss` of 6.1 keeps what it writes until there is much of it.
        let theirs = controlled("stdbuf", &[&["-oL", "ss"], options].concat());
        let ours: Command = controlled(&link, options);
        let followers = [theirs, ours].map(Follower::at_once);
        wait_for_groups(2);
        ends();
        let mut lines = [vec![], vec![]];
        let began = Instant::now();
        // Until both have said the same, and nothing more comes. The kernel reports ends when it comes to it.
        loop {
            let more = followers.each_ref().map(|follower| follower.within(Duration::from_millis(400)));
            let is_quiet = more.iter().all(Vec::is_empty);
            lines.iter_mut().zip(more).for_each(|(lines, more)| lines.extend(more));
            if (is_quiet && !lines[0].is_empty() && lines[0].len() == lines[1].len()) || began.elapsed() > LIMIT {
                break;
            }
        }
        let [theirs, ours] = lines;
        assert!(!theirs.is_empty(), "{options:?}");
        // Each message says how long ago something was, in milliseconds, and both got the same messages.
        assert_eq!(ours, theirs, "{options:?}");
    }
    let none = |program: &str| finish(controlled(program, &["-E", "-x"]));
    let (theirs, ours) = (none("ss"), none(&link));
    assert_eq!((theirs.code, theirs.stdout.as_str()), (ours.code, ours.stdout.as_str()), "{theirs:?} {ours:?}");
}

pub(crate) fn list_has_its_own_columns_and_formats() {
    let listener = TcpListener::bind("127.0.0.1:8080").unwrap();
    let (client, server) = pair(&listener);
    let (table, lines) =
        (Follower::start(&["list", "-Enp"]), Follower::start(&["list", "-E", "-tu", "--format", "jsonl"]));
    // The socket by which the second one was seen to begin.
    let begins = table.within(Duration::from_millis(300));
    assert!(begins.iter().all(|line| line.contains("127.0.0.9")), "{begins:?}");
    let port = client.local_addr().unwrap().port();
    drop(client);
    settle();
    drop(server);
    let row = table.line();
    let mine = format!("pid={},fd=", std::process::id());
    assert!(row.starts_with("tcp") && row.contains(&format!("127.0.0.1:{port}")) && row.contains(&mine), "{row}");
    let document: Value = lines.document();
    assert_eq!((&document["netid"], &document["local"]["port"]), (&"tcp".into(), &port.into()), "{document}");
    assert_eq!(document["owners"], Value::Null, "owners were not asked for: {document}");
    settle();
    let (rest, code) = table.interrupt(rustix::process::Signal::INT);
    assert_eq!((rest.len(), code), (1, Some(0)), "{rest:?}");
    for (args, word) in [
        (&["list", "-E", "--sort", "recvq"][..], "--sort"),
        (&["list", "-E", "-s"], "-s"),
        (&["list", "-Ex"], "TCP and UDP"),
        (&["list", "-E", "established"], "state"),
        (&["list", "-E", "-K"], "-K"),
    ] {
        let said = run(args);
        assert!(said.code == Some(2) && said.stdout.is_empty() && said.stderr.contains(word), "{args:?}: {said:?}");
    }
}
