//! Refusals, and sockets left alone unless they are named.

use std::net::{TcpListener, TcpStream};

use crate::{
    killed::{Killed, arguments},
    lab::{
        actor::{Actor, stay},
        counts::State,
        holder::{Holder, Holding},
        makers, namespace,
        proc_net::tcp_in,
        program::{Said, command, finish, run, run_unprivileged},
        sockets::{self, Family},
    },
    states::{listener, pair},
};

#[track_caller]
fn refused(said: &Said, reason: &str) {
    assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{said:?}");
    assert!(said.stderr.contains(reason), "{said:?}");
}

pub(crate) fn a_filter_that_takes_everything_is_refused() {
    let (listener, _) = listener();
    let _pair = pair(&listener);
    let plain = run(&["kill", "--yes"]);
    refused(&plain, "the filter does not say which connections");
    for filter in [
        "all",
        "connected",
        "synchronized",
        "established",
        "listen --listeners",
        "sport ge 0",
        "src 0.0.0.0/0",
        "not dport = :0",
        "tcp",
        "state all dport ge 0",
        "inet",
        "netns = nowhere or all",
        "-u udp",
        "dport != 1",
    ] {
        for more in [&["--yes"][..], &[], &["--json"]] {
            refused(&run(&arguments(filter, more)), "");
        }
    }
    assert_eq!(tcp_in(State::Established).len(), 2);
    refused(&run(&["kill", "unix", "--yes"]), "only TCP and UDP");
}

pub(crate) fn more_than_max_is_refused() {
    let held = makers::established(Family::V4, 101);
    let filter = format!("established and sport = :{}", held.port);
    refused(&run(&arguments(&filter, &["--yes"])), "too many sockets: 101, with --max 100");
    refused(&run(&arguments(&filter, &["--max", "7"])), "--max 7");
    assert_eq!(tcp_in(State::Established).len(), 202);
    Killed::by(&format!("{filter} --max 101")).destroyed(101, "open");
}

pub(crate) fn what_must_be_named_is_skipped() {
    let (listener, port) = listener();
    let (_client, _server) = pair(&listener);
    let _held = makers::time_wait(Family::V4, 1);
    let killed = Killed::by(&format!("port {port}"));
    assert_eq!(killed.skipped(), [("listener", 1)].into(), "{:#}", killed.0);
    assert_eq!(killed.0["sockets"].as_array().unwrap().len(), 2);
    assert_eq!(tcp_in(State::Listen).len(), 2);
    let bound = sockets::bound(crate::lab::counts::Inet::V4).unwrap();
    let port = sockets::local_address(&bound).unwrap().port();
    let killed = Killed::by(&format!("bound-inactive and sport = :{port}"));
    if !killed.skipped().is_empty() {
        assert_eq!(killed.skipped(), [("not-addressable", 1)].into(), "{:#}", killed.0);
    }
}

/// A program of this name with both ends of a connection at a port.
pub(crate) fn program(name: &'static str, port: u16) -> Actor {
    Actor::start(name, None, move |ready| {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("a listener");
        let _pair = pair(&listener);
        ready.now();
        stay()
    })
}

pub(crate) fn the_session_and_remote_access_are_skipped() {
    for (place, name) in
        ["sshd", "sshd-session", "dropbear", "mosh-server", "tailscaled", "teleport", "amazon-ssm-agen", "kubelet"]
            .into_iter()
            .enumerate()
    {
        let port = 2200 + place as u16;
        let running = program(name, port);
        let killed = Killed::by(&format!("port {port}"));
        assert_eq!(killed.results().len(), 0, "{name}: {:#}", killed.0);
        assert_eq!(killed.skipped()["remote-access"], 2, "{name}: {:#}", killed.0);
        // The other end of such a connection is no less its end.
        let killed = Killed::by(&format!("dport = :{port}"));
        assert_eq!(killed.skipped()["remote-access"], 1, "{name}: {:#}", killed.0);
        Killed::by(&format!("sport = :{port} --include-ssh")).destroyed(1, "open");
        drop(running);
    }
    let running = program("sshd-like", 2300);
    Killed::by("sport = :2300").destroyed(1, "open");
    drop(running);
    // The own session, under any holder.
    let (listener, port) = listener();
    let (client, server) = pair(&listener);
    let (from, to) = (client.local_addr().unwrap(), server.local_addr().unwrap());
    let session = format!("{} {} {} {}", from.ip(), from.port(), to.ip(), to.port());
    for filter in [format!("sport = :{port}"), format!("dport = :{port}")] {
        let mut own = command(&arguments(&filter, &["--yes", "--json"]));
        own.env("SSH_CONNECTION", &session);
        let killed = Killed::of(&finish(own));
        assert_eq!((killed.results().len(), killed.skipped()["session"]), (0, 1), "{:#}", killed.0);
    }
}

pub(crate) fn an_unknown_owner_is_skipped() {
    let (listener, port) = listener();
    let (_client, _server) = pair(&listener);
    let dry = Killed::of(&run_unprivileged(&arguments(&format!("sport = :{port}"), &["--json"])));
    assert_eq!((dry.results().len(), dry.skipped()["unknown-owner"]), (0, 1), "{:#}", dry.0);
    let dry = Killed::of(&run_unprivileged(&arguments(&format!("sport = :{port} --include-unknown"), &["--json"])));
    assert_eq!(dry.results()["open"], 1, "{:#}", dry.0);
}

pub(crate) fn what_cannot_be_acted_on_is_refused() {
    refused(&run(&["kill", "dport", "=", "1", "--from", "/dev/null"]), "--from");
    refused(&run(&["kill", "dport", "=", "1", "--netns", "all"]), "one network namespace");
    refused(&run(&["kill", "dport", "=", "1", "-4", "-6"]), "");
    refused(&run(&["kill", "dport", "=", "1", "--max", "0"]), "");
    let none = run(&["kill", "dport", "=", "1", "--yes"]);
    assert_eq!((none.code, none.stdout.as_str()), (Some(0), "no socket to destroy\n"), "{none:?}");
}

pub(crate) fn one_namespace_is_entered_by_name() {
    let mut holder = Holder::start(|| {
        let held = makers::established(Family::V4, 2);
        let made = held.made.clone();
        Holding { sockets: held.sockets.into_iter().chain(held.others).collect(), made }
    });
    holder.ready();
    let ports: Vec<u16> = tcp_in(State::Listen).iter().map(|row| row.local.port()).collect();
    let pid = holder.pid();
    namespace::enter_another().expect("another namespace");
    let filter = format!("established and sport = :{}", ports[0]);
    assert_eq!(Killed::by(&filter).results().len(), 0);
    Killed::by(&format!("{filter} --netns pid:{pid}")).destroyed(2, "open");
    assert!(TcpStream::connect(("127.0.0.1", ports[0])).is_err());
}
