//! Data from dumps: owners, peers, ages; filters, sums, namespaces.

use std::{
    net::{TcpListener, TcpStream, UdpSocket},
    time::{Duration, Instant},
};

use rustix::net::sockopt;
use rustix::process::Signal;
use serde_json::Value;

use crate::{
    follower::{Follower, at_port, pair, settle, wait_for_groups},
    lab::{
        container,
        holder::{Holder, Holding},
        load::Load,
        program::{command, run},
        server::{Answers, Server},
        sockets,
    },
};

pub(crate) fn a_dump_names_owner_peer_and_age() {
    let listener = TcpListener::bind("127.0.0.1:8080").unwrap();
    let (old_client, old_server) = pair(&listener);
    let follower = Follower::start(&["events", "--json", "--interval", "200ms"]);
    let lived = |one: &Value, name: &str| one["lived_ms"][name].as_u64();
    let begun = Instant::now();
    let (client, server) = loop {
        let made = Instant::now();
        let (client, server) = pair(&listener);
        let port = client.local_addr().unwrap().port();
        std::thread::sleep(Duration::from_millis(900));
        // The kernel wipes the peer's port; a dump had it.
        sockopt::set_socket_linger(&client, Some(Duration::ZERO)).unwrap();
        drop(client);
        let most = made.elapsed().as_millis() as u64 + 100;
        settle();
        drop(server);
        let ends = follower.ends(2);
        let (client, server) = (at_port(&ends, port).clone(), at_port(&ends, 8080).clone());
        assert!(lived(&client, "at_most").is_none_or(|most| most >= 880), "{client}");
        // Dumps come late on a busy machine, the one before it was made and those that had it; its end is read late there, too.
        let is_close = lived(&client, "at_least").is_some_and(|least| (400..=most).contains(&least))
            && lived(&client, "at_most") <= Some(most + 500);
        if is_close {
            break (client, server);
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{client}");
    };
    assert_eq!((&client["end"], &client["peer"]["port"]), (&"reset".into(), &8080.into()), "{client}");
    assert_eq!((&client["owners"][0]["pid"], &client["owners_of"]), (&std::process::id().into(), &"socket".into()));
    assert_eq!(client["uid"], 0, "{client}");
    // No data went one way: the kernel's own clock tells.
    assert_eq!(lived(&server, "at_least"), lived(&server, "at_most"), "{server}");
    // A socket older than the watch has an age by its own clock, or none.
    let port = old_client.local_addr().unwrap().port();
    sockopt::set_socket_linger(&old_client, Some(Duration::ZERO)).unwrap();
    drop(old_client);
    let old = follower.ends(1).remove(0);
    assert_eq!((&old["local"]["port"], &old["lived_ms"]["at_most"]), (&port.into(), &Value::Null), "{old}");
    assert!(lived(&old, "at_least") > Some(900), "{old}");
    drop(old_server);
}

pub(crate) fn a_socket_whose_end_is_read_late_is_not_called_young() {
    let listener = TcpListener::bind("127.0.0.1:8080").unwrap();
    let follower = Follower::start(&["events", "--json", "--interval", "200ms"]);
    let pid = rustix::process::Pid::from_raw(follower.pid().try_into().unwrap()).unwrap();
    let signal = |signal| rustix::process::kill_process(pid, signal).unwrap();
    for _ in 0..12 {
        // The next dump is due when the program goes on, as is the end of a socket that no dump had.
        signal(Signal::STOP);
        let (client, server) = pair(&listener);
        let port = client.local_addr().unwrap().port();
        std::thread::sleep(Duration::from_millis(300));
        sockopt::set_socket_linger(&client, Some(Duration::ZERO)).unwrap();
        drop(client);
        settle();
        drop(server);
        signal(Signal::CONT);
        let ends = follower.ends(2);
        let most = at_port(&ends, port)["lived_ms"]["at_most"].as_u64();
        assert!(most.is_none_or(|most| most >= 300), "{ends:#?}");
    }
}

pub(crate) fn a_listener_names_the_server_of_short_connections() {
    let server = Server { answers: Answers::OnceThenCloses, ..Server::at(8080) };
    let running = server.clone().start();
    let follower = Follower::start(&["events", "--json", "sport", "=", ":8080", "or", "udp"]);
    let load = Load::to(server.address, 20).complete();
    drop(load);
    for one in follower.ends(20) {
        assert_eq!(
            (&one["owners"][0]["program"], &one["owners_of"]),
            (&"echo-server".into(), &"listener".into()),
            "{one}"
        );
        assert_eq!((&one["owners"][0]["pid"], &one["direction"]), (&running.pid().into(), &"inbound".into()), "{one}");
        // The owner is that of the listener; the kernel reported none for the socket.
        assert_eq!(one["uid"], Value::Null, "{one}");
    }
    let table = Follower::start(&["events", "sport", "=", ":8080", "or", "udp"]);
    drop(Load::to(server.address, 1).complete());
    let line = table.line();
    let cells: Vec<&str> = line.split_whitespace().collect();
    assert!(
        line.contains("closed") && cells.windows(3).any(|cells| cells == ["echo-server", "127.0.0.1:8080", "<-"]),
        "{line}"
    );
}

pub(crate) fn a_filter_tests_the_row_of_the_event() {
    let (one, other) = (TcpListener::bind("127.0.0.1:8080").unwrap(), TcpListener::bind("127.0.0.1:8081").unwrap());
    let marker = "or (udp and src 127.0.0.9)";
    let filters = [
        "sport = :8080",
        "tcp and port = 8080",
        "sport = :8080 and rtt gt 1us",
        "sport = :8080 and retrans lt 1",
        "sport = :8080 and age lt 1m",
        "not (sport != :8080)",
    ];
    for filter in filters {
        let follower = Follower::start(&["events", "--json", "-c", "9", &format!("({filter}) {marker}")]);
        for listener in [&other, &one] {
            let (client, server) = pair(listener);
            drop(client);
            settle();
            drop(server);
        }
        let end = follower.document();
        assert!([&end["local"]["port"], &end["peer"]["port"]].contains(&&8080.into()), "{filter}: {end}");
        if !filter.contains("port = 8080") || filter.starts_with("sport") {
            assert_eq!(end["local"]["port"], 8080, "{filter}: {end}");
        }
    }
    let own = format!("pid = {}", std::process::id());
    for (filter, is_taken) in
        [(own.as_str(), true), ("pid = 4194304", false), ("age gt 1m", false), ("rtt gt 1m", false), ("user = 0", true)]
    {
        let (client, server) = pair(&one);
        let follower = Follower::start(&["events", "--json", &format!("(tcp and {filter}) {marker}")]);
        drop(client);
        settle();
        drop(server);
        if is_taken {
            follower.ends(2);
        }
        let lines = follower.within(Duration::from_millis(500));
        assert_eq!(lines, [""; 0], "{filter}");
    }
    let wrong = run(&["events", "dport", "=", ":80x"]);
    assert!(wrong.code == Some(2) && wrong.stderr.contains('^'), "{wrong:?}");
}

pub(crate) fn sums_by_key_end_with_the_run() {
    let listener = TcpListener::bind("127.0.0.1:8080").unwrap();
    for (signal, json) in [(Signal::INT, true), (Signal::TERM, false)] {
        let mut args = vec!["events", "--summary", "1h", "--by", "lport,direction", "--top", "1", "tcp"];
        args.extend(json.then_some("--json"));
        // The kernel reports an end when it comes to it: what this one has got, the other can read.
        let witness = Follower::start(&["events", "--json"]);
        let follower = Follower::at_once(command(&args));
        wait_for_groups(2);
        for _ in 0..30 {
            let (client, server) = pair(&listener);
            drop(client);
            settle();
            drop(server);
        }
        assert_eq!(witness.ends(60).len(), 60);
        let (lines, code) = follower.interrupt(signal);
        assert_eq!(code, Some(0), "{lines:?}");
        if json {
            let sums: Value = serde_json::from_str(&lines[0]).unwrap();
            assert_eq!(
                (&sums["event"], &sums["ended"], &sums["ends"]["closed"]),
                (&"summary".into(), &60.into(), &60.into())
            );
            let groups = &sums["groups"];
            assert_eq!(groups["rows"][0], serde_json::json!({"lport": 8080, "direction": "inbound", "sockets": 30}));
            assert_eq!(
                (&groups["other"], &sums["lost"], &sums["losses"]),
                (&30.into(), &0.into(), &0.into()),
                "{sums}"
            );
            assert_eq!(lines.len(), 1, "{lines:?}");
        } else {
            assert!(lines[0].starts_with("-- 60 ended in ") && lines[0].ends_with(": 60 closed; 0 lost"), "{lines:?}");
            assert!(lines[2].split_whitespace().eq(["30", "8080", "inbound"]), "{lines:?}");
        }
    }
    // One follows the other without a gap, however late a busy machine is.
    let short = Follower::at_once(command(&["events", "--summary", "200ms", "--for", "3s", "--json"]));
    let lines = short.within(Duration::from_secs(60));
    let sums: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!((2..=16).contains(&sums.len()), "{sums:?}");
    assert!(sums.windows(2).all(|pair| pair[0]["until"] == pair[1]["since"]), "{sums:?}");
}

pub(crate) fn another_namespace_is_followed_by_its_name() {
    container::empty_run_netns().expect("/run/netns");
    let mut holder = Holder::start_in(libc::CLONE_NEWNET, || {
        crate::lab::namespace::bring_loopback_up().expect("lo");
        std::thread::spawn(|| {
            loop {
                drop(UdpSocket::bind("127.0.0.7:7777"));
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        Holding { sockets: vec![], made: Default::default() }
    });
    holder.ready();
    container::name_network(&holder.pid().to_string(), "blue").expect("a name");
    let said = run(&["events", "--netns", "blue", "-c", "2", "--json", "src", "127.0.0.7"]);
    assert_eq!((said.code, said.stdout.lines().count()), (Some(0), 3), "{said:?}");
    assert!(said.stdout.lines().take(2).all(|line| line.contains("127.0.0.7")), "{said:?}");
    let here = run(&["events", "--for", "500ms", "--json"]);
    assert!(!here.stdout.contains("127.0.0.7"), "{here:?}");
    let all = run(&["events", "--netns", "all"]);
    assert!(all.code == Some(2) && all.stdout.is_empty() && all.stderr.contains("--netns"), "{all:?}");
}

pub(crate) fn a_line_comes_at_once_and_c_ends_it() {
    let follower = Follower::at_once(command(&["events", "-c", "1", "tcp"]));
    assert!(follower.line().starts_with("TIME"), "the heading comes before the first event");
    wait_for_groups(1);
    TcpStream::connect("127.0.0.1:9").unwrap_err();
    let line = follower.line();
    assert!(line.contains("refused") && line.contains("127.0.0.1:?"), "{line}");
    assert!(follower.line().starts_with("-- 1 ended in"));
    let timed = run(&["events", "--for", "300ms"]);
    assert_eq!((timed.code, timed.stdout.lines().count()), (Some(0), 2), "{timed:?}");
    drop(sockets::listener_at("127.0.0.1:8080".parse().unwrap(), 1));
}
